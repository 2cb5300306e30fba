"""Who knocks: a bearer secret, or the cookie of a page of ours."""

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, Request, Response
from pydantic import StringConstraints, TypeAdapter, ValidationError

from hall_server.api.refusals import RESPONSES
from hall_server.hall import Hall, Who
from hall_server.wire.bounds import AccountName, Frozen, HallId, Token
from hall_server.words import Refusal, Refused

COOKIE = "hall_session"
TOKEN: TypeAdapter[str] = TypeAdapter(Token)
router = APIRouter(prefix="/api", responses=RESPONSES, tags=["callers"])


class SigningIn(Frozen):
    """A person signs in to one hall."""

    hall: HallId
    name: AccountName
    password: Annotated[str, StringConstraints(min_length=1, max_length=200)]


class Me(Frozen):
    """Who the caller is."""

    hall: str
    name: str
    role: str
    window: str | None = None


def same_origin(origin: str | None, host: str | None, allowed: tuple[str, ...]) -> bool:
    """Whether a browser page of this origin may talk to us: our own, or one that is listed.
    A program that is no browser sends no origin, and no browser one that is no address."""
    if origin is None or origin in allowed:
        return True
    try:
        return bool(host) and urlsplit(origin).netloc == host
    except ValueError:
        return False


def credential_of(request: Request) -> str:
    """The caller's secret. A cookie counts only with the header X-Hall, which no foreign page
    can send. Raises credential_unknown."""
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        secret = request.cookies.get(COOKIE, "")
        if request.method != "GET" and request.headers.get("x-hall") != "1":
            raise Refused(Refusal.CREDENTIAL_UNKNOWN)
    try:
        return TOKEN.validate_python(secret)
    except ValidationError:
        raise Refused(Refusal.CREDENTIAL_UNKNOWN) from None


def hall_of(request: Request) -> Hall:
    hall = request.app.state.hall
    assert isinstance(hall, Hall)
    return hall


async def _the_hall(request: Request) -> Hall:
    # Not a plain function: that would cost each request two hand-overs to the thread pool,
    # a fifth of the server's time under load.
    return hall_of(request)


async def who_knocks(request: Request) -> Who:
    return await hall_of(request).who_is(credential_of(request))


TheHall = Annotated[Hall, Depends(_the_hall)]
Caller = Annotated[Who, Depends(who_knocks)]


@router.post("/sign_in")
async def sign_in(given: SigningIn, request: Request, response: Response, hall: TheHall) -> Me:
    """Begin a session; the cookie is ours alone (HttpOnly, SameSite=Strict)."""
    place = request.client.host if request.client else ""
    who, credential = await hall.sign_in(given.hall, given.name, given.password, place)
    response.set_cookie(
        COOKIE,
        credential,
        max_age=12 * 3600,
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
    )
    return _me(who)


@router.post("/sign_out")
async def sign_out(request: Request, response: Response, hall: TheHall, who: Caller) -> Me:
    """End the session at once."""
    await hall.sign_out(who, credential_of(request))
    response.delete_cookie(COOKIE)
    return _me(who)


@router.get("/me")
async def me(who: Caller) -> Me:
    """Who the caller is."""
    return _me(who)


def _me(who: Who) -> Me:
    return Me(hall=who.hall, name=who.name, role=who.role.value, window=who.window)
