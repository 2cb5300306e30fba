"""Callers: who they are, remembered for a moment, and their passwords, tried within bounds."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from functools import partial

from hall_server.actions import callers
from hall_server.rules.permits import Who
from hall_server.store.store import Store
from hall_server.words import Refusal, Refused

KNOWN_SECONDS, MOST_KNOWN = 10, 4_096
MOST_FAILURES, LOCK_SECONDS = 5, 15 * 60
AT_ONCE, MOST_WAITING = 2, 100  # 26 passwords a second: who is the hundredth waits 4 s

Clock = Callable[[], datetime]


class Callers:
    """All who come to one server by a credential or a password."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock
        self._known: dict[str, tuple[Who, float]] = {}
        self._failed: dict[tuple[str, str, str], list[float]] = {}
        # argon2 is heavy by intent: two at a time leave a core to the hall.
        self._passwords = asyncio.Semaphore(AT_ONCE)
        self._waiting = 0

    async def who_is(self, credential: str) -> Who:
        """Who holds this secret, session or ticket token. Raises credential_unknown.

        An answer is trusted for 10 s, so a credential that was taken away ends within that; a link
        that only listens within another minute.
        """
        now = self._clock().timestamp()
        known = self._known.get(credential)
        if known is None or not 0 <= now - known[1] < KNOWN_SECONDS:
            who = await self._store.look(
                partial(callers.by_credential, credential=credential, at=int(now * 1000))
            )
            if who is None:
                raise Refused(Refusal.CREDENTIAL_UNKNOWN)
            if len(self._known) >= MOST_KNOWN:
                self._known.clear()
            known = self._known[credential] = (who, now)
        return known[0]

    def forget(self, credential: str) -> None:
        """From now on the store is asked again who this is."""
        self._known.pop(credential, None)

    async def by_password(self, hall: str, name: str, password: str, place: str) -> Who:
        """The person of this name and password. Raises sign_in_failed; too_many_tries after 5
        failures for one name from one place within 15 minutes, so that nobody can lock a clerk
        out from elsewhere; too_busy while 100 others wait."""
        if self._waiting >= MOST_WAITING:
            raise Refused(Refusal.TOO_BUSY)
        self._waiting += 1
        try:
            async with self._passwords:
                who = await self._tried(hall, name, password, place)
        finally:
            self._waiting -= 1
        if who is None:
            raise Refused(Refusal.SIGN_IN_FAILED)
        self._failed.pop((hall, name, place), None)
        return who

    async def _tried(self, hall: str, name: str, password: str, place: str) -> Who | None:
        now, tries = self._clock().timestamp(), (hall, name, place)
        failed = [at for at in self._failed.get(tries, []) if now - at < LOCK_SECONDS]
        if len(failed) >= MOST_FAILURES:
            raise Refused(Refusal.TOO_MANY_TRIES, minutes=LOCK_SECONDS // 60)
        if len(self._failed) >= MOST_KNOWN:  # the oldest lock goes, not all of them
            self._failed.pop(next(iter(self._failed)))
        # Counted before it is known to fail: tries at the same moment must count each.
        self._failed[tries] = [*failed, now]
        return await self._store.look(
            partial(callers.by_password, hall=hall, name=name, password=password)
        )
