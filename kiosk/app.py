"""The kiosk program: flow, desk, link and screens in one event loop."""

import asyncio
import gc
import logging
from collections.abc import Coroutine, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from time import monotonic
from typing import Any

from kivy.app import App
from kivy.clock import Clock
from kivy.core.window import Window

from config.public_screen import LOOKS
from drivers.compose import Style
from drivers.id_card import Reason
from drivers.journal import Journal
from drivers.reporting import Part, Reporter
from drivers.ticket_paper import CHINA
from hall_server.wire.link import SNAPSHOT, Link
from hall_server.wire.views import Facts
from hall_server.words import PrintState, Refused
from kiosk import pages
from kiosk.asking import Asking
from kiosk.click import Click
from kiosk.desk import Desk
from kiosk.flow import Asked, Chore, Deed, Flow, Intent, Page, Question, Task
from kiosk.knowing import Knowing
from kiosk.leases import Leases
from kiosk.machine import Caretaker
from kiosk.memory import Memory
from kiosk.mishaps import Mishaps
from kiosk.offline import Now, Offline
from kiosk.papers import Papers, Printer
from kiosk.prompts import Prompts
from kiosk.readers import Heard, Readers
from kiosk.screens.frame import Frame
from kiosk.watchdog import Watchdog
from kiosk.wedge import Wedge
from kiosk.widgets.theme import INCHES, theme

log = logging.getLogger(__name__)

LATER = 1.0  # seconds after the start: the first frame waits for no sound card
LOOKS_AT_REST = 30  # at a kiosk where nobody is: each look wakes the machine, for 0.3 ms of a core
SHOT_FRAMES = 3  # a page is on the screen for certain after this many


def hall_now() -> datetime:
    """What a clock on the hall's wall shows."""
    return datetime.now(CHINA)


