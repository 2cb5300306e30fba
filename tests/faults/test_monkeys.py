"""A monkey at the kiosk breaks nothing, is never lost, and leaves nothing behind."""

from pathlib import Path

import pytest

from tests.faults import monkeys

pytestmark = [pytest.mark.fault, pytest.mark.screen]


async def test_three_hundred_deeds_of_a_monkey_break_nothing(tmp_path: Path) -> None:
    figure = await monkeys.run(300, 7, tmp_path)
    assert figure.holds, figure
    assert figure.acknowledged > 3


async def test_a_kiosk_that_forgets_no_hidden_page_is_found_out(tmp_path: Path) -> None:
    figure = await monkeys.run(5, 7, tmp_path, control=True)
    assert figure.lost, figure
