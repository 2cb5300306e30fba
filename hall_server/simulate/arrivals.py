"""Real arrivals from a CSV: who came when, to which queue, of which class, for which slot."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from hall_server.simulate.halls import CLOSE, HallPlan
from hall_server.simulate.visitors import (
    EARLIEST,
    FIRST_SLOT,
    SLOTS,
    People,
    Person,
    person_of,
)

FIRST = 390.0  # 6:30
MOST = 20_000  # people of one day
LONGEST = 200  # characters of one field
SLOT_TIMES = range(FIRST_SLOT, FIRST_SLOT + 30 * SLOTS, 30)


class ArrivalsWrong(Exception):
    """What cannot be read in the file, each with its line."""


@dataclass(frozen=True, slots=True)
class Came:
    """One arrival; times in minutes after midnight."""

    arrives: float
    line: int
    priority: bool
    slot: float | None


def read_arrivals(path: Path, hall: HallPlan, items: Mapping[str, str]) -> list[Came]:
    """The people of a day from a CSV in UTF-8 with the columns time (9:05 or 9:05:30), queue or
    item, and, where they are known, class (empty: plain) and slot (the booked 9:30).

    `items` tells the queue of an item's code. Raises ArrivalsWrong with every faulty line.
    """
    lines = {line.name: number for number, line in enumerate(hall.lines)}
    found: list[Came] = []
    wrong: list[str] = []
    with path.open(encoding="utf-8-sig", newline="") as file:
        for n, row in enumerate(csv.DictReader(file), 2):
            try:
                found.append(_came(row, lines, items))
            except ValueError as fault:
                wrong.append(f"{path.name}:{n}: {fault}")
            if n > MOST:
                wrong.append(f"{path.name}: more than {MOST} lines")
                break
    if wrong or not found:
        raise ArrivalsWrong("\n".join(wrong[:20] or [f"{path.name}: nobody came"]))
    return sorted(found, key=lambda came: came.arrives)


def who_came(
    came: Sequence[Came], people: People, means: Sequence[float], rng: Random
) -> list[Person]:
    """The same people with what no record tells: how long their business takes, and the rest."""
    return [
        person_of(one.arrives, one.line, one.slot, one.priority, people, means, rng) for one in came
    ]


def _came(row: dict[str, str | None], lines: Mapping[str, int], items: Mapping[str, str]) -> Came:
    told = {name: (row.get(name) or "").strip()[:LONGEST] for name in FIELDS}
    queue = told["queue"] or items.get(told["item"], "")
    if queue not in lines:
        raise ValueError(f"queue {queue or told['item'] or '-'}: {', '.join(lines)}")
    arrives = _minutes(told["time"])
    if not FIRST <= arrives <= CLOSE:
        raise ValueError(f"time {told['time']}: 6:30-17:00")
    slot = _minutes(told["slot"]) if told["slot"] else None
    if slot is not None and slot not in SLOT_TIMES:
        raise ValueError(f"slot {told['slot']}: 9:00, 9:30 … 16:00")
    if slot is not None:
        arrives = max(arrives, slot - EARLIEST)
    return Came(arrives, lines[queue], bool(told["class"]), slot)


FIELDS = ("time", "queue", "item", "class", "slot")


def _minutes(clock: str) -> float:
    parts = clock.split(":")
    if not 2 <= len(parts) <= 3 or not all(part.isdecimal() and len(part) <= 2 for part in parts):
        raise ValueError(f"time {clock or '-'}: 9:05, 9:05:30")
    hours, minutes, *seconds = (int(part) for part in parts)
    return 60.0 * hours + minutes + sum(seconds) / 60
