"""A hall that proves, after every command, what must hold after every command."""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from copy import deepcopy
from typing import Any

import pytest

from hall_server.hall import Hall
from hall_server.hub import Hub
from hall_server.rules.permits import Who
from hall_server.store import heads, journal
from hall_server.store.database import Cursor
from hall_server.wire.bounds import new_id
from hall_server.wire.commands import Command, Rate, WindowCommand
from hall_server.wire.items import Catalogue
from hall_server.wire.policy import QueueWish
from hall_server.wire.views import SEES, State, apply, visible
from hall_server.words import Refusal, Refused, Role
from tests.builders import HALL, hall_of, layout

# How another body of a command is made: a field, and another sound value for it.
OTHER: dict[str, Callable[[Any], Any]] = {
    "generation": lambda was: was + 1,
    "trouble": lambda was: was + "_too",
    "machine": lambda was: was + "-2",
    "reason": lambda was: was + "！",
    "call": lambda was: new_id(),
    "words": lambda was: was + "！",
    "entry": lambda was: new_id(),
    "of_queues": lambda was: ("another",),
    "sequence": lambda was: was + 1,
    "queue": lambda was: "another",
    "item": lambda was: "ANOTHER-1",
    "level": lambda was: was % 5 + 1,
    "state": lambda was: "unknown" if was == "printed" else "printed",
    "date": lambda was: "2030-01-02",
    "code": lambda was: "00000000",
    "appointment": lambda was: new_id(),
    "secret_hash": lambda was: was[::-1] + "x",
    "session_hash": lambda was: was[1:] + was[0],
    "layout": lambda was: layout(windows=1) if len(was.windows) > 1 else layout(windows=2),
    "queues": lambda _was: {"another": QueueWish(ratio=1)},
    "catalogue": lambda was: Catalogue(version="another"),
    "ticket": lambda was: new_id(),
    "window": lambda was: "999",
}


class ProvenHall(Hall):
    """After every command: the old snapshot and the event make the new one, for every role; the
    store says the same; no other hall moved; the event and its record tell no secret; a repeat
    changes nothing and is answered the same; the same id with another body is refused."""

    async def handle(self, command: Command, who: Who) -> dict[str, Any]:
        if command.hall not in self.hubs:
            return await super().handle(command, who)
        hub = self.hubs[command.hall]
        before = self._everything()
        boxes = [hub.join(topics, hub.epoch, hub.seq)[0] for topics in set(SEES.values())]
        answer = await self._answer(command, who)
        for box in boxes:
            hub.leave(box)
        done = isinstance(answer, dict)
        after = self._everything()
        told = {box.topics: list(box.frames) for box in boxes}
        assert after.pop(hub.hall)[0] == before[hub.hall][0] + done
        assert after == {name: was for name, was in before.items() if name != hub.hall}
        for topics, frames in told.items():
            assert len(frames) == done, "each change is one event, told to everybody"
            state = seen(before[hub.hall][1], topics)
            for frame in frames:
                apply(state, json.loads(frame)["facts"])
            assert state == seen(hub.state, topics)
        if isinstance(answer, Refused):
            await self._repeats(command, who, answer)
            raise answer
        self._tells_no_secret(command, answer, [frame for box in told.values() for frame in box])
        await self._repeats(command, who, answer)
        return answer

    async def _answer(self, command: Command, who: Who) -> dict[str, Any] | Refused:
        try:
            return await super().handle(command, who)
        except Refused as refused:
            no = refused
        assert no.code is not Refusal.INTERNAL, "a bug, not a refusal"
        return no

    async def _repeats(self, command: Command, who: Who, answer: dict[str, Any] | Refused) -> None:
        before = self._everything()
        again = await self._answer(command, who)
        if isinstance(answer, Refused):
            assert isinstance(again, Refused)
            assert (again.code, again.facts) == (answer.code, answer.facts)
        else:
            assert again == answer
            other = other_body(command, who)
            if other is not None:
                refused = await self._answer(other, who)
                assert isinstance(refused, Refused)
                assert refused.code is Refusal.SAME_ID_OTHER_BODY
        assert self._everything() == before

    def _everything(self) -> dict[str, tuple[int, State]]:
        """Every hall's seq and live state; the store and the hub say the same."""
        kept = self.fresh()
        for name, hub in self.hubs.items():
            assert (kept[name].epoch, kept[name].seq) == (hub.epoch, hub.seq)
            assert kept[name].state == hub.state
        return {name: (hub.seq, hub.state) for name, hub in kept.items()}

    async def once_more(self, command: Command, who: Who) -> dict[str, Any]:
        """The bare answer, where something has happened since a command was first given."""
        return await super().handle(command, who)

    def fresh(self) -> dict[str, Hub]:
        """Every hall that is watched, as the store tells it now."""
        return self.store.read(
            lambda cursor: {
                head.hall: Hub(head.hall, head.epoch, head.seq, self.state_of(cursor, head))
                for head in heads.every_head(cursor)
                if head.hall in self.hubs
            }
        )

    def _tells_no_secret(self, command: Command, reply: dict[str, Any], told: list[str]) -> None:
        hub = self.hubs[command.hall]

        def last(cursor: Cursor) -> journal.Entry:
            return journal.since(cursor, hub.hall, hub.seq - 1, 1)[0]

        hidden = [reply.get("token"), *(getattr(command, field) for field in command.unrecorded)]
        body = self.store.read(last).body
        for secret in hidden:
            if isinstance(secret, str):
                assert all(secret not in text for text in [*told, body])
        if "code" in reply:
            assert all(f'"{reply["code"]}"' not in text for text in [*told, body])
        if isinstance(command, Rate):
            assert all("level" not in frame for frame in told)


