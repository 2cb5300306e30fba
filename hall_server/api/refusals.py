"""How a refusal (拒绝) looks over HTTP: a status, a code, facts, and what to do next."""

import re
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ValidationError
from starlette.exceptions import HTTPException

from config.language import languages, say
from hall_server.words import Refusal, Refused, Said

STATUS: dict[Refusal, int] = {
    Refusal.CREDENTIAL_UNKNOWN: 401,
    Refusal.SIGN_IN_FAILED: 401,
    Refusal.NOT_PERMITTED: 403,
    Refusal.WRONG_HALL: 403,
    Refusal.RATING_NOT_ALLOWED: 403,
    Refusal.UNKNOWN_COMMAND: 404,
    Refusal.HALL_UNKNOWN: 404,
    Refusal.WINDOW_UNKNOWN: 404,
    Refusal.QUEUE_UNKNOWN: 404,
    Refusal.ITEM_UNKNOWN: 404,
    Refusal.CLASS_UNKNOWN: 404,
    Refusal.TICKET_UNKNOWN: 404,
    Refusal.SERVICE_UNKNOWN: 404,
    Refusal.SLOT_UNKNOWN: 404,
    Refusal.APPOINTMENT_UNKNOWN: 404,
    Refusal.PROOF_UNKNOWN: 404,
    Refusal.CALL_UNKNOWN: 404,
    Refusal.ENTRY_UNKNOWN: 404,
    Refusal.FRAME_TOO_LARGE: 413,
    Refusal.BAD_INPUT: 422,
    Refusal.SAME_ID_OTHER_BODY: 422,
    Refusal.LAYOUT_REFUSED: 422,
    Refusal.POLICY_REFUSED: 422,
    Refusal.TOO_MANY_TRIES: 429,
    Refusal.TOO_BUSY: 429,
    Refusal.INTERNAL: 500,
    Refusal.STORE_UNAVAILABLE: 503,
}
NAME = re.compile("[a-z][a-z_]{0,31}")  # as our own fields are called
CONFLICT = 409  # every other refusal: the hall's state does not allow it now


class RefusalBody(BaseModel):
    """A refusal: its code, the facts it speaks of, the sentence for a person, and each thing to
    correct where there are several."""

    code: Refusal
    facts: dict[str, str | int]
    text: dict[str, str]
    faults: list[dict[str, str]] = []


def body(refused: Refused) -> dict[str, Any]:
    """A refusal as JSON, worded in every language."""
    return {
        "code": refused.code.value,
        "facts": refused.facts,
        "text": {
            lang: say(f"refused.{refused.code.value}", lang, **refused.facts)
            for lang in languages()
        },
        "faults": [{lang: _fault(said, lang) for lang in languages()} for said in refused.faults],
    }


def _fault(said: Said, lang: str) -> str:
    """A fault in words; a field by the name that people know it by, and a queue by its name in
    this language."""
    facts = dict(said.facts)
    facts |= {name: facts[f"{name}_{lang}"] for name in said.facts if f"{name}_{lang}" in facts}
    if "field" in facts:
        facts["field"] = say(f"layout.word.{facts['field']}", lang)
    return say(said.key, lang, **facts)


def answer(refused: Refused) -> JSONResponse:
    return JSONResponse(body(refused), STATUS.get(refused.code, CONFLICT))


async def on_refused(_request: Request, refused: Exception) -> JSONResponse:
    assert isinstance(refused, Refused)
    return answer(refused)


def bad_input(bad: ValidationError | RequestValidationError, *place: str) -> Refused:
    """Names the first field that is wrong; never echoes what was sent, which may be anything."""
    wrong = bad.errors()[:1]
    parts = [*place, *(part for error in wrong for part in error["loc"])]
    known = [str(part) for part in parts if isinstance(part, int) or NAME.fullmatch(part)]
    return Refused(Refusal.BAD_INPUT, field=".".join(known)[:80])


async def on_bad_input(_request: Request, bad: Exception) -> JSONResponse:
    assert isinstance(bad, RequestValidationError)
    return answer(bad_input(bad))


async def on_http(_request: Request, bad: Exception) -> JSONResponse:
    """What the framework itself refuses: unknown paths, wrong methods, bodies that are no JSON."""
    assert isinstance(bad, HTTPException)
    if bad.status_code in (404, 405):
        return JSONResponse(body(Refused(Refusal.UNKNOWN_COMMAND, command="-")), bad.status_code)
    return JSONResponse(body(Refused(Refusal.BAD_INPUT, field="body")), bad.status_code)


async def on_bug(_request: Request, _bug: Exception) -> JSONResponse:
    """Anything else is a bug; the framework logs it after this."""
    return answer(Refused(Refusal.INTERNAL))


RESPONSES: dict[int | str, dict[str, Any]] = {
    status: {
        "model": RefusalBody,
        "description": ", ".join(
            code.value for code in Refusal if STATUS.get(code, CONFLICT) == status
        ),
    }
    for status in sorted({*STATUS.values(), CONFLICT})
}
