"""Bad values, bodies, requests and frames, made by chance from a seed."""

import json
import random
from typing import Any

from hall_server.wire.bounds import new_id
from hall_server.wire.commands import COMMANDS, Command
from tests.builders import DATE, HALL

DEEP = 3_000  # levels; the parser's own limit is about 1,000
LONG = 20_000
SOMEBODY = "00000000-0000-4000-8000-000000000000"
SOUND: dict[str, Any] = {
    "hall": HALL,
    "date": DATE,
    "time": "10:00",
    "code": "00000000",
    "person": None,
    "phone": "a" * 64,
    "appointment": None,
    "tags": [],
    "item": "A-1",
    "queue": "social",
    "priority": None,
    "ticket": SOMEBODY,
    "service": SOMEBODY,
    "state": "printed",
    "prints": None,
    "window": "1",
    "generation": 999,  # nobody's lease: a command that gets this far is refused
    "reason": "材料已补齐",
    "level": 5,
    "queues": {"nowhere": {}},
    "whole": None,
    "device": "printer",
    "device_kind": "printer",
    "device_state": "ready",
    "trouble": "none",
    "since": 1_795_395_600_000,
    "machine": "nowhere",
    "token": None,
    "name": "somebody",
    "role": "staff",
    "secret_hash": "a" * 64,
    "of_queues": ["nowhere"],
    "lease": {
        "day": 1,
        "date": DATE,
        "queue": "social",
        "prefix": "A",
        "first": 1,
        "last": 50,
        "leased_at": 0,
        "signature": "0" * 64,  # nobody's: a command that gets this far is refused
    },
    "sequence": 1,
    "taken_at": 0,
    "instead": None,
    "short_code": "K7QM",
    "number": "A001X",
    "refusal": "lease_not_valid",
    "unmerged": SOMEBODY,
    "ground": "asked",
    "call": SOMEBODY,
    "entry_kind": "remark",
    "words": "窗口没有老花镜",
    "entry": SOMEBODY,
    "layout": {},
    "catalogue": {"items": [{"code": "A-1", "name": "x", "department": "y", "queue": "none"}]},
    "session_hash": "a" * 64,
}
STRINGS = (
    "",
    " ",
    "x" * LONG,
    "\x00",
    "a\x00b",
    "\x1b@\x1dV",  # cuts the paper of a ticket printer
    "\n",
    "\u202e\u2066",
    "\ud800",
    "😀" * 50,
    "..",
    "'; DROP TABLE ticket; --",
    "{service}",
    "%s%n",
    "１２３",
    "01a205ea-be80-74c2-a89d-60e67d996eed\n",
)
NUMBERS = (-1, 0, 2**31, 2**53, 2**63, -(2**63) - 1, 10**40, 1.5, -0.0, 1e308, float("nan"))
OTHERS: tuple[Any, ...] = (None, True, False, [], {}, [[]], {"a": 1}, [1, "x"])


def sound(command: type[Command]) -> dict[str, Any]:
    """A body whose every field is well formed; what it names need not exist."""
    body = {name: SOUND[name] for name in command.model_fields if name != "id"}
    return {**body, "id": new_id()}


def spoiled(command: type[Command]) -> list[tuple[str, dict[str, Any]]]:
    """Each field missing, wrong-typed, over-long, huge, with control characters; a field too
    many; another hall; each with a word that says which."""
    bodies: list[tuple[str, dict[str, Any]]] = []
    for name, field in command.model_fields.items():
        if field.is_required():
            bodies.append((f"{name} missing", _without(command, name)))
        for value in (*STRINGS, *NUMBERS, *OTHERS):
            if value is None and not field.is_required():
                continue
            shown = repr(value)[:30]
            bodies.append((f"{name}={shown}", {**sound(command), name: value}))
    bodies.append(("a field too many", {**sound(command), "more": 1}))
    bodies.append(("another hall", {**sound(command), "hall": "another"}))
    return bodies


def text_of(body: Any) -> str:
    """JSON with whatever stands in it: NaN, lone surrogates (escaped), huge integers."""
    return json.dumps(body)


def _without(command: type[Command], name: str) -> dict[str, Any]:
    return {field: value for field, value in sound(command).items() if field != name}


