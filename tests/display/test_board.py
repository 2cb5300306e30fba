"""A wall tells what the hall's windows do, who is called, and when it may be out of date."""

import pytest

from display.board import Board, Fit, LastCall, Scope, Shown
from tests.display.halls import MORNING, ROOMY, Tiny, hall, wall


def row(board: Board, window: str, now: int = MORNING):
    return next(row for row in board.view(now, ROOMY).windows if row.window == window)


@pytest.mark.parametrize(
    ("deeds", "state", "number", "reason"),
    [
        ([], Shown.CLOSED, None, None),
        ([("opens",)], Shown.FREE, None, None),
        ([("opens",), ("calls", "A012")], Shown.CALLED, "A012", None),
        ([("opens",), ("calls", "A012"), ("recalls",)], Shown.CALLED, "A012", None),
        ([("opens",), ("calls", "A012"), ("serves",)], Shown.SERVING, "A012", None),
        ([("opens",), ("calls", "A012"), ("finishes",)], Shown.FREE, None, None),
        ([("opens",), ("pauses", "午餐")], Shown.PAUSED, None, "午餐"),
        ([("calls", "A1234"), ("serves",), ("pauses", "午餐")], Shown.SERVING, "A1234", None),
        ([("opens",), ("closes",)], Shown.CLOSED, None, None),
    ],
)
def test_a_row_tells_what_its_window_does(deeds, state, number, reason):
    tiny = Tiny()
    board = wall(tiny)
    for deed, *facts in deeds:
        board.changed("event", getattr(tiny, deed)("3", *facts), MORNING)
    shown = row(board, "3")
    assert (shown.state, shown.number, shown.reason) == (state, number, reason)


def test_a_row_names_the_queue_of_its_number_and_else_the_queues_of_its_window():
    tiny = Tiny()
    board = wall(tiny)
    assert row(board, "3").queue == "税务服务"
    board.changed("called", tiny.calls("3", "A012"), MORNING)
    assert (row(board, "3").queue, row(board, "3").queue_en) == ("综合受理", "General services")


def test_the_last_calls_stand_newest_first_each_number_once_below_the_newest():
    tiny = Tiny()
    tiny.calls("1", "A001")
    tiny.calls("2", "B001")
    tiny.recalls("2")
    tiny.calls("3", "A002")
    view = wall(tiny).view(MORNING, ROOMY)
    assert view.headline == LastCall("A002", "3")
    assert view.calls == (LastCall("B001", "2"), LastCall("A001", "1"))


def test_a_wall_of_one_zone_tells_only_of_its_windows_and_their_queues():
    tiny = Tiny(hall(windows=6, zones=3))
    board = wall(tiny, Scope(zones=("z2",)))
    board.changed("called", tiny.calls("1", "A001"), MORNING)
    board.changed("called", tiny.calls("2", "B001"), MORNING)
    view = board.view(MORNING, ROOMY)
    assert [row.window for row in view.windows] == ["2", "5"]
    assert [queue.name for queue in view.queues] == ["社会保险", "医疗保障"]
    assert (view.zone, view.headline, view.calls) == ("2 区", LastCall("B001", "2"), ())


def test_a_wall_of_chosen_windows_shows_them_in_the_order_of_the_hall():
    board = wall(Tiny(), Scope(windows=("7", "3")))
    assert [row.window for row in board.view(MORNING, ROOMY).windows] == ["3", "7"]


def test_a_hall_without_zones_shows_all_its_windows():
    view = wall(Tiny(hall(windows=4, zones=0))).view(MORNING, ROOMY)
    assert [row.window for row in view.windows] == ["1", "2", "3", "4"]


@pytest.mark.parametrize(("windows", "room", "pages"), [(30, 15, 2), (40, 15, 3), (60, 15, 4)])
def test_windows_that_do_not_fit_turn_by_pages_and_each_has_its_8_seconds(windows, room, pages):
    board = wall(Tiny(hall(windows=windows)))
    fit = Fit(windows=room, calls=4, queues=4)
    views = [board.view(MORNING + 8_000 * turn, fit) for turn in range(pages)]
    assert {view.pages for view in views} == {pages}
    seen = sorted((row.window for view in views for row in view.windows), key=int)
    assert seen == [str(n) for n in range(1, windows + 1)]
    assert views[0] == board.view(MORNING + 7_999, fit)


def test_the_page_of_the_called_window_stays_while_it_flashes():
    tiny = Tiny(hall(windows=60))
    board = wall(tiny)
    fit = Fit(windows=15, calls=4, queues=4)
    board.changed("called", tiny.calls("47", "A1234"), MORNING)
    for later in range(0, 6_000, 250):
        view = board.view(MORNING + later, fit)
        assert [row.window for row in view.windows if row.flashing] == ["47"]


