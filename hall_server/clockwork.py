"""What time does: opens and closes the business day, tells who missed a slot, and beats."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from hall_server.hall import Hall, Who
from hall_server.wire.appointments import MarkMissed
from hall_server.wire.commands import CloseDay, MissMachine, OpenDay
from hall_server.wire.frames import BEAT_SECONDS
from hall_server.wire.helping import EscalateCalls
from hall_server.wire.hours import HALL_TIME, in_ms
from hall_server.words import Refused, Role

log = logging.getLogger(__name__)

LOOK_SECONDS = 5.0
LOOKS_AWAY = 3  # a machine that restarts is back sooner
AHEAD_SECONDS = 1.0
CALM_SECONDS = 3.0  # after a start everybody comes back at once; they go first
# A day that was left open is closed some hours after its end, at the next start if need be; one
# that a person opened later than that stays open until midnight.
OVERTIME = timedelta(hours=2)


class Clockwork:
    """Runs beside the hall, for as long as `run` is awaited."""

    def __init__(self, hall: Hall, *, shared: bool, foresees: bool = True) -> None:
        self._hall, self._shared, self._foresees = hall, shared, foresees
        self._away: dict[tuple[str, str], int] = {}

    async def run(self) -> None:
        """Beat every 2 s; look at the business days every 5 s; where other server processes
        share the database, publish what they wrote every half second. Forecasts are looked
        after every second; what takes long is done by a process of its own."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._every(BEAT_SECONDS, self._beat))
            tasks.create_task(self._every(LOOK_SECONDS, self._days))
            tasks.create_task(self._every(LOOK_SECONDS, self._machines, after=LOOK_SECONDS))
            if self._foresees:
                tasks.create_task(self._every(AHEAD_SECONDS, self._ahead, after=CALM_SECONDS))
            if self._shared:
                tasks.create_task(self._every(0.5, self._others))

    async def _every(self, seconds: float, deed: Callable[[], Any], after: float = 0.0) -> None:
        await asyncio.sleep(after)
        failing = False
        while True:
            try:
                await deed()
                failing = False
            except Refused as refused:
                if not failing:  # told once, not twice a second for as long as it lasts
                    log.error("clockwork: %s: %s", deed.__name__, refused)
                failing = True
            except Exception:
                log.exception("clockwork: %s failed", deed.__name__)
            await asyncio.sleep(seconds)

    async def _beat(self) -> None:
        self._hall.beat()

    async def _ahead(self) -> None:
        await self._hall.look_ahead()

    async def _others(self) -> None:
        await self._hall.catch_up_all()

    async def _machines(self) -> None:
        """Miss each kiosk and agent that was away at three looks in a row. Looks are counted,
        not hours: a clock that jumps makes nobody disappear."""
        away = {(hall, name) for hall in list(self._hall.hubs) for name in self._hall.away(hall)}
        self._away = {one: self._away.get(one, 0) + 1 for one in away}
        for (hall, name), looks in self._away.items():
            if looks >= LOOKS_AWAY:
                who = Who(Role.CLOCK, "clock", hall)
                await self._hall.handle(MissMachine(hall=hall, machine=name), who)

    async def _days(self) -> None:
        now = self._hall.clock().astimezone(HALL_TIME)
        for name, hub in list(self._hall.hubs.items()):
            fact = hub.state.get("hall")
            if fact is None:
                continue
            who = Who(Role.CLOCK, "clock", name)
            try:
                await self._day(name, hub.state.get("day"), fact, now, who)
                if self._somebody_missed(hub.state, in_ms(now)):
                    await self._hall.handle(MarkMissed(hall=name), who)
                if self._nobody_came(hub.state, in_ms(now)):
                    await self._hall.handle(EscalateCalls(hall=name), who)
            except Refused as refused:
                log.warning("clockwork: business day of %s: %s", name, refused)

    @staticmethod
    def _somebody_missed(state: Mapping[str, Any], now: int) -> bool:
        booked = (fact for address, fact in state.items() if address.startswith("booked/"))
        return any(fact["overdue_at"] is not None and fact["overdue_at"] < now for fact in booked)

    @staticmethod
    def _nobody_came(state: Mapping[str, Any], now: int) -> bool:
        calls = (fact for address, fact in state.items() if address.startswith("helper/"))
        return any(fact["overdue_at"] is not None and fact["overdue_at"] <= now for fact in calls)

    async def _day(self, name: str, day: Any, fact: Any, now: datetime, who: Who) -> None:
        """A clock that went back (a dead battery, a wrong NTP server) neither opens nor closes
        anything: days only go forward. A day that a person closed stays closed until a person
        opens it again."""
        opens, closes = (_at(now, fact[field]) for field in ("day_start", "day_end"))
        if day is None:
            if opens <= now < closes and (await self._hall.last_date(name) or "") < _date(now):
                await self._hall.handle(OpenDay(hall=name, date=_date(now)), who)
        elif day["date"] < _date(now) or day["opened_at"] < in_ms(closes + OVERTIME) <= in_ms(now):
            await self._hall.handle(CloseDay(hall=name), who)


def _date(now: datetime) -> str:
    return now.date().isoformat()


def _at(now: datetime, clock: str) -> datetime:
    hours, minutes = clock.split(":")
    return now.replace(hour=int(hours), minute=int(minutes), second=0, microsecond=0)
