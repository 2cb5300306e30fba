"""Finding an item: the way chosen, the group opened, the letters typed."""

from dataclasses import dataclass

from kiosk.flow.errand import Errand, Move, Touch
from kiosk.flow.meanings import Intent, Narrow, Page
from kiosk.search import LONGEST_SEARCH


@dataclass
class Finding(Errand):
    """By what one citizen looks for an item."""

    narrow: Narrow = Narrow.THEME
    group: str = ""
    typed: str = ""

    def touch(self, touch: Touch) -> Move | None:
        match touch:
            case Touch(Page.HOME | Page.ITEMS | Page.NOTICE, Intent.NARROW | Intent.BOOK, way):
                self.narrow, self.group, self.typed = Narrow(way), "", ""
                return Move(Page.ITEMS)
            case Touch(Page.ITEMS, Intent.PICK_GROUP, group):
                self.group = group
                return Move(Page.ITEMS)
            case Touch(Page.ITEMS, Intent.BACK) if self.group or self.typed:
                self.group = self.typed = ""
                return Move(Page.ITEMS)
            case Touch(Page.ITEMS, Intent.TYPE, key) if len(self.typed) < LONGEST_SEARCH:
                self.typed += key[:1].lower()
            case Touch(Page.ITEMS, Intent.ERASE):
                self.typed = self.typed[:-1]
            case Touch(Page.ITEMS, Intent.CLEAR):
                self.typed = ""
        return None