def other_body(command: Command, who: Who) -> Command | None:
    """The same id with another body; None where nothing but the id could differ."""
    for field, change in OTHER.items():
        was = getattr(command, field, None)
        if was is not None and not (who.role is Role.CITIZEN and field == "ticket"):
            return command.model_copy(update={field: change(was)})
    return None


def seen(state: State, topics: frozenset[str]) -> State:
    """As much of a live state as these topics show."""
    return {name: deepcopy(state[name]) for name in visible(state, topics)}


def sound_journal(hall: Hall, name: str = HALL) -> None:
    """The journal verifies, and its facts told in order from nothing make the live state."""

    def read(cursor: Cursor) -> None:
        head = next(head for head in heads.every_head(cursor) if head.hall == name)
        assert journal.verify(cursor, head) == head.seq
        state: State = {}
        for entry in journal.walk(cursor, name):
            apply(state, json.loads(entry.body)["facts"])
        assert state == hall.hubs[name].state

    hall.store.read(read)


def window(hall: Hall, name: str = "1") -> dict[str, Any]:
    """What everybody sees of a window."""
    return hall.hubs[HALL].state[f"window/{name}"]  # type: ignore[no-any-return]


def wish(command: type[WindowCommand], generation: int, name: str = "1", **more: Any) -> Any:
    """A command of a window, not yet given."""
    return command(hall=HALL, window=name, generation=generation, **more)


async def refused(hall: Hall, command: Command, who: Who, code: Refusal, **facts: Any) -> None:
    """The hall says this no, with these facts among others."""
    with pytest.raises(Refused) as no:
        await hall.handle(command, who)
    assert no.value.code is code
    assert facts.items() <= no.value.facts.items()


@asynccontextmanager
async def proven_hall(url: str, *given: Any, **more: Any) -> AsyncIterator[ProvenHall]:
    """As builders.open_hall, but proven; in the end its journal is sound."""
    async with hall_of(ProvenHall, url, *given, **more) as hall:
        yield hall
        sound_journal(hall)
