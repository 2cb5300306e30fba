"""The help page's part of the flow: a helper (帮办) called to this kiosk."""

from dataclasses import dataclass, field

from hall_server.wire.bounds import new_id
from hall_server.words import Refused
from kiosk.flow.errand import Errand, Move, Touch
from kiosk.flow.hall import Hall
from kiosk.flow.meanings import Deed, Intent, Page

PATIENCE = 3.0  # seconds of a silent hall until the page says so


@dataclass
class Calling(Errand):
    """What one citizen asked, and of which item; how the call stands is in the live state."""

    hall: Hall = field(repr=False, compare=False)
    item: str = ""
    asked_at: float | None = None
    failed: bool = False
    _deed: str = ""

    def touch(self, touch: Touch) -> Move | None:
        match touch:
            case Touch(Page.HELP, Intent.CALL_HELPER) if self.hall.call is None:
                return self._ask(touch.now)
            case Touch(Page.HELP, Intent.END_HELP) if self.hall.call is not None:
                self.asked_at, self._deed = None, new_id()
                return Move(asked=Deed(self._deed, "end_call", {"call": self.hall.call[0]}))
        return None

    def _ask(self, now: float) -> Move | None:
        """Call a helper; once, and again only after a refusal."""
        if self.asked_at is not None and not self.failed:
            return None
        self.asked_at, self.failed, self._deed = now, False, new_id()
        facts: dict[str, str | int] = {"item": self.item} if self.item else {}
        return Move(asked=Deed(self._deed, "ask_for_help", facts))

    def refuse(self, asked: str, refused: Refused) -> Move | None:
        if self._deed and asked == self._deed:
            self.failed = True
        return None

    def unheard(self, now: float) -> bool:
        """Whether the hall said no, or says nothing for too long."""
        late = self.asked_at is not None and now - self.asked_at >= PATIENCE
        return not self.hall.online or self.failed or late
