"""The door of the kiosk program: settings in, one window out (hall-kiosk)."""

import argparse
import asyncio
import gc
import logging
import os
import signal
import sys
from pathlib import Path

from config import look, public_screen
from config.settings import CONFIG, KioskSettings
from drivers.compose import Style
from drivers.fitting import papers_in_force
from drivers.port import Port
from drivers.printer import Printer
from drivers.profile import load_profile
from drivers.reporting import Part

SETTLED = 5.0  # seconds after the start: all pages are made and the items are there


def main() -> None:
    """Start the kiosk. Settings come from KIOSK_* and the file named by --file."""
    parser = argparse.ArgumentParser(prog="hall-kiosk", description="取号机")
    parser.add_argument("--file", type=Path, help="settings file (TOML)")
    parser.add_argument(
        "--window", type=public_screen.size, help="a window of this size instead, as 540x960"
    )
    parser.add_argument("--shot", type=Path, help="save each page shown as a PNG in this folder")
    given = parser.parse_args()
    settings = KioskSettings(**({"file": given.file} if given.file else {}))
    logging.basicConfig(level=settings.log_level.upper(), format="%(levelname)s %(message)s")
    locked = settings.fullscreen and not given.window
    prepare_window(given.window or settings.pixels(), locked)
    asyncio.run(run(settings, given.shot, locked))


def prepare_window(size: tuple[int, int], fullscreen: bool) -> None:
    """Everything Kivy must know before it is imported: one finger, no way out, no files of its
    own. The mouse provider alone is kept, because with a second one each touch comes twice."""
    os.environ.update(public_screen.ENVIRONMENT)
    from kivy.config import Config

    for section, name, value in public_screen.options(size, fullscreen):
        Config.set(section, name, value)
    Config.remove_section("input")
    Config.add_section("input")
    Config.set("input", "mouse", "mouse,disable_multitouch")


async def run(settings: KioskSettings, shots: Path | None = None, locked: bool = False) -> None:
    """Open journal and printer, and show the kiosk until its window closes. SIGHUP asks it to end
    as soon as nobody is there, SIGTERM now."""
    gc.disable()  # what is made until the first frame stays
    from kivy.clock import Clock

    from drivers.journal import Journal
    from drivers.lettering import FONT, rare_letters
    from kiosk.app import KioskApp
    from kiosk.click import Click
    from kiosk.leases import Leases
    from kiosk.memory import Memory
    from kiosk.prompts import Prompts
    from kiosk.readers import Readers
    from kiosk.watchdog import Watchdog

    profile = load_profile(CONFIG / "devices" / "printers" / f"{settings.printer_profile}.toml")
    port = Port(
        settings.printer, name=f"{settings.name} printer", baud=profile.baud, flow=profile.flow
    )
    printer = Printer(
        port,
        profile,
        font=FONT,
        rare=rare_letters(),
        ledger=settings.journal / "printed.txt",
    )
    readers = Readers(
        settings.name,
        settings.scanner,
        settings.id_reader,
        key=settings.proof_key.get_secret_value() if settings.proof_key else "",
        table=CONFIG / "devices" / "id_reader.toml",
    )
    journal = Journal(settings.journal / "wishes.journal")
    leases = Journal(settings.journal / "leases.journal")
    watchdog = Watchdog(os.environ)
    app = KioskApp(
        server=settings.server,
        hall=settings.hall,
        secret=settings.secret.get_secret_value(),
        journal=journal,
        leases=Leases(leases),
        memory=Memory(settings.journal),
        printer=printer,
        style=Style(
            width_dots=profile.width_dots,
            sheets=papers_in_force(settings.papers),
        ),
        time_out=settings.idle_seconds,
        inches=settings.diagonal(),
        shots=shots,
        locked=locked,
        watchdog=watchdog,
        parts=[Part("printer", "", lambda: printer.health), *readers.parts],
        readers=readers,
        maintenance_code=settings.maintenance_code.get_secret_value()
        if settings.maintenance_code
        else "",
        prompts=None
        if settings.speaks == "never"
        else Prompts(settings.prompts, always=settings.speaks == "always"),
        click=Click(look.file(look.look().sounds.touch)),
    )
    if sys.platform != "win32":
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGHUP, app.leave_when_free)
        loop.add_signal_handler(signal.SIGTERM, app.stop)
    port.start()
    Clock.schedule_once(settle, SETTLED)
    try:
        await app.main()
    finally:
        watchdog.close()
        journal.close()
        await readers.close()
        leases.close()
        await asyncio.to_thread(port.close)


def settle(*_: object) -> None:
    """What stands by now is not looked through for garbage again and again: that took 200 ms, in
    which no touch was answered, for one visitor in four. Now it takes 35."""
    gc.collect()
    gc.freeze()
    gc.enable()


if __name__ == "__main__":
    main()
