"""Who shows a ticket by its number and short code, tried within bounds."""

from functools import partial
from typing import Any

from hall_server.actions import views
from hall_server.callers import Clock
from hall_server.rules.permits import Who, permit_proof
from hall_server.store.store import Store
from hall_server.words import Refusal, Refused

# 29^4 codes: who tries 10 in 10 minutes needs 500 days for one number.
MOST_WRONG, SECONDS = 10, 10 * 60


class Proofs:
    """Numbers are public, codes are not: a code that is guessed at is a stranger's ticket."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock
        self._wrong: dict[str, list[float]] = {}  # by caller, of which a hall has few

    async def ticket(self, plan_of: views.PlanOf, args: dict[str, str], who: Who) -> dict[str, Any]:
        """The last ticket of this number, with its token, for the kiosk that was shown both.

        Raises not_permitted, ticket_unknown, or too_many_tries after 10 wrong codes from one
        kiosk in 10 minutes.
        """
        permit_proof(who)
        now, tries = self._clock().timestamp(), f"{who.hall}/{who.caller}"
        wrong = [at for at in self._wrong.get(tries, []) if now - at < SECONDS]
        if len(wrong) >= MOST_WRONG:
            raise Refused(Refusal.TOO_MANY_TRIES, minutes=SECONDS // 60)
        # Counted before it is known to be wrong: tries at the same moment must count each.
        self._wrong[tries] = [*wrong, now]
        number, code = args.get("number", ""), args.get("code", "")
        found = await self._store.look(
            partial(views.held_ticket, plan_of=plan_of, hall=who.hall, number=number, code=code)
        )
        self._wrong[tries].remove(now)
        return found
