"""What the kiosk does next, without a screen: the way of one citizen after the other."""

from kiosk.flow.duty import Machine, Task
from kiosk.flow.flow import TIME_OUT, Flow
from kiosk.flow.meanings import (
    Asked,
    Chore,
    Deed,
    EntryKind,
    Handout,
    Intent,
    Narrow,
    Notice,
    Page,
    Paper,
    Purpose,
    Question,
    Receipt,
    Slip,
    Wish,
)

__all__ = [
    "TIME_OUT",
    "Asked",
    "Chore",
    "Deed",
    "EntryKind",
    "Flow",
    "Handout",
    "Intent",
    "Machine",
    "Narrow",
    "Notice",
    "Page",
    "Paper",
    "Purpose",
    "Question",
    "Receipt",
    "Slip",
    "Task",
    "Wish",
]
