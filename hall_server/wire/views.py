"""What may be seen: the live state of a hall as flat facts, and how events change it.

A hall's live state is one flat mapping from an address to a value:

    "hall"         HallView, the layout's public part     "day"          DayView
    "window/3"     WindowView                             "queue/社保…"   QueueView
    "calls"        list of CallView, newest first         "pad/3"        PadView
    "device/<machine>/<device>"  DeviceView
    "ticket/<id>"  TicketView (live tickets only)         "desk/3"       DeskView
    "helper/<id>"  HelperView (open calls)                "entry/<id>"   EntryView
    "paper/3"      PaperView (agents alone)               "unmerged/<id>"  UnmergedView
    "booked/社保…"  BookedView (today, where any are)       "forecast"     ForecastView

A fact None takes the address away; "ticket/*" None takes all tickets away. Times are whole
milliseconds since 1970 in UTC.

Commands make all of it but the forecast, which the hall works out beside them. It is in no
event and in no journal: a snapshot holds it as it stands, and a frame "live", which has no seq,
tells it anew. An old snapshot and the events since make the new one, the forecast left out; who
comes back is told the newest.
"""

from collections.abc import Iterable, Mapping
from typing import Any, TypedDict

from hall_server.words import Role

State = dict[str, Any]
Facts = Mapping[str, Any]


class DayView(TypedDict):
    """The open business day (业务日)."""

    date: str
    round: int
    opened_at: int


class WindowView(TypedDict):
    """What a window shows to everybody: its state, and the number called or served there.

    call counts how often this service was called (1, 2, 3 …); a new pair (service, call) is
    what a board flashes and a voice says. seq tells which of two calls came later.
    """

    state: str
    reason: str | None
    number: str | None
    queue: str | None
    serving: bool
    service: str | None
    call: int
    seq: int
    called_at: int | None


class QueueView(TypedDict):
    """A queue today: people waiting, numbers taken, numbers left of the quota (None: no quota)."""

    waiting: int
    taken: int
    left: int | None


class WaitView(TypedDict):
    """How long a wait will be, in whole minutes as they are said (预计等候): half are called
    before `median`, one in ten before `low`, nine in ten before `high`. `late`: more likely than
    not the call comes after closing."""

    median: int
    low: int
    high: int
    late: bool


class ForecastView(TypedDict):
    """By queue what a number taken now would wait, as it stood `at`; a queue that no window
    serves is not there. `old`: nobody could make a newer one for a minute; after five it goes."""

    at: int
    old: bool
    queues: dict[str, WaitView]


class EstimateView(WaitView):
    """What the holder of a ticket is told. It never grows silently: `moved_at` is when it last
    moved by more than 5 minutes and 30 %, `moved_from` the minutes that were left before."""

    at: int
    old: bool
    moved_at: int | None
    moved_from: int


class CallView(TypedDict):
    """One call on the wall's list of last calls."""

    number: str
    window: str
    call: int
    seq: int
    at: int


class PadView(TypedDict):
    """The finished service that the pad at this window may rate; gone when rated or next called."""

    service: str
    number: str


class PaperView(TypedDict):
    """The paper that this window's printer is to print again, as the ticket's `prints`-th; gone
    when its agent has told what became of it. What it says only the agent collects."""

    ticket: str
    prints: int


class DeviceView(TypedDict):
    """A device of a machine: state and trouble since when. The machine's own is `machine`; while
    that one is offline, nothing is known of the others."""

    kind: str
    window: str | None
    state: str
    trouble: str
    since: int


class DeskView(TypedDict):
    """A window's lease: who holds it and under which generation; the ticket at hand, and why it
    was called: codes and facts of config/texts/reasons.toml."""

    generation: int
    staff: str | None
    ticket: str | None
    service: str | None
    started_at: int | None
    why: list[dict[str, Any]]


class BookedView(TypedDict):
    """A queue's appointments today: people still expected, arrived and missed, and from when on
    the first of those expected is missed (None: nobody is)."""

    expected: int
    arrived: int
    missed: int
    overdue_at: int | None


class HelperView(TypedDict):
    """An open helper call (帮办) of "kiosk/…" or "window/…": called, accepted or arrived, and by
    whom. `overdue_at` is when it is told to the supervisor, None once somebody came or it was."""

    place: str
    item: str | None
    state: str
    helper: str | None
    called_at: int
    overdue_at: int | None
    escalated: bool


class EntryView(TypedDict):
    """A record (办不成事、吐槽找茬) that is not closed: its number, never its words, and the date
    by which it is answered."""

    record: str
    kind: str
    channel: str
    item: str | None
    window: str | None
    state: str
    left_at: int
    answer_by: str | None


class UnmergedView(TypedDict):
    """An offline number that could not come in (未并入), and to which nobody has seen."""

    number: str
    queue: str
    kiosk: str
    taken_at: int
    date: str
    reason: str


class TicketView(TypedDict):
    """A live ticket as staff see it; nothing personal. `slot` is that of a booked one."""

    number: str
    queue: str
    item: str | None
    priority: str | None
    state: str
    order: int
    taken_at: int
    slot: int | None
    window: str | None
    passed: int
    print: str
    prints: int


BOARD = frozenset({"hall", "day", "window", "queue", "calls", "forecast"})
KIOSK = BOARD | {"device", "helper"}
PAD = frozenset({"hall", "pad"})
AGENT = BOARD | {"pad", "paper", "device"}
STAFF = BOARD | {"ticket", "desk", "booked", "helper"}
SUPERVISION = STAFF | {"entry", "pad", "device", "unmerged"}

SEES: dict[Role, frozenset[str]] = {
    Role.KIOSK: KIOSK,
    Role.DISPLAY: BOARD,
    Role.CITIZEN: BOARD,
    Role.AGENT: AGENT,
    Role.PAD: PAD,
    Role.STAFF: STAFF,
    Role.GUIDE: STAFF,
    Role.SUPERVISOR: SUPERVISION,
    Role.INSPECTOR: SUPERVISION,
    Role.ADMIN: SUPERVISION,
    Role.CLOCK: SUPERVISION,
}


def topic(address: str) -> str:
    """The part of an address that decides who sees it: "window/3" is of topic "window"."""
    return address.partition("/")[0]


def visible(addresses: Iterable[str], topics: frozenset[str]) -> list[str]:
    """The addresses among these that somebody with these topics may see."""
    return [address for address in addresses if address.partition("/")[0] in topics]


def apply(state: State, facts: Facts) -> None:
    """Change a live state by an event's facts: each one is an assignment."""
    for address, value in facts.items():
        if value is not None:
            state[address] = value
        elif address.endswith("/*"):
            for known in [known for known in state if known.startswith(address[:-1])]:
                del state[known]
        else:
            state.pop(address, None)
