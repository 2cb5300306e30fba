"""`hall`: serve, demo, check, import, account, explain, whatif, verify, backup, restore, bench …"""

import argparse
import getpass
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from tomllib import TOMLDecodeError
from typing import Any

from pydantic import ValidationError
from pydantic_settings import SettingsError

from config.hall_files import Unreadable
from config.language import say
from config.settings import HallSettings
from hall_server import setup, upkeep
from hall_server.explain import explain
from hall_server.forecast_score import forecast_score
from hall_server.hall import Hall, Who
from hall_server.serve import WillNotServe, alone, app_of, fail, prepare, serve
from hall_server.store.journal import Broken
from hall_server.wire.files.wrong import HallFilesRefused
from hall_server.wire.what_if import WhatIf
from hall_server.words import Refused, Role

PROGRAMS = {
    "demo": "a whole hall on this machine, with simulated visitors",
    "bench": "measure this machine against its own floor",
    "simulate": "days of a hall on a virtual clock, under one rule and another",
}


def main(argv: list[str] | None = None) -> int:
    """Run one `hall` command; the exit status says whether it did what was asked."""
    words = sys.argv[1:] if argv is None else argv
    if words and words[0] in PROGRAMS:  # each has words of its own, and much to import
        run: Callable[[list[str]], int] = import_module(f"hall_server.{words[0]}").run
        return run(words[1:])
    asked = _parser().parse_args(words)
    deed: Callable[[argparse.Namespace], int] = asked.deed
    try:
        return deed(asked)
    except HallFilesRefused as refused:
        for fault in refused.faults:
            print(fault, file=sys.stderr)
        return fail(f"{len(refused.faults)} 处差错，全部未采用。 faults; nothing was taken.")
    except Refused as refused:
        return fail(_said(refused))
    except (WillNotServe, Unreadable, OSError, RuntimeError) as why:
        return fail(why)
    except ValidationError as bad:
        return fail("\n".join(f"{_place(e['loc'])}: {e['msg']}" for e in bad.errors()))


def _place(field: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in field) or "settings"


def _said(refused: Refused) -> str:
    facts: dict[str, object] = dict(refused.facts)
    return say(f"refused.{refused.code.value}", "zh", **facts)


def _serve(asked: argparse.Namespace) -> int:
    serve(_settings(asked))
    return 0


def _check(asked: argparse.Namespace) -> int:
    print("\n".join(setup.check(asked.folder, asked.lang)))
    return 0


def _import(asked: argparse.Namespace) -> int:
    files = setup.read_files(asked.folder, asked.lang)
    name = files.layout.hall.id
    if asked.server:
        remote = setup.Remote(asked.server, name, _password())
        told = remote.put_in_force(files, asked.lang)
    else:

        async def deed(hall: Hall) -> list[str]:
            return await setup.put_in_force(hall, files, asked.lang)

        asked.files = asked.folder  # on a fresh data folder this is the first hall
        told = _in_data(asked, deed)
    print("\n".join([*told, *files.remarks]) or "没有变化。 Nothing differs.")
    return 0


def _account(asked: argparse.Namespace) -> int:
    command, secret = setup.account_command(asked.hall, asked.name, asked.role, asked.window)
    if asked.server:
        setup.Remote(asked.server, asked.hall, _password()).give(command)
    else:

        async def deed(hall: Hall) -> Any:
            return await hall.handle(command, Who(Role.ADMIN, "setup", asked.hall))

        _in_data(asked, deed)
    print(secret)
    return 0


def _password() -> str:
    """The admin's password: typed unseen, or one line that a script hands over."""
    if sys.stdin.isatty():
        return getpass.getpass("admin: ")
    return sys.stdin.readline().rstrip("\r\n")


def _in_data(asked: argparse.Namespace, deed: Callable[[Hall], Any]) -> Any:
    """Do something in the data folder while no server holds it."""
    settings = _settings(asked)
    with alone(settings.data, "stop it, or name it: --server http://…"):
        prepare(settings)
        return setup.run_in(app_of(settings).hall, deed)


def _explain(asked: argparse.Namespace) -> int:
    url = _settings(asked).database_url()
    print("\n".join(explain(url, asked.hall, asked.number, asked.date, asked.lang)))
    return 0


def _forecast_score(asked: argparse.Namespace) -> int:
    url = _settings(asked).database_url()
    print("\n".join(forecast_score(url, asked.hall, asked.days, asked.lang)))
    return 0


def _whatif(asked: argparse.Namespace) -> int:
    from hall_server.whatif import whatif

    move: dict[str, Any] | None = None
    if asked.close_doors is not None:
        move = {"close_doors": asked.close_doors}
    if asked.open is None and (asked.queue or asked.start or asked.end):
        raise RuntimeError("--for, --from, --to: which window? --open WINDOW")
    if asked.open is not None:
        window = {"window": asked.open, "queue": asked.queue, "start": asked.start}
        move = {**(move or {}), "open": window | {"end": asked.end}}
    wanted = None if move is None else WhatIf.model_validate(move)
    url, now = _settings(asked).database_url(), datetime.now(UTC)
    print("\n".join(whatif(url, asked.hall, wanted, asked.lang, now)))
    return 0


