"""Several halls on one server, and who sees what of each."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from hall_server.wire.bounds import new_id
from hall_server.wire.commands import (
    CallNext,
    CancelTicket,
    ImportLayout,
    OpenDay,
    OpenWindow,
    Rate,
    ReportDevice,
    TakeTicket,
)
from hall_server.wire.views import SEES
from hall_server.words import DeviceState, Refusal, Refused, Role
from tests.actions.proof import ProvenHall, proven_hall, refused, sound_journal
from tests.builders import (
    CLERK,
    DATE,
    HALL,
    KIOSK,
    at_window,
    layout,
    open_window,
    serve_one,
    take,
    who,
)

VILLAGE = "village"


@pytest.fixture
async def halls(database_url: str) -> AsyncIterator[ProvenHall]:
    """The hall and a village point, both open; the proof watches that they do not touch."""
    async with proven_hall(database_url) as hall:
        admin = who(Role.ADMIN, hall=VILLAGE)
        await hall.add_hall(VILLAGE)
        await hall.handle(ImportLayout(hall=VILLAGE, layout=layout(VILLAGE)), admin)
        await hall.handle(OpenDay(hall=VILLAGE, date=DATE), admin)
        yield hall
        sound_journal(hall, VILLAGE)


async def test_each_hall_counts_for_itself(halls: ProvenHall) -> None:
    there = who(Role.KIOSK, "kiosk-1", hall=VILLAGE)
    first = await take(halls)
    second = await halls.handle(TakeTicket(hall=VILLAGE, queue="social"), there)
    assert (first["number"], second["number"]) == ("A001", "A001")
    assert halls.hubs[HALL].state["queue/social"]["taken"] == 1


async def test_the_same_window_of_two_halls_is_two_windows(halls: ProvenHall) -> None:
    await open_window(halls)
    there = who(Role.STAFF, "wang", hall=VILLAGE)
    await halls.handle(OpenWindow(hall=VILLAGE, window="1"), there)
    assert halls.hubs[HALL].state["desk/1"]["generation"] == 1
    await take(halls)
    await at_window(halls, CallNext, 1)
    wish = CallNext(hall=VILLAGE, window="1", generation=1)
    await refused(halls, wish, there, Refusal.NO_ONE_WAITING)


async def test_another_halls_ticket_and_service_are_unknown_here(halls: ProvenHall) -> None:
    paper = await take(halls)
    service = (await serve_one(halls, await open_window(halls)))["service"]
    there = who(Role.KIOSK, "kiosk-1", hall=VILLAGE)
    cancel = CancelTicket(hall=VILLAGE, ticket=paper["ticket"])
    await refused(halls, cancel, there, Refusal.TICKET_UNKNOWN)
    rate = Rate(hall=VILLAGE, service=service, level=5, token=paper["token"])
    await refused(halls, rate, there, Refusal.SERVICE_UNKNOWN)


@pytest.mark.parametrize("role", [Role.KIOSK, Role.STAFF, Role.GUIDE, Role.SUPERVISOR])
async def test_nobody_gives_commands_in_another_hall(halls: ProvenHall, role: Role) -> None:
    wish = TakeTicket(hall=VILLAGE, queue="social")
    await refused(halls, wish, who(role), Refusal.WRONG_HALL)


async def test_a_hall_that_is_not_there(halls: ProvenHall) -> None:
    ghost = who(Role.KIOSK, "kiosk-1", hall="ghost")
    await refused(halls, TakeTicket(hall="ghost", queue="tax"), ghost, Refusal.HALL_UNKNOWN)
    with pytest.raises(Refused) as no:
        halls.join(ghost, None, 0)
    assert no.value.code is Refusal.HALL_UNKNOWN


async def test_the_same_id_in_two_halls_is_two_wishes(halls: ProvenHall) -> None:
    name = new_id()
    there = who(Role.KIOSK, "kiosk-1", hall=VILLAGE)
    await halls.handle(TakeTicket(hall=HALL, id=name, queue="tax"), KIOSK)
    await halls.handle(TakeTicket(hall=VILLAGE, id=name, queue="tax"), there)


BOARD = {"hall", "day", "window", "queue", "calls"}
STAFF = BOARD | {"ticket", "desk"}
WATCHES = STAFF | {"pad", "device"}
SEEN = {
    Role.KIOSK: BOARD | {"device"},
    Role.DISPLAY: BOARD,
    Role.CITIZEN: BOARD,
    Role.AGENT: BOARD | {"pad", "device"},
    Role.PAD: {"hall", "pad"},
    Role.STAFF: STAFF,
    Role.GUIDE: STAFF,
    Role.SUPERVISOR: WATCHES,
    Role.INSPECTOR: WATCHES,
    Role.ADMIN: WATCHES,
    Role.CLOCK: WATCHES,
}


async def test_each_role_sees_its_topics_and_no_more(hall: ProvenHall) -> None:
    assert set(SEEN) == set(SEES) == set(Role)
    hub = hall.hubs[HALL]
    boxes = {role: hall.join(who(role), hub.epoch, hub.seq)[1] for role in Role}
    printer: dict[str, Any] = {"device": "printer", "device_kind": "printer", "since": 0}
    ready = ReportDevice(hall=HALL, device_state=DeviceState.READY, trouble="none", **printer)
    await hall.handle(ready, KIOSK)
    await take(hall)
    generation = await open_window(hall)
    await serve_one(hall, generation)
    await take(hall)
    for role in Role:
        snapshot = json.loads(hall.join(who(role), None, 0)[1].frames[0])
        assert snapshot["t"] == "snapshot"
        addresses = {name.partition("/")[0] for name in snapshot["facts"]}
        assert addresses == SEEN[role]
        assert {name.partition("/")[0] for name in hall.seen(who(role))} == SEEN[role]
        told = [json.loads(frame) for frame in boxes[role].frames]
        assert [frame["seq"] for frame in told] == list(range(told[0]["seq"], hub.seq + 1))
        changed = {name.partition("/")[0] for frame in told for name in frame["facts"]}
        assert changed == SEEN[role] - {"hall", "day"}


async def test_who_comes_back_gets_the_events_he_missed_or_a_snapshot(hall: ProvenHall) -> None:
    hub = hall.hubs[HALL]
    epoch, seq = hub.epoch, hub.seq
    for _ in range(3):
        await take(hall)
    _, box, recovered = hall.join(CLERK, epoch, seq)
    assert recovered
    assert [json.loads(frame)["seq"] for frame in box.frames] == [seq + 1, seq + 2, seq + 3]
    for stranger in ((None, 0), ("0" * 16, seq), (epoch, hub.seq + 1)):
        _, box, recovered = hall.join(CLERK, *stranger)
        assert not recovered
        assert json.loads(box.frames[0])["seq"] == hub.seq


async def test_who_does_not_read_is_cut_off_and_the_others_read_on(database_url: str) -> None:
    async with proven_hall(database_url) as hall:
        slow = hall.join(CLERK, None, 0)[1]
        quick = hall.join(CLERK, None, 0)[1]
        for _ in range(600):
            hall.beat()
            quick.frames.clear()
        assert slow.full
        assert len(slow.frames) == 500
        assert not quick.full
