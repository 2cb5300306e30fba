"""Blocks of offline numbers on disk: each number once, whatever falls over and whatever is lost."""

import os
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from drivers.journal import Journal
from drivers.ticket_paper import CHINA
from hall_server.wire.offline import Lease
from hall_server.words import Refusal, Refused
from kiosk.leases import Leases
from kiosk.offline import last_ticket

NOW = datetime(2026, 11, 23, 10, 30, tzinfo=CHINA)
OPENED = 1_795_395_600_000
DAY = {"date": "2026-11-23", "round": 1, "opened_at": OPENED}
QUEUES = [{"id": "social", "prefix": "A"}, {"id": "tax", "prefix": "B"}]


def lease(first: int = 1, queue: str = "social", **other: Any) -> Lease:
    given = {"day": 1, "date": DAY["date"], "queue": queue, "first": first, "last": first + 3}
    prefix = {"social": "A", "tax": "B"}[queue]
    signature = f"{first:060x}{ord(prefix):04x}"
    return Lease.model_validate(
        given | {"prefix": prefix, "leased_at": OPENED + 1, "signature": signature} | other
    )


@pytest.fixture
def reopened(tmp_path: Path) -> Iterator[Callable[[], Leases]]:
    """The leases as a kiosk finds them that was just switched on; it fell over before."""
    journals: list[Journal] = []

    def switched_on() -> Leases:
        journals.append(Journal(tmp_path / "leases"))
        return Leases(journals[-1])

    yield switched_on
    for journal in journals:
        journal.close()


def numbers(leases: Leases, n: int, queue: str = "social") -> list[int]:
    return [leases.take(queue, NOW)[1] for _ in range(n)]


def test_numbers_are_taken_in_their_order_and_never_again(reopened: Callable[[], Leases]) -> None:
    leases = reopened()
    leases.keep([lease(1), lease(51)])
    assert numbers(leases, 3) == [1, 2, 3]
    leases = reopened()
    assert numbers(leases, 5) == [4, 51, 52, 53, 54]
    with pytest.raises(Refused) as no:
        leases.take("social", NOW)
    assert no.value.code is Refusal.OFFLINE_USED_UP


def test_a_number_that_cannot_be_written_down_is_not_given(
    reopened: Callable[[], Leases], monkeypatch: pytest.MonkeyPatch
) -> None:
    leases = reopened()
    leases.keep([lease(1)])

    def full(_file: int, _data: bytes) -> int:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(os, "write", full)
        with pytest.raises(OSError, match="No space"):
            leases.take("social", NOW)
    leases = reopened()
    assert numbers(leases, 1) == [1]


def test_of_another_date_no_number_is_given(reopened: Callable[[], Leases]) -> None:
    leases = reopened()
    leases.keep([lease(date="2026-11-22")])
    assert leases.ready("2026-11-23") == frozenset()
    with pytest.raises(Refused) as no:
        leases.take("social", NOW)
    assert no.value.code is Refusal.OFFLINE_USED_UP


def test_another_block_is_wanted_when_half_of_one_is_used(
    reopened: Callable[[], Leases],
) -> None:
    leases = reopened()
    assert leases.wanted(QUEUES) == ("social", "tax")
    leases.keep([lease(1), lease(1, "tax")])
    assert leases.wanted(QUEUES) == ()
    numbers(leases, 1)
    assert leases.wanted(QUEUES) == ()
    numbers(leases, 1)
    assert leases.wanted(QUEUES) == ("social",)
    leases.keep([lease(51)])
    assert leases.wanted(QUEUES) == ()
    assert numbers(leases, 3) == [3, 4, 51]


@pytest.mark.parametrize(
    ("day", "queues", "left"),
    [
        (DAY, QUEUES, {"social", "tax"}),
        (None, QUEUES, set()),
        (DAY | {"date": "2026-11-24"}, QUEUES, set()),
        (DAY | {"round": 2, "opened_at": OPENED + 3_600_000}, QUEUES, set()),
        (DAY, QUEUES[:1], {"social"}),
        (DAY, [QUEUES[0], {"id": "tax", "prefix": "C"}], {"social"}),
    ],
    ids=["the same", "closed", "next day", "second round", "queue gone", "other prefix"],
)
def test_what_is_of_the_open_day_and_layout_stays(
    reopened: Callable[[], Leases], day: dict[str, Any] | None, queues: Any, left: set[str]
) -> None:
    leases = reopened()
    leases.keep([lease(1), lease(1, "tax")])
    leases.settle(day, queues)
    assert leases.ready("2026-11-23") == left
    leases = reopened()
    assert leases.ready("2026-11-23") == left


def hall(**hours: Any) -> dict[str, Any]:
    weekly = [
        {"days": [1, 2, 3, 4, 5], "start": "09:00", "end": "12:00", "last_ticket": "11:30"},
        {"days": [1, 2, 3, 4, 5], "start": "13:00", "end": "17:00", "last_ticket": "16:30"},
    ]
    return {"day_end": "21:00", "hours": {"weekly": weekly, "special": []} | hours}


@pytest.mark.parametrize(
    ("special", "date", "until"),
    [
        ([], "2026-11-23", "16:30"),
        ([], "2026-11-22", "21:00"),  # a Sunday that somebody opened
        ([{"date": "2026-11-23", "spans": [{"last_ticket": "10:00"}]}], "2026-11-23", "10:00"),
        ([{"date": "2026-11-23", "spans": []}], "2026-11-23", "21:00"),
    ],
)
def test_the_last_number_of_a_date_is_that_of_its_hours(
    special: list[dict[str, Any]], date: str, until: str
) -> None:
    now = datetime.fromisoformat(f"{date}T10:30+08:00")
    assert last_ticket(hall(special=special), now) == until
