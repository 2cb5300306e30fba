"""A small picture of waits by the hour, as SVG without any library."""

from collections.abc import Mapping, Sequence
from html import escape

WIDTH, HEIGHT, LEFT, TOP, BOTTOM = 760, 380, 60, 60, 44
# Colours that stay apart for the colour-blind (Okabe and Ito), and a dash for black-and-white.
STROKES = (("#0072b2", ""), ("#d55e00", "8 4"), ("#009e73", "2 4"), ("#cc79a7", "10 3 2 3"))


def picture(title: str, across: Sequence[str], lines: Mapping[str, Sequence[float]]) -> str:
    """Lines over named steps, at most four of them; the y axis begins at 0, in minutes."""
    highest = max((value for values in lines.values() for value in values), default=0.0)
    step = next(step for step in (1, 2, 5, 10, 20, 50, 100, 1000) if highest <= step * 5)
    top = step * 5

    def x(n: int) -> float:
        return LEFT + n * (WIDTH - LEFT - 20) / max(1, len(across) - 1)

    def y(value: float) -> float:
        return HEIGHT - BOTTOM - value / top * (HEIGHT - BOTTOM - TOP)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        'font-family="Noto Sans SC, sans-serif" font-size="13">',
        f"<title>{escape(title)}</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
        f'<text x="{LEFT}" y="24" font-size="17" font-weight="bold">{escape(title)}</text>',
    ]
    for n in range(6):
        value = n * step
        parts += [
            f'<path d="M{LEFT} {y(value):.1f}H{WIDTH - 20}" stroke="#d0d0d0"/>',
            f'<text x="{LEFT - 8}" y="{y(value) + 4:.1f}" text-anchor="end">{value}</text>',
        ]
    for n, name in enumerate(across):
        parts.append(
            f'<text x="{x(n):.1f}" y="{HEIGHT - 20}" text-anchor="middle">{escape(name)}</text>'
        )
    for n, (name, values) in enumerate(list(lines.items())[: len(STROKES)]):
        colour, dash = STROKES[n]
        points = " ".join(f"{x(i):.1f},{y(value):.1f}" for i, value in enumerate(values))
        stroke = f'fill="none" stroke="{colour}" stroke-width="2.5" stroke-dasharray="{dash}"'
        left = LEFT + n * 170
        parts += [
            f'<polyline points="{points}" {stroke}/>',
            f'<path d="M{left} 44h28" {stroke}/>',
            f'<text x="{left + 34}" y="48">{escape(name)}</text>',
        ]
    return "\n".join([*parts, "</svg>\n"])
