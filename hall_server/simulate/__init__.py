"""`hall simulate`: whole days of a hall on a clock of their own, to compare rules and forecasts."""

import argparse
import csv
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from datetime import timedelta
from pathlib import Path

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from hall_server.rules.policy import Policy
from hall_server.simulate.figures import HOURS, Figures, figures
from hall_server.simulate.forecasting import compare
from hall_server.simulate.halls import HALLS, HallPlan, of_layout
from hall_server.simulate.rule import FIRST_COME, NO_BOUND, Rule
from hall_server.simulate.speed import speed
from hall_server.simulate.svg import picture
from hall_server.simulate.visitors import People

LOADS = {"light": 0.75, "normal": 0.95, "heavy": 1.1, "overload": 1.25}
RULES = ("first-come", "first-come-idle", "promise", "strict")
IDLE = timedelta(days=1)  # help only when idle: what a hall without a rule does


def run(argv: list[str]) -> int:
    """Play the days that are asked for and print what they were like; always status 0."""
    asked = _parser().parse_args(argv)
    console = Console()
    halls = [_of_folder(asked.files)] if asked.files else [HALLS[name] for name in asked.hall]
    found: list[tuple[str, Figures]] = []
    days = range(asked.seed, asked.seed + asked.days)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        total = len(halls) * len(asked.load) * len(asked.rule) * 4 * asked.days
        task = progress.add_task("", total=total)
        for hall in halls:
            for load in asked.load:
                people = People(load=LOADS[load], booked=asked.booked, priority=asked.priority)
                rows = [
                    figures(
                        hall,
                        rule_of(name, hall, asked.help_after),
                        people,
                        days,
                        progress=lambda: progress.advance(task),
                    )
                    for name in asked.rule
                ]
                console.print(_table(rows, load))
                found += [(load, row) for row in rows]
    if asked.csv:
        _write_csv(asked.csv, found)
    if asked.svg:
        asked.svg.write_text(_picture(found), encoding="utf-8")
    if asked.forecast:
        for hall in halls:
            console.print(_forecast_table(hall, asked.days, asked.seed))
    if asked.speed:
        for hall in halls:
            took = speed(hall, asked.seed)
            console.print(
                f"{hall.name}: {took.waiting} 人等候 waiting; "
                f"choose (500) p99 {1000 * took.choice:.2f} ms, "
                f"预计 forecast {1000 * took.refresh:.0f} ms, 建议 advice {took.advice:.1f} s"
            )
    return 0


def rule_of(name: str, hall: HallPlan, help_after: int) -> Rule:
    """The rules by name: first-come (先来后到), promise (承诺+穿插, ratio 2), ratio-N, strict.

    All help a line that has waited `help_after` minutes longer, so that they differ in nothing
    but the order; first-come-idle helps only when idle, as halls without a rule do.
    """
    queues = [line.name for line in hall.lines]
    if name.startswith(FIRST_COME.name):
        patience = timedelta(minutes=help_after) if name == FIRST_COME.name else IDLE
        return replace(FIRST_COME, name=name, policy=Policy(dict.fromkeys(queues, patience)))
    ratio = {"promise": 2, "strict": NO_BOUND}.get(name) or int(name.removeprefix("ratio-"))
    patience = timedelta(minutes=help_after)
    policy = Policy(dict.fromkeys(queues, patience), dict.fromkeys(queues, ratio))
    return Rule(name, policy)


def _of_folder(folder: Path) -> HallPlan:
    from hall_server.setup import read_files

    return of_layout(read_files(folder).layout)


def _table(rows: Sequence[Figures], load: str) -> Table:
    """One hall under one load: a column for each rule."""
    table = Table(title=f"{rows[0].hall}, {load}: {rows[0].people} 人 people, 分钟 minutes")
    table.add_column("")
    for row in rows:
        table.add_column(row.rule, justify="right")

    def add(name: str, *cells: str) -> None:
        table.add_row(name, *cells)

    add("平均等候 mean wait", *(f"{row.mean:.1f}" for row in rows))
    add("95 %", *(f"{row.p95:.1f}" for row in rows))
    add("最长 longest", *(f"{row.longest:.0f}" for row in rows))
    add("普通 plain, 95 %", *(f"{row.plain_mean:.1f}, {row.plain_p95:.1f}" for row in rows))
    add("优先 priority, 95 %", *(f"{r.priority_mean:.1f}, {r.priority_p95:.1f}" for r in rows))
    add("预约 booked", *(f"{row.booked_mean:.1f}" for row in rows))
    add("预约 ±10 分钟 punctual", *(f"{row.punctual:.0%}" for row in rows))
    add("被后来者超过 overtaken by", *(f"{row.overtaken:.2f}" for row in rows))
    add("超过保证 beyond the bound", *(str(row.beyond) for row in rows))
    add("窗口忙 windows busy", *(f"{row.busy:.0%}" for row in rows))
    return table


