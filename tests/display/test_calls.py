"""Every call has its turn on the wall, once, in order, and fully."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from display.calls import Pace
from tests.display.halls import MORNING, ROOMY, Tiny, hall, wall

FLASH_MS, STEP_MS = Pace().flash, Pace().step


def told(board, start, milliseconds):
    """Every call that the wall shows from start on, with how long it was shown."""
    shown = {}
    for now in range(start, start + milliseconds, STEP_MS):
        if call := board.call(now):
            key = (call.number, call.window, call.call)
            shown[key] = shown.get(key, 0) + STEP_MS
    return shown


def test_a_call_flashes_for_6_seconds_in_steps_at_2_hz():
    tiny = Tiny()
    board = wall(tiny)
    board.changed("called", tiny.calls("3", "A012"), MORNING)
    views = [board.view(MORNING + step, ROOMY) for step in range(0, FLASH_MS, 50)]
    assert all(view.flashing for view in views)
    changes = sum(a.lit != b.lit for a, b in pairwise(views))
    assert changes == 2 * 2 * FLASH_MS // 1000 - 1
    assert not board.view(MORNING + FLASH_MS, ROOMY).flashing


def test_quick_calls_are_shown_one_after_another_in_their_order_and_none_is_cut_short():
    tiny = Tiny(hall(windows=30))
    board = wall(tiny)
    wanted = []
    for n in range(30, 0, -1):
        board.changed("called", tiny.calls(str(n), f"A{n:03}"), MORNING)
        wanted.append((f"A{n:03}", str(n), 1))
    shown = told(board, MORNING, 31 * FLASH_MS)
    assert list(shown) == wanted
    assert set(shown.values()) == {FLASH_MS}


def test_a_call_that_came_to_its_turn_is_shown_fully_though_it_is_over():
    tiny = Tiny()
    board = wall(tiny)
    board.changed("called", tiny.calls("3", "A012"), MORNING)
    board.changed("called", tiny.calls("3", "A013"), MORNING + 1_000)
    assert told(board, MORNING + 1_000, 20_000) == {
        ("A012", "3", 1): FLASH_MS - 1_000,
        ("A013", "3", 1): FLASH_MS,
    }


def test_a_call_that_is_over_before_its_turn_sends_nobody_to_the_window():
    tiny = Tiny()
    board = wall(tiny)
    board.changed("called", tiny.calls("1", "A001"), MORNING)
    board.changed("called", tiny.calls("2", "B001"), MORNING)
    board.changed("called", tiny.calls("3", "C001"), MORNING)
    board.changed("serving", tiny.serves("2"), MORNING + 2_000)
    assert list(told(board, MORNING, 30_000)) == [("A001", "1", 1), ("C001", "3", 1)]


def test_a_recall_is_told_again_and_what_follows_a_call_is_not():
    tiny = Tiny()
    board = wall(tiny)
    board.changed("called", tiny.calls("3", "A012"), MORNING)
    assert list(told(board, MORNING, 10_000)) == [("A012", "3", 1)]
    board.changed("called", tiny.recalls("3"), MORNING + 10_000)
    assert list(told(board, MORNING + 10_000, 10_000)) == [("A012", "3", 2)]
    board.changed("serving", tiny.serves("3"), MORNING + 20_000)
    board.changed("finished", tiny.finishes("3"), MORNING + 20_000)
    assert not told(board, MORNING + 20_000, 10_000)


def test_a_wall_that_is_switched_on_does_not_repeat_the_past():
    tiny = Tiny()
    tiny.calls("3", "A012")
    assert not told(wall(tiny), MORNING, 10_000)


def test_after_a_lost_line_only_what_was_called_meanwhile_and_still_stands_is_told():
    tiny = Tiny()
    board = wall(tiny)
    board.changed("called", tiny.calls("1", "A001"), MORNING)
    assert told(board, MORNING, 10_000)
    board.turned(False, MORNING + 10_000)
    tiny.calls("2", "B001")
    tiny.serves("2")
    tiny.calls("3", "C001")
    board.turned(True, MORNING + 20_000)
    board.changed("snapshot", tiny.snapshot(), MORNING + 20_000)
    assert list(told(board, MORNING + 20_000, 10_000)) == [("C001", "3", 1)]


def test_a_clock_set_back_does_not_hold_a_call_on_the_wall():
    tiny = Tiny()
    board = wall(tiny)
    board.changed("called", tiny.calls("3", "A012"), MORNING)
    assert board.call(MORNING - 3_600_000) is None


class Eyes:
    """Somebody who looks at a wall all the time and notes each call whose turn begins."""

    def __init__(self, board):
        self.board, self.now, self.before, self.seen = board, MORNING, None, []

    def look(self, milliseconds):
        for now in range(self.now, self.now + milliseconds, STEP_MS):
            call = self.board.call(now)
            if call is not None and call != self.before:
                self.seen.append((call.number, call.window, call.call))
            self.before = call
        self.now += milliseconds


DEEDS = st.lists(
    st.tuples(
        st.sampled_from(["call", "recall", "serve", "finish", "pause", "close", "snapshot"]),
        st.integers(1, 5).map(str),
        st.integers(0, 48),
    ),
    max_size=40,
)


@given(DEEDS)
def test_any_events_show_what_a_snapshot_shows_and_no_call_is_told_twice_or_lost(deeds):
    tiny = Tiny(hall(windows=5))
    board = wall(tiny)
    eyes = Eyes(board)
    number, over, standing = 0, set(), {}
    for deed, window, steps in deeds:
        shown = tiny.state.get(f"window/{window}") or {"number": None, "serving": False}
        if deed == "call" and shown["number"] is None:
            number += 1
            facts = tiny.calls(window, f"A{number:03}")
            standing[window] = (f"A{number:03}", window, 1)
        elif deed == "recall" and shown["number"] and not shown["serving"]:
            over.add(standing[window])
            facts = tiny.recalls(window)
            standing[window] = (shown["number"], window, shown["call"] + 1)
        elif deed == "serve" and shown["number"] and not shown["serving"]:
            over.add(standing.pop(window))
            facts = tiny.serves(window)
        elif deed == "finish" and shown["serving"]:
            facts = tiny.finishes(window)
        elif deed == "pause":
            facts = tiny.pauses(window, "午餐")
        elif deed == "close" and shown["number"] is None:
            facts = tiny.closes(window)
        elif deed == "snapshot":
            facts = tiny.snapshot()
        else:
            continue
        board.changed("snapshot" if deed == "snapshot" else deed, facts, eyes.now)
        eyes.look(steps * STEP_MS)
    eyes.look(6 * FLASH_MS)
    assert len(eyes.seen) == len(set(eyes.seen)), "a call was told twice"
    assert set(standing.values()) <= set(eyes.seen), "a call that stands was not told"
    assert set(eyes.seen) <= over | set(standing.values())
    assert board.view(eyes.now, ROOMY) == wall(tiny, now=eyes.now).view(eyes.now, ROOMY)