class Storm:
    """Random requests and frames; the same seed makes the same storm."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)

    def value(self, depth: int = 0) -> Any:
        chance = self._chance
        kind = chance.randrange(8 if depth < 4 else 5)
        if kind == 0:
            return chance.choice(STRINGS)
        if kind == 1:
            return chance.choice(NUMBERS)
        if kind == 2:
            return chance.choice(OTHERS)
        if kind == 3:
            return "".join(chr(chance.randrange(0xD800)) for _ in range(chance.randrange(40)))
        if kind == 4:
            return chance.randrange(-(10**6), 10 ** chance.randrange(1, 80))
        if kind == 5:
            return [self.value(depth + 1) for _ in range(chance.randrange(4))]
        if kind == 6:
            words = ("hall", "id", "t", "n", "queue", "", "x" * 300, "\x00")
            return {chance.choice(words): self.value(depth + 1) for _ in range(3)}
        return chance.choice(list(SOUND.values()))

    def body(self, kind_of: str = "") -> bytes:
        """A body of this command with some fields spoiled, or no such body at all."""
        chance = self._chance
        kind = chance.random()
        if kind < 0.1:
            return chance.randbytes(chance.randrange(200))
        if kind < 0.15:
            return chance.choice((b"[", b'{"a":')) * DEEP
        if kind < 0.25:
            return text_of(self.value()).encode()
        body = sound(COMMANDS.get(kind_of) or chance.choice(list(COMMANDS.values())))
        for name in chance.sample(sorted(body), chance.randint(0, min(3, len(body)))):
            body[name] = self.value()
        said = text_of(body).encode()
        return said[: chance.randrange(len(said))] if kind < 0.3 else said

    def request(self, secrets: list[str]) -> bytes:
        """One HTTP request, most of them well formed as HTTP."""
        chance = self._chance
        kinds = [*COMMANDS, "nothing", "call_next%00", "../../etc/passwd", "%ff%fe"]
        asked = chance.choice(kinds)
        path = chance.choice(
            (
                *(f"/api/commands/{asked}",) * 8,
                "/api/sign_in",
                "/api/ticket",
                "/api/state",
                "/api/items/" + chance.choice(("A-1", "x" * 500, "%00", "..%2f..", "%F0%9F")),
                "/api/slots?queue="
                + chance.choice(("social", "x", "%00", "social&date=2026-02-30")),
                "/api/appointments/" + chance.choice(("00000000", "1", "%00", "%EF%BC%91")),
                "/api/texts/" + chance.choice(("window", "..%2fhall", "%00", "x")),
                "/t/" + chance.choice(("x", "%00", "a" * 300)),
                "/web/" + chance.choice(("../app.py", "%2e%2e/app.py", "page.css", "%00")),
            )
        )
        body = self.body(asked)
        method = chance.choice(("POST",) * 8 + ("GET", "PUT", "DELETE", "PATCH"))
        credential = chance.choice((*secrets, *secrets, "x" * 43, "", "\u00e9" * 20))
        lines = [
            f"{method} {path} HTTP/1.1",
            "Host: 127.0.0.1",
            f"Authorization: Bearer {credential}",
            f"Content-Type: {chance.choice(('application/json',) * 9 + ('text/plain', 'a/b'))}",
            f"Content-Length: {len(body)}",
        ]
        if chance.random() < 0.05:
            lines.append(
                chance.choice(
                    (
                        "Cookie: hall_session=\x01;;;=",
                        "Origin: http://evil.test",
                        "Origin: http://[",
                    )
                )
            )
        return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body

    def frame(self) -> str | bytes:
        """One websocket frame after a good hello."""
        chance = self._chance
        kind = chance.random()
        if kind < 0.02:
            return chance.randbytes(100)
        if kind < 0.04:
            return "[" * DEEP
        if kind < 0.1:
            return self.body().decode("utf-8", "replace")
        frame: dict[str, Any]
        if kind < 0.55:
            command = chance.choice(sorted(COMMANDS))
            body = sound(COMMANDS[command])
            for name in chance.sample(sorted(body), chance.randint(0, min(3, len(body)))):
                body[name] = self.value()
            frame = {"t": "ask", "n": chance.randint(1, 99), "command": command, "body": body}
        else:
            views = ("catalogue", "item", "ticket", "own_ticket", "slots", "appointment", "nothing")
            view = chance.choice(views)
            name = chance.choice(("code", "token", "queue", "date", "x"))
            args = {name: chance.choice(STRINGS)[:200]}
            frame = {"t": "see", "n": chance.randint(1, 99), "view": view, "args": args}
        if chance.random() < 0.1:
            frame[chance.choice(sorted(frame))] = self.value()
        return text_of(frame)