def test_notices_turn_every_8_seconds():
    tiny = Tiny(hall(notices=["甲", "乙", "丙"]))
    board = wall(tiny)
    told = [board.view(MORNING + 8_000 * turn, ROOMY).notice for turn in range(4)]
    assert sorted(told[:3]) == sorted(["甲", "乙", "丙"])
    assert told[3] == told[0]


def test_the_sign_of_the_policy_takes_its_turn_in_both_languages():
    sign = [{"code": "calls", "facts": {"calls": 3}}]
    board = wall(Tiny(hall(notices=["甲"], sign=sign)))
    views = [board.view(MORNING + 8_000 * turn, ROOMY) for turn in range(2)]
    assert {(view.notice, view.notice_en) for view in views} == {
        ("甲", ""),
        (
            "叫号 3 次不到，按过号处理。",
            "A number is called 3 times, then passed over.",
        ),
    }


def test_a_queue_says_about_how_long_a_number_taken_now_would_wait():
    tiny = Tiny(hall(windows=2))
    board = wall(tiny)
    wait = {"median": 25, "low": 15, "high": 40, "late": False}
    told = {"at": 1_000, "old": False, "queues": {"general": wait}}
    board.changed("live", {"forecast": told}, MORNING)
    assert [queue.minutes for queue in board.view(MORNING, ROOMY).queues] == [25, None]
    board.changed("live", {"forecast": {**told, "old": True}}, MORNING)
    assert [queue.minutes for queue in board.view(MORNING, ROOMY).queues] == [None, None]


def test_a_queue_without_an_english_name_keeps_its_place_on_an_english_wall():
    layout = hall(windows=1, zones=2)
    layout["windows"][0]["queues"] = ["general", "social"]
    layout["queues"][1]["name_en"] = layout["zones"][1]["name_en"] = ""
    view = wall(Tiny(layout), Scope(zones=("z1", "z2"))).view(MORNING, ROOMY)
    assert view.windows[0].queue_en == "General services, 社会保险"
    assert view.zone_en == "Zone 1, 2 区"


def test_people_who_wait_are_counted_by_queue_and_together():
    tiny = Tiny(hall(windows=2))
    tiny.waits("general", 7)
    view = wall(tiny).view(MORNING, ROOMY)
    assert [(queue.name, queue.waiting) for queue in view.queues] == [
        ("综合受理", 7),
        ("社会保险", 0),
    ]
    assert view.waiting == 7


def test_a_line_lost_for_more_than_2_seconds_is_told_with_the_time_it_went():
    tiny = Tiny()
    tiny.calls("3", "A012")
    board = wall(tiny)
    board.turned(False, MORNING)
    assert board.view(MORNING + 2_000, ROOMY).lost_since is None
    assert board.view(MORNING + 2_001, ROOMY).lost_since == "10:32"
    assert board.view(MORNING + 3_600_000, ROOMY).lost_since == "10:32"
    assert row(board, "3", MORNING + 3_600_000).number == "A012"


def test_a_line_that_comes_back_makes_all_right_again():
    tiny = Tiny()
    tiny.calls("3", "A012")
    board = wall(tiny)
    board.turned(False, MORNING)
    tiny.serves("3")
    tiny.waits("general", 4)
    board.turned(True, MORNING + 60_000)
    board.changed("snapshot", tiny.snapshot(), MORNING + 60_000)
    assert board.view(MORNING + 60_000, ROOMY) == wall(tiny).view(MORNING + 60_000, ROOMY)


def test_a_wall_that_never_found_its_hall_says_so():
    view = Board(MORNING).view(MORNING + 2_001, ROOMY)
    assert (view.ready, view.windows, view.lost_since) == (False, (), "10:32")


def test_a_closed_day_is_told():
    tiny = Tiny()
    tiny.calls("3", "A012")
    board = wall(tiny)
    assert board.view(MORNING, ROOMY).open
    board.changed("day_closed", tiny.closes_day(), MORNING)
    view = board.view(MORNING, ROOMY)
    assert (view.open, view.headline, view.calls) == (False, None, ())
    assert {row.state for row in view.windows} == {Shown.CLOSED}


def test_the_clock_shows_hall_time():
    view = wall(Tiny()).view(MORNING, ROOMY)
    assert (view.date, view.clock) == ("2026-11-21", "10:32")


def test_while_nothing_happens_there_is_nothing_new_to_draw():
    tiny = Tiny(hall(windows=30))
    tiny.calls("3", "A012")
    board = wall(tiny)
    fit = Fit(windows=12, calls=4, queues=4)
    assert len({board.view(MORNING + later, fit) for later in range(0, 8_000, 125)}) == 1


def test_numbers_above_999_and_lettered_windows_are_given_their_room():
    tiny = Tiny(hall(windows=3))
    board = wall(tiny)
    assert board.widest().number == "A000"
    board.changed("taken", tiny.waits("general", 1_000), MORNING)
    assert board.widest().number == "A0000"
    board.changed("called", tiny.calls("3", "AB12345"), MORNING)
    assert board.widest().number == "AB12345"
