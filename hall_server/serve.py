"""`hall serve`: look at the data folder, bring it up to date, open the doors."""

import asyncio
import fcntl
import resource
import secrets
import shutil
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import uvicorn

from config.settings import HallSettings
from hall_server import migrations
from hall_server.actions.callers import password_hash
from hall_server.api.wires import WIRES
from hall_server.app import App, make_app, utc_now
from hall_server.hall import Clock, Hall, Who
from hall_server.setup import put_in_force, read_files, sample_accounts
from hall_server.store import accounts
from hall_server.store.store import Store, StoreDamaged
from hall_server.wire.commands import AddAccount
from hall_server.words import Role

MARK = "hall.is-here"  # a folder with this mark has held a hall: it is never begun anew
LEAST_FREE = 500 * 1024 * 1024
ADMIN = "admin"


class WillNotServe(Exception):
    """Why the server does not start, and what a person can do."""


def serve(settings: HallSettings, clock: Clock = utc_now) -> None:
    """Run the hall server until it is told to stop. Raises WillNotServe."""
    with alone(settings.data):
        prepare(settings)
        app = app_of(settings, clock)
        if settings.profile == "production":
            _refuse_sample_secrets(app.hall)
        _allow_many_files()
        uvicorn.run(
            app,
            host=settings.host,
            port=settings.port,
            loop="auto",
            log_level=settings.log_level,
            timeout_graceful_shutdown=3,
            **WIRES,
        )


def app_of(settings: HallSettings, clock: Clock = utc_now) -> App:
    """The ASGI app of these settings; the store is prepared already."""
    public = settings.public_url or ""
    if not public and settings.profile == "demo":
        public = f"http://{settings.host}:{settings.port}"
    return make_app(settings.database_url(), public.rstrip("/"), settings.origins, clock)


@contextmanager
def alone(data: Path, otherwise: str = "stop it first") -> Iterator[None]:
    """Hold the data folder alone: two servers on one SQLite file would tell two stories.
    `otherwise` is what whoever comes second can do."""
    data.mkdir(parents=True, exist_ok=True)
    with (data / "hall.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            held = f"{data}: another hall server holds this folder; {otherwise}"
            raise WillNotServe(held) from None
        yield


def prepare(settings: HallSettings) -> None:
    """Make the store fit to serve, or say why not: damaged, vanished, too new, no space."""
    data, url = settings.data, settings.database_url()
    lite = url.startswith("sqlite")
    data.mkdir(parents=True, exist_ok=True)
    file, mark = Path(url.removeprefix("sqlite:///")), data / MARK
    if lite:
        if mark.exists() and not (file.exists() and file.stat().st_size):
            raise _vanished(file)
        if shutil.disk_usage(data).free < LEAST_FREE:
            raise WillNotServe(f"{data}: less than 500 MB free; make room first")
    try:
        if lite and file.exists():
            with closing(Store(url)) as store:
                store.check()
        if mark.exists() and migrations.version_of(url) is None:
            raise _vanished(file if lite else settings.data)
        migrations.upgrade(url)
    except StoreDamaged as damaged:
        raise WillNotServe(
            f"{file} is damaged ({damaged}). It is left as it is: run `hall restore BACKUP`, "
            "which sets it aside."
        ) from damaged
    except migrations.Unreachable as why:
        raise WillNotServe(f"the database cannot be reached: {why}") from why
    except migrations.TooNew as version:
        raise WillNotServe(
            f"the database is of a later version ({version}); install that version"
        ) from version
    asyncio.run(_first_hall(settings))
    mark.touch()


def _vanished(place: Path) -> WillNotServe:
    return WillNotServe(
        f"{place}: what was here has vanished, and a hall was here. Nothing is begun anew: "
        "bring it back, or run `hall restore BACKUP`."
    )


async def _first_hall(settings: HallSettings) -> None:
    """On an empty database: the hall of the settings' files, and an admin whose password is
    shown once."""
    hall = Hall(Store(settings.database_url()), utc_now)
    await hall.start()
    try:
        if await hall.store.look(accounts.every):
            return  # else nobody could come in: a first start that was cut off is done again
        files = read_files(settings.files)
        name = files.layout.hall.id
        await put_in_force(hall, files)
        password = secrets.token_urlsafe(12)
        await hall.handle(
            AddAccount(hall=name, name=ADMIN, role="admin", secret_hash=password_hash(password)),
            Who(Role.ADMIN, "setup", name),
        )
        if settings.profile != "demo":
            print(f"大厅 {name} 已建立（{settings.files}）。 Hall {name} is set up.")
            print(f"管理员 admin 的密码，只显示这一次 (shown once): {password}", flush=True)
    finally:
        await hall.stop()


def _refuse_sample_secrets(hall: Hall) -> None:
    """The demo's passwords are in the program's text: no real hall may run on them."""
    known = hall.store.read(sample_accounts)
    if known:
        raise WillNotServe(
            f"this folder has sample accounts of the demo ({', '.join(known)}); "
            "begin with a fresh data folder, or run with HALL_PROFILE=demo"
        )


def _allow_many_files() -> None:
    """As many open connections as the system lets us have; 1,024 is its cautious first offer."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def fail(why: object) -> int:
    """Tell the person at the terminal, and end with status 1."""
    print(why, file=sys.stderr)
    return 1
