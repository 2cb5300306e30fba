"""What if (如果…会怎样): a move that a supervisor asks about, and what it would do."""

from typing import TypedDict

from pydantic import model_validator

from hall_server.wire.bounds import Frozen, QueueId, WindowId
from hall_server.wire.hours import Clock


class OpenFor(Frozen):
    """A window takes a queue as its own for a while (开窗支援), in hall time of the open day."""

    window: WindowId
    queue: QueueId
    start: Clock
    end: Clock

    @model_validator(mode="after")
    def _ends_later(self) -> "OpenFor":
        if self.end <= self.start:
            raise ValueError("a move that ends before it starts")
        return self


class WhatIf(Frozen):
    """One move: a window opened for a queue, or no number taken from a time on (停止取号)."""

    open: OpenFor | None = None
    close_doors: Clock | None = None

    @model_validator(mode="after")
    def _one_move(self) -> "WhatIf":
        if (self.open is None) == (self.close_doors is None):
            raise ValueError("open or close_doors")
        return self


class ChangeView(TypedDict):
    """A queue's mean wait in minutes, as it would be and after the move; `by` is the difference,
    sure to within `give` in 95 of 100 cases; `felt`: whether that is worth a word. `away`: how
    many people get no number for it until the day's usual end, sure to within `away_give`."""

    queue: str
    before: float
    after: float
    by: float
    give: float
    felt: bool
    away: float
    away_give: float


class EffectView(TypedDict):
    """What a move (WhatIf) does to every queue and to all visitors together (`hall`); the queue
    that gains most and the one that pays for it (代价), if one does."""

    move: dict[str, object]
    queues: list[ChangeView]
    hall: ChangeView
    gains: str | None
    pays: str | None


class BestMovesView(TypedDict):
    """The moves that save the hall most now (忙闲不均), best first, as it stood `at`."""

    at: int
    moves: list[EffectView]
