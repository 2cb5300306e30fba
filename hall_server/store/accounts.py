"""Accounts and sessions in the store."""

from typing import Any

from sqlalchemy import Table, bindparam, delete, insert, select

from hall_server.store.database import Cursor, Statement
from hall_server.store.tables import Account, Session

account: Table = Account.__table__  # type: ignore[attr-defined]
session: Table = Session.__table__  # type: ignore[attr-defined]

ADD = Statement(insert(account))
BY_NAME = Statement(
    select(account).where(account.c.hall == bindparam("hall"), account.c.name == bindparam("name"))
)
EVERY = Statement(select(account).order_by(account.c.hall, account.c.name))
BY_SECRET = Statement(select(account).where(account.c.secret_hash == bindparam("secret_hash")))
BEGIN = Statement(insert(session))
BY_SESSION = Statement(
    select(account, session.c.ends_at)
    .join(session, (session.c.hall == account.c.hall) & (session.c.name == account.c.name))
    .where(session.c.session_hash == bindparam("session_hash"))
)
END = Statement(delete(session).where(session.c.session_hash == bindparam("session_hash")))
END_OLD = Statement(delete(session).where(session.c.ends_at < bindparam("at")))

END_EVERY = Statement(delete(session))


def add(cursor: Cursor, **row: Any) -> None:
    cursor.run(ADD, **row)


def by_name(cursor: Cursor, hall: str, name: str) -> Any:
    return cursor.one(BY_NAME, hall=hall, name=name)


def every(cursor: Cursor) -> list[Any]:
    """All accounts of all halls."""
    return cursor.all(EVERY)


def names(cursor: Cursor, hall: str) -> set[str]:
    """The names of a hall's accounts."""
    return {row.name for row in every(cursor) if row.hall == hall}


def by_secret(cursor: Cursor, secret_hash: str) -> Any:
    """The device whose secret has this hash, or None."""
    return cursor.one(BY_SECRET, secret_hash=secret_hash)


def begin_session(cursor: Cursor, session_hash: str, hall: str, name: str, ends_at: int) -> None:
    cursor.run(BEGIN, session_hash=session_hash, hall=hall, name=name, ends_at=ends_at)


def by_session(cursor: Cursor, session_hash: str) -> Any:
    """The account of a session, with the session's ends_at; or None."""
    return cursor.one(BY_SESSION, session_hash=session_hash)


def end_session(cursor: Cursor, session_hash: str) -> None:
    cursor.run(END, session_hash=session_hash)


def end_old_sessions(cursor: Cursor, at: int) -> None:
    cursor.run(END_OLD, at=at)


def end_every_session(cursor: Cursor) -> None:
    cursor.run(END_EVERY)
