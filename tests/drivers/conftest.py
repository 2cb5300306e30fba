"""Devices made on the bench are unplugged after each test."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.drivers import bench


@pytest.fixture
def make_printer() -> Iterator[Callable[..., bench.PrinterBench]]:
    """Make printers for one test."""
    made: list[bench.PrinterBench] = []

    def make(*given: Any, **named: Any) -> bench.PrinterBench:
        made.append(bench.printer_bench(*given, **named))
        return made[-1]

    yield make
    for one in made:
        one.port.close()
        one.device.line.unplug()
