"""The soft click of a touch that means something."""

import logging
from pathlib import Path
from typing import Any

from kivy.core.audio import SoundLoader

log = logging.getLogger(__name__)


class Click:
    """One short sound, loaded once. Without a sound card, or a file, touches are silent."""

    def __init__(self, file: Path | None) -> None:
        self._file = file
        self.sound: Any = None  # None: nothing is heard

    def load(self, *_: object) -> None:
        """Open the sound card, which may take a while, and make the sound ready."""
        if self._file is None:
            return
        sound = SoundLoader.load(str(self._file))
        if sound is None or not sound.length:  # the latter is how SDL has no card
            log.warning("no sound: %s cannot be played here", self._file.name)
            return
        self.sound = sound

    def play(self) -> None:
        """Sound once; it does not wait for its end."""
        if self.sound is not None:
            self.sound.play()
