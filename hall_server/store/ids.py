"""Ids that the store makes: ordered by time, so that a long day costs no more than a short one."""

import secrets


def new_row_id(at: int) -> str:
    """A UUID version 7 (RFC 9562 §5.7) for a moment in milliseconds."""
    tail = secrets.token_bytes(10)
    made = bytearray((at & (1 << 48) - 1).to_bytes(6) + tail)
    made[6] = made[6] & 0x0F | 0x70
    made[8] = made[8] & 0x3F | 0x80
    told = made.hex()
    return f"{told[:8]}-{told[8:12]}-{told[12:16]}-{told[16:20]}-{told[20:]}"


def made_at(row_id: str) -> int:
    """The moment in milliseconds at which a row got its id. Of a service it is the first call;
    its called_at moves with each recall."""
    return int(row_id[:8] + row_id[9:13], 16)


def new_epoch() -> str:
    """A random name for one unbroken life of a hall's journal."""
    return secrets.token_hex(8)


def new_token() -> str:
    """128 random bits: whoever holds them holds the ticket."""
    return secrets.token_urlsafe(16)


def draws(n: int) -> list[int]:
    """n random numbers for the rules, which make none themselves."""
    return list(secrets.token_bytes(n))
