"""Every text of both layouts fits, in both languages, in small halls and in large ones."""

import pytest
from kivy.app import App

from config.language import languages
from config.look import contrast, look
from display.board import Board, Scope, Shown
from display.layouts.figures import DIGIT, Grid, Reading, even, figure, grid
from display.layouts.hall_board import HallBoard
from display.layouts.style import GROUNDS, LIT, dress
from display.layouts.window_sign import WindowSign
from tests.display.halls import MORNING, Tiny, hall, wall
from tests.robot import driving

HD = (1920, 1080)
UPRIGHT = (1080, 1920)


class Stage(App):
    """A program that shows one layout and nothing else."""

    def __init__(self, layout):
        super().__init__()
        self.layout = layout

    def build(self):
        return self.layout


def crowded(windows: int) -> Tiny:
    """A hall with the longest names that its bounds allow, and every state at its windows."""
    plan = hall(windows=windows)
    plan["name"] = "示例自治州示例自治县高新技术产业开发区综合行政审批和政务服务管理中心" * 2
    plan["name_en"] = (
        "Administrative Approval and Government Affairs Service Centre of the Zone " * 2
    )
    plan["notices"] = ["请准备好身份证件和申请材料原件及复印件，听到呼叫后到窗口办理。" * 5]
    for queue in plan["queues"]:
        queue["name"] += "（含跨省通办、就近办理和帮办代办服务）" * 2
        queue["name_en"] += " including services across provinces and with helpers"
    for window in plan["windows"]:
        window["sign"] = "党员先锋岗、巾帼文明岗、青年文明号" * 3
        window["queues"] = ["general", "social", "tax", "property"]
    tiny = Tiny(plan)
    tiny.waits("general", 1_234)
    for n, window in enumerate(plan["windows"]):
        state = list(Shown)[n % len(Shown)]
        if state is not Shown.CLOSED:
            tiny.opens(window["id"])
        if state in (Shown.CALLED, Shown.SERVING):
            tiny.calls(window["id"], f"A{1000 + n}")
        if state is Shown.SERVING:
            tiny.serves(window["id"])
        if state is Shown.PAUSED:
            tiny.pauses(window["id"], "设备检修，请到旁边窗口办理" * 8)
    return tiny


def staged(board: Board, layout, now: int = MORNING):
    layout.show(board.view(now, layout.fit(board.widest(), board.size())))


@pytest.mark.screen
@pytest.mark.parametrize("lang", languages())
@pytest.mark.parametrize(
    ("inches", "metres", "size"),
    [
        *((55, 10, HD), (98, 10, HD), (86, 8, HD), (55, 4, HD)),
        *((55, 10, UPRIGHT), (43, 10, UPRIGHT)),
    ],
)
async def test_a_hall_board_holds_every_text(lang, inches, metres, size):
    dress()
    layout = HallBoard(Reading(inches, metres), lang)
    async with driving(Stage(layout), size) as robot:
        for windows in (1, 12, 30, 60):
            tiny = crowded(windows)
            board = wall(tiny)
            for now in range(MORNING, MORNING + 40_000, 8_000):
                staged(board, layout, now)
                await robot.frames(2)
                assert robot.overflow() == [], f"{windows} windows"
            board.changed("called", tiny.calls(str(windows), "A1999"), MORNING)
            board.turned(False, MORNING - 10_000)
            staged(board, layout)
            await robot.frames(2)
            assert robot.find("A1999")
            assert robot.overflow() == []


@pytest.mark.screen
@pytest.mark.parametrize("lang", languages())
@pytest.mark.parametrize("size", [HD, (1920, 540), (1080, 1920), (800, 480)])
async def test_a_window_sign_holds_every_text(lang, size):
    dress()
    layout = WindowSign(Reading(24, 5), lang)
    tiny = crowded(12)
    async with driving(Stage(layout), size) as robot:
        for window in ("1", "2", "3", "4", "5", "10"):
            staged(wall(tiny, Scope(windows=(window,))), layout)
            await robot.frames(2)
            assert robot.find(window)
            assert robot.overflow() == [], f"window {window}"


@pytest.mark.screen
async def test_a_closed_hall_and_a_hall_not_found_say_so_alone():
    dress()
    layout = HallBoard(Reading(55, 10))
    tiny = Tiny()
    board = wall(tiny)
    async with driving(Stage(layout), HD) as robot:
        staged(Board(MORNING), layout)
        await robot.frames(2)
        assert robot.find("正在连接大厅")
        assert robot.overflow() == []
        board.changed("day_closed", tiny.closes_day(), MORNING)
        staged(board, layout)
        await robot.frames(2)
        assert robot.find("现在不在服务时间")
        assert not robot.find("最近叫号")


@pytest.mark.screen
async def test_the_sign_of_a_closed_hall_still_says_which_window_it_is():
    dress()
    layout = WindowSign(Reading(24, 5))
    tiny = Tiny()
    board = wall(tiny, Scope(windows=("3",)))
    board.changed("day_closed", tiny.closes_day(), MORNING)
    async with driving(Stage(layout), HD) as robot:
        staged(board, layout)
        await robot.frames(2)
        assert robot.find("现在不在服务时间")
        assert robot.find("3")
        assert robot.overflow() == []


@pytest.mark.screen
@pytest.mark.parametrize("size", [HD, UPRIGHT, (3840, 2160), (960, 540)])
async def test_every_figure_of_a_board_is_as_high_as_its_distance_asks(size):
    dress()
    reading = Reading(inches=55, metres=10)
    layout = HallBoard(reading)
    board = wall(crowded(60))
    shown = size if size == UPRIGHT else (min(size[0], 1920), min(size[1], 1080))
    async with driving(Stage(layout), shown) as robot:
        staged(board, layout)
        await robot.frames(2)
        millimetres = reading.inches * 25.4 / (layout.width**2 + layout.height**2) ** 0.5
        figures = [w for w in robot.visible() if type(w).__name__ == "WallFigure"]
        numbers = [w for w in figures if any(c.isdigit() for c in w.text) and not w.markup]
        assert len(numbers) > 10
        assert min(w.font_size for w in numbers) * DIGIT * millimetres >= 49.9


@pytest.mark.parametrize(
    ("inches", "metres", "millimetres"), [(55, 10, 50), (86, 8, 40), (24, 3, 15)]
)
def test_figures_are_a_two_hundredth_of_the_distance_high(inches, metres, millimetres):
    size = figure(Reading(inches, metres), HD) * DIGIT
    assert size * inches * 25.4 / (1920**2 + 1080**2) ** 0.5 == pytest.approx(millimetres)


def test_a_table_has_no_column_or_row_that_stays_empty():
    whole = grid((1000, 500), (230, 90), 20)
    assert whole == Grid(4, 4)
    assert even(whole, 40) == Grid(4, 4)
    assert even(whole, 12) == Grid(3, 4)
    assert even(whole, 3) == Grid(1, 3)
    assert even(whole, 18) == Grid(3, 3)
    assert all(even(whole, n).pages(n) == whole.pages(n) for n in range(1, 200))


def test_every_text_of_a_wall_stands_out_from_its_ground():
    pairs = [(text, ground) for ground, *texts in (*GROUNDS.values(), LIT) for text in texts]
    pairs += [("on_blue", "blue_deep"), ("line", "blue_deep"), ("line", "blue")]
    colours = look().colours
    for text, ground in pairs:
        assert contrast(getattr(colours, text), getattr(colours, ground)) >= 4.5, (text, ground)
