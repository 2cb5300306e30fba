"""The figures of a run as tables on the terminal."""

from typing import Any

from rich.console import Console
from rich.table import Table

from hall_server.bench.targets import LEFT_OUT, LIMITS, WORDS, Target

KEPT = {True: "yes", False: "NO", None: "-"}


def show(targets: dict[str, Target], rows: dict[str, list[dict[str, Any]]]) -> None:
    """The targets, and under them the tables that are no ratios."""
    console = Console(highlight=False)
    table = Table(title="hall bench: ratios of one run")
    for column in ("", "what", "reached", "limit", "holds"):
        table.add_column(column, overflow="fold")
    for name, target in targets.items():
        sign = "≥" if LIMITS[name][1] else "≤"
        value = "-" if target.value is None else f"{target.value:g}"
        what = WORDS[name] + (f" ({target.reason})" if target.reason else "")
        table.add_row(name, what, value, f"{sign} {target.limit:g}", KEPT[target.holds])
    console.print(table)
    for name, target in targets.items():
        for figure, value in target.figures.items():
            if not isinstance(value, list):
                console.print(f"  {name} {figure}: {_words(value)}")
    for title, found in rows.items():
        if found:
            console.print(_rows(title, found))
    for name, why in LEFT_OUT.items():
        console.print(f"  {name} left out: {why}")


def _words(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {each:g}" for name, each in value.items())
    return f"{value:g}" if isinstance(value, float) else str(value)


def _rows(title: str, found: list[dict[str, Any]]) -> Table:
    table = Table(title=title)
    for column in found[0]:
        table.add_column(column.replace("_", " "), justify="right")
    for row in found:
        table.add_row(*(str(value) for value in row.values()))
    return table
