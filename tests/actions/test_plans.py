"""Layouts and catalogues: in force whole or not at all, and never under people's feet."""

from typing import Any

import pytest

from hall_server.hall import Hall
from hall_server.store.store import Store
from hall_server.wire.commands import (
    CallNext,
    CloseDay,
    Finish,
    ImportCatalogue,
    ImportLayout,
    OpenDay,
    PassOver,
    ReturnPassed,
    StartService,
    TakeTicket,
)
from hall_server.wire.items import Catalogue, Item
from hall_server.wire.layout import Layout, QueuePlan, WindowPlan
from hall_server.wire.points import PointPlan
from hall_server.words import Refusal, Role
from tests.actions.proof import ProvenHall, refused
from tests.builders import (
    ADMIN,
    DATE,
    HALL,
    KIOSK,
    SUPERVISOR,
    Watch,
    at_window,
    catalogue,
    layout,
    open_hall,
    open_window,
    serve_one,
    take,
    who,
)


def changed(**parts: Any) -> Layout:
    return layout().model_copy(update=parts)


def put(plan: Layout) -> ImportLayout:
    return ImportLayout(hall=HALL, layout=plan)


ONE_QUEUE = changed(
    queues=layout().queues[:1],
    windows=tuple(
        WindowPlan(id=str(n), name=f"{n} 号窗口", queues=("social",)) for n in range(1, 4)
    ),
)


async def test_a_layout_makes_the_hall(hall: ProvenHall) -> None:
    state = hall.hubs[HALL].state
    assert state["hall"]["layout_version"] == 1
    assert [window["id"] for window in state["hall"]["windows"]] == ["1", "2", "3"]
    assert state["hall"]["public_url"] == "http://hall.test"
    reply = await hall.handle(put(layout(windows=4)), ADMIN)
    assert reply == {"layout_version": 2}
    assert hall.hubs[HALL].state["window/4"]["state"] == "closed"


async def test_nobody_outside_learns_staff_devices_or_policy(hall: ProvenHall) -> None:
    fact = hall.hubs[HALL].state["hall"]
    assert not {"staff", "devices", "calendar"} & set(fact)
    assert not {"policy", "departments"} & set(fact["queues"][0])


async def test_an_item_tells_where_else_it_is_done_the_nearest_first(hall: ProvenHall) -> None:
    village = PointPlan(name="向阳村服务站", way="往东 600 米", items=("A-1", "C-1"))
    office = PointPlan(name="办税厅", queues=("tax",), phone="12366")
    station = PointPlan(name="派出所", queues=("social",))
    await hall.handle(put(changed(points=(village, office, station))), ADMIN)

    async def near(code: str) -> list[Any]:
        return list((await hall.see("item", {"code": code}, KIOSK))["points"])

    assert [one["name"] for one in await near("A-1")] == ["向阳村服务站", "派出所"]
    assert [one["phone"] for one in await near("B-1")] == ["12366"]
    assert [one["way"] for one in await near("C-1")] == ["往东 600 米"]
    assert not {"queues", "items"} & set((await near("A-1"))[0])


async def test_a_layout_that_does_not_hold_together_is_refused_whole(hall: ProvenHall) -> None:
    broken = changed(windows=(WindowPlan(id="1", name="一号", queues=("nowhere",)),))
    no = {"first": "windows[1].queues"}
    await refused(hall, put(broken), ADMIN, Refusal.LAYOUT_REFUSED, **no)
    assert hall.hubs[HALL].state["hall"]["layout_version"] == 1


async def test_another_halls_layout_is_refused(hall: ProvenHall) -> None:
    other = put(layout("other"))
    await refused(hall, other, ADMIN, Refusal.LAYOUT_REFUSED, count=1, first="hall.id")


async def test_a_queue_with_people_waiting_stays(hall: ProvenHall) -> None:
    paper = await take(hall, "tax")
    no = {"count": 1, "first": "queues.tax"}
    await refused(hall, put(ONE_QUEUE), ADMIN, Refusal.LAYOUT_REFUSED, **no)
    generation = await open_window(hall, "2")
    assert (await serve_one(hall, generation, "2"))["ticket"] == paper["ticket"]
    await hall.handle(put(ONE_QUEUE), ADMIN)
    assert "queue/tax" not in hall.hubs[HALL].state


async def test_a_window_at_work_stays(hall: ProvenHall) -> None:
    await take(hall)
    generation = await open_window(hall, "3")
    await at_window(hall, CallNext, generation, "3")
    no = {"count": 1, "first": "windows.3"}
    await refused(hall, put(layout(windows=2)), ADMIN, Refusal.LAYOUT_REFUSED, **no)
    await at_window(hall, StartService, generation, "3")
    await at_window(hall, Finish, generation, "3")
    await hall.handle(put(layout(windows=2)), ADMIN)
    assert not {"window/3", "desk/3", "pad/3"} & set(hall.hubs[HALL].state)


async def test_a_window_that_went_and_came_back_goes_on_under_its_lease(hall: ProvenHall) -> None:
    await take(hall)
    generation = await open_window(hall, "3")
    await serve_one(hall, generation, "3")
    await hall.handle(put(layout(windows=2)), ADMIN)
    await hall.handle(put(layout(windows=3)), ADMIN)
    state = hall.hubs[HALL].state
    assert (state["desk/3"]["generation"], state["pad/3"]["number"]) == (generation, "A001")


