"""Every page on a real window: all its words in their boxes, its code readable, its lists light."""

from collections.abc import AsyncIterator
from datetime import timedelta
from itertools import product
from math import hypot
from pathlib import Path

import pytest
import zxingcpp
from kivy.core.window import Window
from kivy.uix.label import Label

from config.look import look
from config.settings import KIOSK_SCREENS
from hall_server.words import PrintState
from kiosk import pages
from kiosk.flow import Intent, Narrow
from kiosk.pages.home import parts
from kiosk.search import Catalogue
from kiosk.views import HomeView
from kiosk.widgets.press import Press
from kiosk.widgets.rows import Row
from kiosk.widgets.scrolling import Scroll
from kiosk.widgets.shown import Count
from kiosk.widgets.theme import theme
from tests.kiosk import halls
from tests.kiosk.gallery import Gallery, stages
from tests.kiosk.visit import NOW, Visit
from tests.kiosk.walker import cramped, too_small
from tests.robot import Robot, driving

pytestmark = pytest.mark.screen

MODES = [("zh", False), ("zh", True), ("en", False), ("en", True)]
DEMO = (540, 960)  # a window on a laptop


@pytest.fixture(params=KIOSK_SCREENS)
async def robot(request: pytest.FixtureRequest) -> AsyncIterator[Robot]:
    wide, high, inches = KIOSK_SCREENS[request.param]
    async with driving(Gallery(inches), (wide, high)) as robot:
        yield robot


def faults_of(robot: Robot) -> list[str]:
    """What is wrong with the page as it stands."""
    inches = robot.app.inches
    return robot.overflow() + too_small(robot, inches) + cramped(robot, inches)


async def look_at_all(robot: Robot, catalogue: Catalogue, lang: str, large: bool) -> list[str]:
    faults: list[str] = []
    for name, flow in stages(catalogue, lang, large):
        flow.contrast = large  # its outlines are thicker; half of the ways are enough for it
        robot.app.put(flow)
        await robot.frames(2)
        found = faults_of(robot)
        if found:  # a new layout may need a few passes to come to rest
            await robot.frames(5)
            found = faults_of(robot)
        faults += [f"{name}: {fault}" for fault in found]
    return faults


@pytest.mark.parametrize(("lang", "large"), MODES)
async def test_every_page_of_the_sample_hall_fits(robot: Robot, lang: str, large: bool) -> None:
    assert await look_at_all(robot, halls.sample()[1], lang, large) == []


