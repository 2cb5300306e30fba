"""Deeds on the layout (大厅布局) and the catalogue (事项目录)."""

from dataclasses import replace
from typing import Any

from hall_server.actions import facts, snapshots
from hall_server.store import plans, services, tickets, windows
from hall_server.store.plans import Plan
from hall_server.store.transaction import Done, Tx
from hall_server.wire.commands import ImportCatalogue, ImportLayout
from hall_server.wire.layout import Layout
from hall_server.wire.layout import faults as layout_faults
from hall_server.words import Refusal, Refused


def import_layout(tx: Tx, command: ImportLayout) -> Done:
    """Put a layout in force, whole or not at all.

    Refused (layout_refused) when it does not hold together, is another hall's, or would take
    away what the open day stands on: a queue with people waiting, a window at work, a prefix
    under which numbers were given today.
    """
    layout = command.layout
    found = [f"{fault.place}.{fault.field}" for fault in layout_faults(layout)]
    if layout.hall.id != tx.hall:
        found.append("hall.id")
    found += _in_the_way(tx, layout)
    if found:
        raise Refused(Refusal.LAYOUT_REFUSED, count=len(found), first=found[0])
    version = tx.head.layout + 1
    plans.add(tx.cursor, tx.hall, "layout", version, layout.model_dump_json())
    have = {row.window for row in windows.every(tx.cursor, tx.hall)}
    for window in layout.windows:
        if window.id not in have:
            windows.add(tx.cursor, tx.hall, window.id)
    tx.head = replace(tx.head, layout=version)
    tx.plan = Plan(layout, tx.plan.catalogue)
    topics = ("window", "desk", "queue", "pad", "booked")
    told: dict[str, Any] = {f"{topic}/*": None for topic in topics}
    return Done({"layout_version": version}, told | snapshots.snapshot(tx))


def import_catalogue(tx: Tx, command: ImportCatalogue) -> Done:
    """Put the items in force, whole or not at all.

    Refused (layout_refused) when a code stands twice or an item names a queue unknown here.
    """
    seen: set[str] = set()
    for item in command.catalogue.items:
        if item.code in seen:
            raise Refused(Refusal.LAYOUT_REFUSED, count=1, first=f"items.{item.code}")
        if item.queue is not None and item.queue not in tx.plan.queues:
            raise Refused(Refusal.QUEUE_UNKNOWN, queue=item.queue)
        seen.add(item.code)
    version = tx.head.catalogue + 1
    plans.add(tx.cursor, tx.hall, "catalogue", version, command.catalogue.model_dump_json())
    tx.head = replace(tx.head, catalogue=version)
    told: dict[str, Any] = {} if tx.plan.layout is None else {"hall": facts.hall_fact(tx)}
    return Done({"catalogue_version": version, "items": len(seen)}, told)


def _in_the_way(tx: Tx, layout: Layout) -> list[str]:
    """What of today the new layout would take away."""
    found: list[str] = []
    after = {window.id for window in layout.windows}
    for service in services.every_active(tx.cursor, tx.hall):
        if service.window not in after:
            found.append(f"windows.{service.window}")
    if tx.head.day is None:
        return found
    prefixes = {queue.id: queue.prefix for queue in layout.queues}
    for sums in tickets.every_sum(tx.cursor, tx.hall, tx.head.day):
        if prefixes.get(sums.queue, sums.prefix) != sums.prefix:
            found.append(f"queues.{sums.queue}.prefix")
        if sums.queue not in prefixes and sums.waiting:
            found.append(f"queues.{sums.queue}")
        others = {queue.id for queue in layout.queues if queue.prefix == sums.prefix}
        if others - {sums.queue}:
            found.append(f"queues.{sums.queue}.prefix")
    return found