@pytest.mark.parametrize("prefixes", [("C", "B"), ("B", "A")])
async def test_a_prefix_under_which_numbers_were_given_today_stays(
    hall: ProvenHall, prefixes: tuple[str, str]
) -> None:
    await take(hall)
    await serve_one(hall, await open_window(hall))
    queues = tuple(
        queue.model_copy(update={"prefix": prefix})
        for queue, prefix in zip(layout().queues, prefixes, strict=True)
    )
    no = {"first": "queues.social.prefix"}
    await refused(hall, put(changed(queues=queues)), ADMIN, Refusal.LAYOUT_REFUSED, **no)
    await hall.handle(CloseDay(hall=HALL), SUPERVISOR)
    await hall.handle(put(changed(queues=queues)), ADMIN)
    await hall.handle(OpenDay(hall=HALL, date=DATE), SUPERVISOR)
    assert (await take(hall))["number"] == f"{prefixes[0]}001"


async def test_a_new_queue_does_not_take_the_prefix_of_one_that_gave_numbers_today(
    hall: ProvenHall,
) -> None:
    await take(hall, "tax")
    await serve_one(hall, await open_window(hall, "2"), "2")
    queues = (layout().queues[0], QueuePlan(id="new", prefix="B", name="新"))
    windows = tuple(
        WindowPlan(id=str(n), name=f"{n} 号", queues=("social", "new")) for n in (1, 2, 3)
    )
    plan = changed(queues=queues, windows=windows)
    await refused(hall, put(plan), ADMIN, Refusal.LAYOUT_REFUSED, first="queues.tax.prefix")


async def test_a_quota_may_change_in_the_middle_of_the_day(hall: ProvenHall) -> None:
    await take(hall)
    await hall.handle(put(layout(quota=1)), ADMIN)
    assert hall.hubs[HALL].state["queue/social"]["left"] == 0
    full = TakeTicket(hall=HALL, queue="social")
    await refused(hall, full, KIOSK, Refusal.QUOTA_USED_UP)


async def test_a_passed_number_of_a_queue_that_went_does_not_return(hall: ProvenHall) -> None:
    paper = await take(hall, "tax")
    generation = await open_window(hall, "2")
    await at_window(hall, CallNext, generation, "2")
    await at_window(hall, PassOver, generation, "2")
    await hall.handle(put(ONE_QUEUE), ADMIN)
    back = ReturnPassed(hall=HALL, ticket=paper["ticket"])
    await refused(hall, back, KIOSK, Refusal.QUEUE_UNKNOWN, queue="tax")


async def test_a_catalogue_is_in_force_with_its_next_version(hall: ProvenHall) -> None:
    reply = await hall.handle(ImportCatalogue(hall=HALL, catalogue=catalogue()), ADMIN)
    assert reply == {"catalogue_version": 2, "items": 3}
    assert hall.hubs[HALL].state["hall"]["catalogue_version"] == 2
    seen = await hall.see("catalogue", {}, KIOSK)
    assert seen["version"] == 2
    first = seen["items"][0]
    assert (first["name"], first["initials"]) == ("身份证换领", "sfzhl")


async def test_a_catalogue_that_does_not_fit_is_refused_whole(hall: ProvenHall) -> None:
    item = Item(code="X-1", name="事项", department="局")
    lost = Item(code="X-2", name="事项", department="局", queue="nowhere")
    twice = ImportCatalogue(hall=HALL, catalogue=Catalogue(items=(item, item)))
    await refused(hall, twice, ADMIN, Refusal.LAYOUT_REFUSED, first="items.X-1")
    astray = ImportCatalogue(hall=HALL, catalogue=Catalogue(items=(item, lost)))
    await refused(hall, astray, ADMIN, Refusal.QUEUE_UNKNOWN, queue="nowhere")
    assert hall.hubs[HALL].state["hall"]["catalogue_version"] == 1


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMIN])
async def test_only_an_admin_changes_the_hall(hall: ProvenHall, role: Role) -> None:
    await refused(hall, put(layout()), who(role), Refusal.NOT_PERMITTED)
    imported = ImportCatalogue(hall=HALL, catalogue=catalogue())
    await refused(hall, imported, who(role), Refusal.NOT_PERMITTED)


async def test_a_hall_without_a_layout_does_nothing_yet(database_url: str) -> None:
    store = Store(database_url)
    store.make_tables()
    hall = ProvenHall(store, Watch())
    await hall.start()
    try:
        await hall.add_hall(HALL)
        await hall.add_hall(HALL)
        assert hall.hubs[HALL].state == {}
        opening = OpenDay(hall=HALL, date=DATE)
        await refused(hall, opening, SUPERVISOR, Refusal.HALL_UNKNOWN)
        await refused(hall, TakeTicket(hall=HALL, queue="tax"), KIOSK, Refusal.DAY_CLOSED)
        bare = ImportCatalogue(hall=HALL, catalogue=Catalogue())
        await hall.handle(bare, ADMIN)
        assert hall.hubs[HALL].state == {}
    finally:
        await hall.stop()


async def test_a_restarted_server_goes_on_where_it_stood(database_url: str) -> None:
    async with open_hall(database_url) as hall:
        wish = TakeTicket(hall=HALL, queue="social")
        paper = await hall.handle(wish, KIOSK)
        generation = await open_window(hall)
        await at_window(hall, CallNext, generation)
        state, seq = hall.hubs[HALL].state, hall.hubs[HALL].seq
    again = Hall(Store(database_url), Watch(), "http://hall.test")
    await again.start()
    try:
        assert (again.hubs[HALL].state, again.hubs[HALL].seq) == (state, seq)
        assert await again.handle(wish, KIOSK) == paper
        assert (await take(again))["number"] == "A002"
        await at_window(again, StartService, generation)
    finally:
        await again.stop()
