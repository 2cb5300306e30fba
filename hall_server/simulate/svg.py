"""Small pictures of simulated days, as SVG without any library."""

from collections.abc import Iterable, Mapping, Sequence
from html import escape

WIDTH, HEIGHT, LEFT, TOP, BOTTOM = 760, 380, 60, 60, 44
# Colours that stay apart for the colour-blind (Okabe and Ito), and a dash for black-and-white.
STROKES = (("#0072b2", ""), ("#d55e00", "8 4"), ("#009e73", "2 4"), ("#cc79a7", "10 3 2 3"))


def picture(title: str, across: Sequence[str], lines: Mapping[str, Sequence[float]]) -> str:
    """Lines over named steps, at most four of them; the y axis begins at 0, in minutes."""
    top = _top(value for values in lines.values() for value in values)

    def x(n: int) -> float:
        return LEFT + n * (WIDTH - LEFT - 20) / max(1, len(across) - 1)

    parts = _frame(title, top)
    for n, name in enumerate(across):
        parts.append(_label(x(n), name))
    for n, (name, values) in enumerate(list(lines.items())[: len(STROKES)]):
        points = " ".join(f"{x(i):.1f},{_y(value, top):.1f}" for i, value in enumerate(values))
        parts += [f'<polyline points="{points}" {_stroke(n)}/>', *_key(n, name)]
    return "\n".join([*parts, "</svg>\n"])


def bars(title: str, across: Sequence[str], series: Mapping[str, Sequence[float]]) -> str:
    """Bars side by side over named groups, at most four in each; the y axis begins at 0."""
    top = _top(value for values in series.values() for value in values)
    shown = list(series.items())[: len(STROKES)]
    room = (WIDTH - LEFT - 20) / max(1, len(across))
    wide = room * 0.8 / max(1, len(shown))
    parts = _frame(title, top)
    for n, name in enumerate(across):
        parts.append(_label(LEFT + (n + 0.5) * room, name))
    for n, (name, values) in enumerate(shown):
        colour = STROKES[n][0]
        for i, value in enumerate(values):
            left, height = LEFT + (i + 0.1) * room + n * wide, HEIGHT - BOTTOM - _y(value, top)
            parts.append(
                f'<rect x="{left:.1f}" y="{_y(value, top):.1f}" width="{wide:.1f}" '
                f'height="{height:.1f}" fill="{colour}"/>'
                f'<text x="{left + wide / 2:.1f}" y="{_y(value, top) - 3:.1f}" font-size="10" '
                f'text-anchor="middle">{value:.0f}</text>'
            )
        parts += _key(n, name)
    return "\n".join([*parts, "</svg>\n"])


def stacked(*pictures: str) -> str:
    """Pictures one below the other."""
    inner = (
        one.replace("<svg ", f'<svg y="{n * HEIGHT}" width="{WIDTH}" height="{HEIGHT}" ', 1)
        for n, one in enumerate(pictures)
    )
    box = f'viewBox="0 0 {WIDTH} {HEIGHT * len(pictures)}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {box}>\n{"".join(inner)}</svg>\n'


def _top(values: Iterable[float]) -> float:
    highest = max(values, default=0.0)
    return 5 * next(step for step in (1, 2, 5, 10, 20, 50, 100, 1000) if highest <= step * 5)


def _y(value: float, top: float) -> float:
    return HEIGHT - BOTTOM - value / top * (HEIGHT - BOTTOM - TOP)


def _frame(title: str, top: float) -> list[str]:
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        'font-family="Noto Sans SC, sans-serif" font-size="13">',
        f"<title>{escape(title)}</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
        f'<text x="{LEFT}" y="24" font-size="17" font-weight="bold">{escape(title)}</text>',
    ]
    for n in range(6):
        value = n * top / 5
        parts += [
            f'<path d="M{LEFT} {_y(value, top):.1f}H{WIDTH - 20}" stroke="#d0d0d0"/>',
            f'<text x="{LEFT - 8}" y="{_y(value, top) + 4:.1f}" text-anchor="end">{value:g}</text>',
        ]
    return parts


def _label(x: float, name: str) -> str:
    return f'<text x="{x:.1f}" y="{HEIGHT - 20}" text-anchor="middle">{escape(name)}</text>'


def _stroke(n: int) -> str:
    colour, dash = STROKES[n]
    return f'fill="none" stroke="{colour}" stroke-width="2.5" stroke-dasharray="{dash}"'


def _key(n: int, name: str) -> list[str]:
    left = LEFT + n * 170
    return [
        f'<path d="M{left} 44h28" {_stroke(n)}/>',
        f'<text x="{left + 34}" y="48">{escape(name)}</text>',
    ]
