"""Every errand at a real hall: no word out of its box, nothing too small to touch or too pale to
read, no code that no telephone reads, on whatever screen, in either language and every mode."""

from itertools import product
from pathlib import Path

import pytest

from tests.kiosk.flows import FLOWS, LANGS, MODES, SEEN, walk

pytestmark = pytest.mark.screen
SCREENS = ("portrait", "landscape", "tablet")


def ways(screen: str) -> list[tuple[str, str]]:
    """The languages and modes of the flows on a screen, by turns: on another screen each flow has
    its turn in another mode, and in two of the three in another language."""
    first = SCREENS.index(screen)
    return [(LANGS[(n + first) % 2], MODES[(n + first + n // 6) % 3]) for n in range(len(FLOWS))]


def test_the_turns_show_each_flow_in_both_languages_and_every_mode() -> None:
    shown = [(n, *way) for screen in SCREENS for n, way in enumerate(ways(screen))]
    assert {(n, lang) for n, lang, _ in shown} == {*product(range(len(FLOWS)), LANGS)}
    assert {(n, mode) for n, _, mode in shown} == {*product(range(len(FLOWS)), MODES)}
    assert {(lang, mode) for _, lang, mode in shown} == {*product(LANGS, MODES)}


@pytest.mark.parametrize("screen", SCREENS)
async def test_every_flow_can_be_gone_and_every_page_of_it_read(
    screen: str, tmp_path: Path
) -> None:
    walker = await walk(tmp_path, screen, ways(screen))
    assert walker.faults == []
    assert walker.looked >= SEEN
