"""Runs the steps on one database; alembic calls it."""

from alembic import context

from hall_server.store.database import open_engine
from hall_server.store.tables import metadata

engine = open_engine(context.config.attributes["url"])
try:
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()
finally:
    engine.dispose()
