"""Deeds on accounts and sessions."""

from hall_server.actions.plans import must_know
from hall_server.store import accounts
from hall_server.store.transaction import Done, Tx
from hall_server.wire.commands import AddAccount, SignIn, SignOut
from hall_server.words import Refusal, Refused

SESSION_HOURS = 12


def add_account(tx: Tx, command: AddAccount) -> Done:
    """Let a person or a device in. Raises name_taken or window_unknown."""
    if accounts.by_name(tx.cursor, tx.hall, command.name) is not None:
        raise Refused(Refusal.NAME_TAKEN, name=command.name)
    must_know(tx, window=command.window)
    accounts.add(
        tx.cursor,
        hall=tx.hall,
        name=command.name,
        role=command.role,
        secret_hash=command.secret_hash,
        window=command.window,
    )
    return Done({"name": command.name}, {})


def sign_in(tx: Tx, command: SignIn) -> Done:
    """A person's own session begins and lasts 12 hours. Raises not_permitted for another's."""
    if command.name != tx.who.name:
        raise Refused(Refusal.NOT_PERMITTED, role=tx.who.role.value, command=command.kind)
    accounts.end_old_sessions(tx.cursor, tx.at)
    ends_at = tx.at + SESSION_HOURS * 3_600_000
    accounts.begin_session(tx.cursor, command.session_hash, tx.hall, command.name, ends_at)
    return Done({"name": command.name, "ends_at": ends_at}, {})


def sign_out(tx: Tx, command: SignOut) -> Done:
    """A person's session ends at once."""
    accounts.end_session(tx.cursor, command.session_hash)
    return Done({}, {})
