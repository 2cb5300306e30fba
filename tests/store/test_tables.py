"""The tables: made where there are none, left alone where they are."""

from contextlib import closing

from hall_server.store.store import Store


def test_making_the_tables_again_changes_nothing(database_url: str) -> None:
    for _ in range(2):
        with closing(Store(database_url)) as store:
            store.make_tables()
