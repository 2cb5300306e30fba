"""Who keeps a hall going while somebody plays with its kiosk."""

import random
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from drivers.ticket_paper import CHINA
from hall_server.hall import Hall
from hall_server.wire.appointments import BookAppointment
from hall_server.wire.commands import CallNext, CloseDay, OpenDay, PassOver
from hall_server.wire.helping import AcceptCall
from hall_server.words import Refused
from tests.builders import HALL, KIOSK, SUPERVISOR, at_window, open_window, serve_one

QUEUES = {"1": "social", "2": "tax"}  # by window
AT_ONCE = 3  # services, for a monkey takes numbers faster than anybody works
MINUTES = 2  # of the hall, between two deeds
HALF_HOUR = timedelta(minutes=30)
EVENING = 16


class Keeper:
    """A clerk at two windows, a helper, citizens who book elsewhere, and the hall's clock."""

    def __init__(self, hall: Hall) -> None:
        self._hall = hall
        self._windows: dict[str, int] = {}
        self._deeds = (self._serve, self._serve, self._pass_over, self._book, self._help)

    async def do(self, chance: random.Random) -> str:
        """One deed of the hall, or Refused; the code of what was booked, if it was that."""
        clock: Any = self._hall.clock
        clock.forward(minutes=MINUTES)
        if self._now().hour >= EVENING:
            await self._next_day(clock)
        return await chance.choice(self._deeds)(chance.choice("12"))

    async def _next_day(self, clock: Any) -> None:
        clock.forward(hours=24 - self._now().hour + 9)
        self._windows.clear()
        for command in (CloseDay(hall=HALL), OpenDay(hall=HALL, date=f"{self._now():%Y-%m-%d}")):
            with suppress(Refused):
                await self._hall.handle(command, SUPERVISOR)

    def _now(self) -> datetime:
        return self._hall.clock().astimezone(CHINA)

    async def _serve(self, window: str) -> str:
        for _ in range(AT_ONCE):
            await serve_one(self._hall, await self._generation(window), window)
        return ""

    async def _pass_over(self, window: str) -> str:
        generation = await self._generation(window)
        await at_window(self._hall, CallNext, generation, window)
        await at_window(self._hall, PassOver, generation, window)
        return ""

    async def _book(self, window: str) -> str:
        """The half hour that begins next; who has it may check in now."""
        at = self._now() + HALF_HOUR
        slot = {"date": f"{at:%Y-%m-%d}", "time": f"{at:%H}:{'30' if at.minute >= 30 else '00'}"}
        booking = BookAppointment(hall=HALL, queue=QUEUES[window], **slot)
        return str((await self._hall.handle(booking, KIOSK))["code"])

    async def _help(self, _window: str) -> str:
        state = self._hall.hubs[HALL].state
        for address in [one for one in state if one.startswith("helper/")]:
            call = address.partition("/")[2]
            await self._hall.handle(AcceptCall(hall=HALL, call=call), SUPERVISOR)
        return ""

    async def _generation(self, window: str) -> int:
        """Of this window's turn; it is opened when it is wanted first."""
        if window not in self._windows:
            self._windows[window] = await open_window(self._hall, window)
        return self._windows[window]
