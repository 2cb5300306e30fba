"""Days of random bookings, held against a sheet of paper: places, codes, and what they became."""

import asyncio
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import bindparam, func, or_, select

from hall_server.hall import Hall
from hall_server.store import heads, proof
from hall_server.store.appointments import appointment
from hall_server.store.database import Cursor, Statement
from hall_server.wire.appointments import (
    BookAppointment,
    CancelAppointment,
    CheckIn,
    LeaveProof,
    MarkMissed,
    MoveAppointment,
)
from hall_server.wire.commands import CloseDay, Command, OpenDay
from hall_server.wire.hours import HALL_TIME
from hall_server.words import Refusal, Refused, Role
from tests.builders import HALL, KIOSK, NINE, SUPERVISOR, Watch, open_hall, who
from tests.faults.figures import Figure

PLACES = 2
QUEUES = ("social", "tax")
TIMES = [f"{hour:02d}:{minute:02d}" for hour in range(9, 16) for minute in (0, 30)] + ["16:00"]
DEEDS = (
    *("book", "book", "book", "book", "move", "cancel", "check_in", "check_in", "wait"),
    *("leave_card", "leave_phone", "show", "show"),
)
CLOCK = who(Role.CLOCK)
KNOWN = Statement(
    select(func.count().label("n")).where(
        appointment.c.date < bindparam("today"),
        or_(appointment.c.person.is_not(None), appointment.c.phone.is_not(None)),
    )
)
SHOWN_AT = who(Role.KIOSK, "kiosk-2")  # where cards and phones are shown: wrong ones are counted
MOST_WRONG, FORGIVEN = 10, timedelta(minutes=10)


@dataclass
class Line:
    """One appointment on the sheet."""

    code: str
    queue: str
    at: datetime
    person: str | None
    state: str = "booked"
    phone: str | None = None
    id: str = ""


@dataclass
class Sheet:
    """The appointments from yesterday on as one would keep them on paper; every question reads
    all lines."""

    lines: list[Line] = field(default_factory=list)
    codes: set[str] = field(default_factory=set)
    marks: list[tuple[str, str]] = field(default_factory=list)  # every proof that was left
    wrong: list[datetime] = field(default_factory=list)  # when one was shown that nobody has

    def of_proof(self, proof: str, mark: str, now: datetime) -> Line | Refusal:
        """Whose appointment a card or phone proves at this moment, or why it proves none. Four
        figures are guessed at, a card is not."""
        self.wrong = [at for at in self.wrong if now - at < FORGIVEN]
        if proof == "phone" and len(self.wrong) >= MOST_WRONG:
            return Refusal.TOO_MANY_TRIES
        live = [
            one
            for one in self.lines
            if getattr(one, proof) == mark
            and one.at.date() >= now.date()
            and one.state != "cancelled"
        ]
        today = [one for one in live if one.at.date() == now.date()]
        due = [one for one in today if one.state != "checked_in"]
        found = due or today or live
        if not found:
            self.wrong += [now] * (proof == "phone")
            return Refusal.PROOF_UNKNOWN
        if len(found) > 1 and proof == "phone":
            return Refusal.APPOINTMENT_SEVERAL
        return min(found, key=lambda one: one.at)

    def taken(self, queue: str, at: datetime) -> int:
        held = [one for one in self.lines if one.state != "cancelled"]
        return sum((one.queue, one.at) == (queue, at) for one in held)

    def may_have(
        self, queue: str, at: datetime, now: datetime, moving: Line | None = None
    ) -> Refusal | None:
        """Whether somebody may have a place of this slot."""

        def full(one: datetime) -> bool:
            mine = moving is not None and moving.at == one
            return self.taken(queue, one) - mine >= PLACES

        days = [now.date() + timedelta(days=n) for n in range(6)]
        if at.date() not in days or at <= now or f"{at:%H:%M}" not in TIMES:
            return Refusal.SLOT_UNKNOWN
        if not full(at):
            return None
        others = (slot_at(day, clock) for day in days for clock in TIMES)
        some = any(one > now and not full(one) for one in others)
        return Refusal.SLOT_TAKEN if some else Refusal.NO_SLOT_FREE

    def booked_already(self, person: str | None, at: datetime) -> bool:
        return any(
            one.person == person and one.at.date() == at.date() and one.state != "cancelled"
            for one in self.lines
            if person is not None
        )


def slot_at(day: Any, clock: str) -> datetime:
    return datetime.fromisoformat(f"{day}T{clock}:00").replace(tzinfo=HALL_TIME)


def run(steps: int, seed: int, url: str) -> Figure:
    """So many random deeds; each answer must be the sheet's, and the sums be right."""
    figure = Figure(f"random bookings, {url.partition(':')[0]}", seed)
    began = time.monotonic()
    asyncio.run(_play(steps, Random(seed), url, figure))
    figure.seconds = time.monotonic() - began
    return figure


