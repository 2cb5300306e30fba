"""What simulated days were like, as tables for the screen, a CSV and a picture."""

import csv
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from rich.table import Table

from hall_server.simulate.figures import HOURS, Figures
from hall_server.simulate.forecasting import compare
from hall_server.simulate.halls import HallPlan
from hall_server.simulate.svg import bars, picture, stacked


def table(rows: Sequence[Figures], load: str) -> Table:
    """One hall under one load: a column for each rule."""
    made = Table(title=f"{rows[0].hall}, {load}: {rows[0].people} 人 people, 分钟 minutes")
    made.add_column("")
    for row in rows:
        made.add_column(row.rule, justify="right")
    add = made.add_row
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
    return made


def forecast_table(hall: HallPlan, days: int, seed: int) -> Table:
    """The forecast at issue, on its first day and after fifteen."""
    every = max(1, round(sum(line.visitors for line in hall.lines) / 60))
    told = [
        compare(hall, seed=seed, learned=learned, days=days, every=every) for learned in (0, 15)
    ]
    made = Table(title=f"{hall.name}: 预计等候 forecast at issue, 分钟 minutes")
    for head in ("", "第一天 first day", "15 天后 after 15 days"):
        made.add_column(head, justify="right" if head else "left")
    add = made.add_row
    add("号票 tickets", *(str(one.score.n) for one in told))
    add("平均等候 mean wait", *(f"{one.score.waited:.1f}" for one in told))
    add("误差 error", *(f"{one.score.error:.1f}" for one in told))
    add("常用算法误差 usual formula's", *(f"{one.usual_error:.1f}" for one in told))
    add("比例 share", *(f"{one.share:.2f}" for one in told))
    add("偏差 bias", *(f"{one.score.bias:+.1f}" for one in told))
    add("落在范围内 in range", *(f"{one.score.coverage:.0%}" for one in told))
    add("范围宽 width", *(f"{one.score.width:.1f}" for one in told))
    add("少说 10 分钟以上 far too short", *(f"{one.score.far_too_short:.0%}" for one in told))
    return made


def write_csv(path: Path, found: Sequence[tuple[str, Figures]]) -> None:
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        writer = csv.writer(file)
        for n, (load, row) in enumerate(found):
            cells = asdict(row)
            hours = cells.pop("by_hour")
            if n == 0:
                writer.writerow(["load", *cells, *(f"mean_{hour}h" for hour in HOURS)])
            writer.writerow([load, *cells.values(), *hours])


def drawing(found: Sequence[tuple[str, Figures]]) -> str:
    """Of the first hall and load: mean wait by the hour of coming, and what became of each class,
    one line and one colour for each rule."""
    load, first = found[0]
    same = [row for other, row in found if (other, row.hall) == (load, first.hall)]
    title = f"{first.hall}, {load}: 平均等候（分钟）mean wait by hour of coming"
    lines = picture(
        title, [f"{hour}:00" for hour in HOURS], {one.rule: one.by_hour for one in same}
    )
    title = f"{first.hall}, {load}: 等候（分钟）waits; 准时、窗口忙（%）punctual, busy"
    groups = ("普通", "普通 95 %", "优先", "优先 95 %", "预约", "准时 %", "被超过", "窗口忙 %")
    values = {
        one.rule: (
            one.plain_mean, one.plain_p95, one.priority_mean, one.priority_p95, one.booked_mean,
            100 * one.punctual, one.overtaken, 100 * one.busy,
        )
        for one in same
    }  # fmt: skip
    return stacked(lines, bars(title, groups, values))
