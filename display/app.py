"""The display program: one wall or sign on one link, with its voice."""

import asyncio
import logging
import time
from collections.abc import Callable
from typing import Any

from kivy.app import App
from kivy.clock import Clock
from kivy.uix.widget import Widget

from config.look import look
from config.settings import DisplaySettings
from display.board import Board, BoardView, Scope
from display.calls import Pace
from display.layouts.figures import Reading
from display.layouts.hall_board import HallBoard
from display.layouts.style import dress
from display.layouts.wall import Wall
from display.layouts.window_sign import WindowSign
from display.voice import Speaker, Voice
from hall_server.wire.link import Link
from hall_server.wire.views import Facts

LOOKS_A_SECOND = (
    8  # twice in each step of a 2 Hz flash; a look that finds nothing new draws nothing
)
log = logging.getLogger(__name__)


def now_ms() -> int:
    """The time on this machine's clock, in milliseconds since 1970, UTC."""
    return time.time_ns() // 1_000_000


class DisplayApp(App):  # type: ignore[misc]
    """A wall board (综合屏) or a window sign (窗口屏).

    ``now`` is the clock of the wall, and ``speaker`` its loudspeaker; None is a silent wall.
    """

    title = "hall-display"

    def __init__(
        self,
        settings: DisplaySettings,
        speaker: Speaker | None = None,
        now: Callable[[], int] = now_ms,
    ) -> None:
        super().__init__()
        self.settings, self._now = settings, now
        self.board = Board(now(), _scope(settings), _pace())
        self.link = Link(
            _link_url(settings.server),
            settings.hall,
            settings.secret.get_secret_value(),
            changed=self._changed,
            turned=self._turned,
        )
        self.voice = Voice(speaker, (settings.language,)) if speaker is not None else None
        self._wall: Wall | None = None
        self._size: tuple[float, ...] = ()
        self.view: BoardView | None = None

    def build(self) -> Widget:
        dress()
        wall = HallBoard if self.settings.layout == "hall_board" else WindowSign
        parts = look().scale.reading_distance
        reading = Reading(self.settings.inches, self.settings.metres, parts)
        self._wall = wall(reading, self.settings.language)
        self._watch = Clock.schedule_interval(self._look, 1 / LOOKS_A_SECOND)
        return self._wall

    def on_stop(self) -> None:
        self._watch.cancel()
        self._wall = None

    def open_settings(self, *_: Any) -> None:
        """Kivy opens its own settings on F1; a public screen has none."""

    async def main(self) -> None:
        """Run the screen and the link until the screen is closed."""
        line = asyncio.create_task(self.link.run())
        line.add_done_callback(self._line_ended)
        try:
            await self.async_run("asyncio")
        finally:
            line.cancel()
            await asyncio.gather(line, return_exceptions=True)

    def _line_ended(self, line: "asyncio.Task[None]") -> None:
        """The link runs for ever; when it breaks, so does the program, and is started again."""
        if not line.cancelled() and (broken := line.exception()):
            log.critical("the link broke", exc_info=broken)
            self.stop()

    def _changed(self, kind: str, facts: Facts) -> None:
        self.board.changed(kind, facts, self._now())
        self._look()

    def _turned(self, online: bool) -> None:
        log.info("the line %s", "stands" if online else "is gone")
        self.board.turned(online, self._now())

    def _look(self, _dt: float = 0.0) -> None:
        """Show what is true now, if it differs from what is shown."""
        wall = self._wall
        if wall is None:
            return
        now = self._now()
        self.board.refused = self.link.refused.code.value if self.link.refused else None
        view = self.board.view(now, wall.fit(self.board.widest(), self.board.size()))
        call = self.board.call(now)
        if call is not None and self.voice is not None:
            self.voice.announce(call)
        if (view, tuple(wall.size)) != (self.view, self._size):
            self.view, self._size = view, tuple(wall.size)
            wall.show(view)


def _link_url(server: str) -> str:
    return server.replace("http", "ws", 1).rstrip("/") + "/link"


def _scope(settings: DisplaySettings) -> Scope:
    if settings.layout == "window_sign" and settings.window is not None:
        return Scope(windows=(settings.window,))
    return Scope(zones=settings.zones)


def _pace() -> Pace:
    motion = look().motion
    return Pace(
        flash=round(motion.flash_seconds * 1000),
        step=round(500 / motion.flash_hz) if motion.flash_hz else 0,
        page=round(motion.notice_seconds * 1000),
    )
