"""How a hall calls (承诺+穿插), as values: what may be set, what is wrong, what the sign says."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from hall_server.words import Said as Said

RATIO, HELP_AFTER = 2, timedelta(minutes=10)
PATIENT = 3  # a window with due people of its own helps only after so many times `help_after`
RETURN_AFTER, RETURN_LIMIT, CALLS = 3, 2, 3
MOST_MINUTES = 120
WHOLE_DAY = timedelta(days=1)  # nobody waits so long


@dataclass(frozen=True, slots=True)
class Policy:
    """The rule "promise and ratio" (承诺+穿插) of one hall; queue-policy §1 has the figures.

    By queue, with a default for a queue that is not named: after `ratio` due calls in a row one
    goes by number; a window helps (支援) a line whose head has waited `help_after` longer than
    its own; a passed number returns after `return_after` more calls, at most `return_limit`
    times; a number is called `calls` times. For the whole hall: a booked visitor is due from
    `due_before` the slot, is never called earlier than `never_before` it, and is on time until
    `on_time` after it; a priority visitor stands as if booked for `promise` after the ticket.
    While a plain number has waited `plain_within`, the booked no longer go before it; a whole
    day is never.

    With 55 minutes the wait that 5 % of the plain exceed is 1.17 to 1.23 of first come, first
    served in the halls of `hall simulate`, and of the booked who came by their slot 91 to 93 %
    are called within 10 minutes of it; with a whole day it is 1.33 to 1.38, and 95 to 97 %.
    """

    help_after: Mapping[str, timedelta] = field(default_factory=dict)
    ratio: Mapping[str, int] = field(default_factory=dict)
    return_after: Mapping[str, int] = field(default_factory=dict)
    return_limit: Mapping[str, int] = field(default_factory=dict)
    calls: Mapping[str, int] = field(default_factory=dict)
    due_before: timedelta = timedelta(minutes=10)
    never_before: timedelta = timedelta(minutes=10)
    on_time: timedelta = timedelta(minutes=10)
    promise: timedelta = timedelta(minutes=5)
    plain_within: timedelta = timedelta(minutes=55)


# The least and most that may be set, by field; minutes for durations.
BOUNDS: Mapping[str, tuple[int, int]] = {
    "ratio": (1, 9),
    "help_after": (0, MOST_MINUTES),
    "return_after": (0, 20),
    "return_limit": (0, 9),
    "calls": (1, 9),
    "due_before": (0, MOST_MINUTES),
    "never_before": (0, MOST_MINUTES),
    "on_time": (0, MOST_MINUTES),
    "promise": (0, MOST_MINUTES),
    "plain_within": (10, WHOLE_DAY // timedelta(minutes=1)),
}


def faults(
    policy: Policy, queues: Collection[str], helps: Mapping[str, Collection[str]]
) -> list[Said]:
    """Everything wrong with a policy (差错), all at once; an empty list may be put in force.

    `helps`: for each queue, the queues that its windows help. Named are values out of bounds,
    queues the hall does not have, a booked visitor who would be due before he may be called, and
    a circle: lines that help each other around with no minutes between them, so that no window
    has a line of its own. What two windows, spans or names do to each other is the layout's.

    >>> [fault.key for fault in faults(Policy(ratio={"tax": -1, "gone": 2}), ["tax"], {})]
    ['sign.fault.out_of_bounds', 'sign.fault.unknown_queue']
    """
    found: list[Said] = []
    strangers: dict[str, None] = {}
    for name, (least, most) in BOUNDS.items():
        values = getattr(policy, name)
        by_queue = values if isinstance(values, Mapping) else {"*": values}
        for queue, value in by_queue.items():
            said = value / timedelta(minutes=1) if isinstance(value, timedelta) else value
            field = f"{name}_minutes" if isinstance(value, timedelta) else name
            facts: dict[str, int | str] = {"field": field, "queue": queue}
            if not least <= said <= most:
                bounds: dict[str, int | str] = {"value": f"{said:g}", "least": least, "most": most}
                key = "hall_out_of_bounds" if queue == "*" else "out_of_bounds"
                found.append(Said(f"sign.fault.{key}", facts | bounds))
            if queue != "*" and queue not in queues:
                strangers[queue] = None
    found += [Said("sign.fault.unknown_queue", {"queue": queue}) for queue in strangers]
    if policy.due_before > policy.never_before:
        found.append(Said("sign.fault.due_before_callable", {}))
    at_once = {
        queue: [
            other
            for other in helps.get(queue, ())
            if policy.help_after.get(other, HELP_AFTER) == timedelta()
        ]
        for queue in queues
    }
    for circle in _circles(at_once):
        found.append(Said("sign.fault.circle", {"queues": " → ".join((*circle, circle[0]))}))
    return found


def sign(policy: Policy, queues: Sequence[str], *, classes: bool, booking: bool) -> list[Said]:
    """What the sign on the wall says of this policy (叫号规则公示), sentence by sentence.

    `classes`: whether the hall has priority classes; who words the sentence names them. What
    every queue has in common is said once; a queue that differs is named after it.
    """
    said = [Said("sign.booked", {})] if booking else []
    if classes:
        said.append(Said("sign.priority", {}))
    if classes or booking:
        ratios = {queue: {"ratio": policy.ratio.get(queue, RATIO)} for queue in queues}
        said += _common({queue: Said("sign.ratio", facts) for queue, facts in ratios.items()})
    if booking and policy.plain_within < WHOLE_DAY:
        minutes = policy.plain_within // timedelta(minutes=1)
        said.append(Said("sign.plain_within", {"minutes": minutes}))
    calls = {queue: {"calls": policy.calls.get(queue, CALLS)} for queue in queues}
    said += _common({queue: Said("sign.calls", facts) for queue, facts in calls.items()})
    return said + _common({queue: _returns(policy, queue) for queue in queues})


def _returns(policy: Policy, queue: str) -> Said:
    limit = policy.return_limit.get(queue, RETURN_LIMIT)
    if limit == 0:
        return Said("sign.void", {})
    after = policy.return_after.get(queue, RETURN_AFTER)
    return Said("sign.returns", {"after": after, "limit": limit})


def _common(by_queue: Mapping[str, Said]) -> list[Said]:
    """The commonest sentence once, and one more for each queue of which it is not true."""
    told = list(by_queue.values())
    common = max(told, key=told.count)
    return [
        common,
        *(
            Said(f"{said.key}_of", {**said.facts, "queue": queue})
            for queue, said in by_queue.items()
            if said != common
        ),
    ]


def _circles(links: Mapping[str, Sequence[str]]) -> list[tuple[str, ...]]:
    """Each shortest way from a queue back to itself, told once, from its first name."""
    found: list[tuple[str, ...]] = []
    for start in sorted(links):
        ways: list[tuple[str, ...]] = [(start,)]
        seen = {start}
        while ways:
            way = ways.pop(0)
            for other in links.get(way[-1], ()):
                if other == start:
                    ways, found = [], [*found, way]
                    break
                if other > start and other not in seen:
                    seen.add(other)
                    ways.append((*way, other))
    return found
