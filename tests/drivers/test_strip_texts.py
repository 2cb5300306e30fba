"""What a strip shows follows from the hall's facts, best first."""

from typing import Any

import pytest

from drivers.led_strip import load_strip_table
from drivers.strip_texts import NOTHING, Dark, Number, Words, strip_shows
from tests.drivers.bench import DEVICES

HALL = {"windows": [{"id": "3", "queues": ["social", "tax"], "backup": ["more"]}]}
WAITING = {
    "queue/social": {"waiting": 4},
    "queue/tax": {"waiting": 3},
    "queue/more": {"waiting": 9},
}
FREE = {"state": "open", "reason": None, "number": None}


def shown(lost: bool = False, notice: str = "", **window: Any) -> Any:
    state = {"hall": HALL, "day": {}, "window/3": FREE | window, **WAITING}
    return strip_shows(state, "3", notice, lost=lost)


def test_a_called_number_stands_with_who_waits_in_the_windows_own_queues() -> None:
    assert shown(number="A012")[0] == Number("A012", 7)


def test_a_paused_window_says_why() -> None:
    assert shown(state="paused", reason="马上回来")[0] == Words("马上回来")


def test_who_is_served_at_a_paused_window_still_sees_the_number() -> None:
    assert shown(state="paused", number="A012")[0] == Number("A012", 7)


def test_a_free_window_scrolls_its_notice_or_shows_who_waits() -> None:
    assert shown(notice="请看屏幕")[0] == Words("请看屏幕")
    assert shown()[0] == Number(NOTHING, 7)


def test_a_closed_window_and_a_closed_hall_are_dark() -> None:
    assert shown(state="closed")[0] == Dark()
    assert strip_shows({"hall": HALL, "window/3": FREE}, "3", "x", lost=False)[0] == Dark()
    assert strip_shows({}, "3", "x", lost=False)[0] == Dark()


def test_no_number_stands_while_the_hall_is_away() -> None:
    wishes = shown(lost=True, number="A012")
    assert wishes[0] == Words("信号中断")
    assert all(isinstance(one, Words | Dark) or one.number != "A012" for one in wishes)


@pytest.mark.parametrize("name", ["led_rows", "led_board", "led_sunpn", "rs485_box"])
@pytest.mark.parametrize(
    "state",
    [
        *({}, {"number": "A012"}, {"number": "A051X"}, {"number": "A99999"}),
        *({"state": "paused", "reason": "马上回来"}, {"state": "closed"}),
    ],
)
@pytest.mark.parametrize("lost", [False, True])
def test_every_shipped_strip_can_show_every_state(name: str, state: Any, lost: bool) -> None:
    """Each family has a frame for one of the wishes, so that none keeps an old number."""
    table = load_strip_table(DEVICES / f"{name}.toml")
    frames: list[Any] = []
    for wish in shown(lost=lost, notice="请看屏幕", **state):
        match wish:
            case Number(number, waiting):
                told = {"number": number, "waiting": str(waiting)}
                frames.append(table.frame("number", 1, told))
            case Words(text):
                frames.append(table.frame("notice", 1, {"text": text}))
            case Dark():
                frames.append(table.frame("off", 1, {}))
    assert any(frames)
