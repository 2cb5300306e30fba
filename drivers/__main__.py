"""The door of the agent: settings in, devices and the line to the hall out (hall-agent)."""

import argparse
import asyncio
import contextlib
import logging
import signal
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from config import language
from config.settings import CONFIG, AgentSettings
from drivers import bench, tapes
from drivers.agent import Agent
from drivers.check import explain
from drivers.compose import Style
from drivers.devices import read_devices
from drivers.fitting import fitting, papers_in_force, remarks
from drivers.miswritten import Misshapen, Miswritten, inaccessible, written
from drivers.preview import save_sample
from drivers.probe import BAUDS, probe
from drivers.profile import load_profile
from drivers.sheets import FACTS, SHIPPED
from drivers.wording import remarked, said

DEVICES = CONFIG / "devices"
SERIAL = DEVICES / "printers" / "gb18030_58.toml"
PROFILE = DEVICES / "printers" / "gb18030_80.toml"


def main(arguments: list[str] | None = None) -> int:
    """Run the agent of this machine; `check`, `probe`, `preview`, `tape`, `bench` help whoever
    installs or mends."""
    given = _parser().parse_args(arguments)
    if given.deed == "check":
        return _check(given.table, given.lang, given.tables)
    if given.deed == "probe":
        return _probe(given)
    if given.deed == "preview":
        return _preview(given)
    if given.deed == "bench":
        return _bench(given.profile)
    try:
        settings = _settings(given.file)
    except Miswritten as wrong:
        return _refused(given.file or Path("AGENT_*"), wrong, language.FIRST)
    return _tape(settings.spool, given.lang) if given.deed == "tape" else _run(settings)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="hall-agent",
        description="设备代理. Without a deed it runs the devices of this machine: settings come "
        "from AGENT_* and the file named by --file.",
    )
    parser.add_argument("--file", type=Path, help="settings file (TOML)")
    deeds = parser.add_subparsers(dest="deed")
    check = deeds.add_parser("check", help="prove a table, profile or devices file; explain it")
    check.add_argument("table", type=Path, metavar="FILE")
    check.add_argument("--tables", type=Path, default=DEVICES, help="folder of the frame tables")
    show = deeds.add_parser("preview", help="a sample paper as PNG")
    show.add_argument("profile", type=Path, nargs="?", default=PROFILE, help="printer profile")
    show.add_argument("--out", type=Path, default=Path("ticket.png"))
    show.add_argument("--papers", type=Path, default=SHIPPED, help="layouts of the papers")
    show.add_argument("--paper", choices=FACTS, default="ticket", help="which of them")
    show.add_argument("--large", action="store_true", help="大字版")
    look = deeds.add_parser("probe", help="which table fits the device on a port, and why")
    look.add_argument("port", metavar="PORT")
    look.add_argument("--baud", type=int, help=f"else {', '.join(map(str, BAUDS))} in turn")
    look.add_argument("--seconds", type=float, default=8.0, help="to listen at each baud rate")
    look.add_argument("--tables", type=Path, default=DEVICES, help="folder of the frame tables")
    timed = deeds.add_parser("bench", help="bytes and seconds of a ticket, by mode and baud")
    timed.add_argument("profile", type=Path, nargs="?", default=SERIAL, help="printer profile")
    last = deeds.add_parser("tape", help="the last bytes of each line of the agent on this machine")
    for deed in (check, show, look, last):
        deed.add_argument("--lang", choices=language.languages(), default=language.FIRST)
    return parser


def _check(file: Path, lang: str, tables: Path) -> int:
    try:
        for sentence in explain(file, lang, tables):
            print(sentence)
    except Miswritten as wrong:
        return _refused(file, wrong, lang)
    print(language.say("device.check.good", lang, file=file))
    return 0


def _refused(file: Path, wrong: Miswritten, lang: str) -> int:
    reason = said(wrong, lang).removeprefix(f"{file.name}: ")
    print(language.say("device.check.wrong", lang, file=file, reason=reason), file=sys.stderr)
    return 1


def _probe(given: argparse.Namespace) -> int:
    bauds = (given.baud,) if given.baud else BAUDS
    try:
        found = probe(given.port, given.tables, bauds=bauds, seconds=given.seconds, lang=given.lang)
    except OSError as closed:
        trouble = language.say(f"device.trouble.{closed}", given.lang)
        told = language.say("device.probe.closed", given.lang, url=given.port, trouble=trouble)
        print(told, file=sys.stderr)
        return 1
    except Miswritten as wrong:
        return _refused(given.tables, wrong, given.lang)
    return 0 if found else 1


def _preview(given: argparse.Namespace) -> int:
    try:
        sheets = fitting(given.papers)
        style = Style(given.lang, given.large, sheets=sheets)
        profile = load_profile(given.profile)
        print(save_sample(profile, given.out, style, given.paper))
        printed = replace(style, width_dots=profile.width_dots)
        for remark in remarks(sheets, (printed,), (given.paper,)):
            what = remarked(given.papers, remark, given.lang)
            print(language.say("device.check.look", given.lang, what=what))
    except Miswritten as wrong:
        return _refused(given.profile, wrong, given.lang)
    except OSError as failed:
        return _refused(given.out, inaccessible(given.out, failed), given.lang)
    return 0


def _tape(spool: Path, lang: str) -> int:
    try:
        lines, there = tapes.kept(spool)
    except OSError as failed:
        return _refused(spool, inaccessible(spool, failed), lang)
    if lines and not there:
        print(language.say("device.tape.old", lang), file=sys.stderr)
    for line in lines:
        trouble = language.say(f"device.trouble.{line['trouble']}", lang)
        print(language.say("device.tape.line", lang, **line | {"trouble": trouble}))
        for row in line["rows"] or [language.say("device.tape.silent", lang)]:
            print(f"  {row}")
    if not lines:
        print(language.say("device.tape.none", lang, spool=spool), file=sys.stderr)
    return 0 if lines else 1


def _bench(file: Path) -> int:
    try:
        profile = load_profile(file)
    except Miswritten as wrong:
        return _refused(file, wrong, language.FIRST)
    return 0 if bench.show(profile) else 1


def _settings(file: Path | None) -> AgentSettings:
    text = "" if file is None else written(file)[0]
    given: dict[str, Any] = {"file": file} if file else {}
    try:
        return AgentSettings(**given)
    except ValidationError as wrong:
        raise Misshapen(file.name if file else "AGENT_*", text, wrong) from wrong


def _run(settings: AgentSettings) -> int:
    logging.basicConfig(level=settings.log_level.upper(), format="%(levelname)s %(message)s")
    try:
        devices = read_devices(settings.devices)
    except Miswritten as wrong:
        return _refused(settings.devices, wrong, language.FIRST)
    agent = Agent(
        server=settings.server,
        hall=settings.hall,
        secret=settings.secret.get_secret_value(),
        devices=devices,
        tables=settings.tables,
        spool=settings.spool,
        sheets=papers_in_force(settings.papers),
    )
    with contextlib.suppress(asyncio.CancelledError):
        asyncio.run(_until_told(agent))
    return 0


async def _until_told(agent: Agent) -> None:
    work = asyncio.ensure_future(agent.run())
    with contextlib.suppress(NotImplementedError):  # Windows: Ctrl-C ends the program by itself
        for told in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(told, work.cancel)
    await work


if __name__ == "__main__":
    sys.exit(main())
