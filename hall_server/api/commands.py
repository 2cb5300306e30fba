"""One POST for each command, under /api/commands/."""

import logging
from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import APIRouter, Body, Request
from fastapi.routing import APIRoute
from pydantic import ValidationError
from pydantic_core import to_json
from starlette.requests import ClientDisconnect
from starlette.types import Receive, Scope, Send

from hall_server.api.callers import Caller, TheHall, hall_of, who_knocks
from hall_server.api.refusals import RESPONSES, answer, bad_input
from hall_server.wire.commands import COMMANDS, Command, SignIn, SignOut
from hall_server.words import Refusal, Refused

log = logging.getLogger(__name__)

PLAIN_JSON = (
    (b"content-type", b"application/json"),
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
)

# A session begins and ends at /api/sign_in and /api/sign_out, which check the password first.
INSIDE = (SignIn, SignOut)
EXAMPLE: dict[str, Any] = {
    "hall": "demo",
    "id": "1f3c5b7e-0d2a-4c6e-8f10-a1b2c3d4e5f6",
    "date": "2026-11-23",
    "time": "09:30",
    "code": "20260415",
    "person": "a" * 64,
    "item": "SF-001",
    "queue": "social",
    "priority": "elder",
    "ticket": "01a205ea-be80-74c2-a89d-60e67d996eed",
    "appointment": None,  # a code, or this
    "phone": None,  # a card, or this
    "service": "01a205ea-be80-721e-a1dc-13e64239b546",
    "state": "printed",
    "prints": 2,
    "window": "3",
    "generation": 1,
    "reason": "材料已补齐",
    "device": "printer",
    "device_kind": "printer",
    "device_state": "fault",
    "trouble": "paper_out",
    "since": 1_795_395_600_000,
    "machine": "kiosk-2",
    "level": 5,
    "tags": ["511", "517"],
    "token": "ZR03q9T3TqnSkDW9MbsYxA",
    "name": "kiosk-2",
    "role": "kiosk",
    "secret_hash": "a" * 64,
    "queues": {"social": {"ratio": 1}},
    "whole": {"on_time_minutes": 15},
    "of_queues": ["social"],
    "lease": {
        "day": 1,
        "date": "2026-11-23",
        "queue": "social",
        "prefix": "A",
        "first": 51,
        "last": 100,
        "leased_at": 1_795_395_600_000,
        "signature": "a" * 64,
    },
    "sequence": 51,
    "taken_at": 1_795_396_200_000,
    "instead": None,
    "number": "A051X",
    "refusal": "queue_unknown",
    "unmerged": "01a205ea-be80-7a11-9c1d-13e64239b546",
    "short_code": "K7QM",
    "call": "01a205ea-be80-7611-9c1d-13e64239b546",
    "entry_kind": "unsolved",
    "words": "材料交了三次，还是说不全。",
    "ground": "asked",
    "entry": "01a205ea-be80-7733-9c1d-13e64239b546",
    "layout": {},
    "catalogue": {},
}


class CommandRoute(APIRoute):
    """One command's way from the request to its door, without the framework's: that costs
    more than the deed. FastAPI still tells it in OpenAPI, from the door's signature."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        super().__init__(path, endpoint, **options)
        self.app = self.answer

    async def answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The plain ASGI app of this command; the app comes straight here."""
        request = Request(scope, receive)
        try:
            told = to_json(await self._reply(request))
        except Refused as refused:
            await answer(refused)(scope, receive, send)
        except ClientDisconnect:  # gone in the middle of the body: nobody hears an answer
            return
        except Exception:
            log.exception("command %s failed", self.name)
            await answer(Refused(Refusal.INTERNAL))(scope, receive, send)
        else:
            headers = [*PLAIN_JSON, (b"content-length", b"%d" % len(told))]
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            await send({"type": "http.response.body", "body": told})

    async def _reply(self, request: Request) -> Any:
        hall, who = hall_of(request), await who_knocks(request)
        hall.admit(self.name, who)
        try:
            given = COMMANDS[self.name].model_validate_json(await request.body())
        except ValidationError as bad:
            raise bad_input(bad, "body") from None
        return await self.endpoint(hall, who, given)


router = APIRouter(
    prefix="/api/commands", responses=RESPONSES, tags=["commands"], route_class=CommandRoute
)


def _door(command: type[Command]) -> Callable[..., Awaitable[dict[str, Any]]]:
    example = {field: EXAMPLE[field] for field in command.model_fields}

    async def give(
        hall: TheHall,
        who: Caller,
        given: Command = Body(openapi_examples={"one": {"value": example}}),  # noqa: B008
    ) -> dict[str, Any]:
        return await hall.handle(given, who)

    give.__annotations__["given"] = command
    give.__name__ = command.kind
    give.__doc__ = command.__doc__
    return give


for _command in COMMANDS.values():
    if _command not in INSIDE:
        router.add_api_route(f"/{_command.kind}", _door(_command), methods=["POST"])

WAYS = {route.path: route.answer for route in router.routes if isinstance(route, CommandRoute)}
