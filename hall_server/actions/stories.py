"""Stories (全过程): what the journal tells of one ticket, step by step, before it is worded."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from hall_server.store.journal import Entry


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its sentence in story.toml and what that needs. The fact `queue` is a queue's id
    and `who` is "role:name", both to be named where the sentence is said."""

    seq: int
    at: int
    key: str
    facts: dict[str, Any]
    why: list[dict[str, Any]]  # of a call


def steps(entries: Iterable[Entry], ticket: str) -> Iterator[Step]:
    """What each of these rows did to a ticket, or to its window meanwhile."""
    for entry in entries:
        body = json.loads(entry.body)
        given, facts = body["command"], body["facts"]
        fact = facts.get(f"ticket/{ticket}") or {}
        window = given.get("window") or fact.get("window") or "-"
        called = entry.kind in ("call_next", "call_ticket")
        yield Step(
            seq=entry.seq,
            at=entry.at,
            key=f"{entry.kind}_{given['state']}" if entry.kind == "report_print" else entry.kind,
            facts={
                "window": window,
                "queue": fact.get("queue", ""),
                "ahead": json.loads(entry.reply).get("ahead", 0),
                "call": facts.get(f"window/{window}", {}).get("call", 1),
                "who": entry.caller,
                **{name: given[name] for name in ("level", "ground") if name in given},
            },
            why=(facts.get(f"desk/{window}") or {}).get("why", []) if called else [],
        )
