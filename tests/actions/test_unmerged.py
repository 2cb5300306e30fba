"""An offline number that the hall could not take in: told, kept, and seen to once."""

from typing import Any

from hall_server.rules.offline import MOST_UNMERGED
from hall_server.wire.bounds import new_id
from hall_server.wire.offline import ReportUnmerged, SettleUnmerged
from hall_server.words import Refusal, Role
from tests.actions.proof import ProvenHall, refused
from tests.builders import CLERK, DATE, HALL, KIOSK, SUPERVISOR, who

GUIDE = who(Role.GUIDE)


async def lost(hall: ProvenHall, **more: Any) -> str:
    facts = {"number": "A051X", "queue": "social", "date": DATE, "taken_at": 1_795_400_000_000}
    told = facts | {"refusal": Refusal.QUEUE_UNKNOWN} | more
    return str((await hall.handle(ReportUnmerged(hall=HALL, **told), KIOSK))["unmerged"])


def live(hall: ProvenHall, role: Role) -> list[Any]:
    seen = hall.seen(who(role))
    return [fact for address, fact in seen.items() if address.startswith("unmerged/")]


async def test_the_manager_sees_which_number_did_not_come_in_and_why(hall: ProvenHall) -> None:
    await lost(hall)
    [told] = live(hall, Role.SUPERVISOR)
    assert (told["number"], told["queue"], told["kiosk"], told["reason"]) == (
        "A051X",
        "social",
        KIOSK.name,
        "queue_unknown",
    )
    for role in (Role.KIOSK, Role.DISPLAY, Role.CITIZEN):
        assert live(hall, role) == []


async def test_it_is_gone_from_the_page_when_somebody_saw_to_its_holder(hall: ProvenHall) -> None:
    name = await lost(hall)
    settle = SettleUnmerged(hall=HALL, unmerged=name)
    await refused(hall, settle, CLERK, Refusal.NOT_PERMITTED)
    await hall.handle(settle, GUIDE)
    assert live(hall, Role.SUPERVISOR) == []
    late = SettleUnmerged(hall=HALL, unmerged=name)
    await refused(hall, late, SUPERVISOR, Refusal.TICKET_OVER, number="A051X")
    nothing = SettleUnmerged(hall=HALL, unmerged=new_id())
    await refused(hall, nothing, SUPERVISOR, Refusal.TICKET_UNKNOWN)


async def test_a_kiosk_tells_of_no_more_than_a_manager_can_see_to(hall: ProvenHall) -> None:
    told = [await lost(hall, number=f"A{n:03}X") for n in range(MOST_UNMERGED)]
    facts = {"number": "B001X", "queue": "social", "date": DATE, "taken_at": 1_795_400_000_000}
    more = ReportUnmerged(hall=HALL, refusal=Refusal.QUEUE_UNKNOWN, **facts)
    await refused(hall, more, KIOSK, Refusal.TOO_BUSY)
    await hall.handle(SettleUnmerged(hall=HALL, unmerged=told[0]), GUIDE)
    await hall.handle(more, KIOSK)
    assert len(live(hall, Role.SUPERVISOR)) == MOST_UNMERGED
