"""What follows a rating (好差评): why somebody rated so."""

from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from hall_server.wire.bounds import ServiceId, Token
from hall_server.wire.command import Command
from hall_server.wire.items import PROSE_PATTERN
from hall_server.words import Ground

Tag = Annotated[str, StringConstraints(pattern=r"^[1-5][0-9]{2}$")]
Words = Annotated[str, StringConstraints(min_length=1, max_length=500, pattern=PROSE_PATTERN)]


class ExplainRating(Command):
    """Say once why a service was rated so (评价内容): official tags of that level, words, or both.
    The rating itself stands as it is, with or without."""

    unrecorded = frozenset({"token", "words"})
    erased_with = "service"

    service: ServiceId
    tags: tuple[Tag, ...] = Field(default=(), max_length=12)
    words: Words | None = None
    token: Token | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.tags and not (self.words or "").strip():
            raise ValueError("neither tags nor words")
        return self


class EraseReasons(Command):
    """Take the words beside a rating away for good (删除评价内容); its level and tags stay, and the
    journal says on which ground."""

    service: ServiceId
    ground: Ground


RATINGS = (ExplainRating, EraseReasons)
