"""The layout and catalogue in force: versioned documents, read once and kept indexed."""

from collections import OrderedDict
from threading import Lock
from typing import Literal

from sqlalchemy import Table, bindparam, insert, select

from hall_server.store.database import Cursor, Statement
from hall_server.store.tables import Document
from hall_server.wire.items import Catalogue, Item
from hall_server.wire.layout import Layout, PriorityClass, QueuePlan, WindowPlan

document: Table = Document.__table__  # type: ignore[attr-defined]

Kind = Literal["layout", "catalogue"]
KEPT = 64  # plans of past versions and of other halls

ADD = Statement(insert(document))
BODY = Statement(
    select(document.c.body).where(
        document.c.hall == bindparam("hall"),
        document.c.kind == bindparam("kind"),
        document.c.version == bindparam("version"),
    )
)


class Plan:
    """A hall's layout and catalogue (version 0: none yet), looked up by id."""

    def __init__(self, layout: Layout | None, catalogue: Catalogue) -> None:
        self.layout, self.catalogue = layout, catalogue
        self.windows: dict[str, WindowPlan] = {w.id: w for w in layout.windows} if layout else {}
        self.queues: dict[str, QueuePlan] = {q.id: q for q in layout.queues} if layout else {}
        self.classes: dict[str, PriorityClass] = {c.id: c for c in layout.classes} if layout else {}
        self.items: dict[str, Item] = {item.code: item for item in catalogue.items}


class Plans:
    """The plans in use, by hall and versions. `forget` after a transaction that failed: the
    versions that it numbered may come again with other content."""

    def __init__(self) -> None:
        self._lock = Lock()  # the writer and those who read share the plans
        self._plans: OrderedDict[tuple[str, int, int], Plan] = OrderedDict()

    def forget(self) -> None:
        with self._lock:
            self._plans.clear()

    def of(self, cursor: Cursor, hall: str, layout: int, catalogue: int) -> Plan:
        """The plan of these versions."""
        key = (hall, layout, catalogue)
        with self._lock:
            plan = self._plans.get(key)
            if plan is None:
                plan = Plan(_layout(cursor, hall, layout), _catalogue(cursor, hall, catalogue))
                self._plans[key] = plan
                while len(self._plans) > KEPT:
                    self._plans.popitem(last=False)
            return plan


def add(cursor: Cursor, hall: str, kind: Kind, version: int, body: str) -> None:
    """Keep one version of a document, for ever."""
    cursor.run(ADD, hall=hall, kind=kind, version=version, body=body)


def _body(cursor: Cursor, hall: str, kind: Kind, version: int) -> str | None:
    row = cursor.one(BODY, hall=hall, kind=kind, version=version) if version else None
    return None if row is None else str(row.body)


def _layout(cursor: Cursor, hall: str, version: int) -> Layout | None:
    body = _body(cursor, hall, "layout", version)
    return None if body is None else Layout.model_validate_json(body)


def _catalogue(cursor: Cursor, hall: str, version: int) -> Catalogue:
    body = _body(cursor, hall, "catalogue", version)
    return Catalogue() if body is None else Catalogue.model_validate_json(body)
