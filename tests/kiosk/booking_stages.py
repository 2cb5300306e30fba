"""The pages of appointments as a citizen can meet them, for the gallery."""

from collections.abc import Callable, Iterator

from hall_server.words import PrintState, Refusal, Refused
from kiosk.flow import Flow, Intent, Purpose
from tests.kiosk import halls
from tests.kiosk.visit import Visit


def bookings(visit: Callable[[], Visit], item: str) -> Iterator[tuple[str, Flow]]:
    """Each page and layout by name."""
    days = visit()
    days.slots(item)
    yield "slots-days", days.flow
    days.do(Intent.PICK_DAY, halls.DAYS[1])
    yield "slots-times", days.flow
    days.do(Intent.PICK_SLOT, f"{halls.DAYS[1]} 10:30")
    yield "confirm", days.flow
    wish = days.do(Intent.CONFIRM)
    taken = Refused(
        Refusal.SLOT_TAKEN,
        date=halls.DAYS[1],
        time="10:30",
        next_date=halls.DAYS[2],
        next_time="11:00",
    )
    days.flow.refuse(wish.id, taken)
    yield "confirm-taken", days.flow
    booked = visit()
    wish = booked.proofs().book(item)
    booked.flow.taken(wish.id, halls.booked(item=item))
    booked.flow.printed(wish.id, PrintState.PRINTED)
    yield "booked", booked.flow
    booked.flow.printed(wish.id, PrintState.FAILED, "paper_out")
    yield "booked-not-printed", booked.flow
    booked.do(Intent.CANCEL)
    yield "booked-sure", booked.flow
    booked.do(Intent.BACK)
    booked.do(Intent.LEAVE_PHONE)
    yield "proof-phone", booked.flow
    for state in ("booked", "checked_in"):
        shown = visit()
        shown.proofs().shows(item=item, state=state)
        yield f"booked-shown-{state}", shown.flow
    asked = visit()
    asked.proofs().do(Intent.SHOW, Purpose.CHECK_IN)
    yield "proof-ways", asked.flow
    early = visit()
    early.do(Intent.SHOW, Purpose.CHECK_IN)
    for key in "40718265":
        early.do(Intent.TYPE, key)
    no = Refused(Refusal.CHECK_IN_EARLY, date=halls.DAYS[0], time="15:00", opens="14:30")
    early.flow.refuse(early.do(Intent.CHECK).id, no)
    yield "notice-early", early.flow
