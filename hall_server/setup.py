"""`hall check`, `hall import`, `hall account`: a hall's files and accounts, put in force."""

import asyncio
import json
import secrets
import urllib.request
from pathlib import Path
from typing import Any
from urllib.error import HTTPError

from config.hall_files import texts_in
from config.language import say
from hall_server.actions import policy
from hall_server.actions.callers import password_hash, secret_hash
from hall_server.hall import Hall, Who
from hall_server.store import accounts
from hall_server.store.database import Cursor
from hall_server.wire.commands import AddAccount, Command, ImportCatalogue, ImportLayout
from hall_server.wire.files.changes import diff
from hall_server.wire.files.reading import HallFiles, read_hall
from hall_server.wire.items import Catalogue
from hall_server.wire.layout import Layout
from hall_server.wire.sign import sign
from hall_server.words import Role

PEOPLE = frozenset({"staff", "guide", "supervisor", "inspector", "admin"})
SAMPLE_SUPERVISOR = "demo-supervisor"
SAMPLE_PASSWORD = "sample-password-1"
SAMPLE_SECRET = "sample-secret-of-the-demo-"
LONGEST_REFUSAL = 64 * 1024


def read_files(folder: Path, lang: str = "zh") -> HallFiles:
    """A hall's files, read whole. Raises HallFilesRefused with every fault, or Unreadable."""
    return read_hall(texts_in(folder), lang, policy.faults)


def check(folder: Path, lang: str) -> list[str]:
    """What `hall check` says of files that are sound: their size and remarks."""
    files = read_files(folder, lang)
    layout, items = files.layout, files.catalogue.items
    told = layout.model_dump(include={"classes", "queues"}) | {"sign": policy.sign(layout)}
    return [
        f"{layout.hall.id} {layout.hall.name}: {len(layout.zones)} 区 zones, "
        f"{len(layout.windows)} 窗口 windows, {len(layout.queues)} 队列 queues, "
        f"{len(items)} 事项 items",
        *files.remarks,
        say("sign.title", lang),
        *(f"  {sentence}" for sentence in sign(told, lang)),
    ]


async def put_in_force(hall: Hall, files: HallFiles, lang: str = "zh") -> list[str]:
    """Put files in force where they differ from what is; the differences, in sentences."""
    name = files.layout.hall.id
    who = Who(Role.ADMIN, "setup", name)
    await hall.add_hall(name)
    old_layout, old_catalogue = await hall.in_force(name)
    told = differences(old_layout, old_catalogue, files, lang)
    if old_layout != files.layout:
        await hall.handle(ImportLayout(hall=name, layout=files.layout), who)
    if old_catalogue.items != files.catalogue.items:
        await hall.handle(ImportCatalogue(hall=name, catalogue=files.catalogue), who)
    return told


def differences(
    layout: Layout | None, catalogue: Catalogue, files: HallFiles, lang: str
) -> list[str]:
    """What files would change of what is in force, in sentences."""
    if layout is None:
        return [f"+ {files.layout.hall.name}: {len(files.catalogue.items)} 事项 items"]
    told = diff(layout, files.layout, lang) + diff(catalogue, files.catalogue, lang)
    before, after = policy.of_queues(layout), policy.of_queues(files.layout)
    stay = before.keys() & after.keys()
    if layout.policy != files.layout.policy or any(before[one] != after[one] for one in stay):
        told.append(say("layout.change.policy", lang))
    return told


def account_command(
    hall: str, name: str, role: str, window: str | None, secret: str | None = None
) -> tuple[AddAccount, str]:
    """A new account and its secret: a password for a person, a long key for a device."""
    person = role in PEOPLE
    secret = secret or secrets.token_urlsafe(12 if person else 32)
    hashed = password_hash(secret) if person else secret_hash(secret)
    given = {"hall": hall, "name": name, "role": role, "window": window, "secret_hash": hashed}
    return AddAccount.model_validate(given), secret


