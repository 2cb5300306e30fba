"""Whatever is touched, scanned and told, in whatever order: there is a page and a way home."""

from dataclasses import fields
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from hall_server.words import PrintState, Refusal, Refused
from kiosk import pages
from kiosk.flow import EntryKind, Intent, Narrow, Page, Purpose
from kiosk.views import Choice
from tests.kiosk import halls
from tests.kiosk.visit import NOW, Visit

ITEM = next(item for item in halls.sample()[1].items if item.queue)
HALF_HOURS = ("2026-11-24", "2026-11-24 10:30")
KINDS: dict[Intent, list[str]] = {
    Intent.NARROW: list(Narrow),
    Intent.BOOK: list(Narrow),
    Intent.SHOW: list(Purpose),
    Intent.LEAVE: list(EntryKind),
}
VALUES = st.sampled_from(
    [
        "",
        "elder",
        ITEM.code,
        "区公安分局户政科",
        *Narrow,
        *Purpose,
        *EntryKind,
        "again",
        *HALF_HOURS,
        "108",
        "5",
        "s",
        "f",
        "z",
        "9",
        "nothing of the kind",
    ]
)
NEWS = [
    "tick",
    "minute",
    "online",
    "offline",
    "taken",
    "booked",
    "answered",
    "refused",
    "printed",
    "card",
    "scan",
]
STEPS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(list(Intent)), VALUES),
        st.sampled_from(NEWS),
    ),
    max_size=60,
)

ANSWER = (
    halls.slots()
    | halls.booked()
    | halls.guidance()
    | halls.held(**halls.HELD["finished"])
    | {"record": "20261121-001"}
)


@settings(max_examples=100, deadline=None)
@given(STEPS)
def test_whatever_is_touched_there_is_a_page_and_a_way_home(
    steps: list[str | tuple[Intent, str]],
) -> None:
    visit = Visit().proofs()
    flow, wishes = visit.flow, ["none"]
    for step in steps:
        match step:
            case (intent, value) if value in KINDS.get(intent, [value]):
                wish = visit.do(intent, value)
                if wish is not None:
                    wishes.append(wish.id)
            case "tick" | "minute":
                visit.clock += 1 if step == "tick" else 60
                flow.tick(visit.clock)
            case "online" | "offline":
                flow.joined(step == "online")
            case "taken":
                flow.taken(wishes[-1], halls.reply())
            case "booked":
                flow.taken(wishes[-1], halls.booked())
            case "card":
                flow.carded("m" * 64, visit.clock)
            case "scan":
                visit.scan("appointment:12345678")
            case "refused":
                flow.refuse(wishes[-1], Refused(Refusal.TOO_BUSY))
            case "answered":
                flow.answered(wishes[-1], ANSWER)
            case "printed":
                flow.printed(wishes[-1], PrintState.PRINTED)
        for lang in ("zh", "en"):
            flow.lang = lang
            view = pages.view(flow, NOW)
            offered = {choice.intent for choice in choices(view.chrome) + choices(view.body)}
            home = {Intent.HOME, Intent.DONE, Intent.BACK} & offered
            assert home or flow.page is Page.HOME or not flow.may_leave
        flow.lang = "zh"
    visit.clock += 61
    flow.tick(visit.clock)
    assert flow.page is Page.HOME


def choices(view: Any) -> list[Choice]:
    """Everything in a view that can be touched."""
    found = [getattr(view, field.name) for field in fields(view)]
    found += [one for many in found if isinstance(many, tuple) for one in many]
    return [one for one in found if isinstance(one, Choice)]
