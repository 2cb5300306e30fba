"""Who stands behind a credential: a device, a signed-in person, or the holder of a ticket."""

import hashlib

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from hall_server.rules.permits import Who
from hall_server.rules.tickets import still_proves
from hall_server.store import accounts, tickets
from hall_server.store.database import Cursor
from hall_server.words import Role

# OWASP's smallest sound profile: a mini-PC checks 26 passwords a second, and 40 clerks sign in
# at the same minute.
PASSWORDS = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
NOBODYS_HASH = PASSWORDS.hash("nobody has this password")


def secret_hash(secret: str) -> str:
    """How a device's secret or a session's cookie is kept; each has 128 random bits or more."""
    return hashlib.sha256(secret.encode()).hexdigest()


def password_hash(password: str) -> str:
    """How a person's password is kept."""
    return PASSWORDS.hash(password)


def by_credential(cursor: Cursor, credential: str, at: int) -> Who | None:
    """Who holds this secret, session or ticket token; None when nobody does."""
    digest = secret_hash(credential)
    account = accounts.by_secret(cursor, digest)
    if account is None:
        account = accounts.by_session(cursor, digest)
        if account is not None and account.ends_at < at:
            return None
    if account is not None:
        return Who(Role(account.role), account.name, account.hall, window=account.window)
    ticket = tickets.by_token(cursor, credential)
    if ticket is not None and still_proves(ticket.taken_at, at):
        return Who(Role.CITIZEN, ticket.id, ticket.hall, ticket=ticket.id)
    return None


def by_password(cursor: Cursor, hall: str, name: str, password: str) -> Who | None:
    """The person with this name and password; None otherwise. An unknown name, or a device's,
    takes as long as a wrong password, so that names cannot be found out."""
    account = accounts.by_name(cursor, hall, name)
    person = account is not None and account.secret_hash.startswith("$argon2")
    try:
        PASSWORDS.verify(account.secret_hash if person else NOBODYS_HASH, password)
    except (VerificationError, InvalidHashError):
        return None
    return None if not person else Who(Role(account.role), account.name, account.hall)
