"""The rows of one table: added whole, changed only where they may change."""

from types import SimpleNamespace
from typing import Any

from sqlalchemy import Table, bindparam, insert, update

from hall_server.store.database import Cursor, Statement


class Rows:
    """A table whose rows have an id and go through states; `changing` are the columns that do."""

    def __init__(self, table: Table, *changing: str) -> None:
        self._changing = {f"to_{name}": name for name in changing}
        self._add = Statement(insert(table))
        to: dict[str, Any] = {name: bindparam(place) for place, name in self._changing.items()}
        self._change = Statement(update(table).where(table.c.id == bindparam("of")).values(to))

    def add(self, cursor: Cursor, **row: Any) -> Any:
        """Write a new row; the row."""
        cursor.run(self._add, **row)
        return SimpleNamespace(**row)

    def change(self, cursor: Cursor, row: Any, **changes: Any) -> Any:
        """Write a row's new state; the row as it is now. TypeError for a column that stays."""
        if not changes.keys() <= set(self._changing.values()):
            raise TypeError(f"{sorted(changes)} do not all change")
        after = row._replace(**changes)
        values = {place: getattr(after, name) for place, name in self._changing.items()}
        cursor.run(self._change, of=after.id, **values)
        return after
