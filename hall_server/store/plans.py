"""The layout and catalogue in force: versioned documents, read once and kept indexed."""

from collections import OrderedDict
from collections.abc import Mapping
from datetime import timedelta
from threading import Lock
from typing import Literal

from sqlalchemy import Table, bindparam, insert, select

from hall_server.rules.policy import Policy
from hall_server.store.database import Cursor, Statement
from hall_server.store.tables import Document
from hall_server.wire.items import Catalogue, Item
from hall_server.wire.layout import (
    HallPolicy,
    Layout,
    PriorityClass,
    QueuePlan,
    QueuePolicy,
    WindowPlan,
)

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
        staff = layout.staff if layout else ()
        self.seats: dict[str, tuple[str, ...]] = {one.id: one.windows for one in staff}
        self.items: dict[str, Item] = {item.code: item for item in catalogue.items}
        queues = {name: queue.policy for name, queue in self.queues.items()}
        self.policy: Policy = policy_of(queues, layout.policy if layout else HallPolicy())

    def item_names(self, item: str | None) -> dict[str, str] | None:
        """An item's names in every language; None where it is none, or gone."""
        found = self.items.get(item or "")
        return None if found is None else {"name": found.name, "name_en": found.name_en}

    def queue_name(self, queue: str, lang: str) -> str:
        """A queue by its name in this language; by its id where it is gone."""
        found = self.queues.get(queue)
        if found is None:
            return queue
        return found.name_en if lang == "en" and found.name_en else found.name


def policy_of(queues: Mapping[str, QueuePolicy], hall: HallPolicy) -> Policy:
    """How a hall calls (承诺+穿插), as the rule sees what the layout says."""
    return Policy(
        help_after={q: _minutes(one.help_after_minutes) for q, one in queues.items()},
        ratio={q: one.ratio for q, one in queues.items()},
        return_after={q: one.return_after for q, one in queues.items()},
        return_limit={q: one.return_limit for q, one in queues.items()},
        calls={q: one.calls for q, one in queues.items()},
        due_before=_minutes(hall.due_before_minutes),
        never_before=_minutes(hall.never_before_minutes),
        on_time=_minutes(hall.on_time_minutes),
        promise=_minutes(hall.promise_minutes),
        plain_within=_minutes(hall.plain_within_minutes),
    )


def _minutes(n: int) -> timedelta:
    return timedelta(minutes=n)


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
