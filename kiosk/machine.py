"""This machine as the maintenance page shows it: printer, network, versions, loudness."""

import asyncio
import logging
import platform
import re
import shutil
import socket
from collections.abc import Callable
from datetime import datetime
from importlib.metadata import version
from urllib.parse import urlsplit

from config.language import say
from drivers.compose import Style
from drivers.escpos import Align, Cut, Job, Text
from drivers.health import Health
from drivers.ticket_paper import CHINA
from kiosk.flow import Machine, Task
from kiosk.papers import Printer

log = logging.getLogger(__name__)

STEP = 10  # per cent of loudness
MIXER_SECONDS = 3.0
_LOUDNESS = re.compile(r"\[(\d{1,3})%\]")


class Caretaker:
    """Looks at this machine and does what is asked on the maintenance page (设备维护)."""

    def __init__(
        self, server: str, printer: Printer, health: Callable[[], Health] | None, style: Style
    ) -> None:
        self._server, self._printer, self._health, self._style = server, printer, health, style
        self._mixer = shutil.which("amixer")
        self._address = ""
        self._printed = ""

    async def look(self) -> Machine:
        """How the machine is now; a second's work at most where a name must be looked up."""
        self._address = self._address or await asyncio.to_thread(_address_towards, self._server)
        return Machine(
            server=self._server,
            address=self._address,
            versions=_versions(),
            printer=self._health().trouble.value if self._health is not None else "",
            volume=await self._volume(),
            printed=self._printed,
        )

    async def do(self, chore: str, task: Task) -> None:
        """Print a trial slip, or be louder or quieter by a tenth."""
        if task is Task.PRINT:
            self._printed = "…"
            result = await asyncio.to_thread(self._printer.print, chore, self._slip())
            self._printed = result.outcome.value
        elif task in (Task.LOUDER, Task.QUIETER):
            await self._mix("sset", "Master", f"{STEP}%{'+' if task is Task.LOUDER else '-'}")

    def _slip(self) -> Job:
        now = f"{datetime.now(CHINA):%Y-%m-%d %H:%M:%S}"
        title = say("duty.slip", self._style.lang)
        return [
            Text(title, size=2, align=Align.CENTRE, bold=True),
            Text(now, align=Align.CENTRE),
            Text("0123456789 ABCDEF 政务服务大厅", align=Align.CENTRE),
            Cut(),
        ]

    async def _volume(self) -> int | None:
        loudness = _LOUDNESS.search(await self._mix("sget", "Master"))
        return int(loudness[1]) if loudness else None

    async def _mix(self, *words: str) -> str:
        """What the system's mixer says; "" where there is none, or it has no such control."""
        if self._mixer is None:
            return ""
        asked = await asyncio.create_subprocess_exec(
            self._mixer, *words,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        try:
            async with asyncio.timeout(MIXER_SECONDS):
                told, _ = await asked.communicate()
        except TimeoutError:
            log.warning("the mixer does not answer")
            asked.kill()
            await asked.wait()
            return ""
        return told.decode(errors="replace")


def _address_towards(server: str) -> str:
    """Our own address on the way to the hall; "" without a network. Nothing is sent."""
    at = urlsplit(server)
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
            line.connect((at.hostname, at.port or 80))
            return str(line.getsockname()[0])
    except OSError as none:
        log.info("no way to the hall: %s", none)
        return ""


def _versions() -> str:
    return (
        f"service-hall {version('service-hall')} · Kivy {version('kivy')} · "
        f"Python {platform.python_version()} · {platform.system()} {platform.release()}"
    )
