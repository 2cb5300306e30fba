"""A command (指令) as such: one wish, with the id that makes a repeat harmless."""

import re
from typing import ClassVar

from pydantic import Field

from hall_server.wire.bounds import (
    CommandId,
    Frozen,
    Generation,
    HallId,
    WindowId,
    new_id,
)


class Command(Frozen):
    """One wish. Once it is done, the same id with the same body is answered with the first
    answer, for ever; with another body it is refused (same_id_other_body). A refusal changes
    nothing and is not kept: asked again, the wish is decided anew."""

    kind: ClassVar[str] = ""
    # Fields that stay out of the journal: secrets, and documents that have their own place.
    unrecorded: ClassVar[frozenset[str]] = frozenset()
    # The field of the reply that names with what a person's words, card or phone stand, where it
    # brings any. They are erased later, so that not even their plain hash may be in the journal.
    erased_with: ClassVar[str | None] = None

    hall: HallId
    id: CommandId = Field(default_factory=new_id)

    def __init_subclass__(cls, **kwargs: object) -> None:
        super().__init_subclass__()
        cls.kind = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", cls.__name__).lower()


class WindowCommand(Command):
    """A wish of one window. The generation is the lease that open_window gave; 0 is the call
    box on the window's own desk, which an agent speaks for."""

    window: WindowId
    generation: Generation
