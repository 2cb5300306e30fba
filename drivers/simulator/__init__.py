"""Devices that are not there, chosen like a port: sim://printer/NAME?…, sim://rating_pad/NAME?….

    sim://printer/kiosk-1?baud=9600&speed=480&buffer=4096&width=384&paper=30000&out=DIR&font=FILE
    sim://rating_pad/window-3?address=3&baud=9600&answers=70&patience=3000&table=FILE
    sim://call_box/window-3?…      the same device: box and pad share an address
    sim://led_strip/window-3?address=3&baud=9600&table=FILE
    sim://id_reader/kiosk-1?baud=115200
    sim://scanner/kiosk-1?baud=9600

With `faults=cover_open,silent` a device begins with these faults; with `control=FILE` the words in
that file are its faults, read four times a second (see faults.py for every word).

One URL is one device for the life of the program: `device(url)` gives it, made if need be, so
that a demo or a test can press its keys, take its paper away or pull its cable.
"""

import errno
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, urlsplit

from drivers.framing import load_table
from drivers.led_strip import load_strip_table
from drivers.rating_pad import load_pad_table
from drivers.simulator.box import VirtualBox
from drivers.simulator.faults import TAKEN, Faults
from drivers.simulator.id_reader import VirtualIdReader
from drivers.simulator.printer import VirtualPrinter
from drivers.simulator.scanner import VirtualScanner
from drivers.simulator.strip import VirtualStrip

MOST_DEVICES = 256
Virtual = VirtualPrinter | VirtualBox | VirtualStrip | VirtualIdReader | VirtualScanner
_devices: dict[str, tuple[Virtual, Faults]] = {}


def plug(url: str) -> str:
    """The path to open for a sim:// URL; an OSError while its cable is pulled or it is taken."""
    line, wrong = device(url).line, faults(url)
    wrong.look()
    if line.fresh:
        line.plug_in()
    if not line.plugged and TAKEN in wrong.now:
        raise OSError(errno.EBUSY, "simulated device is another program's", url)
    if not line.plugged:
        raise FileNotFoundError(2, "simulated device is unplugged", url)
    return line.path


def device(url: str) -> Virtual:
    """The device behind a sim:// URL; an unknown kind or setting is a ValueError."""
    return _known(url)[0]


def faults(url: str) -> Faults:
    """What is wrong with the device behind a sim:// URL, and the switch for it."""
    return _known(url)[1]


def _known(url: str) -> tuple[Virtual, Faults]:
    if url not in _devices:
        if len(_devices) >= MOST_DEVICES:
            raise ValueError("too many simulated devices")
        # A port's thread and the one that presses its keys may both be the first to ask.
        _devices.setdefault(url, _make(url))
    return _devices[url]


def _make(url: str) -> tuple[Virtual, Faults]:
    parts = urlsplit(url)
    settings = dict(parse_qsl(parts.query, strict_parsing=bool(parts.query)))
    wrong, control = settings.pop("faults", ""), settings.pop("control", "")
    made = _device(url, parts, settings)
    faults = Faults(parts.netloc, made, Path(control) if control else None)
    faults.set(word for word in wrong.split(",") if word)
    return made, faults


def _device(url: str, parts: SplitResult, settings: dict[str, str]) -> Virtual:
    name = parts.path.strip("/") or parts.netloc
    if not name.replace("-", "").replace("_", "").isalnum():  # it becomes a file name
        raise ValueError(f"{url}: name of a simulated device: letters, digits, - and _")
    shipped = Path(str(files("config")))
    try:
        if parts.netloc == "printer":
            out, font = settings.pop("out", ""), settings.pop("font", "")
            numbers: dict[str, Any] = {key: int(value) for key, value in settings.items()}
            fonts = sorted((shipped / "fonts").glob("*Regular*.[ot]tf"))
            return VirtualPrinter(
                name,
                out=Path(out) if out else None,
                font=Path(font) if font else next(iter(fonts), None),
                **numbers,
            )
        if parts.netloc in ("rating_pad", "call_box"):
            table = settings.pop("table", "") or shipped / "devices" / "rs485_box.toml"
            numbers = {key: int(value) for key, value in settings.items()}
            return VirtualBox(name, load_pad_table(Path(table)), **numbers)
        if parts.netloc == "led_strip":
            table = settings.pop("table", "") or shipped / "devices" / "led_rows.toml"
            numbers = {key: int(value) for key, value in settings.items()}
            return VirtualStrip(name, load_strip_table(Path(table)), **numbers)
        numbers = {key: int(value) for key, value in settings.items()}
        if parts.netloc == "id_reader":
            table = shipped / "devices" / "id_reader.toml"
            return VirtualIdReader(name, load_table(table), **numbers)
        if parts.netloc == "scanner":
            return VirtualScanner(name, **numbers)
    except TypeError as wrong:
        raise ValueError(f"{url}: {wrong}") from wrong
    raise ValueError(f"{url}: no such simulated device")
