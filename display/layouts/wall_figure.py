"""A figure of a wall: a number whose box is as high as its digits, so that rows can stand close."""

from typing import Any

from kivy.uix.label import Label

# Of the font size, from the top of a line of Noto Sans SC: its digits stand from 0.43 to 1.16.
TOP, HEIGHT = 0.39, 0.81


class WallFigure(Label):  # type: ignore[misc]
    """A number or a window's number, in capitals and digits: nothing of it is above or below."""

    def texture_update(self, *given: Any) -> None:
        super().texture_update(*given)
        line = getattr(self, "texture")  # noqa: B009  Kivy declares it where mypy cannot see
        if line is not None and self.text:
            above, high = (round(part * self.font_size) for part in (TOP, HEIGHT))
            cut: Any = line.get_region(0, line.height - above - high, line.width, high)
            self.texture, self.texture_size = cut, list(cut.size)
