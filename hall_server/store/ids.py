"""Ids that the store makes: ordered by time, so that a long day costs no more than a short one."""

import secrets
from uuid import UUID


def new_row_id(at: int) -> str:
    """A UUID version 7 (RFC 9562 §5.7) for a moment in milliseconds."""
    tail = secrets.randbits(74)
    value = (at & (1 << 48) - 1) << 80 | 7 << 76 | (tail >> 62) << 64 | 2 << 62
    return str(UUID(int=value | tail & (1 << 62) - 1))


def new_epoch() -> str:
    """A random name for one unbroken life of a hall's journal."""
    return secrets.token_hex(8)


def new_token() -> str:
    """128 random bits: whoever holds them holds the ticket."""
    return secrets.token_urlsafe(16)


def draws(n: int) -> list[int]:
    """n random numbers for the rules, which make none themselves."""
    return list(secrets.token_bytes(n))