class KioskApp(App):  # type: ignore[misc]
    """One kiosk at one hall. `main()` runs until the window closes; nobody at a `locked` screen can
    close it.

    With `shots` each page is saved there as a PNG the first time it is shown.
    """

    title = "取号机"
    root: Frame

    def __init__(
        self,
        *,
        server: str,
        hall: str,
        secret: str,
        journal: Journal,
        leases: Leases,
        memory: Memory,
        printer: Printer,
        style: Style,
        time_out: float,
        inches: float = INCHES,
        shots: Path | None = None,
        parts: Sequence[Part] = (),
        locked: bool = True,
        watchdog: Watchdog | None = None,
        readers: Readers | None = None,
        maintenance_code: str = "",
        prompts: Prompts | None = None,
        click: Click | None = None,
        now: Now = hall_now,
    ) -> None:
        super().__init__()
        link = f"{server.replace('http', 'ws', 1)}/link"
        self.link = Link(link, hall, secret, changed=self._changed, turned=self._turned)
        self.flow = Flow(self.link.state, time_out)
        self.offline = Offline(hall, self.link, leases, now)
        papers = Papers(printer, self.link.state, style)
        self.desk = Desk(hall, self.link, journal, papers, self, self.offline, now)
        self.asking = Asking(hall, self.link, self)
        self.reporter = Reporter(self.link, hall, "kiosk", parts)
        self._readers, self._wedge = readers, Wedge()
        self.flow.lock.code = maintenance_code
        health = next((part.health for part in parts if part.kind == "printer"), None)
        self._caretaker = Caretaker(server, printer, health, style)
        self._inches, self._now = inches, now
        if readers is not None:
            self.flow.hall.reads_cards, self.flow.hall.mark = readers.reads_cards, readers.mark
            self.flow.leave()
        self._prompts, self._click = prompts, click or Click(None)
        self._shots = shots
        self._errands: set[asyncio.Task[None]] = set()
        self._built = False
        self.locked = locked
        self._watchdog = watchdog or Watchdog({})
        self._mishaps = Mishaps(self._recover)
        self._leaving = False
        self.draw = Clock.create_trigger(self._draw, -1)  # once, in the frame that comes next
        self._knowing = Knowing(self.link, self.flow, memory, self.draw)
        self._knowing.recall()

    def build(self) -> Frame:
        width, height = Window.size
        self._fit(width, height)
        Window.bind(**self._bound())
        Clock.schedule_interval(self._tick, 1)
        return self._frame()

    def _bound(self) -> dict[str, Any]:
        return {
            "on_resize": self._resized,
            "on_mouse_down": self._awake,  # one look before Kivy makes a touch of it
            "on_touch_down": self._touched,
            "on_keyboard": self._key,
            "on_request_close": self._close_asked,
        }

    def _frame(self) -> Frame:
        frame = Frame()
        frame.bind(on_intent=self._meant)
        return frame

    def on_start(self) -> None:
        self._built = True
        self._mishaps.listen()
        Clock.schedule_once(self._click.load, LATER)
        self.draw()
        self._watchdog.ready()

    def on_stop(self) -> None:
        self._built = False
        self._mishaps.deafen()
        self._watchdog.stopping()
        self.draw.cancel()
        Clock.unschedule(self._tick)
        Window.unbind(**self._bound())

    def open_settings(self, *_: object) -> bool:
        """Kivy's own settings panel (F1) is not for citizens."""
        return False

    async def main(self) -> None:
        """Run the kiosk. Its line and its desk end before its screen does."""
        if self._readers is not None:
            self._readers.start(Heard(self._scanned, self._carded, self._unread))
        work = [
            self._work(self.link.run()),
            self._work(self.desk.run()),
            self._work(self.offline.keep()),
            self._work(self.reporter.run()),
            self._work(self._knowing.keep()),
        ]
        try:
            await self.async_run("asyncio")
        finally:
            work += self._errands
            for task in work:
                task.cancel()
            await asyncio.gather(*work, return_exceptions=True)

    def leave_when_free(self) -> None:
        """End as soon as nobody has been at the screen for a while; started anew at once, every
        night, without anybody who would notice."""
        self._leaving = True

    def _draw(self, *_: object) -> None:
        """Show where the flow is; an unchanged view draws nothing."""
        if not self._built:  # what is told before that is shown at the start
            return
        view = pages.view(self.flow, self._now())
        self.root.show(view)
        if self._prompts is not None:
            self._prompts.turned(pages.aloud(self.flow), view.lang, view.large)
        if self._readers is not None:
            self._readers.look_for_card(self.flow.wants_card)
        if self._shots is not None:
            size = "large" if view.large else "normal"
            self._shoot(self._shots / f"{view.page}-{view.lang}-{size}.png")

    # --- told by the desk, and by the hall when asked

    def answered(self, asked: str, answer: Mapping[str, Any]) -> None:
        self._carry(self.flow.answered(asked, answer))

    def taken(self, wish: str, reply: Mapping[str, Any]) -> None:
        self.flow.taken(wish, reply)
        self.draw()

    def refuse(self, wish: str, refused: Refused) -> None:
        self.flow.refuse(wish, refused)
        self.draw()

    def merged(self, wish: str, reply: Mapping[str, Any]) -> None:
        self.flow.merged(wish, reply)
        self.draw()

    def printed(self, wish: str, state: PrintState, trouble: str = "") -> None:
        self.flow.printed(wish, state, trouble)
        self.draw()

    # --- told by the screen

    def _meant(self, _frame: Frame, intent: str, value: str) -> None:
        now = monotonic()
        if self.flow.settled(now):
            self._click.play()
        self._carry(self.flow.do(Intent(intent), value, now))

    def _carry(self, asked: Asked | None) -> None:
        """Bring what was asked to whom it is for, and show what came of it."""
        if isinstance(asked, (Question, Deed)):
            self._run(self.asking.carry(asked))
        elif isinstance(asked, Chore):
            self._run(self._tend(asked))
        elif asked is not None:
            self.desk.give(asked)
        self.draw()

    def _run(self, steps: Coroutine[Any, Any, None]) -> None:
        errand = asyncio.create_task(steps)
        self._errands.add(errand)
        errand.add_done_callback(self._done)

    def _done(self, errand: asyncio.Task[None]) -> None:
        """One errand that broke is its citizen's mishap; many are the kiosk's end."""
        self._errands.discard(errand)
        error = None if errand.cancelled() else errand.exception()
        if isinstance(error, Exception) and not self._mishaps.bear(error):
            self.stop()

    async def _tend(self, chore: Chore) -> None:
        if chore.task == Task.RESTART:
            log.info("restart asked on the maintenance page")
            self.stop()
            return
        await self._caretaker.do(chore.id, Task(chore.task))
        await self._look_at_machine()

    async def _look_at_machine(self) -> None:
        self.flow.duty.machine = await self._caretaker.look()
        self.draw()

    def _awake(self, *_: object) -> None:
        Clock._max_fps = LOOKS  # Kivy has no other name for it

    def _touched(self, *_: object) -> bool:
        """A touch under the warning means only: I am still here."""
        warned = self.flow.seconds_left is not None
        self._awake()
        self.flow.touched(monotonic())
        if warned:
            self._click.play()
            self.draw()
        return warned

    def _key(
        self, _window: object, key: int, _code: int, letter: str | None, modifiers: list[str]
    ) -> bool:
        """No key leaves the kiosk: neither Esc nor F1. What a scanner types is a code."""
        code = self._wedge.key(key, letter, modifiers, monotonic())
        if code:
            self._scanned(code)
        return True

    def _close_asked(self, *_: object, **__: object) -> bool:
        """Alt-F4 and whatever else asks the window to close."""
        return self.locked

    def _resized(self, _window: object, width: int, height: int) -> None:
        """Another size is another layout: everything is made anew for it."""
        self._fit(width, height)
        gc.unfreeze()  # what the old frame holds is garbage now
        Window.remove_widget(self.root)
        self.root.let_go()
        self.root = self._frame()
        Window.add_widget(self.root)
        self.draw()

    def _fit(self, width: int, height: int) -> None:
        theme.fit(width, height, self._inches)
        self.flow.high, self.flow.few_keys = theme.high, theme.small

    def _tick(self, *_: object) -> None:
        now = monotonic()
        self._watchdog.alive()
        self._alone()
        self.flow.tick(now)
        if self.flow.page is Page.DUTY:
            self._run(self._look_at_machine())
        self.draw()
        free = self.flow.free(now)
        Clock._max_fps = LOOKS_AT_REST if free else LOOKS
        if self._leaving and free:
            log.info("nobody is here: the kiosk ends, to be started anew")
            self.stop()

    def _recover(self) -> None:
        """After a mishap: the first page, drawn from nothing, with nobody's data on it."""
        self.flow.leave()
        if self._built:
            self._resized(Window, *Window.size)

    # --- told by the devices

    def _scanned(self, code: str) -> None:
        self._carry(self.flow.scanned(code, monotonic()))

    def _carded(self, mark: str) -> None:
        self._carry(self.flow.carded(mark, monotonic()))

    def _unread(self, reason: Reason) -> None:
        self.flow.unread(reason, monotonic())
        self.draw()

    # --- told by the line

    def _changed(self, kind: str, facts: Facts) -> None:
        if kind == SNAPSHOT or "hall" in facts or "day" in facts:
            self._knowing.look()
            self.offline.look()
        self.draw()

    def _turned(self, online: bool) -> None:
        self._alone()
        self.flow.joined(online, self.link.name)
        if online:
            self._knowing.look()
            self.offline.look()
        self.draw()

    def _alone(self) -> None:
        self.flow.without_hall(self.offline.ready(), self.offline.in_hours())

    def _work(self, steps: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(steps)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[None]) -> None:
        """Work that ends by itself is a bug: the kiosk closes, and is started again."""
        if not task.cancelled() and task.exception() is not None:
            log.critical("the kiosk's work ended", exc_info=task.exception())
            self.stop()

    def _shoot(self, path: Path) -> None:
        if path.exists():
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()

        def drawn(left: int) -> None:
            Window.canvas.ask_update()
            if left:
                Clock.schedule_once(lambda _: drawn(left - 1), 0)
            else:
                Path(Window.screenshot(name=str(path))).replace(path)

        Clock.schedule_once(lambda _: drawn(SHOT_FRAMES), 0)
