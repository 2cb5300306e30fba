"""What the kiosk asks of the hall beside its wishes: views, and deeds without paper."""

import asyncio
from collections.abc import Mapping
from typing import Any, Protocol

from hall_server.wire.commands import COMMANDS
from hall_server.wire.link import Link, LinkLost
from hall_server.words import Refusal, Refused
from kiosk.flow import Deed, Question

LOOK_SECONDS = 5.0  # that a citizen waits for an answer
DEED_SECONDS = 10.0


class Told(Protocol):
    """Who hears the answers; called in the event loop."""

    def answered(self, asked: str, answer: Mapping[str, Any]) -> None: ...

    def refuse(self, wish: str, refused: Refused) -> None: ...


class Asking:
    """Asks once for a view, and under one id for a deed. What nobody answers in time is told as
    refused, so that the page can say so; the citizen is still there and asks again."""

    def __init__(self, hall: str, link: Link, told: Told) -> None:
        self._hall, self._link, self._told = hall, link, told

    async def carry(self, asked: Question | Deed) -> None:
        """Bring one answer."""
        try:
            if isinstance(asked, Question):
                answer = await self._link.see(asked.view, LOOK_SECONDS, **asked.args)
            else:
                answer = await self._do(asked)
        except (LinkLost, TimeoutError):
            self._told.refuse(asked.id, Refused(Refusal.TOO_BUSY))
        except Refused as refused:
            self._told.refuse(asked.id, refused)
        else:
            self._told.answered(asked.id, answer)

    async def _do(self, deed: Deed) -> dict[str, Any]:
        body = {"hall": self._hall, "id": deed.id, **deed.facts}
        async with asyncio.timeout(DEED_SECONDS):
            return await self._link.insist(COMMANDS[deed.command].model_validate(body))
