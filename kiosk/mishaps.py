"""A bug in one callback costs one citizen a page, and not the next one the kiosk."""

import logging
from collections import deque
from collections.abc import Callable
from time import monotonic

from kivy.base import ExceptionHandler, ExceptionManager

log = logging.getLogger(__name__)

MOST, WITHIN = 20, 60.0  # mishaps and seconds: more is a kiosk that works no longer


class Mishaps(ExceptionHandler):  # type: ignore[misc]
    """Bears what goes wrong in a callback: it is logged, and `recover` is told. When too many
    come, the program ends, and whoever watches over it starts it anew."""

    def __init__(self, recover: Callable[[], None], clock: Callable[[], float] = monotonic) -> None:
        super().__init__()
        self._recover, self._clock = recover, clock
        self._times: deque[float] = deque(maxlen=MOST)

    def listen(self) -> None:
        """Hear of every exception in Kivy's loop, from now on."""
        ExceptionManager.add_handler(self)

    def deafen(self) -> None:
        """Hear of them no more."""
        ExceptionManager.remove_handler(self)

    def handle_exception(self, error: BaseException) -> int:
        """Kivy asks whether its loop goes on."""
        borne = isinstance(error, Exception) and self.bear(error)
        return int(ExceptionManager.PASS if borne else ExceptionManager.RAISE)

    def bear(self, error: Exception) -> bool:
        """Whether it goes on after this one."""
        now = self._clock()
        if len(self._times) == MOST and now - self._times[0] < WITHIN:
            log.critical("%d mishaps within %.0f s: the kiosk ends", MOST + 1, now - self._times[0])
            return False
        self._times.append(now)
        log.error("mishap in a callback", exc_info=error)
        self._recover()
        return True
