"""The loudspeaker of a wall: plays the chime of each announcement through Kivy."""

import logging
from collections.abc import Callable
from pathlib import Path

from kivy.clock import Clock
from kivy.core.audio import SoundLoader

from display.voice import Announcement

PATIENCE_SECONDS = 2.0  # beyond the sound's own length; then the next person's turn comes
log = logging.getLogger(__name__)


class Chime:
    """A speaker that rings once for each announcement. Without a sound card it stays silent and
    says so once; the words stand on the wall all the same."""

    def __init__(self, file: Path, volume: float = 1.0) -> None:
        self._done: Callable[[], None] | None = None
        self._sound = SoundLoader.load(str(file))
        # The next sound begins a frame after the last one ended, not inside its own stop.
        self._soon = Clock.create_trigger(lambda _dt: self._end(), 0)
        latest = 0.0
        if self._sound is None:
            log.warning("no sound: %s cannot be played here", file.name)
        else:
            latest = self._sound.length + PATIENCE_SECONDS
            self._sound.volume = volume
            self._sound.bind(on_stop=lambda _sound: self._soon())
        self._late = Clock.create_trigger(lambda _dt: self._end(), latest)

    def speak(self, announcement: Announcement, done: Callable[[], None]) -> None:
        """Ring, then call done; also when the end of the sound is never told."""
        self._done = done
        self._late()
        if self._sound is not None:
            self._sound.play()

    def _end(self) -> None:
        self._late.cancel()
        self._soon.cancel()
        done, self._done = self._done, None
        if done is not None:
            done()
