"""A print job cut off anywhere: printed means paper, one job is one paper, the next is whole."""

import pytest

from drivers.escpos import encode
from tests.drivers.bench import FONT
from tests.faults import print_cuts, print_kills
from tests.faults.figures import Figure
from tests.faults.print_cuts import CABLE, MODES, TICKET, Bench, Point

pytestmark = pytest.mark.fault


def test_no_ticket_is_called_printed_that_was_cut_off_and_none_comes_twice() -> None:
    figure = print_cuts.run(30, seed=1)
    assert figure.count == 30
    assert figure.holds, str(figure)


def test_a_driver_that_trusts_what_it_wrote_calls_lost_tickets_printed() -> None:
    figure = print_cuts.run(12, seed=1, control=True)
    assert figure.lost > 0, str(figure)


def test_a_drawing_cut_off_in_its_head_takes_no_question_for_its_size() -> None:
    profile = MODES[-1]
    job = b"".join(piece.data for piece in encode(TICKET, profile, FONT))
    asked = 12  # bytes of questions before the job
    head = asked + job.index(b"\x1dv0") + 1
    figure = Figure("drawing", 1)
    bench = Bench(profile, figure)
    try:
        for at in range(head, head + 8):
            bench.break_once(Point(profile, ">", at, CABLE))
    finally:
        bench.close()
    assert (figure.count, figure.holds) == (8, True), str(figure)


def test_a_program_killed_in_a_job_prints_it_no_second_time() -> None:
    figure = print_kills.run(15, seed=1)
    assert figure.count == 15
    assert figure.holds, str(figure)


def test_a_program_without_a_ledger_prints_its_last_ticket_again() -> None:
    figure = print_kills.run(6, seed=1, control=True)
    assert figure.duplicates > 0, str(figure)
