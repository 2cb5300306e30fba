"""Says aloud what a page asks (语音提示), where there is a clip of it."""

import logging
from pathlib import Path
from typing import Any

from kivy.clock import Clock
from kivy.core.audio import SoundLoader

log = logging.getLogger(__name__)

KINDS = (".ogg", ".wav")  # what SDL plays without anything else
HELD = 0.5  # seconds; who turns the page sooner needs no words, and no half of one


class Prompts:
    """The clips of one folder: zh/items.ogg is said on that page in Chinese, zh/notice-closed.ogg
    with that notice. A page without a clip is silent. Each is said once, and never over another;
    unless `always`, only to who chose 大字版: twelve kiosks beside each other would be noise."""

    def __init__(self, folder: Path, always: bool = False) -> None:
        self._folder, self._always = folder, always
        self._turned = ""
        self._said: Any = None
        self._mute: set[str] = set()  # clips that are not there or cannot be played
        self._soon = Clock.create_trigger(self._say, HELD)
        if not folder.is_dir():
            log.warning("no page is said aloud: there is no folder %s", folder)

    def turned(self, name: str, lang: str, large: bool) -> None:
        """This is to be said in this language; "" is nothing."""
        clip = f"{lang}/{name}" if name and (large or self._always) else ""
        if clip == self._turned:
            return
        self._turned = clip
        self._soon.cancel()
        if self._said is not None:
            self._said.stop()
            self._said.unload()
            self._said = None
        if clip and clip not in self._mute:
            self._soon()

    @property
    def saying(self) -> str:
        """The clip that is being said, as zh/items; "" in silence."""
        return self._turned if self._said is not None and self._said.state == "play" else ""

    def _say(self, _dt: float) -> None:
        """Kivy logs what cannot be played, once for each clip; no clip is kept in memory."""
        clips = (self._folder / f"{self._turned}{kind}" for kind in KINDS)
        file = next((one for one in clips if one.is_file()), None)
        self._said = None if file is None else SoundLoader.load(str(file))
        if self._said is None:
            self._mute.add(self._turned)
        else:
            self._said.play()
