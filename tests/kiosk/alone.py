"""A kiosk without a hall, which is all that is needed where no number is taken."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from drivers.compose import Style
from drivers.escpos import Job
from drivers.health import Trouble
from drivers.journal import Journal
from drivers.printed import Outcome, PrintResult
from kiosk.app import KioskApp
from kiosk.leases import Leases
from kiosk.memory import Memory
from tests.kiosk.test_app import Citizen
from tests.robot import driving


class Sheet:
    """A printer that always prints, and keeps what it was given."""

    def __init__(self) -> None:
        self.jobs: list[Job] = []

    def print(self, job_id: str, job: Job) -> PrintResult:
        self.jobs.append(job)
        return PrintResult(Outcome.PRINTED, Trouble.NONE)


@asynccontextmanager
async def alone(
    folder: Path, size: tuple[int, int] = (540, 960), **given: Any
) -> AsyncIterator[Citizen]:
    journal, leases = Journal(folder / "wishes"), Journal(folder / "leases")
    app = KioskApp(
        server="http://127.0.0.1:9",
        hall="demo",
        secret="x" * 20,
        journal=journal,
        leases=Leases(leases),
        memory=Memory(folder),
        **{"printer": Sheet(), "style": Style(), "time_out": 60, **given},
    )
    try:
        async with driving(app, size, app.main):
            yield Citizen(app)
    finally:
        journal.close()
        leases.close()
