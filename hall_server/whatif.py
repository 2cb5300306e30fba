"""`hall whatif`: what a move would do to every queue, or the best moves now, in sentences."""

from contextlib import closing
from datetime import datetime
from typing import Any

from config.language import say
from hall_server.actions.twin_process import Twins
from hall_server.explain import hall_of
from hall_server.store.database import Cursor
from hall_server.store.plans import Plan, Plans
from hall_server.store.store import Store
from hall_server.wire.what_if import ChangeView, EffectView, WhatIf


def whatif(url: str, hall: str | None, asked: WhatIf | None, lang: str, now: datetime) -> list[str]:
    """The effect of one move on every queue, with its interval; without a move the best three
    moves at `now`. The store is only read, beside a running server or without one.

    `hall` may be left out where the server has one. Raises hall_unknown, day_closed, and what
    the move refuses.
    """
    with closing(Store(url)) as store:
        name, plan = store.read(lambda cursor: _plan(cursor, hall))
        question = {"hall": name, "at": now.isoformat(), "more": {}}
        twins = Twins(store)
        if asked is None:
            moves = twins.answer({**question, "ask": "best_moves"})["moves"]
            title = say("whatif.title" if moves else "whatif.none", lang)
            told = [f"{n}. {_short(one, plan, lang)}" for n, one in enumerate(moves, 1)]
            return [title, *told]
        more = asked.model_dump(mode="json", exclude_none=True)
        effect: Any = twins.answer({**question, "ask": "what_if", "more": more})
        changes = [effect["hall"], *effect["queues"]]
        return [_short(effect, plan, lang), *(f"  {_line(one, plan, lang)}" for one in changes)]


def _plan(cursor: Cursor, hall: str | None) -> tuple[str, Plan]:
    head = hall_of(cursor, hall)
    return head.hall, Plans().of(cursor, head.hall, head.layout, head.catalogue)


def _short(effect: EffectView, plan: Plan, lang: str) -> str:
    """A move in one line: what, who gains, who pays."""
    by_queue = {change["queue"]: change for change in effect["queues"]}
    gains = by_queue.get(effect["gains"] or "", effect["hall"])
    told = [
        _move(effect["move"], plan, lang),
        say("whatif.effect", lang, **_facts(gains, plan, lang)),
    ]
    if effect["pays"] is None:
        told.append(say("whatif.nobody_pays", lang))
    else:
        told.append(say("whatif.pays", lang, **_facts(by_queue[effect["pays"]], plan, lang)))
    if "close_doors" not in effect["move"]:
        return say("whatif.move", lang, move=told[0], effect=told[1], cost=told[2])
    away = _away(effect["hall"], lang) or say("whatif.nobody_away", lang)
    return say("whatif.move_doors", lang, move=told[0], effect=told[1], cost=told[2], away=away)


def _move(move: dict[str, Any], plan: Plan, lang: str) -> str:
    if "close_doors" in move:
        return say("whatif.close_doors", lang, at=move["close_doors"])
    opened = move["open"]
    return say("whatif.open", lang, **opened | {"queue": _name(opened["queue"], plan, lang)})


def _line(change: ChangeView, plan: Plan, lang: str) -> str:
    away = _away(change, lang)
    told = say("whatif.change", lang, **_facts(change, plan, lang))
    return say("whatif.change_away", lang, change=told, away=away) if away else told


def _away(change: ChangeView, lang: str) -> str:
    """How many get no number; nothing where nobody is turned away."""
    people, give = f"{change['away']:.0f}", f"{change['away_give']:.0f}"
    return "" if people == "0" else say("whatif.away", lang, people=people, give=give)


def _facts(change: ChangeView, plan: Plan, lang: str) -> dict[str, str]:
    return {
        "queue": _name(change["queue"], plan, lang),
        "before": f"{change['before']:.0f}",
        "after": f"{change['after']:.0f}",
        "by": _signed(change["by"]),
        "give": f"{change['give']:.0f}",
    }


def _signed(minutes: float) -> str:
    """+4, −10, 0: the sign that a wall shows, not a hyphen."""
    told = f"{minutes:+.0f}".replace("-", "−")
    return "0" if told in ("+0", "−0") else told


def _name(queue: str, plan: Plan, lang: str) -> str:
    return plan.queue_name(queue, lang) if queue in plan.queues else say("whatif.hall", lang)
