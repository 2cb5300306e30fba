"""A database on PostgreSQL behind a line that a test may cut."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from tests import postgresql as private
from tests.faults.proxy import Proxy, proxy


class Line:
    """The line to the database; it lives in a thread, because the tests wait for processes."""

    def __init__(self, proxy: Proxy, loop: asyncio.AbstractEventLoop) -> None:
        self._proxy, self._loop = proxy, loop
        self.port = proxy.port

    def cut(self) -> None:
        self._do(lambda: self._proxy.cut("close"))

    def mend(self) -> None:
        self._do(self._proxy.mend)

    def _do(self, deed: Callable[[], None]) -> None:
        async def doing() -> None:
            deed()

        asyncio.run_coroutine_threadsafe(doing(), self._loop).result(5)


@contextmanager
def line_to(port: int) -> Iterator[Line]:
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    made = proxy(port)
    try:
        yield Line(asyncio.run_coroutine_threadsafe(made.__aenter__(), loop).result(5), loop)
        asyncio.run_coroutine_threadsafe(made.__aexit__(None, None, None), loop).result(5)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


@pytest.fixture
def line(postgresql: private.Server) -> Iterator[Line]:
    with line_to(postgresql.port) as made:
        yield made


@pytest.fixture
def hall_database(
    postgresql: private.Server, line: Line, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """HALL_DATABASE names a fresh, empty database at the end of the line."""
    name = postgresql.create()
    url = f"postgresql+psycopg://postgres@127.0.0.1:{line.port}/{name}"
    monkeypatch.setenv("HALL_DATABASE", url)
    yield url
    postgresql.drop(name)
