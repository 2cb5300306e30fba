"""Frames of the websocket /link: what each end may say, one JSON object a frame.

    client  hello -> ask*, see*
    server  welcome, (snapshot | event*) -> event*, reply | refused, live, beat every 2 s

Connecting is receiving a snapshot, or the events since (epoch, seq), and then events. A beat
carries the head seq: whoever is behind it for longer than 3 s connects again. A frame "live"
carries facts that no command made; it has no seq, and the newest is in the snapshot too.
"""

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints, TypeAdapter
from pydantic_core import to_json

from hall_server.wire.bounds import LARGEST_INT, PLAIN, Epoch, Frozen, HallId, Seq, Token

BEAT_SECONDS = 2.0
BEHIND_SECONDS = 3.0
SILENT_SECONDS = 4.0  # two beats: with the board's own 2 s a dead line is told within 6 s
LARGEST_FRAME = 64 * 1024  # a client's frame; a layout goes over HTTP

Ticked = Annotated[int, Field(strict=True, ge=1, le=LARGEST_INT)]


def compact(value: Any) -> str:
    """JSON as it travels and is kept: without spaces, Chinese as it is."""
    return to_json(value).decode()  # a sixth of the time of json.dumps


class Hello(Frozen):
    """The first frame: which hall, who, and the last event seen (none: a snapshot, please).

    A browser's credential is its session cookie; then the field is left out.
    """

    t: Literal["hello"] = "hello"
    hall: HallId
    credential: Token | None = None
    epoch: Epoch | None = None
    seq: Seq = 0


class Ask(Frozen):
    """Give one command; the reply or refusal carries the same n."""

    t: Literal["ask"] = "ask"
    n: Ticked
    command: Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,40}$")]
    body: dict[str, Any]


class See(Frozen):
    """Ask for one view (catalogue, ticket …)."""

    t: Literal["see"] = "see"
    n: Ticked
    view: Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,40}$")]
    args: dict[
        Annotated[str, StringConstraints(max_length=40)],
        Annotated[str, StringConstraints(pattern=PLAIN, max_length=200)],
    ] = Field(default_factory=dict, max_length=8)


ClientFrame = Annotated[Hello | Ask | See, Field(discriminator="t")]
CLIENT_FRAME: TypeAdapter[Hello | Ask | See] = TypeAdapter(ClientFrame)
