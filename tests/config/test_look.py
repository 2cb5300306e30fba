"""The look: readable in both palettes, one source for screens, pages and paper."""

import pytest
from pydantic import ValidationError

from config.look import FILE, PAIRS, READABLE, Pair, contrast, file, look, read

TEXT = FILE.read_text(encoding="utf-8")


@pytest.mark.parametrize("high_contrast", [False, True])
@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: f"{pair.text} on {pair.ground}")
def test_every_text_can_be_read_on_its_ground(pair: Pair, high_contrast: bool) -> None:
    palette = look().palette(high_contrast)
    measured = contrast(getattr(palette, pair.text), getattr(palette, pair.ground))
    assert measured >= READABLE, f"{pair.text} on {pair.ground}: {measured:.2f}"


def test_contrast_is_measured_as_wcag_does() -> None:
    assert contrast("#FFFFFF", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


def test_a_pale_grey_would_be_found_unreadable() -> None:
    pale = read(TEXT.replace('ink-2 = "#4A5A70"', 'ink-2 = "#9AA5B5"'))
    assert contrast(pale.colours.ink_2, pale.colours.card) < READABLE


def test_pages_get_every_colour_as_a_custom_property() -> None:
    css = look().css()
    assert "--blue: #0B4EA2;" in css
    assert "--blue-deep:" in css
    assert "--phone-number: 72px;" in css
    assert "prefers-contrast" in css
    assert css.count("{") == css.count("}")


def test_kivy_gets_a_colour_in_parts_of_one() -> None:
    assert look().colours.rgba("card") == (1.0, 1.0, 1.0, 1.0)


def test_fonts_and_sounds_that_are_named_are_there() -> None:
    now = look()
    for inside in (
        now.fonts.regular,
        now.fonts.bold,
        now.fonts.rare,
        now.sounds.call,
        now.sounds.touch,
    ):
        path = file(inside)
        assert path is not None
        assert path.is_file()
    assert file(now.hall.logo) is None


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('blue = "#0B4EA2"', 'blue = "red; } body { display: none"'),
        ("flash-hz = 2", "flash-hz = 12"),
        ('logo = ""', 'logo = "../../etc/passwd"'),
        ("grid = 8", "grid = 8\nglow = 3"),
    ],
)
def test_a_look_out_of_bounds_is_refused(before: str, after: str) -> None:
    assert before in TEXT
    with pytest.raises(ValidationError):
        read(TEXT.replace(before, after, 1))
