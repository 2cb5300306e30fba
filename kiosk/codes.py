"""What is held before a kiosk's scanner: an appointment's code, a ticket's token, or neither."""

import re

BOOKED = "appointment:"  # before the code in the QR of an appointment's paper (预约单)
_CODE = re.compile(rf"(?:{BOOKED})?([0-9]{{8}})", re.ASCII)
_TICKET = re.compile(r"https?://[^\s?#]{1,300}/t/([A-Za-z0-9_-]{16,64})", re.ASCII)


def appointment_code(text: str) -> str | None:
    """The eight figures (预约码) of an appointment's paper, in its QR or bare."""
    found = _CODE.fullmatch(text.strip())
    return found and found[1]


def ticket_token(text: str) -> str | None:
    """The token in the address that the QR of a ticket (号票) leads a phone to."""
    found = _TICKET.fullmatch(text.strip())
    return found and found[1]
