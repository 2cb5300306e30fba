"""Migrations: one straight line of steps from an empty database to today's tables."""

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import inspect, text
from sqlalchemy.exc import SQLAlchemyError

from hall_server.store.database import open_engine

if TYPE_CHECKING:
    from alembic.config import Config

HEAD = "0016"
FOLDER = Path(__file__).parent


class TooNew(Exception):
    """The database was written by a later version of the program; this one keeps its hands off."""


class Unreachable(Exception):
    """The database lets nobody in: no server there, no such database, a wrong password."""


def version_of(url: str) -> str | None:
    """The step that a database stands at; None for an empty one. Raises Unreachable."""
    try:
        engine = open_engine(url)
    except (ValueError, SQLAlchemyError):  # what they say may show a part of the password
        raise Unreachable("the database URL cannot be read") from None
    except ImportError as driver:
        raise Unreachable(f"{driver}; pip install 'service-hall[postgresql]'") from driver
    try:
        with engine.connect() as connection:
            if not inspect(connection).has_table("alembic_version"):
                return None
            found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
            return None if found is None else str(found)
    except SQLAlchemyError as broken:
        why = getattr(broken, "orig", None) or broken
        raise Unreachable(f"{engine.url.render_as_string()}: {why}") from broken
    finally:
        engine.dispose()


def upgrade(url: str) -> None:
    """Bring a database to HEAD, in one transaction. Raises TooNew."""
    version = version_of(url)
    if version == HEAD:
        return
    if version is not None and version > HEAD:
        raise TooNew(version)
    # Loaded only when there is something to do: a running server need not carry its 7 MiB.
    from alembic import command

    command.upgrade(config(url), "head")


def config(url: str) -> "Config":
    """Alembic's settings for a database."""
    from alembic.config import Config

    made = Config()
    made.set_main_option("script_location", str(FOLDER))
    made.attributes["url"] = url
    return made