@pytest.mark.parametrize(("lang", "large"), [("zh", False), ("zh", True), ("en", False)])
async def test_every_page_fits_with_the_longest_names(
    robot: Robot, lang: str, large: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = halls.wordy()
    monkeypatch.setattr(halls, "state", lambda: told)
    assert await look_at_all(robot, halls.long(), lang, large) == []


@pytest.mark.parametrize("name", ["示例区政务服务中心", "呼和浩特市玉泉区政务服务中心"])
async def test_every_notice_and_every_queue_has_its_turn_on_the_first_page(
    robot: Robot, name: str
) -> None:
    visit = Visit()
    notices = ["中午不休息。", *halls.WORDY["notices"]]
    hall = {**visit.flow.hall.layout, "name": name, "notices": notices}
    visit.flow.hall.state = visit.flow.hall.state | {"hall": hall}
    body = pages.view(visit.flow, NOW).body
    assert isinstance(body, HomeView)
    owed = {queue.heading for queue in body.queues}
    owed |= {part for notice in notices for part in parts(notice)}
    for minute in range(2 * len(owed)):
        robot.app.put(visit.flow, NOW + timedelta(minutes=minute))
        await robot.frames(3)
        owed -= {text.replace("\n", "") for text in robot.texts()}
        assert robot.overflow() == []
    assert owed == set()


@pytest.mark.parametrize(
    ("screen", "inches", "lang", "large"),
    [
        ("portrait", 13, "zh", True),
        ("portrait", 15.6, "zh", True),
        ("landscape", 15.6, "en", False),
        ("tablet-upright", 10, "en", False),
        ("tablet", 12, "en", True),
    ],
)
async def test_every_page_fits_a_screen_of_another_size(
    screen: str, inches: float, lang: str, large: bool
) -> None:
    wide, high, _ = KIOSK_SCREENS[screen]
    async with driving(Gallery(inches), (wide, high)) as robot:
        assert await look_at_all(robot, halls.sample()[1], lang, large) == []


@pytest.mark.parametrize("large", [False, True])
async def test_every_page_fits_with_the_longest_real_names(large: bool) -> None:
    async with driving(Gallery()) as robot:
        assert await look_at_all(robot, halls.real(), "zh", large) == []


@pytest.mark.parametrize(("lang", "large"), [("zh", False), ("en", True)])
async def test_on_a_lowered_screen_all_that_is_touched_is_within_reach(
    lang: str, large: bool
) -> None:
    wide, high, inches = KIOSK_SCREENS["portrait"]
    a_mm = hypot(wide, high) / (inches * 25.4)
    faults: list[str] = []
    async with driving(Gallery(inches), (wide, high)) as robot:
        for name, flow in stages(halls.sample()[1], lang, large):
            flow.low = True
            robot.app.put(flow)
            await robot.frames(2)
            if robot.overflow():
                await robot.frames(5)
            faults += [f"{name}: {fault}" for fault in faults_of(robot)]
            for press in (one for one in robot.visible() if isinstance(one, Press)):
                reach = press.to_window(*press.center)[1] / a_mm
                if reach > look().space.reach_mm:
                    faults.append(f"{name}: {press.choice.words.main} at {reach:.0f} mm")
        assert faults == []
        robot.app.put(Visit().flow)
        await robot.frames(2)
        way = robot.find("按主题找")
        assert way.to_window(*way.center)[1] / a_mm > look().space.reach_mm, "not lowered"


@pytest.mark.parametrize(("lang", "large"), MODES)
async def test_a_hall_that_is_away_takes_no_room_from_any_page(
    robot: Robot, lang: str, large: bool
) -> None:
    visit = Visit(lang=lang, large=large)
    visit.do(Intent.HELP)
    high = []
    for takes in (None, frozenset[str](), None):
        if takes is not None or high:
            visit.without_hall(takes)
        robot.app.put(visit.flow)
        await robot.frames(5)
        assert robot.overflow() == []
        high.append(robot.app.root.ids.header.height)
    assert max(high) == high[0]


async def test_the_demo_window_is_the_kiosk_in_small() -> None:
    async with driving(Gallery(), DEMO) as robot:
        assert await look_at_all(robot, halls.sample()[1], "en", True) == []


def test_no_two_pages_of_the_gallery_have_one_name() -> None:
    names = [name for name, _ in stages(halls.sample()[1], "zh", False)]
    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize(("lang", "large"), MODES)
async def test_all_priority_classes_are_seen_at_once(robot: Robot, lang: str, large: bool) -> None:
    catalogue = halls.long() if lang == "zh" else halls.sample()[1]
    robot.app.put(next(flow for name, flow in stages(catalogue, lang, large) if name == "classes"))
    await robot.frames(5)
    (scroll,) = (w for w in robot.visible() if isinstance(w, Scroll))
    low = scroll.to_window(*scroll.pos)[1]
    tiles = [w for w in robot.visible() if type(w).__name__ == "ClassTile"]
    assert len(tiles) == len(halls.sample()[0]["classes"])
    for tile in tiles:
        bottom = tile.to_window(*tile.pos)[1]
        assert low - 1 <= bottom
        assert bottom + tile.height <= low + scroll.height + 1


async def test_words_that_touch_the_edge_of_their_tile_are_found(robot: Robot) -> None:
    robot.app.put(Visit().flow)
    await robot.frames(3)
    inches = robot.app.inches
    assert cramped(robot, inches) == []
    word = robot.find("求助", "Short")
    word.parent.width = word.width
    await robot.frames(2)
    assert [told for told in cramped(robot, inches) if "求助" in told]


@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize("state", [PrintState.PRINTED, PrintState.FAILED])
async def test_the_code_on_the_screen_is_read(robot: Robot, state: PrintState, large: bool) -> None:
    visit = Visit(large=large)
    item = next(item for item in visit.flow.hall.catalogue.items if item.queue)
    visit.flow.printed(visit.take(item.code), state)
    robot.app.put(visit.flow)
    (code,) = zxingcpp.read_barcodes((await robot.picture()).convert("L"))
    assert code.text == halls.URL


async def test_a_thousand_items_scroll_with_a_handful_of_rows() -> None:
    catalogue = halls.real()
    assert len(catalogue.items) == 1135
    visit = Visit(catalogue)
    async with driving(Gallery()) as robot:
        visit.do(Intent.NARROW, Narrow.LETTERS)
        robot.app.put(visit.flow)
        await robot.frames(3)
        seen: set[str] = set()
        rows = next(w for w in robot.visible() if type(w).__name__ == "Rows")
        for place in range(101):
            rows.scroll_y = 1 - place / 100
            await robot.frames(1)
            drawn = [w for w in robot.visible() if isinstance(w, Row)]
            assert len(drawn) < 12
            seen |= {row.choice.value for row in drawn}
        assert catalogue.items[0].code in seen
        assert catalogue.items[-1].code in seen
        assert len(seen) > 300


async def test_a_row_that_was_scrolled_to_is_the_one_that_is_picked() -> None:
    visit = Visit(halls.sample()[1])
    async with driving(Gallery()) as robot:
        visit.do(Intent.NARROW, Narrow.LETTERS)
        robot.app.put(visit.flow)
        told: list[tuple[str, str]] = []
        robot.app.root.bind(on_intent=lambda _frame, intent, value: told.append((intent, value)))
        rows = next(w for w in robot.visible() if type(w).__name__ == "Rows")
        rows.scroll_y = 0.5
        await robot.frames(3)
        middle = rows.to_window(*rows.center)[1]
        row = min(
            (w for w in robot.visible() if isinstance(w, Row)),
            key=lambda w: abs(w.to_window(*w.center)[1] - middle),
        )
        await robot.tap(row)
        await robot.until(lambda: told)
    assert told == [(Intent.PICK_ITEM, row.choice.value)]


async def test_large_text_is_larger_and_nothing_that_is_read_is_small() -> None:
    visit = Visit()
    async with driving(Gallery()) as robot:
        robot.app.put(visit.flow)
        await robot.frames(3)
        normal = sizes(robot)
        assert min(normal.values()) >= 30
        visit.do(Intent.LARGE)
        robot.app.put(visit.flow)
        await robot.frames(3)
        welcome = robot.find("按主题找")
        assert welcome.font_size == pytest.approx(normal["按主题找"] * 1.35, abs=1)
        visit.do(Intent.LARGE)
        robot.app.put(visit.flow)
        await robot.frames(3)
        assert sizes(robot) == normal


def sizes(robot: Robot) -> dict[str, float]:
    """How large each text is."""
    return {w.text: w.font_size for w in robot.visible() if isinstance(w, Label) and w.text}


async def test_people_waiting_in_each_queue_are_shown_in_every_mode(robot: Robot) -> None:
    """In large text, low reach and on every screen, all of them in a few turns, and at least every
    other minute some: between may be a notice's minute where there is no room for both."""
    queues = {queue["name"] for queue in halls.sample()[0]["queues"]}
    for large, low in product((False, True), repeat=2):
        visit = Visit(large=large)
        visit.flow.low = low
        seen: set[str] = set()
        before = True
        for minute in range(14):
            robot.app.put(visit.flow, NOW + timedelta(minutes=minute))
            await robot.frames(2)
            counts = [one for one in robot.visible() if isinstance(one, Count)]
            assert counts or before, f"large {large}, low {low}"
            before = bool(counts)
            seen |= {one.told.heading for one in counts}
        assert seen == queues, f"large {large}, low {low}: {queues - seen}"
        assert robot.overflow() == []


async def test_the_same_view_twice_draws_nothing() -> None:
    visit = Visit()
    async with driving(Gallery()) as robot:
        robot.app.put(visit.flow)
        await robot.frames(5)
        assert not Window.canvas.needs_redraw
        robot.app.put(visit.flow)
        assert not Window.canvas.needs_redraw


def test_colours_come_from_the_look_alone() -> None:
    from config.look import rgba

    assert tuple(theme.blue) == pytest.approx(rgba(look().colours.blue))
    kv = [*Path("kiosk").rglob("*.kv")]
    assert kv
    for file in kv:
        assert "#" not in "".join(
            line for line in file.read_text().splitlines() if not line.strip().startswith("#")
        )
