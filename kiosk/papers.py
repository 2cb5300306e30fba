"""What the desk prints, job by job: a job id comes out of the printer at most once."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Protocol

from drivers.compose import Style
from drivers.escpos import Job
from drivers.printed import PrintResult
from drivers.ticket_paper import CHINA, ticket
from hall_server.wire.views import State
from kiosk import printout
from kiosk.flow import Handout, Paper, Receipt, Slip


class Printer(Protocol):
    """A printer as the desk needs it: a job id is printed at most once, also across restarts."""

    def print(self, job_id: str, job: Job) -> PrintResult: ...


class Papers:
    """The kiosk's printer and the hall whose papers it prints; `state` is the hall's live one."""

    def __init__(self, printer: Printer, state: State, style: Style) -> None:
        self._printer, self._state, self._style = printer, state, style

    async def number(
        self, job: str, reply: Mapping[str, Any], *, title: str, lang: str, large: bool
    ) -> PrintResult:
        """The paper of a number (号票)."""
        lines = ticket(reply, self._hall, self._in(lang, large=large), title=title)
        return await asyncio.to_thread(self._printer.print, job, lines)

    async def appointment(
        self, job: str, told: Mapping[str, Any], *, title: str, lang: str, large: bool
    ) -> PrintResult:
        """The paper of an appointment (预约单)."""
        style = self._in(lang, large=large)
        lines = printout.appointment(told, self._hall, style, title=title)
        return await asyncio.to_thread(self._printer.print, job, lines)

    async def plain(self, paper: Paper) -> PrintResult:
        """A paper that the hall need not know of."""
        style = self._in(paper.lang, large=paper.large)
        match paper:
            case Slip():
                told, title = paper.appointment, paper.title
                lines = printout.appointment(told, self._hall, style, title=title)
            case Receipt():
                lines = printout.receipt(paper, self._hall, style)
            case Handout():
                today = datetime.now(CHINA).date()
                lines = printout.notice(
                    paper.item, self._hall, style, version=paper.version, today=today
                )
        return await asyncio.to_thread(self._printer.print, paper.id, lines)

    @property
    def _hall(self) -> Mapping[str, Any]:
        return self._state.get("hall") or {}

    def _in(self, lang: str, *, large: bool) -> Style:
        return replace(self._style, lang=lang, large=large)