async def add_sample_accounts(hall: Hall, layout: Layout) -> None:
    """The demo's accounts: every person and device of the layout, with secrets that are in
    this text. `hall serve` refuses to run on them in production."""
    name = layout.hall.id
    who = Who(Role.ADMIN, "setup", name)
    hashed = password_hash(SAMPLE_PASSWORD)
    roles = {"kiosk": "kiosk", "hall_board": "display", "window_sign": "display", "agent": "agent"}
    wanted: list[tuple[str, str, str, str | None]] = [
        (person.id, person.role.value, hashed, None) for person in layout.staff
    ]
    wanted += [
        (device.id, roles[device.kind], secret_hash(SAMPLE_SECRET + device.id), device.window)
        for device in layout.devices
        if device.kind in roles
    ]
    wanted.append((SAMPLE_SUPERVISOR, "supervisor", hashed, None))
    wanted.append(("demo-agent", "agent", secret_hash(SAMPLE_SECRET + "demo-agent"), None))
    have = await hall.store.look(lambda cursor: accounts.names(cursor, name))
    for account, role, secret, window in wanted:
        if account not in have:
            given = AddAccount.model_validate(
                {"hall": name, "name": account, "role": role, "window": window,
                 "secret_hash": secret}
            )  # fmt: skip
            await hall.handle(given, who)


def sample_accounts(cursor: Cursor) -> list[str]:
    """The names of accounts that carry the demo's secrets."""
    return [
        row.name
        for row in accounts.every(cursor)
        if row.secret_hash == secret_hash(SAMPLE_SECRET + row.name)
    ]


class Remote:
    """A running server, spoken to as its admin."""

    def __init__(self, server: str, hall: str, password: str) -> None:
        if not server.startswith(("http://", "https://")):
            raise RuntimeError(f"{server}: http://… or https://… is allowed")
        self._server, self._hall = server.rstrip("/"), hall
        self._opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor()
        )
        self._post("/api/sign_in", {"hall": hall, "name": "admin", "password": password})

    def give(self, command: Command) -> dict[str, Any]:
        """Give one command. Raises RuntimeError with the refusal's text."""
        return self._post(f"/api/commands/{command.kind}", command.model_dump(mode="json"))

    def put_in_force(self, files: HallFiles, lang: str) -> list[str]:
        """Put files in force where they differ; the differences, in sentences."""
        found = self._ask(urllib.request.Request(f"{self._server}/api/in_force"))
        old = None if found["layout"] is None else Layout.model_validate(found["layout"])
        items = Catalogue.model_validate(found["catalogue"])
        told = differences(old, items, files, lang)
        if old != files.layout:
            self.give(ImportLayout(hall=self._hall, layout=files.layout))
        if items.items != files.catalogue.items:
            self.give(ImportCatalogue(hall=self._hall, catalogue=files.catalogue))
        return told

    def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        return self._ask(
            urllib.request.Request(
                self._server + path,
                json.dumps(body).encode(),
                {"Content-Type": "application/json", "X-Hall": "1"},
            )
        )

    def _ask(self, request: urllib.request.Request) -> dict[str, Any]:
        try:
            with self._opener.open(request, timeout=60) as answer:
                found: dict[str, Any] = json.load(answer)
                return found
        except HTTPError as refused:
            with refused:
                said = refused.read(LONGEST_REFUSAL)
            try:
                told = json.loads(said)
                why = f"{told['code']}: {told['text']['zh']}"
            except (ValueError, KeyError, TypeError):  # somebody else's server, or one between
                why = f"HTTP {refused.code}"
            raise RuntimeError(f"{self._server}: {why}") from refused


def run_in(hall: Hall, deed: Any) -> Any:
    """Start a hall in this process, do one thing with it, stop it."""

    async def all_of_it() -> Any:
        await hall.start()
        try:
            return await deed(hall)
        finally:
            await hall.stop()

    return asyncio.run(all_of_it())
