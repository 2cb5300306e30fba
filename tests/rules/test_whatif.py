"""Moves tried on the twin: who gains, who pays, and how sure that is."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from hall_server.rules.calling import Due, Waiting, WindowDuty
from hall_server.rules.forecast import Arrival, Now, Shift, WindowNow, forecast, learn
from hall_server.rules.policy import Policy
from hall_server.rules.whatif import CloseDoors, OpenFor, after_closing, best_moves, what_if

AT = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
LAWS = learn({"social": 8, "tax": 10, "civil": 8}, days=[
    [Arrival(timedelta(hours=9, minutes=n), queue) for n in range(2, 120, 5)
     for queue in ("social", "tax")]
])  # fmt: skip


def line(queue: str, count: int, first: int) -> list[Waiting]:
    return [Waiting(f"{queue}-{n}", queue, Due.PLAIN, first + n, AT - MINUTE) for n in range(count)]


def window(name: str, *queues: str, **more: object) -> WindowNow:
    return WindowNow(name, WindowDuty(queues), **more)  # type: ignore[arg-type]


NOW = Now(
    [*line("tax", 20, 1), *line("social", 2, 40)],
    [window("1", "tax"), window("2", "social"), window("3", "social"), window("4", "civil"),
     window("7")],
    AT - timedelta(hours=9),
)  # fmt: skip


def opened(name: str, start: float = 0, minutes: float = 90) -> OpenFor:
    begins = AT + start * MINUTE
    return OpenFor(name, "tax", begins, begins + minutes * MINUTE)


def test_a_closed_window_opened_for_a_long_line_helps_it_and_nobody_pays() -> None:
    effect = what_if(NOW, LAWS, Policy(), AT, opened("7"), Random(1), runs=20)
    tax = effect.queues["tax"]
    assert tax.by < -20
    assert tax.give < 15
    assert tax.felt
    assert tax.after == pytest.approx(tax.before + tax.by)
    assert effect.gains == tax
    assert effect.pays is None
    assert effect.hall.by < 0


def test_a_window_taken_from_another_line_names_who_pays() -> None:
    busy = Now([*NOW.waiting, *line("social", 12, 60)], NOW.windows, NOW.midnight)
    effect = what_if(busy, LAWS, Policy(), AT, opened("3"), Random(1), runs=20)
    assert effect.gains is not None
    assert effect.gains.queue == "tax"
    assert effect.pays is not None
    assert effect.pays.queue == "social"


def test_a_window_opened_for_a_line_that_nobody_serves_helps_it() -> None:
    lonely = Now(line("tax", 2, 1), [window("7")], NOW.midnight)
    effect = what_if(lonely, LAWS, Policy(), AT, opened("7"), Random(1), runs=6)
    assert effect.queues["tax"].by < -100


def test_later_and_shorter_help_helps_less() -> None:
    whole, later = (
        what_if(NOW, LAWS, Policy(), AT, move, Random(1), runs=12).queues["tax"].by
        for move in (opened("7"), opened("7", 30, 30))
    )
    assert whole < later < 0


def test_after_its_help_a_window_goes_back_to_its_own_lines() -> None:
    civil = Now(
        [*line("tax", 30, 1), Waiting("late", "civil", Due.PLAIN, 90, AT)],
        [window("4", "civil", plan=(Shift(AT + 200 * MINUTE, WindowDuty(("civil",))),))],
        NOW.midnight,
    )
    effect = what_if(
        civil, LAWS, Policy(), AT, OpenFor("4", "tax", AT, AT + 30 * MINUTE), Random(1), runs=6
    )
    assert effect.queues["civil"].after < 60


def test_closed_doors_spare_those_who_wait_whom_would_go_before_them() -> None:
    """Twenty wait for tax; every five minutes somebody of a priority class would come."""
    day = [Arrival(timedelta(hours=9, minutes=n), "tax", Due.DUE) for n in range(2, 120, 5)]
    laws = learn({"social": 8, "tax": 10, "civil": 8}, days=[day])
    effect = what_if(NOW, laws, Policy(), AT, CloseDoors(AT + 5 * MINUTE), Random(1), runs=12)
    assert effect.queues["tax"].by < -5
    assert effect.pays is None


def test_where_the_late_go_last_closed_doors_win_nobody_anything() -> None:
    """The mean wait of fewer people is no gain, and nobody pays by it."""
    effect = what_if(NOW, LAWS, Policy(), AT, CloseDoors(AT + 5 * MINUTE), Random(1), runs=12)
    assert [(each.by, each.felt) for each in effect.queues.values()] == [(0, False)] * 2
    assert effect.hall.before == effect.hall.after > 0
    assert effect.hall.away == 46
    nothing = what_if(NOW, LAWS, Policy(), AT, CloseDoors(AT + 500 * MINUTE), Random(1), runs=4)
    assert (nothing.hall.by, nothing.hall.give) == (0, 0)


def test_closed_doors_tell_how_many_get_no_number_until_the_usual_end() -> None:
    """24 came for social and for tax from 9:02 on, every 5 minutes; the doors close at 9:30."""
    days = [[Arrival(timedelta(hours=9, minutes=n), queue) for n in range(2, last, 5)
             for queue in ("social", "tax")] for last in (120, 80)]  # fmt: skip
    laws = learn({"social": 8, "tax": 10, "civil": 8}, days=days)
    move = CloseDoors(AT + 30 * MINUTE)
    effect = what_if(NOW, laws, Policy(), AT, move, Random(1), runs=4)
    assert [effect.queues[queue].away for queue in ("social", "tax")] == [14, 14]
    assert (effect.hall.away, effect.hall.away_give) == (28, pytest.approx(1.96 * 8))
    early = Now(NOW.waiting, NOW.windows, NOW.midnight, doors=AT + 60 * MINUTE)
    assert what_if(early, laws, Policy(), AT, move, Random(1), runs=4).hall.away == 12
    opening = what_if(NOW, laws, Policy(), AT, opened("7"), Random(1), runs=4)
    assert (opening.hall.away, opening.queues["tax"].away) == (0, 0)


def test_the_same_people_come_whatever_is_tried() -> None:
    """Paired runs: a line that a move does not touch is played again to the second."""
    move = OpenFor("7", "civil", AT, AT + 90 * MINUTE)
    effect = what_if(NOW, LAWS, Policy(), AT, move, Random(1), runs=6)
    assert [effect.queues[queue].by for queue in ("tax", "social")] == [0, 0]
    assert effect.queues["tax"].before > 0


def test_the_best_moves_are_told_best_first() -> None:
    told = forecast(NOW, LAWS, Policy(), AT, Random(1))
    moves = best_moves(NOW, LAWS, Policy(), AT, told, Random(1), runs=12)
    assert 1 <= len(moves) <= 3
    assert [effect.hall.by for effect in moves] == sorted(effect.hall.by for effect in moves)
    first = moves[0].move
    assert isinstance(first, OpenFor)
    assert first.queue == "tax"
    assert first.window in ("4", "7")


def test_where_all_is_quiet_there_is_nothing_to_advise() -> None:
    quiet = Now([], NOW.windows, NOW.midnight)
    laws = learn({"social": 8, "tax": 10, "civil": 8})
    told = forecast(quiet, laws, Policy(), AT, Random(1))
    assert best_moves(quiet, laws, Policy(), AT, told, Random(1), runs=6) == []


@pytest.mark.parametrize(
    "move",
    [
        OpenFor("99", "tax", AT, AT + MINUTE),
        OpenFor("7", "gone", AT, AT + MINUTE),
        OpenFor("7", "tax", AT, AT),
    ],
)
def test_a_move_of_what_is_not_there_is_an_error(move: OpenFor) -> None:
    with pytest.raises(ValueError, match=r"no window|no queue|ends before"):
        what_if(NOW, LAWS, Policy(), AT, move, Random(1))


def test_whether_a_number_taken_now_is_called_before_closing() -> None:
    told = forecast(NOW, LAWS, Policy(), AT, Random(1))
    assert after_closing(told, "tax", AT, AT + 30 * MINUTE) == 1
    assert after_closing(told, "tax", AT, AT + 3000 * MINUTE) == 0
    assert after_closing(told, "gone", AT, AT + 30 * MINUTE) == 1
