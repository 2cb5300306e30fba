"""What may be read over HTTP: the live state, items, one's own ticket."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Request
from pydantic import BaseModel

from hall_server.api.callers import Caller, TheHall
from hall_server.api.refusals import RESPONSES
from hall_server.wire.bounds import (
    LARGEST_INT,
    AppointmentCode,
    Date,
    Frozen,
    HallId,
    ItemCode,
    QueueId,
    Record,
    RecordCode,
    ServiceId,
)
from hall_server.wire.items import Catalogue
from hall_server.wire.layout import Layout


class InForce(BaseModel):
    """What a hall stands on; no layout before the first import."""

    layout: Layout | None
    catalogue: Catalogue


class AskingForAnswer(Frozen):
    """A record's number and the code beside it, as they stand on its paper."""

    hall: HallId
    record: Record
    code: RecordCode


router = APIRouter(prefix="/api", responses=RESPONSES, tags=["views"])


class HallName(BaseModel):
    """A hall of this server."""

    id: str
    name: str
    name_en: str


@router.get("/halls")
async def halls(hall: TheHall) -> list[HallName]:
    """The halls of this server, for the sign-in page."""
    found = []
    for name, hub in sorted(hall.hubs.items()):
        fact = hub.state.get("hall", {})
        found.append(
            HallName(id=name, name=fact.get("name", name), name_en=fact.get("name_en", ""))
        )
    return found


@router.get("/state")
async def state(hall: TheHall, who: Caller) -> dict[str, Any]:
    """The live state as far as the caller may see it; the same as /link's snapshot."""
    return hall.seen(who)


@router.get("/catalogue")
async def catalogue(hall: TheHall, who: Caller) -> dict[str, Any]:
    """Every item in short, with search keys."""
    return await hall.see("catalogue", {}, who)


@router.get("/home")
async def home(hall: TheHall, who: Caller) -> dict[str, Any]:
    """What a kiosk's first page offers: the items people come for most, and the themes (一件事)."""
    return await hall.see("home", {}, who)


@router.get("/items/{code}")
async def item(code: Annotated[ItemCode, Path()], hall: TheHall, who: Caller) -> dict[str, Any]:
    """One item with its guidance (办事指南)."""
    return await hall.see("item", {"code": code}, who)


@router.get("/slots")
async def slots(
    queue: Annotated[QueueId, Query()],
    hall: TheHall,
    who: Caller,
    date: Annotated[Date | None, Query()] = None,
) -> dict[str, Any]:
    """The slots of a queue that may be booked now, of one day or of every day."""
    return await hall.see("slots", {"queue": queue, "date": date or ""}, who)


@router.get("/appointments/{code}")
async def appointment(
    code: Annotated[AppointmentCode, Path()], hall: TheHall, who: Caller
) -> dict[str, Any]:
    """One appointment, by its code."""
    return await hall.see("appointment", {"code": code}, who)


@router.get("/entries")
async def entries(
    hall: TheHall, who: Caller, before: Annotated[Record | None, Query()] = None
) -> dict[str, Any]:
    """A hundred records (办不成事、吐槽找茬) with their words, the newest first, or those before a
    number; for the supervisor and the inspector alone."""
    return await hall.see("entries", {"before": before or ""}, who)


@router.post("/record")
async def record(given: AskingForAnswer, request: Request, hall: TheHall) -> dict[str, Any]:
    """What became of one record, for anybody who knows its number and its code; asked by POST,
    so that the code stands in no address. Raises entry_unknown or too_many_tries."""
    place = request.client.host if request.client else ""
    return await hall.answer_to(given.hall, given.record, given.code, place)


@router.get("/ratings")
async def ratings(
    hall: TheHall,
    who: Caller,
    before: Annotated[int | None, Query(ge=1, le=LARGEST_INT)] = None,
    only: Annotated[Literal["bad"] | None, Query()] = None,
) -> dict[str, Any]:
    """A hundred ratings (好差评) with what they are of and why, the newest first, or those before
    a seq; for the supervisor and the inspector alone."""
    args = {"before": "" if before is None else str(before), "only": only or ""}
    return await hall.see("ratings", args, who)


@router.get("/ratings/{service}")
async def rating(
    service: Annotated[ServiceId, Path()], hall: TheHall, who: Caller
) -> dict[str, Any]:
    """The whole chain of one rating, step by step from the journal, and whether it is sound."""
    return await hall.see("rating", {"service": service}, who)


@router.get("/in_force")
async def in_force(hall: TheHall, who: Caller) -> InForce:
    """The layout and catalogue in force, whole, for the admin who is about to change them."""
    return InForce.model_validate(await hall.see("in_force", {}, who))


@router.get("/policy")
async def policy(hall: TheHall, who: Caller) -> dict[str, Any]:
    """How the hall calls (叫号规则), as change_policy takes it; for those who supervise."""
    return await hall.see("policy", {}, who)


@router.get("/forecast_score")
async def forecast_score(
    hall: TheHall, who: Caller, days: Annotated[int, Query(ge=1, le=30)] = 1
) -> dict[str, Any]:
    """How good the forecasts of the last closed business days were, by queue; for those who
    supervise."""
    return await hall.see("forecast_score", {"days": str(days)}, who)


@router.get("/ticket")
async def ticket(hall: TheHall, who: Caller) -> dict[str, Any]:
    """One's own ticket; the bearer is the ticket's token. Raises not_permitted for others."""
    return await hall.see("own_ticket", {}, who)
