"""The rating's part of the flow: one touch of one face, then why, for who wants to say so."""

from dataclasses import dataclass, field
from typing import Any

from config.rating_tags import rating_tags
from hall_server.wire.bounds import new_id
from hall_server.words import Refused
from kiosk.flow.errand import Errand, Move, Touch
from kiosk.flow.holding import Holding
from kiosk.flow.meanings import Deed, Intent, Notice, Page

LEVELS = ("5", "4", "3", "2", "1")  # 非常满意 to 非常不满意


@dataclass
class Rating(Errand):
    """How one citizen found the service of the ticket that was shown. The face counts at once;
    the official tags (评价指标) come after it and may be left out."""

    holding: Holding = field(repr=False, compare=False)
    level: int = 0  # the face that was touched; 0: none yet
    tags: tuple[str, ...] = ()
    refused: Refused | None = None
    _counts: bool = False  # the hall has the rating

    def touch(self, touch: Touch) -> Move | None:
        match touch:
            case Touch(Page.RATE, Intent.PICK_LEVEL, level) if level in LEVELS:
                return self._rate(int(level))
            case Touch(Page.RATE, Intent.BACK):
                return Move(Page.MINE)
            case Touch(Page.REASONS, Intent.PICK_TAG, tag) if tag in self.offered:
                chosen = {*self.tags} ^ {tag}
                self.tags = tuple(one for one in self.offered if one in chosen)
            case Touch(Page.REASONS, Intent.EXPLAIN) if self.tags:
                return self._do("explain_rating", tags=self.tags)
        return None

    @property
    def offered(self) -> tuple[str, ...]:
        """The tags of the level that was given."""
        return rating_tags().of(self.level)

    @property
    def bad(self) -> bool:
        """Whether it is one of the two bad levels (差评)."""
        return self.level in (1, 2)

    def _rate(self, level: int) -> Move | None:
        """Rate the service that was finished (好差评), once."""
        ticket = self.holding.ticket
        if ticket is None or not ticket["may_rate"] or self._counts:
            return None
        move = self._do("rate", level=level)
        self.level = self.level if move is None else level
        return move

    def _do(self, command: str, **facts: object) -> Move | None:
        ticket = self.holding.ticket
        if ticket is None or self._asked:
            return None
        self._asked, self.refused = new_id(), None
        proof = {"service": ticket["service"], "token": ticket["token"]}
        return Move(asked=Deed(self._asked, command, {**proof, **facts}))

    def answered(self, asked: str, answer: Any) -> Move | None:
        """The rating counts; or the hall knows why, and that was all."""
        if not self._awaits(asked):
            return None
        self._asked = ""
        if self._counts:
            return Move(notice=Notice.RATED)
        self._counts = True
        return Move(Page.REASONS)

    def refuse(self, asked: str, refused: Refused) -> Move | None:
        if self._awaits(asked):
            self._asked, self.refused = "", refused
        return None