def _verify(asked: argparse.Namespace) -> int:
    status, url = 0, _settings(asked).database_url()
    if url.startswith("sqlite") and not _sqlite_file(asked).is_file():
        raise FileNotFoundError(f"{_sqlite_file(asked)} is not there")
    for name, found in upkeep.verify(url).items():
        if isinstance(found, Broken):
            status = 1
            print(f"{name}: 第 {found.seq} 条被破坏 record {found.seq} is broken: {found.why}")
        else:
            print(f"{name}: {found} 条完好 records sound")
    return status


def _backup(asked: argparse.Namespace) -> int:
    from hall_server.store.backup import backup

    size = backup(_sqlite_file(asked), asked.target)
    print(f"{asked.target}: {size} bytes")
    return 0


def _restore(asked: argparse.Namespace) -> int:
    settings = _settings(asked)
    with alone(settings.data):
        if not settings.database_url().startswith("sqlite"):
            if asked.source is not None:
                raise RuntimeError("PostgreSQL: pg_restore first, then `hall restore` alone")
            restored = upkeep.begin_epoch(settings.database_url())
        elif asked.source is None:
            raise RuntimeError("which backup? hall restore BACKUP")
        else:
            restored = upkeep.restore(asked.source, _sqlite_file(asked))
        for done in restored:
            jumps = ", ".join(f"{queue} +{by}" for queue, by in done.jumps.items())
            print(f"{done.hall}: epoch {done.epoch} {jumps}")
    return 0


def _sqlite_file(asked: argparse.Namespace) -> Path:
    url = _settings(asked).database_url()
    if not url.startswith("sqlite"):
        raise RuntimeError("PostgreSQL: use pg_dump; after pg_restore `hall restore`")
    return Path(url.removeprefix("sqlite:///"))


def _settings(asked: argparse.Namespace) -> HallSettings:
    given = {
        name: value
        for name in ("data", "host", "port", "files", "file")
        if (value := getattr(asked, name, None)) is not None
    }
    try:
        return HallSettings(**given)
    except (SettingsError, TOMLDecodeError) as bad:
        raise WillNotServe(f"settings: {bad}") from bad


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="hall", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(
        name: str, deed: Callable[[argparse.Namespace], int], told: str, *, data: bool = True
    ) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=told, description=told)
        made.set_defaults(deed=deed)
        if data:
            made.add_argument("--data", type=Path, help="the data folder (HALL_DATA)")
        return made

    serving = command("serve", _serve, "run the hall server")
    serving.add_argument("--host")
    serving.add_argument("--port", type=int)
    serving.add_argument("--files", type=Path, help="hall.toml and items.csv of a first start")
    serving.add_argument("--settings", dest="file", type=Path, help="settings as TOML")
    for name, told in PROGRAMS.items():
        commands.add_parser(name, help=told)
    checking = command("check", _check, "look at a hall's files, change nothing", data=False)
    importing = command("import", _import, "put a hall's files in force, whole or not at all")
    for made in (checking, importing):
        made.add_argument("folder", type=Path)
        made.add_argument("--lang", choices=("zh", "en"), default="zh")
    account = command("account", _account, "let a person or device in; prints its secret once")
    account.add_argument("hall")
    account.add_argument("name")
    account.add_argument(
        "--role",
        required=True,
        choices=("kiosk", "display", "agent", "pad", *sorted(setup.PEOPLE)),
    )
    account.add_argument("--window", help="the window of an agent or pad")
    for made in (importing, account):
        made.add_argument("--server", help="a running server; asks for the admin's password")
    explaining = command("explain", _explain, "tell a number's whole story from the journal")
    explaining.add_argument("number")
    explaining.add_argument("--date", help="2026-11-23; else the last day of that number")
    scoring = command("forecast-score", _forecast_score, "tell how good the forecasts were")
    scoring.add_argument("--days", type=int, choices=range(1, 31), default=1, metavar="1..30")
    trying = command("whatif", _whatif, "what a move would do; without one the best moves now")
    trying.add_argument("--open", metavar="WINDOW", help="open this window …")
    trying.add_argument("--for", dest="queue", metavar="QUEUE", help="… for this queue")
    trying.add_argument("--from", dest="start", metavar="HH:MM", help="hall time")
    trying.add_argument("--to", dest="end", metavar="HH:MM")
    trying.add_argument("--close-doors", metavar="HH:MM", help="give no number from then on")
    for made in (explaining, scoring, trying):
        made.add_argument("--hall", help="where the server has several")
        made.add_argument("--lang", choices=("zh", "en"), default="zh")
    command("verify", _verify, "walk the journal's chain, name the first broken record")
    command("backup", _backup, "copy the store while it runs").add_argument("target", type=Path)
    command("restore", _restore, "bring a backup back, under a new epoch").add_argument(
        "source", type=Path, nargs="?", help="the backup; none after pg_restore"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
