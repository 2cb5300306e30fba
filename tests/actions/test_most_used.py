"""What the kiosk's first page offers, from history, from the layout, and by theme."""

from typing import Any

from hall_server.actions import most_used, views
from hall_server.store.plans import Plan
from hall_server.wire.commands import CloseDay, ImportCatalogue, ImportLayout, OpenDay
from hall_server.wire.items import Catalogue, Item
from tests.actions.proof import ProvenHall
from tests.builders import ADMIN, HALL, KIOSK, SUPERVISOR, Watch, layout, take


async def home(hall: ProvenHall) -> Any:
    return await hall.see("home", {}, KIOSK)


async def prefers(hall: ProvenHall, *codes: str) -> None:
    plan = layout()
    told = plan.model_copy(update={"hall": plan.hall.model_copy(update={"most_used": codes})})
    await hall.handle(ImportLayout(hall=HALL, layout=told), ADMIN)


async def test_the_items_people_came_for_most_come_first(hall: ProvenHall, watch: Watch) -> None:
    for item, times in (("A-1", 1), ("B-1", 2)):
        for _ in range(times):
            await take(hall, item=item, queue=None)
    await take(hall)  # straight for a queue: no item
    assert (await home(hall))["most_used"] == ["B-1", "A-1"]
    await hall.handle(CloseDay(hall=HALL), SUPERVISOR)
    watch.forward(days=20)
    await hall.handle(OpenDay(hall=HALL, date="2026-12-13"), SUPERVISOR)
    for _ in range(2):
        await take(hall, item="A-1", queue=None)
    assert (await home(hall))["most_used"] == ["A-1", "B-1"]
    watch.forward(days=11)
    assert (await home(hall))["most_used"] == ["A-1"], "a month later the first day is forgotten"


async def test_a_new_hall_shows_what_its_layout_names(hall: ProvenHall) -> None:
    assert (await home(hall))["most_used"] == []
    await prefers(hall, "C-1", "gone", "A-1")
    assert (await home(hall))["most_used"] == ["C-1", "A-1"]
    await take(hall, item="B-1", queue=None)
    await take(hall, item="A-1", queue=None)
    assert set((await home(hall))["most_used"][:2]) == {"A-1", "B-1"}
    assert (await home(hall))["most_used"][2:] == ["C-1"]


async def test_no_more_than_ten_are_shown(hall: ProvenHall) -> None:
    items = tuple(Item(code=f"N-{n}", name=f"事项{n}", department="人社") for n in range(15))
    await hall.handle(ImportCatalogue(hall=HALL, catalogue=Catalogue(items=items)), ADMIN)
    await prefers(hall, *(item.code for item in items))
    assert len((await home(hall))["most_used"]) == most_used.MOST == 10


async def test_life_events_are_told_with_their_items(hall: ProvenHall) -> None:
    items = tuple(
        Item(code=code, name=code, department="人社", theme=theme)
        for code, theme in (
            ("X", "退休一件事"),
            ("Y", None),
            ("Z", "出生一件事"),
            ("V", "退休一件事"),
        )
    )
    await hall.handle(ImportCatalogue(hall=HALL, catalogue=Catalogue(items=items)), ADMIN)
    assert (await home(hall))["themes"] == [
        {"name": "退休一件事", "items": ["X", "V"]},
        {"name": "出生一件事", "items": ["Z"]},
    ]


def test_an_item_is_found_by_what_people_call_it() -> None:
    item = Item(code="1", name="居民身份证换领", department="公安", common_names=("换身份证",))
    [told] = views.catalogue(Plan(None, Catalogue(items=(item,))), 1)["items"]
    assert told["initials"].split() == ["jmsfzhl", "hsfz"]
    assert told["pinyin"].split()[1] == "huanshenfenzheng"
