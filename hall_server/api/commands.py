"""One POST for each command, under /api/commands/."""

from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import APIRouter, Body

from hall_server.api.callers import Caller, TheHall
from hall_server.api.refusals import RESPONSES
from hall_server.wire.commands import COMMANDS, Command, SignIn, SignOut

# A session begins and ends at /api/sign_in and /api/sign_out, which check the password first.
INSIDE = (SignIn, SignOut)
EXAMPLE: dict[str, Any] = {
    "hall": "demo",
    "id": "1f3c5b7e-0d2a-4c6e-8f10-a1b2c3d4e5f6",
    "date": "2026-11-23",
    "item": "SF-001",
    "queue": "social",
    "priority": "elder",
    "ticket": "01a205ea-be80-74c2-a89d-60e67d996eed",
    "service": "01a205ea-be80-721e-a1dc-13e64239b546",
    "state": "printed",
    "window": "3",
    "generation": 1,
    "reason": "材料已补齐",
    "level": 5,
    "token": "ZR03q9T3TqnSkDW9MbsYxA",
    "name": "kiosk-2",
    "role": "kiosk",
    "secret_hash": "a" * 64,
    "layout": {},
    "catalogue": {},
}

router = APIRouter(prefix="/api/commands", responses=RESPONSES, tags=["commands"])


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
