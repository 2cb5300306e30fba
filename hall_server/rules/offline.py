"""Offline numbers (离线号): how a block is cut, signed and proved, and where its numbers stand."""

import hashlib
import hmac

from hall_server.words import Refusal, Refused

MOST_BLOCKS = 20  # of one queue for one kiosk and day: 1,000 numbers, more than a kiosk ever gave
MOST_UNMERGED = 200  # that nobody has seen to: more than one look at a page takes in
# Blocks that may have been leased after a backup was made: 10 kiosks with two each.
SAFETY_BLOCKS = 20


def block_of(n: int, size: int) -> tuple[int, int]:
    """First and last number of a queue's nth block of the day: no two blocks share one.

    >>> block_of(0, 50), block_of(1, 50)
    ((1, 50), (51, 100))
    """
    return n * size + 1, (n + 1) * size


def sign(key: str, kiosk: str, facts: tuple[str | int, ...]) -> str:
    """The hall's signature (HMAC-SHA256) of a block, for one kiosk. No fact holds a line break,
    so that no two blocks read alike."""
    told = "\n".join(str(part) for part in (kiosk, *facts))
    return hmac.new(key.encode(), told.encode(), hashlib.sha256).hexdigest()


def proved(
    key: str, kiosk: str, facts: tuple[str | int, ...], signature: str, *, inside: bool
) -> None:
    """A number counts only out of a block that the hall signed for this very kiosk.
    Raises lease_not_valid."""
    if not (inside and hmac.compare_digest(sign(key, kiosk, facts), signature)):
        raise Refused(Refusal.LEASE_NOT_VALID)


def within_blocks(held: int) -> None:
    """A kiosk leases 20 blocks of a queue and day at most. Raises offline_used_up."""
    if held >= MOST_BLOCKS:
        raise Refused(Refusal.OFFLINE_USED_UP)


def within_unmerged(told: int) -> None:
    """The hall has 200 numbers that did not come in before people at most; a kiosk tells of more
    when somebody has seen to those. Raises too_busy."""
    if told >= MOST_UNMERGED:
        raise Refused(Refusal.TOO_BUSY)


def taken_when(claimed: int, leased_at: int, now: int) -> int:
    """When a number counts as taken, in ms: as the kiosk says, but not before it had the block
    and not in the future, so that a kiosk's wrong clock moves nobody far."""
    return max(leased_at, min(claimed, now))
