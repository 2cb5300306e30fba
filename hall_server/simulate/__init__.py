"""`hall simulate`: whole days of a hall on a clock of their own, to compare rules and forecasts."""

import argparse
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from hall_server.rules.policy import WHOLE_DAY, Policy
from hall_server.setup import read_files
from hall_server.simulate.arrivals import ArrivalsWrong, Came, read_arrivals
from hall_server.simulate.figures import Engine, Figures, by_rules, figures
from hall_server.simulate.hall_day import play_hall
from hall_server.simulate.halls import HALLS, HallPlan, apart, of_layout, with_the_people_of
from hall_server.simulate.rule import FIRST_COME, NO_BOUND, Rule
from hall_server.simulate.speed import speed
from hall_server.simulate.tables import drawing, forecast_table, table, write_csv
from hall_server.simulate.visitors import People
from hall_server.wire.files import HallFiles

LOADS = {"light": 0.75, "normal": 0.95, "heavy": 1.1, "overload": 1.25}
RULES = ("first-come", "first-come-idle", "first-come-apart", "promise", "strict", "own")
APART = "first-come-apart"
IDLE = timedelta(hours=2)  # the most that may be set: all but help only when idle
FAST_DAYS, HALL_DAYS = 5, 1

Column = tuple[HallPlan, Rule]


class _NotAsked(Exception):
    """The command line asks for what cannot be."""


def run(argv: list[str]) -> int:
    """Play the days that are asked for and print what they were like; 2 for what cannot be."""
    asked = _parser().parse_args(argv)
    console = Console()
    try:
        games, came = _games(asked)
    except (_NotAsked, ArrivalsWrong) as no:
        console.print(str(no), markup=False, highlight=False, soft_wrap=True)
        return 2
    found: list[tuple[str, Figures]] = []
    halls_of_each = (1, 2, 3, 4) if asked.fast else (1,)
    days = asked.days or (FAST_DAYS if asked.fast else HALL_DAYS)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        columns = sum(len(game) for game in games) * len(asked.load)
        task = progress.add_task("", total=columns * len(halls_of_each) * days)
        for game in games:
            for load in asked.load:
                people = People(load=LOADS[load], booked=asked.booked, priority=asked.priority)
                rows = [
                    figures(
                        hall,
                        rule,
                        people,
                        range(asked.seed, asked.seed + days),
                        hall_seeds=halls_of_each,
                        progress=partial(progress.advance, task),
                        engine=_engine(asked),
                        came=came,
                    )
                    for hall, rule in game
                ]
                console.print(table(rows, load))
                found += [(load, row) for row in rows]
    if asked.csv:
        write_csv(asked.csv, found)
    if asked.svg:
        asked.svg.write_text(drawing(found), encoding="utf-8")
    for hall in {hall.name: hall for game in games for hall, _ in game}.values():
        if asked.forecast:
            console.print(forecast_table(hall, days, asked.seed))
        if asked.speed:
            took = speed(hall, asked.seed)
            console.print(
                f"{hall.name}: {took.waiting} 人等候 waiting; "
                f"choose (500) p99 {1000 * took.choice:.2f} ms, "
                f"预计 forecast {1000 * took.refresh:.0f} ms, 建议 advice {took.advice:.1f} s"
            )
    return 0


def _engine(asked: argparse.Namespace) -> Engine:
    return by_rules if asked.fast else play_hall


def _games(asked: argparse.Namespace) -> tuple[list[list[Column]], list[Came]]:
    """What is to be compared: for each hall its rules; for several folders, each with its rules
    before the people of the first."""
    usual = ["own"] if asked.files else ["first-come", "promise"]
    names = asked.rule or usual
    if "strict" in names and not asked.fast:
        raise _NotAsked("strict: no hall may be set so; it is played with --fast")
    if not asked.files:
        halls = [HALLS[name] for name in asked.hall]
        games = [[_column(hall, one, asked.help_after) for one in names] for hall in halls]
        items: dict[str, str] = {}
    else:
        folders = [read_files(folder) for folder in asked.files]
        games = [_folders(asked.files, folders, names, asked.help_after)]
        items = {item.code: item.queue for item in folders[0].catalogue.items if item.queue}
    if not asked.arrivals:
        return games, []
    if len(games) > 1:
        raise _NotAsked("--arrivals: one hall")
    return games, read_arrivals(asked.arrivals, games[0][0][0], items)


