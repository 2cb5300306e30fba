"""Codes that a person shows (凭证码、预约码), tried within bounds."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from hall_server.callers import Clock
from hall_server.rules.permits import Who
from hall_server.words import Refusal, Refused

# 29^4 codes of a ticket: who tries 10 in 10 minutes needs 500 days for one number.
NOT_FOUND = {
    Refusal.TICKET_UNKNOWN,
    Refusal.APPOINTMENT_UNKNOWN,
    Refusal.PROOF_UNKNOWN,
    Refusal.ENTRY_UNKNOWN,
}
MOST_WRONG, SECONDS = 10, 10 * 60
MOST_KNOWN = 4_096


class Proofs:
    """Numbers are public, codes are not: what a code that was guessed opens is a stranger's."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._wrong: dict[str, list[float]] = {}  # by caller and by what is guessed at

    @contextmanager
    def tried(self, who: Who, what: str) -> Iterator[None]:
        """Around one look or deed by a code of this kind; one that finds nothing was a wrong try.

        Raises too_many_tries after 10 wrong ones of one caller and kind in 10 minutes: who types
        a wrong booking code keeps nobody from his ticket.
        """
        now, caller = self._clock().timestamp(), f"{who.hall}/{who.caller}/{what}"
        wrong = [at for at in self._wrong.get(caller, []) if now - at < SECONDS]
        if len(wrong) >= MOST_WRONG:
            raise Refused(Refusal.TOO_MANY_TRIES, minutes=SECONDS // 60)
        if len(self._wrong) >= MOST_KNOWN:
            self._forget(now)
        # Counted before it is known to be wrong: tries at the same moment must count each.
        self._wrong[caller] = [*wrong, now]
        try:
            yield
        except Refused as refused:
            if refused.code in NOT_FOUND:
                raise
            self._right(caller, now)
            raise
        self._right(caller, now)

    def _right(self, caller: str, now: float) -> None:
        with suppress(KeyError, ValueError):  # forgotten already, or by a clock that was set
            self._wrong[caller].remove(now)

    def _forget(self, now: float) -> None:
        """Keep those who tried wrongly of late; nobody where even those are too many."""
        late = {
            caller: kept
            for caller, kept in self._wrong.items()
            if kept and now - kept[-1] < SECONDS
        }
        self._wrong = late if len(late) < MOST_KNOWN else {}
