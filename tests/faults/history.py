"""The judge: what clients were told, held against what the database says afterwards."""

from collections import Counter
from typing import Any

from sqlalchemy import select

from hall_server.store import heads, journal
from hall_server.store.database import Cursor, Statement
from hall_server.store.store import Store
from hall_server.store.tables import QueueDay, Rating, Service, Ticket
from tests.faults.figures import Figure

TICKETS = Statement(select(Ticket.__table__))  # type: ignore[attr-defined]
SUMS = Statement(select(QueueDay.__table__))  # type: ignore[attr-defined]
SERVICES = Statement(select(Service.__table__))  # type: ignore[attr-defined]
RATINGS = Statement(select(Rating.__table__))  # type: ignore[attr-defined]


class History:
    """What was acknowledged: the number of each taken ticket, the ticket of each call."""

    def __init__(self) -> None:
        self.taken: dict[str, str] = {}  # ticket -> number
        self.called: dict[str, str] = {}  # service -> ticket
        self.rated: set[str] = set()  # services
        self.wishes = 0  # takes that were wished for and acknowledged, however often sent
        self.calls: int | None = None  # the same for calls, where none can be in doubt

    def took(self, reply: dict[str, Any]) -> None:
        self.wishes += 1
        self.taken[reply["ticket"]] = reply["number"]

    def judge(self, url: str, figure: Figure) -> None:
        """Fill the figure: lost, duplicate and gaps, and whatever else is not as it must be."""
        store = Store(url)
        try:
            store.check()
            store.read(lambda cursor: self._judge(cursor, figure))
        finally:
            store.close()

    def _judge(self, cursor: Cursor, figure: Figure) -> None:
        rows = cursor.all(TICKETS)
        numbers = {row.id: row.number for row in rows}
        figure.acknowledged = len(self.taken) + len(self.called) + len(self.rated)
        figure.lost += sum(numbers.get(ticket) != n for ticket, n in self.taken.items())
        figure.duplicates += max(0, len(rows) - self.wishes)
        lines: dict[tuple[int, str], list[int]] = {}
        for row in rows:
            lines.setdefault((row.day, row.prefix), []).append(row.sequence)
        for line, sequences in lines.items():
            if len(set(sequences)) != len(sequences):
                figure.tell(f"a number of {line} was given twice")
            figure.gaps += max(sequences) - len(set(sequences))
        for sums in cursor.all(SUMS):
            if sums.taken != max(lines.get((sums.day, sums.prefix), [0])):
                figure.tell(f"day {sums.day} counts {sums.taken} of {sums.prefix}")
        self._judge_services(cursor, figure)
        for head in heads.every_head(cursor):
            found = journal.verify(cursor, head)
            if not isinstance(found, int):
                figure.tell(f"journal of {head.hall}: record {found.seq} {found.why}")

    def _judge_services(self, cursor: Cursor, figure: Figure) -> None:
        rows = cursor.all(SERVICES)
        tickets = {row.id: row.ticket for row in rows}
        figure.lost += sum(tickets.get(service) != t for service, t in self.called.items())
        active = [row for row in rows if row.state in ("called", "serving")]
        for what, keys in (
            ("window", Counter((row.hall, row.window) for row in active)),
            ("ticket", Counter(row.ticket for row in active)),
        ):
            for key, n in keys.items():
                if n > 1:
                    figure.tell(f"{what} {key} has {n} active services")
        if self.calls is not None:
            figure.duplicates += max(0, len(rows) - self.calls)
        rated = [row.service for row in cursor.all(RATINGS)]
        figure.lost += len(self.rated - set(rated))
        figure.duplicates += len(rated) - len(set(rated))