def _folders(
    paths: Sequence[Path],
    folders: Sequence[HallFiles],
    names: Sequence[str],
    help_after: int,
) -> list[Column]:
    first = of_layout(folders[0].layout)
    game: list[Column] = []
    for path, files in zip(paths, folders, strict=True):
        try:
            hall = with_the_people_of(of_layout(files.layout), first)
        except ValueError as other:
            raise _NotAsked(f"{path}: not the queues of {paths[0]}: {other}") from None
        for name in names:
            played, rule = _column(hall, name, help_after)
            label = rule.name if len(paths) == 1 else f"{path.name} {rule.name}"
            game.append((played, replace(rule, name=label)))
    return game


def _column(hall: HallPlan, name: str, help_after: int) -> Column:
    return (apart(hall) if name == APART else hall), rule_of(name, hall, help_after)


def rule_of(name: str, hall: HallPlan, help_after: int) -> Rule:
    """The rules by name: first-come (先来后到), promise (承诺+穿插, ratio 2), ratio-N, strict;
    own is the hall's layout as it stands.

    All others help a line that has waited `help_after` minutes longer, so that they differ in
    nothing but the order; first-come-idle helps only when idle, and first-come-apart is played
    in halls whose windows help nobody.
    """
    if name == "own":
        return Rule(name, hall.policy)
    queues = [line.name for line in hall.lines]
    minutes = IDLE if name in (f"{FIRST_COME.name}-idle", APART) else timedelta(minutes=help_after)
    patience = dict.fromkeys(queues, minutes)
    if name.startswith(FIRST_COME.name):
        return replace(
            FIRST_COME, name=name, policy=replace(FIRST_COME.policy, help_after=patience)
        )
    if name == "strict":
        ratios = dict.fromkeys(queues, NO_BOUND)
        return Rule(name, Policy(patience, ratios, plain_within=WHOLE_DAY))
    ratio = 2 if name == "promise" else int(name.removeprefix("ratio-"))
    return Rule(name, Policy(patience, dict.fromkeys(queues, ratio)))


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
    parser.add_argument(
        "--files", nargs="+", type=Path, help="halls' own folders instead (hall.toml), compared"
    )
    parser.add_argument(
        "--arrivals", type=Path, help="real arrivals: a CSV of time, queue or item, class, slot"
    )
    parser.add_argument(
        "--fast", action="store_true", help="by the rules alone, four halls of each kind"
    )
    parser.add_argument("--load", nargs="+", choices=list(LOADS), default=["normal"])
    parser.add_argument(
        "--rule",
        nargs="+",
        type=_rule_name,
        help=f"{', '.join(RULES)}; promise has ratio 2, ratio-1 to ratio-9 another",
    )
    parser.add_argument(
        "--help-after", type=_within(int, 0, 120), default=10, help="minutes (支援)"
    )
    parser.add_argument(
        "--booked", type=_within(float, 0, 1), default=0.25, help="share with appointment"
    )
    parser.add_argument(
        "--priority", type=_within(float, 0, 1), default=0.12, help="share of priority classes"
    )
    parser.add_argument(
        "--days", type=_within(int, 1, 1000), help=f"{HALL_DAYS}; with --fast {FAST_DAYS}"
    )
    parser.add_argument("--seed", type=_within(int, 0, 1_000_000), default=1)
    parser.add_argument("--forecast", action="store_true", help="score the forecast too")
    parser.add_argument("--speed", action="store_true", help="processor time of rule and forecast")
    parser.add_argument("--csv", type=Path, help="write the figures here")
    parser.add_argument("--svg", type=Path, help="draw waits by hour and by class here")
    return parser