def _forecast_table(hall: HallPlan, days: int, seed: int) -> Table:
    """The forecast at issue, on its first day and after fifteen."""
    every = max(1, round(sum(line.visitors for line in hall.lines) / 60))
    told = [
        compare(hall, seed=seed, learned=learned, days=days, every=every) for learned in (0, 15)
    ]
    table = Table(title=f"{hall.name}: 预计等候 forecast at issue, 分钟 minutes")
    for head in ("", "第一天 first day", "15 天后 after 15 days"):
        table.add_column(head, justify="right" if head else "left")

    def add(name: str, *cells: str) -> None:
        table.add_row(name, *cells)

    add("号票 tickets", *(str(one.score.n) for one in told))
    add("平均等候 mean wait", *(f"{one.score.waited:.1f}" for one in told))
    add("误差 error", *(f"{one.score.error:.1f}" for one in told))
    add("常用算法误差 usual formula's", *(f"{one.usual_error:.1f}" for one in told))
    add("比例 share", *(f"{one.share:.2f}" for one in told))
    add("偏差 bias", *(f"{one.score.bias:+.1f}" for one in told))
    add("落在范围内 in range", *(f"{one.score.coverage:.0%}" for one in told))
    add("范围宽 width", *(f"{one.score.width:.1f}" for one in told))
    add("少说 10 分钟以上 far too short", *(f"{one.score.far_too_short:.0%}" for one in told))
    return table


def _write_csv(path: Path, found: Sequence[tuple[str, Figures]]) -> None:
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        writer = csv.writer(file)
        for n, (load, row) in enumerate(found):
            cells = asdict(row)
            hours = cells.pop("by_hour")
            if n == 0:
                writer.writerow(["load", *cells, *(f"mean_{hour}h" for hour in HOURS)])
            writer.writerow([load, *cells.values(), *hours])


def _picture(found: Sequence[tuple[str, Figures]]) -> str:
    """Mean wait by the hour of coming, one line for each rule, of the first hall and load."""
    load, first = found[0]
    same = [row for other, row in found if (other, row.hall) == (load, first.hall)]
    title = f"{first.hall}, {load}: 平均等候（分钟）mean wait by hour of coming"
    return picture(title, [f"{hour}:00" for hour in HOURS], {row.rule: row.by_hour for row in same})


def _rule_name(word: str) -> str:
    ratio = word.removeprefix("ratio-")
    if word in RULES or (word != ratio and ratio in tuple("123456789")):
        return word
    raise argparse.ArgumentTypeError(f"{', '.join(RULES)}, or ratio-1 to ratio-9")


def _within(kind: type[int] | type[float], least: int, most: int) -> Callable[[str], float]:
    """A number of the command line between two bounds."""

    def number(word: str) -> float:
        value = kind(word)
        if not least <= value <= most:
            raise argparse.ArgumentTypeError(f"{least} to {most}")
        return value

    return number


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="hall simulate", description=__doc__)
    parser.add_argument("--hall", nargs="+", choices=sorted(HALLS), default=["city"])
    parser.add_argument("--files", type=Path, help="a hall's own folder instead (hall.toml)")
    parser.add_argument("--load", nargs="+", choices=list(LOADS), default=["normal"])
    parser.add_argument(
        "--rule",
        nargs="+",
        type=_rule_name,
        default=["first-come", "promise", "strict"],
        help=f"{', '.join(RULES)}; promise has ratio 2, ratio-1 to ratio-9 another",
    )
    parser.add_argument(
        "--help-after", type=_within(int, 0, 120), default=20, help="minutes (支援)"
    )
    parser.add_argument(
        "--booked", type=_within(float, 0, 1), default=0.25, help="share with appointment"
    )
    parser.add_argument(
        "--priority", type=_within(float, 0, 1), default=0.12, help="share of priority classes"
    )
    parser.add_argument(
        "--days", type=_within(int, 1, 1000), default=5, help="days of each of four halls"
    )
    parser.add_argument("--seed", type=_within(int, 0, 1_000_000), default=1)
    parser.add_argument("--forecast", action="store_true", help="score the forecast too")
    parser.add_argument("--speed", action="store_true", help="processor time of rule and forecast")
    parser.add_argument("--csv", type=Path, help="write the figures here")
    parser.add_argument("--svg", type=Path, help="draw the waits by hour here")
    return parser
