"""帮办 in words: call somebody, see that somebody comes, or the telephone."""

from config.language import say
from kiosk.flow import Flow, Intent
from kiosk.pages.leaving import entrance
from kiosk.pages.wording import choice, words
from kiosk.views import Choice, HelpView

ICONS = {"accepted": "users", "arrived": "circle-check"}


def help_page(flow: Flow) -> HelpView:
    """帮办: what the hall last told of this kiosk's call, or the offer to call."""
    lang, call = flow.lang, flow.hall.call
    state = call_state(flow)
    phone = flow.hall.layout.get("phone", "")
    enough = choice(Intent.END_HELP, "helping.enough", lang, "x")
    return HelpView(
        title=words(f"helping.title_{state}", lang),
        icon=ICONS.get(state, "hand-helping"),
        text=say(f"helping.{state}", lang),
        phone=say("helping.phone", lang, phone=phone) if phone else "",
        other=(enough,) if call else (entrance(lang), *_lower(flow)),
        main=_main(state, lang),
    )


def _lower(flow: Flow) -> tuple[Choice, ...]:
    """放低画面, where the screen reaches higher than who sits in a wheelchair."""
    key = "helping.raise" if flow.low else "helping.lower"
    return (choice(Intent.LOW, key, flow.lang, "accessibility"),) if flow.high else ()


def call_state(flow: Flow) -> str:
    """How the call of this kiosk stands: offer, asked, called, accepted, arrived or unheard."""
    if flow.hall.call is not None:
        return str(flow.hall.call[1]["state"])
    if flow.unheard:
        return "unheard"
    return "offer" if flow.calling.asked_at is None else "asked"


def _main(state: str, lang: str) -> Choice:
    if state == "offer":
        return choice(Intent.CALL_HELPER, "helping.call", lang, "hand-helping")
    return choice(Intent.BACK, "kiosk.understood", lang, "check")
