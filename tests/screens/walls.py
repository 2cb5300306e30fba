"""Pictures of the hall board and of the window sign in each of their states."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

from config.language import languages
from display.board import Board, Scope
from display.layouts.figures import Reading
from display.layouts.hall_board import HallBoard
from display.layouts.style import dress
from display.layouts.window_sign import WindowSign
from tests import robot as _offscreen  # noqa: F401  before anything of Kivy
from tests.display.halls import MORNING, Tiny, wall
from tests.display.test_layouts import Stage, crowded, staged
from tests.kiosk import halls
from tests.robot import driving

FLASHES = MORNING + 100  # the bright half of a call's flash
BOARDS = {"board": (1920, 1080), "board-upright": (1080, 1920)}
SIGNS = {"sign": (1920, 1080), "sign-flat": (1920, 540), "sign-upright": (1080, 1920)}
WINDOW = "3"


def morning() -> Tiny:
    """The sample hall with its windows open, some at work, some paused, and people waiting."""
    tiny = Tiny(halls.sample()[0])
    prefixes = {queue["id"]: queue["prefix"] for queue in tiny.layout["queues"]}
    for n, name in enumerate(prefixes):
        tiny.waits(name, n * 3 % 14)
    for n, window in enumerate(tiny.layout["windows"]):
        if n % 7 == 6:
            continue
        tiny.opens(window["id"])
        if n % 5 == 4:
            tiny.pauses(window["id"], "用餐")
        elif n % 3 and window["queues"]:
            tiny.calls(window["id"], number_for(tiny, window["id"], n + 8))
            if n % 3 == 1:
                tiny.serves(window["id"])
    return tiny


def number_for(tiny: Tiny, window: str, n: int) -> str:
    """A number that this window may call."""
    told = next(one for one in tiny.layout["windows"] if one["id"] == window)
    prefixes = {queue["id"]: queue["prefix"] for queue in tiny.layout["queues"]}
    return f"{prefixes[told['queues'][0]]}{n:03d}"


def states(scope: Scope) -> Iterator[tuple[str, Board, int]]:
    """Each state of a wall by name, and the moment to look at it."""
    yield "connecting", Board(MORNING, scope), MORNING
    tiny = morning()
    closed = wall(tiny, scope)
    closed.changed("told", tiny.closes_day(), MORNING)
    yield "closed", closed, MORNING
    tiny = morning()
    tiny.finishes(WINDOW)
    yield "waiting", wall(tiny, scope), MORNING
    called = wall(tiny, scope)
    called.changed("called", tiny.calls(WINDOW, number_for(tiny, WINDOW, 58)), MORNING)
    yield "calling", called, FLASHES
    yield "calling-dim", called, MORNING + 10_000
    called.changed("told", tiny.serves(WINDOW), MORNING)
    yield "serving", called, MORNING + 20_000
    called.changed("told", tiny.finishes(WINDOW), MORNING)
    called.changed("told", tiny.pauses(WINDOW, "设备检修"), MORNING)
    yield "paused", called, MORNING + 20_000
    tiny = morning()
    many = wall(tiny, scope)
    for n, window in enumerate(("1", "2", WINDOW, "8", "12")):
        facts = tiny.calls(window, number_for(tiny, window, 60 + n))
        many.changed("called", facts, MORNING + n)
    yield "many-calls", many, MORNING + 9_000
    lost = wall(morning(), scope)
    lost.turned(False, MORNING - 10_000)
    yield "link-lost", lost, MORNING
    yield "crowded", wall(crowded(60), scope), MORNING


async def shoot(folder: Path) -> AsyncIterator[Path]:
    """The board of 55 inches read from 10 m, then signs of three forms; in each language."""
    dress()
    for lang in languages():
        for form, size in BOARDS.items():
            board = HallBoard(Reading(55, 10), lang)
            async with driving(Stage(board), size) as robot:
                for name, state, now in states(Scope()):
                    staged(state, board, now)
                    await robot.frames(3)
                    yield await robot.shot(folder / form / lang / f"{name}.png")
        for form, size in SIGNS.items():
            sign = WindowSign(Reading(24, 5), lang)
            async with driving(Stage(sign), size) as robot:
                for name, state, now in states(Scope(windows=(WINDOW,))):
                    staged(state, sign, now)
                    await robot.frames(3)
                    yield await robot.shot(folder / form / lang / f"{name}.png")
