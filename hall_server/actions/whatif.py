"""What if (如果…会怎样), answered by the twin's process: one move, or the best moves now."""

from datetime import datetime, timedelta
from random import Random
from typing import Any

from hall_server.actions.twin import Present, midnight
from hall_server.rules import whatif as rules
from hall_server.rules.forecast import forecast
from hall_server.rules.whatif import Change, CloseDoors, Effect, Move, OpenFor
from hall_server.wire.hours import HALL_TIME, in_ms
from hall_server.wire.what_if import BestMovesView, ChangeView, EffectView, WhatIf
from hall_server.words import Refusal, Refused

AFTER_CLOSING = timedelta(hours=1)  # of the doors: who would have come then may go first


def what_if(present: Present, more: dict[str, Any]) -> dict[str, Any]:
    """The effect of one move, a `WhatIf`. Raises window_unknown, queue_unknown, or bad_input for
    a move that is over."""
    asked = WhatIf.model_validate(more)
    move, until = _move(present, asked)
    until = max(until, present.at + rules.HORIZON)
    effect = rules.what_if(
        present.now, present.laws, present.policy, present.at, move, _dice(present), until=until
    )
    return dict(_effect(effect, asked))


def best_moves(present: Present, _more: dict[str, Any]) -> dict[str, Any]:
    """The three moves of one window that save the hall most in the next 90 minutes."""
    now, laws, policy, at = present.now, present.laws, present.policy, present.at
    told = forecast(now, laws, policy, at, _dice(present))
    found = rules.best_moves(now, laws, policy, at, told, _dice(present))
    moves = [_effect(effect, _asked(effect.move)) for effect in found]
    answer: BestMovesView = {"at": in_ms(at), "moves": moves}
    return dict(answer)


def _dice(present: Present) -> Random:
    """The same draws each time: what is told moves with the hall, not with the dice."""
    return Random(f"{present.head.hall} {present.head.date}")


def _move(present: Present, asked: WhatIf) -> tuple[Move, datetime]:
    """The move as the rule knows it, and until when it must be looked at."""
    if asked.close_doors is not None:
        doors = _moment(present, asked.close_doors)
        return CloseDoors(doors), doors + AFTER_CLOSING
    assert asked.open is not None
    window, queue = asked.open.window, asked.open.queue
    if window not in present.plan.windows:
        raise Refused(Refusal.WINDOW_UNKNOWN, window=window)
    if queue not in present.plan.queues:
        raise Refused(Refusal.QUEUE_UNKNOWN, queue=queue)
    start, end = _moment(present, asked.open.start), _moment(present, asked.open.end)
    if end <= present.at:
        raise Refused(Refusal.BAD_INPUT, field="open.end")
    return OpenFor(window, queue, start, end), end


def _moment(present: Present, clock: str) -> datetime:
    assert present.head.date is not None
    hours, minutes = clock.split(":")
    return midnight(present.head.date) + timedelta(hours=int(hours), minutes=int(minutes))


def _asked(move: Move) -> WhatIf:
    if isinstance(move, CloseDoors):
        return WhatIf(close_doors=_clock(move.at))
    given = {"window": move.window, "queue": move.queue, "start": _clock(move.start)}
    return WhatIf.model_validate({"open": given | {"end": _clock(move.end)}})


def _clock(at: datetime) -> str:
    return f"{at.astimezone(HALL_TIME):%H:%M}"


def _effect(effect: Effect, asked: WhatIf) -> EffectView:
    gains, pays = effect.gains, effect.pays
    return {
        "move": asked.model_dump(mode="json", exclude_none=True),
        "queues": [_change(change) for change in effect.queues.values()],
        "hall": _change(effect.hall),
        "gains": None if gains is None else gains.queue,
        "pays": None if pays is None else pays.queue,
    }


def _change(change: Change) -> ChangeView:
    return {
        "queue": change.queue,
        "before": round(change.before, 1),
        "after": round(change.after, 1),
        "by": round(change.by, 1),
        "give": round(change.give, 1),
        "felt": change.felt,
        "away": round(change.away, 1),
        "away_give": round(change.away_give, 1),
    }