async def _play(steps: int, chance: Random, url: str, figure: Figure) -> None:
    watch, sheet, told = Watch(), Sheet(), Counter[str]()
    async with open_hall(url, watch, slots={"places": PLACES}) as hall:
        for _ in range(steps):
            deed = chance.choice(DEEDS)
            figure.count += 1
            if deed == "wait":
                await _wait(hall, watch, sheet, chance)
            elif deed == "show":
                guesses = chance.random() < 0.05  # somebody tries one figure after the other
                for _ in range(MOST_WRONG + 2 if guesses else 1):
                    told[f"show {await _show(hall, watch, sheet, chance, figure, guesses)}"] += 1
            else:
                told[f"{deed} {await _deed(deed, hall, watch, sheet, chance, figure)}"] += 1
            if figure.count % 250 == 0 or figure.count == steps:
                await _sums(hall, watch, sheet, figure)
    figure.acknowledged = sum(n for name, n in told.items() if name.endswith("done"))
    figure.notes.append(", ".join(f"{name} {n}" for name, n in sorted(told.items())))


async def _deed(
    deed: str, hall: Hall, watch: Watch, sheet: Sheet, chance: Random, figure: Figure
) -> str:
    now = watch().astimezone(HALL_TIME)
    recent = sheet.lines[-40:]
    line = chance.choice(recent) if recent else None
    if deed != "book" and line is None:
        return "nothing"
    ahead = min(chance.randrange(7), chance.randrange(7))
    at = slot_at(now.date() + timedelta(days=ahead), chance.choice([*TIMES, "16:30"]))
    when = {"date": f"{at:%Y-%m-%d}", "time": f"{at:%H:%M}"}
    expected: Refusal | None
    command: Command
    if deed == "book":
        queue = chance.choice(QUEUES)
        person = chance.choice([None, f"{chance.randrange(300):064x}"])
        command = BookAppointment(hall=HALL, queue=queue, person=person, **when)
        already = sheet.booked_already(person, at)
        expected = Refusal.ALREADY_BOOKED if already else sheet.may_have(queue, at, now)
        line = Line("", queue, at, person)
        if person is not None:
            sheet.marks.append(("person", person))
    elif deed == "move":
        assert line is not None
        command = MoveAppointment(hall=HALL, code=line.code, **when)
        another_day = at.date() != line.at.date()
        if line.state != "booked":
            expected = Refusal.APPOINTMENT_OVER
        elif another_day and sheet.booked_already(line.person, at):
            expected = Refusal.ALREADY_BOOKED
        else:
            expected = sheet.may_have(line.queue, at, now, line)
    elif deed == "cancel":
        assert line is not None
        command = CancelAppointment(hall=HALL, code=line.code)
        expected = None if line.state == "booked" else Refusal.APPOINTMENT_OVER
    elif deed.startswith("leave"):
        assert line is not None
        command, expected = _leaving(deed, sheet, line, chance)
    else:
        today = [one for one in sheet.lines if one.at.date() == now.date()]
        line = chance.choice(today if today and chance.random() < 0.8 else recent)
        command = CheckIn(hall=HALL, code=line.code)
        expected = _may_check_in(line, now)
    try:
        reply = await hall.handle(command, KIOSK)
        answer = None
    except Refused as no:
        answer = no.code
    if answer is not expected:
        figure.tell(f"step {figure.count}: {deed} {line}: {answer}, the sheet says {expected}")
    if answer is None:
        if isinstance(command, LeaveProof):
            line.person, line.phone = command.person or line.person, command.phone or line.phone
        else:
            _write(deed, sheet, line, at, reply, now, figure)
    return answer.value if answer else "done"


def _leaving(deed: str, sheet: Sheet, line: Line, chance: Random) -> tuple[Command, Refusal | None]:
    """A card or the last four of a phone left with an appointment; many phones end alike."""
    proof = "person" if deed == "leave_card" else "phone"
    first, many = (0, 300) if proof == "person" else (1_000, 60)
    mark = f"{first + chance.randrange(many):064x}"
    sheet.marks.append((proof, mark))
    command = LeaveProof.model_validate({"hall": HALL, "code": line.code, proof: mark})
    if line.state != "booked":
        return command, Refusal.APPOINTMENT_OVER
    other = proof == "person" and mark != line.person and sheet.booked_already(mark, line.at)
    return command, Refusal.ALREADY_BOOKED if other else None


