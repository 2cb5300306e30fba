"""The help page's part of the flow: a helper (帮办) called to this kiosk."""

from dataclasses import dataclass

from hall_server.wire.bounds import new_id
from kiosk.flow.meanings import Deed

PATIENCE = 3.0  # seconds of a silent hall until the page says so


@dataclass
class Calling:
    """What one citizen asked; how the call stands is in the hall's live state."""

    asked_at: float | None = None
    failed: bool = False
    _deed: str = ""

    def ask(self, item: str, now: float) -> Deed | None:
        """Call a helper; once, and again only after a refusal."""
        if self.asked_at is not None and not self.failed:
            return None
        self.asked_at, self.failed, self._deed = now, False, new_id()
        return Deed(self._deed, "ask_for_help", {"item": item} if item else {})

    def end(self, call: str) -> Deed:
        """No help is needed any more."""
        self.asked_at, self._deed = None, new_id()
        return Deed(self._deed, "end_call", {"call": call})

    def refused(self, asked: str) -> None:
        """The hall said no, or nothing."""
        if self._deed and asked == self._deed:
            self.failed = True

    def unheard(self, now: float) -> bool:
        """Whether the hall said no, or says nothing for too long."""
        late = self.asked_at is not None and now - self.asked_at >= PATIENCE
        return self.failed or late
