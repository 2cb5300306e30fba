"""Which words a page says aloud (语音提示): the name of its clip, and of its text prompts.*."""

from kiosk.flow import Flow, Page, Purpose
from kiosk.pages.help import call_state

SILENT = (Page.DUTY_CODE, Page.DUTY)


def aloud(flow: Flow) -> str:
    """The name of what is said of where the citizen is; "" where nothing is. One page asks for
    different things; where no sentence would be true it is silent. The first page greets only
    who chose 大字版 on it: otherwise it stands there alone all day."""
    match flow.page:
        case Page.HOME:
            return "home" if flow.large else ""
        case Page.ITEM if flow.taking.item is None or not flow.taking.item.queue:
            return ""  # no number, nothing to book
        case Page.SLOTS if flow.booking.full:
            return ""
        case Page.CONFIRM if flow.booking.refused is not None:
            return ""  # just taken: another time is offered, or none
        case Page.PROOF if flow.holding.purpose is Purpose.PHONE:
            return "proof-phone"
        case Page.PROOF if flow.holding.checks_in:
            return "proof-card" if flow.hall.reads_cards else "proof-check_in"
        case Page.BOOKED if flow.booked.print is None:
            return "booked-shown"
        case Page.HELP:
            return f"help-{call_state(flow)}"
        case Page.NOTICE:
            return f"notice-{flow.notice}"
        case page:
            return "" if page in SILENT else page.value
