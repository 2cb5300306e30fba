"""A line as the forecast keeps it: the order of `calling.choose`, quick enough for 40 runs."""

from collections.abc import Sequence
from datetime import timedelta
from heapq import heappop, heappush

from hall_server.rules.calling import Due
from hall_server.rules.policy import HELP_AFTER, PATIENT, RATIO, RETURN_AFTER, Policy

DUE, PLAIN, RETURNED, BOOKED = (int(due) for due in Due)
# Whom a line would send: whether somebody is due there, the time that ranks it, seq, since when
# the line waits, ready, the visitor, the standing, and whether the call counts for the ratio.
# Minutes: due_before, never_before, promise, plain_within.
Times = tuple[float, float, float, float]
Pick = tuple[bool, float, int, float, bool, "Visitor", int, bool]
MINUTE = timedelta(minutes=1)


class Visitor:
    """One who waits or will come, with everything the day will bring him. Times in minutes."""

    __slots__ = (
        "back", "called", "due", "line", "luck", "minutes", "moved", "moves", "name", "seq",
        "slot", "stands", "taken",
    )  # fmt: skip

    def __init__(
        self, seq: int, taken: float, line: int, due: int, slot: float, minutes: float, luck: float
    ) -> None:
        self.seq, self.taken, self.line, self.due = seq, taken, line, due
        self.slot, self.minutes, self.luck = slot, minutes, luck
        self.stands = due  # how he stands again when he is sent on after a return
        self.back = -1.0  # comes back so long after having been passed over; never if below 0
        self.moves = -1  # the line to which the first window sends him on; none if below 0
        self.moved = 0.0  # the minutes of the service there
        self.called = -1.0
        self.name = ""


