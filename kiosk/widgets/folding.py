"""Breaking a text into lines as Chinese print does, which Kivy does not."""

from collections.abc import Callable

NOT_FIRST = "，。、；：！？）》】”’…·％—"
NOT_LAST = "（《【“‘"

SHARES = 16

Measure = Callable[[str], float]


def fold(text: str, room: float, measure: Measure, most: int = 0) -> str:
    """The text with its line ends put in, for lines at most `room` wide.

    Han may end a line anywhere, Latin words only where they end; no line begins with 。or ends
    with （ (避头尾). More than `most` lines (0: no bound) are cut with ….
    """
    lines = [line for part in text.split("\n") for line in _lines(part, room, measure)]
    if most and len(lines) > most:
        last = lines[most - 1]
        while last and measure(last + "…") > room:
            last = last[:-1]
        lines = [*lines[: most - 1], last.rstrip() + "…"]
    return "\n".join(lines)


def even(text: str, room: float, measure: Measure) -> str:
    """The text in as few lines as `fold` makes, but none of them left with a word or two: a short
    last line takes words from those above it."""
    folded = fold(text, room, measure)
    count = folded.count("\n")
    for part in range(SHARES - 1, SHARES // 2, -1):
        last = folded.rpartition("\n")[2]
        narrower = fold(text, room * part / SHARES, measure)
        # Fewer lines come only where a 。 had to begin one.
        if count == 0 or measure(last) >= room / 3 or narrower.count("\n") != count:
            break
        folded = narrower
    return folded


def _lines(text: str, room: float, measure: Measure) -> list[str]:
    lines: list[str] = []
    line, wide = "", 0.0
    for one in text:
        width = measure(one)
        if wide + width > room and line:
            kept = _kept(line, one)
            rest = line[len(kept) :].lstrip()
            wide = sum(measure(each) for each in rest)
            if wide + width > room:  # what should move down is as wide as a line itself
                kept, rest, wide = line, "", 0.0
            lines.append(kept.rstrip())
            line = rest
            if one == " " and not line:
                continue
        line += one
        wide += width
    return [*lines, line]


def _kept(line: str, one: str) -> str:
    """How much of a full line stays in it when `one` comes next; at least one character."""
    kept = line
    if _latin(one) and _latin(line[-1]):
        word = len(line) - len(line.rstrip("".join({each for each in line if _latin(each)})))
        kept = line[:-word] if word < len(line) else line
    elif one in NOT_FIRST:
        kept = line[:-1]
        while len(kept) > 1 and line[len(kept)] in NOT_FIRST:
            kept = kept[:-1]
    while len(kept) > 1 and kept[-1] in NOT_LAST:
        kept = kept[:-1]
    return kept or line


def _latin(one: str) -> bool:
    return one.isascii() and one != " "
