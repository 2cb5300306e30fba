"""Who is called next (顺呼): a pure function of who waits, the window, the policy and the time."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum

from hall_server.rules.policy import HELP_AFTER, PATIENT, RATIO
from hall_server.rules.policy import Policy as Policy
from hall_server.words import Refusal, Refused, WindowState


class Due(IntEnum):
    """How a waiting ticket stands in its queue."""

    DUE = 1  # 优先类别: due at once
    PLAIN = 2
    RETURNED = 3  # 过号重排: comes after some more calls of its queue
    BOOKED = 4  # 预约, checked in on time: due when its slot is near


@dataclass(frozen=True, slots=True)
class Waiting:
    """A waiting ticket as the rule sees it.

    `seq` is the order of taking, `taken_at` its time; a transferred or returned ticket keeps
    both. A booked one has a `slot`. A returned one lets others go first until its queue has made
    `after_call` calls. Of the queue: `queue_calls` made today, and `queue_run`, its due calls in
    a row up to now (`Choice.run` of its last call; 0 at first).
    """

    ticket: str
    queue: str
    due: Due
    seq: int
    taken_at: datetime
    after_call: int = 0
    queue_calls: int = 0
    queue_run: int = 0
    slot: datetime | None = None


@dataclass(frozen=True, slots=True)
class WindowDuty:
    """What a window calls: its own queues, and those it helps (支援)."""

    queues: tuple[str, ...]
    backup: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reason:
    """Why this one, before it is worded: the text reasons.<code> and its facts.

    The fact `queue` is a queue's id; who words it puts the queue's name there.
    """

    code: str
    facts: Mapping[str, int | str]


@dataclass(frozen=True, slots=True)
class Choice:
    """Whom the rule calls, and why: first why the window helps, if it does, then why this one.

    `run` is what the queue's due calls in a row become by this call: keep it for the next.
    """

    ticket: str
    queue: str
    reasons: tuple[Reason, ...]
    run: int


@dataclass(slots=True)
class _Pick:
    """Whom one line would send. `due`: somebody there is due, by priority, by a slot or because a
    plain number has waited `plain_within`; `rank`: since when, else the time of the ticket;
    `since`: from when on somebody of the line might have been called."""

    head: Waiting
    reason: Reason
    run: int
    due: bool
    ready: bool
    rank: datetime
    since: datetime


def choose(heads: Sequence[Waiting], duty: WindowDuty, policy: Policy, now: datetime) -> Choice:
    """The ticket that this window calls next, and why: the rule "promise and ratio" (承诺+穿插).

    In a line those who are due go first, the earliest promise first: a slot, or 5 minutes after
    the ticket for a priority class. After `ratio` such calls in a row while others wait, the next
    call goes by number over all of them. Once a plain number has waited `plain_within`, the
    booked go by number with all others, and that line is due too. A returned number whose turn
    has not come is called only when nobody else waits. A window of several lines takes the one
    that is due first, else the oldest head; it helps a backup line when its own are empty, or
    when somebody there has waited `help_after` longer, 3 times that while its own are due. So a
    plain ticket with n ahead of it is called within (ratio + 1)(n + 1) calls of its queue
    (queue-policy §1, guarantee).

    `heads` are all who wait, or just those of `firsts`. Numbers of the same order, merged from
    offline kiosks, go by id. A call by hand (选呼) is not decided here and changes no run. Raises
    Refused(no_one_waiting).

    >>> at = datetime(2026, 5, 1, 9)
    >>> plain = Waiting("A001", "social", Due.PLAIN, 1, at)
    >>> elder = Waiting("A002", "social", Due.DUE, 2, at)
    >>> choice = choose([plain, elder], WindowDuty(("social",)), Policy(ratio={"social": 1}), at)
    >>> choice.ticket, choice.reasons[0].code, choice.run
    ('A002', 'due_last', 1)
    >>> third = Waiting("A003", "social", Due.DUE, 3, at, queue_run=choice.run)
    >>> plain = Waiting("A001", "social", Due.PLAIN, 1, at, queue_run=choice.run)
    >>> choose([plain, third], WindowDuty(("social",)), Policy(ratio={"social": 1}), at).ticket
    'A001'
    """
    lines: dict[str, list[Waiting]] = {}
    for head in heads:
        lines.setdefault(head.queue, []).append(head)
    own = [p for q in duty.queues if q in lines and (p := _pick(lines[q], policy, now))]
    others = [p for q in duty.backup if q in lines and (p := _pick(lines[q], policy, now))]
    mine, other, why = _best(own), _best(others), None
    if mine is None and other is None:
        raise Refused(Refusal.NO_ONE_WAITING)
    if other is not None and (mine is None or (other.ready and not mine.ready)):
        why = Reason("help_idle", {"queue": other.head.queue})
    elif other is not None and mine is not None and other.ready == mine.ready:
        since = min(pick.since for pick in own if pick.ready == mine.ready)
        times = PATIENT if mine.due else 1
        longer = [p for p in others if p.ready == mine.ready and _longer(p, since, policy, times)]
        other = _best(longer)
        if other is not None:
            minutes = int((now - other.since).total_seconds() // 60)
            why = Reason("help_older", {"queue": other.head.queue, "minutes": minutes})
    pick = mine if why is None else other
    assert pick is not None
    reasons = (pick.reason,) if why is None else (why, pick.reason)
    return Choice(pick.head.ticket, pick.head.queue, reasons, pick.run)


def _best(picks: Sequence[_Pick]) -> _Pick | None:
    """Among several lines: ready before not yet, due before by number, then the oldest."""
    return min(
        picks,
        key=lambda pick: (not pick.ready, not pick.due, pick.rank, pick.head.seq, pick.head.ticket),
        default=None,
    )


def _longer(pick: _Pick, since: datetime, policy: Policy, times: int) -> bool:
    """Whether a backup line has waited so much longer that it is helped."""
    return pick.since + times * policy.help_after.get(pick.head.queue, HELP_AFTER) <= since


def _earlier(head: Waiting, than: Waiting | None) -> bool:
    """Whether a number comes before another."""
    if than is None or head.seq != than.seq:
        return than is None or head.seq < than.seq
    return head.ticket < than.ticket


def _pick(line: Sequence[Waiting], policy: Policy, now: datetime) -> _Pick | None:
    """Whom one line sends; None while all of it are booked for later."""
    may_come, is_due = now + policy.never_before, now + policy.due_before
    first: dict[Due, Waiting] = {}  # who is due first: of the priority, and of the booked
    lowest = unready = plain = None
    since = datetime.max.replace(tzinfo=now.tzinfo)
    others = False
    for head in line:
        began, due = head.taken_at, head.due is Due.DUE
        if head.due is Due.RETURNED and head.queue_calls < head.after_call:
            if _earlier(head, unready):
                unready = head
            continue
        if head.due is Due.PLAIN:
            if _earlier(head, plain):
                plain = head
        elif head.due is Due.BOOKED:
            assert head.slot is not None
            if head.slot > may_come:
                continue
            began = min(head.slot, now)  # who came early waits from his slot on
            due = head.slot <= is_due
        if due:
            known = first.get(head.due)
            if known is None or _promise(head, policy) < _promise(known, policy):
                first[head.due] = head
        else:
            others = True
        if _earlier(head, lowest):
            lowest = head
        since = min(since, began)
    if lowest is None:
        if unready is None:
            return None
        early = Reason("returned_early", {})
        return _Pick(
            unready, early, unready.queue_run, False, False, unready.taken_at, unready.taken_at
        )
    overdue = plain is not None and plain.taken_at + policy.plain_within <= now
    held_back = overdue and first.pop(Due.BOOKED, None) is not None
    ratio, run = policy.ratio.get(lowest.queue, RATIO), lowest.queue_run
    promised = min(first.values(), key=lambda head: _promise(head, policy), default=None)
    if promised is not None and (run < ratio or not others):
        rank = _promise(promised, policy)[0]
        if not others:
            return _Pick(promised, Reason("due_alone", {}), 0, True, True, rank, since)
        code = "due_last" if run + 1 == ratio else "due"
        reason = Reason(code, {"n": run + 1, "ratio": ratio})
        return _Pick(promised, reason, run + 1, True, True, rank, since)
    if promised is not None:
        reason = Reason("ratio", {"ratio": ratio})
    elif held_back:
        reason = Reason("plain_due", {"minutes": policy.plain_within // timedelta(minutes=1)})
    elif lowest.due is Due.RETURNED:
        reason = Reason("returned", {})
    else:
        reason = Reason("in_order", {})
    rank = lowest.taken_at
    if plain is not None and overdue:
        rank = plain.taken_at + policy.plain_within
    return _Pick(lowest, reason, 0, overdue, True, rank, since)


def _promise(head: Waiting, policy: Policy) -> tuple[datetime, int, str]:
    """The time by which one who is due stands among the due, and then by number."""
    return head.slot or head.taken_at + policy.promise, head.seq, head.ticket


def firsts(line: Iterable[Waiting], policy: Policy, now: datetime) -> list[Waiting]:
    """Of all who wait in one line, the few that `choose` needs: what a store must find.

    The lowest number of the priority, of the plain, of the booked who may be called, and of those
    among them who are not due yet; the earliest slot; and the lowest number of the returned,
    those whose turn has come before the others.
    """
    first: dict[object, tuple[object, Waiting]] = {}

    def offer(name: str, rank: object, head: Waiting) -> None:
        known = first.get(name)
        if known is None or rank < known[0]:  # type: ignore[operator]
            first[name] = (rank, head)

    for head in line:
        number = (head.seq, head.ticket)
        if head.due is Due.BOOKED:
            assert head.slot is not None
            if head.slot <= now + policy.never_before:
                offer("slot", (head.slot, *number), head)
                offer("booked", number, head)
                if head.slot > now + policy.due_before:
                    offer("early", number, head)
        elif head.due is Due.RETURNED:
            offer("returned", (head.queue_calls < head.after_call, *number), head)
        else:
            offer(head.due.name, number, head)
    return list({head.ticket: head for _, head in first.values()}.values())


def standing(
    *, priority: bool, slot: datetime | None, taken_at: datetime, policy: Policy
) -> tuple[Due, datetime | None]:
    """How a new ticket stands, and the slot it stands for.

    Who checks in (签到) until `on_time` after the slot is booked; later it is an ordinary ticket
    from now on. Of a priority class and a slot the earlier promise counts.
    """
    on_time = slot is not None and taken_at <= slot + policy.on_time
    if slot is not None and on_time and not (priority and taken_at + policy.promise < slot):
        return Due.BOOKED, slot
    return (Due.DUE if priority else Due.PLAIN), None


def may_call(state: WindowState, window: str) -> None:
    """Only an open window calls: Refused(window_paused) or Refused(window_not_open)."""
    if state is WindowState.PAUSED:
        raise Refused(Refusal.WINDOW_PAUSED, window=window)
    if state is not WindowState.OPEN:
        raise Refused(Refusal.WINDOW_NOT_OPEN, window=window)


def holds_lease(given: int, present: int, window: str, *, by_key: bool) -> None:
    """A window obeys the last who opened it. `by_key` is the call box on its own desk, which
    has no lease of its own. Raises Refused(window_taken_over)."""
    if not (by_key and given == 0) and given != present:
        raise Refused(Refusal.WINDOW_TAKEN_OVER, window=window)


def may_pass_over(calls: int, limit: int, number: str) -> None:
    """A number is passed over (过号) only after the calls that the sign promises: the clerk calls
    again first. Raises Refused(call_again)."""
    if calls < limit:
        raise Refused(Refusal.CALL_AGAIN, number=number, calls=calls, limit=limit)


def may_sit_at(window: str, own: Collection[str]) -> None:
    """A person whom the layout names windows for opens only those; none named means any.
    Raises Refused(window_not_yours)."""
    if own and window not in own:
        raise Refused(Refusal.WINDOW_NOT_YOURS, window=window, own=", ".join(own))


def within_returns(passed: int, limit: int, number: str) -> None:
    """A passed number may return `limit` times (queue-policy §5: 2); then a new number."""
    if passed > limit:
        raise Refused(Refusal.RETURN_LIMIT, number=number, limit=limit)
