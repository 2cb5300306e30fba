"""Says aloud what a page asks (语音提示), where the hall has recorded it."""

from pathlib import Path
from typing import Any

from kivy.core.audio import SoundLoader

from kiosk.flow import Page

KINDS = (".ogg", ".wav")  # what SDL plays without anything else


class Prompts:
    """The clips of one folder: zh/items.ogg is said when a citizen turns to that page in Chinese,
    zh/notice-closed.ogg for that notice. A page without a clip is silent, and so is the first
    one, which stands there alone all day. Each is said once, and never over another."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._clips: dict[str, Any] = {}
        self._turned = ""
        self._said: Any = None

    def turned(self, name: str, lang: str) -> None:
        """This page is on the screen, in this language."""
        clip = f"{lang}/{name}"
        if self._folder is None or clip == self._turned:
            return
        self._turned = clip
        if self._said is not None:
            self._said.stop()
        self._said = None if name == Page.HOME else self._clip(self._folder / clip)
        if self._said is not None:
            self._said.play()

    @property
    def saying(self) -> str:
        """The clip that is being said, as zh/items; "" in silence."""
        return self._turned if self._said is not None and self._said.state == "play" else ""

    def _clip(self, path: Path) -> Any:
        """The sound of a clip, loaded when it is first said; None where there is none. Kivy logs
        what cannot be played."""
        name = str(path)
        if name not in self._clips:
            file = next((one for kind in KINDS if (one := path.with_suffix(kind)).is_file()), None)
            self._clips[name] = None if file is None else SoundLoader.load(str(file))
        return self._clips[name]