async def _show(
    hall: Hall, watch: Watch, sheet: Sheet, chance: Random, figure: Figure, guesses: bool
) -> str:
    """Somebody shows a card or types four figures, now and then ones that nobody left or that
    were left long ago, and is checked in for what they prove and for nothing else."""
    now = watch().astimezone(HALL_TIME)
    strange = chance.choice([("person", "f" * 64), ("phone", "f" * 64)])
    left = sheet.marks[-400:] if not guesses and chance.random() < 0.9 else []
    proof, mark = chance.choice(left or [strange])
    expected = sheet.of_proof(proof, mark, now)
    try:
        seen = await hall.see("appointment", {"code": "", proof: mark}, SHOWN_AT)
    except Refused as no:
        if no.code is not expected:
            figure.tell(f"step {figure.count}: show {proof}: {no}, the sheet says {expected}")
        return no.code.value
    if not isinstance(expected, Line) or seen["appointment"] != expected.id:
        figure.tell(f"step {figure.count}: {proof} opens {seen}, the sheet says {expected}")
        return "wrong"
    if (seen["code"] is None) != (proof == "phone"):
        figure.tell(f"step {figure.count}: {proof} is told the code {seen['code']}")
    may = _may_check_in(expected, now)
    try:
        await hall.handle(CheckIn(hall=HALL, appointment=expected.id), SHOWN_AT)
        answer = None
    except Refused as no:
        answer = no.code
    if answer is not may:
        figure.tell(f"step {figure.count}: {expected}: {answer}, the sheet says {may}")
    if answer is None:
        expected.state = "checked_in"
    return answer.value if answer else "done"


def _may_check_in(line: Line, now: datetime) -> Refusal | None:
    if line.state not in ("booked", "missed"):
        return Refusal.APPOINTMENT_OVER
    if line.at.date() != now.date():
        return Refusal.CHECK_IN_OTHER_DAY
    return Refusal.CHECK_IN_EARLY if now < line.at - timedelta(minutes=30) else None


def _write(
    deed: str,
    sheet: Sheet,
    line: Line,
    at: datetime,
    reply: dict[str, Any],
    now: datetime,
    figure: Figure,
) -> None:
    if deed == "book":
        line.code, line.id = reply["code"], reply["appointment"]
        figure.duplicates += line.code in sheet.codes
        sheet.codes.add(line.code)
        sheet.lines.append(line)
    elif deed == "move":
        line.at = at
    elif deed == "cancel":
        line.state = "cancelled"
        if reply["late"] != (now > line.at - timedelta(hours=2)):
            figure.tell(f"{line}: late is {reply['late']}")
    else:
        line.state = "checked_in"
        if (reply["slot"] is not None) != (now <= line.at + timedelta(minutes=10)):
            figure.tell(f"{line}: checked in at {now} with slot {reply['slot']}")


async def _wait(hall: Hall, watch: Watch, sheet: Sheet, chance: Random) -> None:
    """Some minutes; in the evening the next day begins. The clock tells who missed, and so does
    the morning."""
    watch.forward(minutes=chance.choice([1, 3, 7, 15]))
    now = watch().astimezone(HALL_TIME)
    if evening := now.hour >= 17:
        await hall.handle(CloseDay(hall=HALL), SUPERVISOR)
        watch.now = NINE + timedelta(days=(now.date() - NINE.date()).days + 1)
        now = watch().astimezone(HALL_TIME)
        yesterday = now.date() - timedelta(days=1)
        sheet.lines = [one for one in sheet.lines if one.at.date() >= yesterday]
        await hall.handle(OpenDay(hall=HALL, date=f"{now:%Y-%m-%d}"), SUPERVISOR)
    if looks := chance.random() < 0.5:
        await hall.handle(MarkMissed(hall=HALL), CLOCK)
    for one in sheet.lines if evening or looks else ():
        if one.state == "booked" and one.at + timedelta(minutes=10) < now:
            one.state = "missed"
        if one.at.date() < now.date():
            one.person = one.phone = None


async def _sums(hall: Hall, watch: Watch, sheet: Sheet, figure: Figure) -> None:
    """Every free place that is shown, every sum and every state in the store are the sheet's."""
    now = watch().astimezone(HALL_TIME)
    for queue in QUEUES:
        for slot in (await hall.see("slots", {"queue": queue}, KIOSK))["slots"]:
            free = PLACES - sheet.taken(queue, slot_at(slot["date"], slot["time"]))
            if slot["free"] != free or free < 0:
                figure.tell(f"{queue} {slot}: the sheet has {free} free")
        today = Counter(one.state for one in sheet.lines if one.queue == queue
                        and one.at.date() == now.date())  # fmt: skip
        shown = hall.hubs[HALL].state.get(f"booked/{queue}", {})
        expected = (today["booked"], today["checked_in"], today["missed"])
        if tuple(shown.get(name, 0) for name in ("expected", "arrived", "missed")) != expected:
            figure.tell(f"{queue} on {now:%Y-%m-%d}: {shown}, the sheet says {expected}")
    for one in sheet.lines[-60:]:
        seen = await hall.see("appointment", {"code": one.code}, KIOSK)
        if seen["state"] != one.state:
            figure.tell(f"{one}: {seen['state']}")

    def faults(cursor: Cursor) -> list[str]:
        return proof.faults(cursor, HALL, heads.every_head(cursor)[0].day)

    for wrong in hall.store.read(faults):
        figure.tell(wrong)
    if known := hall.store.read(lambda cursor: cursor.one(KNOWN, today=f"{now:%Y-%m-%d}").n):
        figure.tell(f"{known} appointments of days gone by are still somebody's")
