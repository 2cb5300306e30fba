"""What if over HTTP (如果…会怎样): for those who lead a hall; nothing is changed by asking."""

from typing import Annotated, Any

from fastapi import APIRouter, Body

from hall_server.api.callers import Caller, TheHall
from hall_server.api.refusals import RESPONSES
from hall_server.wire.what_if import WhatIf

router = APIRouter(prefix="/api", responses=RESPONSES, tags=["what if"])

EXAMPLES: dict[str, Any] = {
    "a window": {
        "value": {"open": {"window": "7", "queue": "property", "start": "10:00", "end": "11:30"}}
    },
    "the doors": {"value": {"close_doors": "16:30"}},
}


@router.post("/what_if")
async def what_if(
    asked: Annotated[WhatIf, Body(openapi_examples=EXAMPLES)], hall: TheHall, who: Caller
) -> dict[str, Any]:
    """What one move would do to every queue (EffectView): mean waits before and after, by 40
    paired runs, and the queue that pays. For supervisor, inspector and admin."""
    return await hall.what_if(asked, who)


@router.get("/best_moves")
async def best_moves(hall: TheHall, who: Caller) -> dict[str, Any]:
    """The three moves that save the hall most now (BestMovesView), not older than 30 s."""
    return await hall.best_moves(who)
