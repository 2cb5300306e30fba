"""Which programs a demo consists of, and what each is told."""

import os
from pathlib import Path

from config.settings import HallSettings
from hall_server.demo.children import Children
from hall_server.setup import SAMPLE_SECRET
from hall_server.wire.layout import Layout

# A simulated printer that keeps up with 60 times the speed and never runs out.
ENDLESS = "speed=20000&baud=921600&paper=2000000000"
PADS = 12  # windows with a simulated rating pad; the rest of the visitors rate by ticket


def start_all(
    children: Children,
    settings: HallSettings,
    layout: Layout,
    folder: Path,
    speed: float,
    *,
    headless: bool,
) -> None:
    """The hall server, a kiosk, a wall board, the agent with its pads, and visitors."""
    paper = folder / "paper"
    paper.mkdir()
    children.start(
        "server",
        "hall_server",
        "serve",
        env={
            "HALL_DATA": str(settings.data),
            "HALL_FILES": str(settings.files),
            "HALL_PORT": str(settings.port),
            "HALL_PROFILE": "demo",
            "HALL_LOG_LEVEL": "warning",
        },
    )
    screen = {} if not headless and has_screen() else OFF_SCREEN
    kiosks = [device.id for device in layout.devices if device.kind == "kiosk"]
    boards = [device.id for device in layout.devices if device.kind == "hall_board"]
    server = f"http://127.0.0.1:{settings.port}"

    def joined(program: str, name: str) -> dict[str, str]:
        return {
            f"{program}_SERVER": server,
            f"{program}_HALL": layout.hall.id,
            f"{program}_NAME": name,
            f"{program}_SECRET": SAMPLE_SECRET + name,
        }

    children.start(
        "kiosk",
        "kiosk",
        "--window",
        "540x960",
        env={
            **joined("KIOSK", kiosks[0]),
            **screen,
            "KIOSK_FULLSCREEN": "false",
            "KIOSK_JOURNAL": str(folder / "kiosk"),
            "KIOSK_PRINTER": f"sim://printer/{kiosks[0]}?out={paper}&control={folder / 'printer'}",
        },
    )
    for board in boards[:1]:
        children.start(
            "board",
            "display",
            "--window",
            "1200x675",
            env={**joined("DISPLAY", board), **screen, "DISPLAY_FULLSCREEN": "false"},
        )
    devices = folder / "devices.toml"
    windows = [window.id for window in layout.windows][:PADS]
    devices.write_text("".join(_pad(window, speed) for window in windows), "utf-8")
    children.start(
        "agent",
        "drivers",
        env={
            **joined("AGENT", "demo-agent"),
            "AGENT_DEVICES": str(devices),
            "AGENT_SPOOL": str(folder / "agent"),
        },
    )
    others = kiosks[1:] or kiosks
    for n, name in enumerate(others, 1):
        children.start(
            f"visitors-{n}",
            "kiosk.visitors",
            *("--speed", str(speed), "--share", str(1 / len(others)), "--seed", str(n)),
            env={
                **joined("KIOSK", name),
                "KIOSK_JOURNAL": str(folder / f"visitors-{n}"),
                "KIOSK_PRINTER": f"sim://printer/{name}?{ENDLESS}",
            },
        )


OFF_SCREEN = {"SDL_VIDEODRIVER": "offscreen", "SDL_AUDIODRIVER": "dummy"}


def has_screen() -> bool:
    """Whether there is a screen to open windows on."""
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _pad(window: str, speed: float) -> str:
    """One simulated pad on a line of its own; 7 of 10 visitors press a face."""
    patience = max(100, int(4_000 / speed))
    return (
        "[[lines]]\n"
        f'url = "sim://rating_pad/window-{window}?answers=70&patience={patience}"\n'
        'table = "rating_pad_5"\n'
        f'stations = [{{window = "{window}", address = 1}}]\n\n'
    )
