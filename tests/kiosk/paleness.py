"""How far words stand out from their ground, measured on the picture of the screen."""

import asyncio
import time
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from typing import Any

from PIL import Image

from config.look import READABLE, contrast
from config.settings import KIOSK_SCREENS
from kiosk.flow import Flow
from tests.faults.figures import Figure
from tests.kiosk import halls
from tests.robot import Robot, driving  # before all of Kivy, which needs its window

from kivy.core.window import Window  # isort: skip
from kivy.uix.label import Label  # isort: skip
from kivy.uix.scrollview import ScrollView  # isort: skip
from kivy.uix.widget import Widget  # isort: skip
from kiosk.screens.frame import Still  # isort: skip
from tests.kiosk.gallery import Gallery, stages  # isort: skip

HIGH = 7  # WCAG 2.1 AAA, for 高对比
STROKE = 0.005  # of a letter's square: less of a colour is the edge of something beside it
ALL = 2_200  # pages in their states, on each screen, in each mode
MODES = [("zh", False), ("zh", True), ("en", False), ("en", True)]

Colour = tuple[int, int, int]


def pale(robot: Robot, shot: Image.Image, least: float) -> list[str]:
    """Words and icons whose ink is too near to the ground they stand on. Their ink is the colour
    furthest from the ground that covers as much of it as the stroke of such letters does: the
    smooth edges of thin strokes are not what was chosen. What is off may be pale."""
    found = []
    for label in _read(robot):
        part = shot.crop(_box(label))
        colours = part.getcolors(part.width * part.height) or []
        if not colours:
            found.append(f"{label.text!r}: not in the picture")
            continue
        ground = max(colours)[1]
        by_contrast = sorted(((_between(ground, one), count) for count, one in colours))
        least_ink = STROKE * label.font_size**2 * len("".join(label.text.split()))
        best = 1.0
        while by_contrast and least_ink > 0:
            best, count = by_contrast.pop()
            least_ink -= count
        if best < least:
            found.append(f"{label.text!r}: {best:.1f}")
    return found


def _read(robot: Robot) -> Iterator[Label]:
    """Every word that is there to be read; under the veil of a warning that is the warning's."""
    seen = [*robot.visible()]
    over = next((one for one in seen if isinstance(one, Still)), None)
    for label in over.walk() if over is not None else seen:
        if isinstance(label, Label) and label.text.strip() and not label.disabled and whole(label):
            yield label


def _box(label: Label) -> tuple[int, int, int, int]:
    x, y = label.to_window(*label.pos)
    top = Window.height - y
    return round(x), round(top - label.height), round(x + label.width), round(top)


def whole(widget: Widget) -> bool:
    """Whether nothing of it is scrolled out of sight."""
    parent = widget.parent
    while parent is not None and parent is not Window and parent is not parent.parent:
        if isinstance(parent, ScrollView):
            low = parent.to_window(*parent.pos)[1]
            y = widget.to_window(*widget.pos)[1]
            return bool(low - 1 <= y and y + widget.height <= low + parent.height + 1)
        parent = parent.parent
    return True


@lru_cache(maxsize=65_536)
def _between(one: Colour, other: Colour) -> float:
    return contrast(_hex(one), _hex(other))


def _hex(colour: Colour) -> str:
    return "#{:02X}{:02X}{:02X}".format(*colour)


async def look_at(robot: Robot, flow: Flow, high: bool) -> list[str]:
    """What is pale on this page, in 高对比 or not."""
    flow.contrast = high
    robot.app.put(flow)
    await robot.frames(1)
    least = HIGH if high else READABLE
    found = pale(robot, await robot.picture(), least)
    if found:  # a new layout may need a few passes to come to rest
        await robot.frames(5)
        found = pale(robot, await robot.picture(), least)
    return found


async def run(count: int, *, control: bool = False) -> Figure:
    """So many pages, of every screen in every mode, at even steps through all of them. The control
    writes one word of each in the colour of its ground."""
    figure = Figure("contrast of every page on every screen", 0, control=control)
    begun = time.perf_counter()
    catalogue = halls.sample()[1]
    ways = [(screen, high, mode) for screen in KIOSK_SCREENS for high in (0, 1) for mode in MODES]
    for n, (screen, high, (lang, large)) in enumerate(ways):
        wide, tall, inches = KIOSK_SCREENS[screen]
        step = max(1, round(ALL / count))
        async with driving(Gallery(inches), (wide, tall)) as robot:
            for name, flow in islice(stages(catalogue, lang, large), n % step, None, step):
                found = await (_faded(robot, flow) if control else look_at(robot, flow, bool(high)))
                figure.count += 1
                for told in found:
                    figure.tell(f"{screen} {'high ' * high}{lang} {'large ' * large}{name}: {told}")
    figure.seconds = time.perf_counter() - begun
    return figure


async def _faded(robot: Robot, flow: Flow) -> list[str]:
    robot.app.put(flow)
    await robot.frames(5)
    label: Any = next(_read(robot))
    before, label.color = label.color, (*label.color[:3], 0.2)
    try:
        return pale(robot, await robot.picture(), READABLE)
    finally:
        label.color = before


def soak(count: int, control: bool = False) -> Figure:
    """As `run`, for who has no loop yet."""
    return asyncio.run(run(count, control=control))