class Line:
    """Who waits in one queue. `plain` and `due` are heaps by number, the others short lists."""

    __slots__ = (
        "booked", "calls", "due", "helpers", "never", "on", "owners", "patience",
        "plain", "promise", "ratio", "return_after", "returned", "run", "waiting", "within",
    )  # fmt: skip

    def __init__(
        self,
        ratio: int,
        patience: float,
        return_after: int,
        times: Times,
    ) -> None:
        self.ratio, self.patience, self.return_after = ratio, patience, return_after
        self.on, self.never, self.promise, self.within = times
        self.calls = self.run = self.waiting = 0
        self.plain: list[tuple[int, Visitor]] = []
        self.due: list[tuple[int, Visitor]] = []
        self.booked: list[tuple[int, Visitor]] = []
        self.returned: list[tuple[int, int, Visitor]] = []  # (after_call, seq, who)
        self.owners: list[int] = []
        self.helpers: list[int] = []

    def add(self, visitor: Visitor) -> None:
        self.waiting += 1
        due = visitor.due
        if due == PLAIN:
            heappush(self.plain, (visitor.seq, visitor))
        elif due == DUE:
            heappush(self.due, (visitor.seq, visitor))
        elif due == BOOKED:
            self.booked.append((visitor.seq, visitor))
        else:
            self.give_back(visitor, self.calls + self.return_after)

    def give_back(self, visitor: Visitor, after_call: int) -> None:
        """A passed number is here again and lets others go first until `after_call`."""
        self.returned.append((after_call, visitor.seq, visitor))

    def pick(self, now: float) -> Pick | None:
        """Whom this line would send now, as `calling.choose` would; None for nobody."""
        if not self.waiting:
            return None
        first = self.plain[0][1] if self.plain else None
        overdue, long_since = False, 0.0
        if first is not None:
            long_since = first.taken + self.within
            overdue = long_since <= now
        standing = PLAIN
        if self.returned:
            first, standing = self._returned(first)
        promised = self.due[0][1] if self.due else None
        if self.booked:
            return self._with_booked(now, first, standing, promised, overdue, long_since)
        if promised is None:
            if first is None:
                return self._unready()
            rank = long_since if overdue else first.taken
            return overdue, rank, first.seq, first.taken, True, first, standing, False
        rank = promised.taken + self.promise
        if first is None:
            return True, rank, promised.seq, promised.taken, True, promised, DUE, False
        since = promised.taken if promised.taken < first.taken else first.taken
        if self.run < self.ratio:
            return True, rank, promised.seq, since, True, promised, DUE, True
        if promised.seq < first.seq:
            first, standing = promised, DUE
        rank = long_since if overdue else first.taken
        return overdue, rank, first.seq, since, True, first, standing, False

    def take(self, pick: Pick) -> None:
        """The pick is called: he leaves the line, and the line counts."""
        _, _, seq, _, ready, visitor, standing, counts = pick
        self.remove(visitor, standing, seq)
        self.calls += 1
        if ready:
            self.run = self.run + 1 if counts else 0

    def remove(self, visitor: Visitor, standing: int, seq: int) -> None:
        """He leaves the line uncounted."""
        self.waiting -= 1
        if standing == PLAIN:
            heappop(self.plain)
        elif standing == DUE:
            heappop(self.due)
        elif standing == BOOKED:
            self.booked.remove((seq, visitor))
        else:
            self.returned = [entry for entry in self.returned if entry[2] is not visitor]

    def _returned(self, first: Visitor | None) -> tuple[Visitor | None, int]:
        standing = PLAIN
        for after_call, seq, visitor in self.returned:
            if after_call <= self.calls and (first is None or seq < first.seq):
                first, standing = visitor, RETURNED
        return first, standing

    def _unready(self) -> Pick | None:
        if not self.returned:
            return None
        visitor = min((seq, visitor) for _, seq, visitor in self.returned)[1]
        taken = visitor.taken
        return False, taken, visitor.seq, taken, False, visitor, RETURNED, False

    def _with_booked(
        self,
        now: float,
        first: Visitor | None,
        standing: int,
        promised: Visitor | None,
        overdue: bool,
        long_since: float,
    ) -> Pick | None:
        """The same, with those who come by appointment: the whole rule in its plainest form."""
        lowest = [(first.seq, first, standing)] if first is not None else []
        dues = []
        others = first is not None
        since = [first.taken] if first is not None else []
        if promised is not None:
            dues.append((promised.taken + self.promise, promised.seq, promised, DUE))
            lowest.append((promised.seq, promised, DUE))
            since.append(promised.taken)
        for seq, visitor in self.booked:
            slot = visitor.slot
            if slot - self.never > now:
                continue
            lowest.append((seq, visitor, BOOKED))
            since.append(min(slot, now))
            if slot - self.on <= now and not overdue:
                dues.append((slot, seq, visitor, BOOKED))
            else:
                others = True
        if not lowest:
            return self._unready()
        waits = min(since)
        if dues and (self.run < self.ratio or not others):
            rank, seq, visitor, kind = min(dues)
            return True, rank, seq, waits, True, visitor, kind, others
        seq, visitor, kind = min(lowest)
        rank = long_since if overdue else visitor.taken
        return overdue, rank, seq, waits, True, visitor, kind, False


def line_values(queue: str, policy: Policy) -> tuple[int, float, int, Times]:
    """What a `Line` of this queue is made of."""
    return (
        policy.ratio.get(queue, RATIO),
        policy.help_after.get(queue, HELP_AFTER) / MINUTE,
        policy.return_after.get(queue, RETURN_AFTER),
        (
            policy.due_before / MINUTE,
            policy.never_before / MINUTE,
            policy.promise / MINUTE,
            policy.plain_within / MINUTE,
        ),
    )


def best(own: Sequence[Line], backup: Sequence[Line], now: float) -> tuple[Line, Pick] | None:
    """Whom a window calls of its own lines and of those it helps: `calling.choose`, quickly."""
    mine = other = None
    since = 0.0
    for line in own:
        pick = line.pick(now)
        if pick is None:
            continue
        if mine is None:
            mine, since = (line, pick), pick[3]
        else:
            if pick[4] == mine[1][4]:
                since = min(since, pick[3])
            elif pick[4]:
                since = pick[3]
            if _key(pick) < _key(mine[1]):
                mine = line, pick
    times = PATIENT if mine is not None and mine[1][0] else 1
    for line in backup:
        pick = line.pick(now)
        if pick is None:
            continue
        if mine is not None and (
            pick[4] < mine[1][4]
            or (pick[4] == mine[1][4] and pick[3] + times * line.patience > since)
        ):
            continue
        if other is None or _key(pick) < _key(other[1]):
            other = line, pick
    return other or mine


def _key(pick: Pick) -> tuple[bool, bool, float, int]:
    return not pick[4], not pick[0], pick[1], pick[2]
