"""The official tags (评价指标) that say why somebody rated so, from rating_tags.toml."""

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

FILE = Path(__file__).with_name("rating_tags.toml")

Tag = Annotated[str, StringConstraints(pattern=r"^[1-5][0-9]{2}$")]
Level = Annotated[int, Field(ge=1, le=5)]


class RatingTags(BaseModel):
    """The tags of each level in their order, under the version that is kept with each answer."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: str = Field(pattern=r"^[0-9a-z.-]{1,16}$")
    levels: dict[Level, Annotated[tuple[Tag, ...], Field(max_length=12)]] = Field(max_length=5)

    def of(self, level: int) -> tuple[str, ...]:
        """The tags that a rating of this level may name."""
        return self.levels.get(level, ())


@lru_cache(maxsize=1)
def rating_tags() -> RatingTags:
    """The tags in force."""
    return RatingTags.model_validate(tomllib.loads(FILE.read_text(encoding="utf-8")))
