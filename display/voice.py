"""The voice of a wall: announcements one after another, each call once."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from config.language import say
from display.calls import REMEMBERED, Call

LONGEST_LINE = 60  # announcements that wait: one for each window of the largest hall


@dataclass(frozen=True)
class Announcement:
    """What is said of one call: its words in each language, first language first."""

    call: Call
    texts: tuple[str, ...]


class Speaker(Protocol):
    """Whatever makes a sound. It calls ``done`` once for each announcement, also when there is
    no loudspeaker or the sound broke, so that the next person is not kept waiting."""

    def speak(self, announcement: Announcement, done: Callable[[], None]) -> None: ...


class Voice:
    """One announcement at a time. The same (service, call) is said once, however often told.

    When more than 60 wait, the oldest gives way: it is the one most likely over.
    """

    def __init__(self, speaker: Speaker, languages: tuple[str, ...] = ("zh",)) -> None:
        self._speaker = speaker
        self._languages = languages
        self._line: deque[Announcement] = deque(maxlen=LONGEST_LINE)
        self._said: dict[tuple[str, int], None] = {}
        self._speaking: Announcement | None = None

    def announce(self, call: Call) -> None:
        """Say this call when those before it are said."""
        key = (call.service, call.call)
        if key in self._said:
            return
        self._said[key] = None
        if len(self._said) > REMEMBERED:
            del self._said[next(iter(self._said))]
        self._line.append(
            Announcement(call, tuple(spoken(call, language) for language in self._languages))
        )
        self._go_on()

    def _go_on(self) -> None:
        if self._speaking is not None or not self._line:
            return
        announcement = self._speaking = self._line.popleft()
        self._speaker.speak(announcement, lambda: self._done(announcement))

    def _done(self, announcement: Announcement) -> None:
        if self._speaking is announcement:  # a second "done" of an earlier one is not for us
            self._speaking = None
            self._go_on()


def spoken(call: Call, language: str = "zh") -> str:
    """The words of a call, the same that stand on the wall: "请 A012 到 3 号窗口"."""
    return say("display.call", language, number=call.number, window=call.window)
