"""Where to wait (等候区) for a queue, and at which windows (窗口) it will be called."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any


@dataclass(frozen=True)
class Place:
    """The queue's name, its zone's name or "", and its windows as "1–4, 7" or ""."""

    queue: str = ""
    zone: str = ""
    windows: str = ""


def place(hall: Mapping[str, Any], queue: str, lang: str) -> Place:
    """Where a queue is called. Windows that only help it (支援窗口) are left out: nobody should
    wait in front of those. A queue the layout no longer has is shown by its id."""
    plan = next((one for one in hall.get("queues", ()) if one["id"] == queue), None)
    if plan is None:
        return Place(queue)
    zone = next((one for one in hall.get("zones", ()) if one["id"] == plan.get("zone")), None)
    serving = [one["id"] for one in hall.get("windows", ()) if queue in one["queues"]]
    return Place(named(plan, lang), named(zone, lang) if zone else "", ranges(serving))


def named(thing: Mapping[str, Any], lang: str) -> str:
    """The name in this language; Chinese where there is no other."""
    return str((thing.get("name_en") if lang == "en" else "") or thing["name"])


def ranges(windows: list[str]) -> str:
    """Window numbers as a person says them: 1–4, 7. Numbers with a letter stand alone."""
    plain = sorted({int(one) for one in windows if one.isdigit()})
    parts: list[list[int]] = [[one] for one in plain[:1]]
    for before, one in pairwise(plain):
        if one == before + 1:
            parts[-1].append(one)
        else:
            parts.append([one])
    told = [str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in parts]
    return ", ".join([*told, *sorted({one for one in windows if not one.isdigit()})])
