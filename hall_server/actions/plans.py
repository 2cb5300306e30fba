"""Deeds on the layout (大厅布局), its policy (叫号规则) and the catalogue (事项目录)."""

from typing import Any

from hall_server.actions import facts, policy, snapshots
from hall_server.store import plans, services, tickets, windows
from hall_server.store.plans import Plan
from hall_server.store.transaction import Done, Tx
from hall_server.wire.commands import ChangePolicy, ImportCatalogue, ImportLayout
from hall_server.wire.layout import Layout, QueuePolicy
from hall_server.wire.layout import faults as layout_faults
from hall_server.words import Refusal, Refused


def import_layout(tx: Tx, command: ImportLayout) -> Done:
    """Put a layout in force, whole or not at all.

    Refused (layout_refused) when it does not hold together, is another hall's, or would take
    away what the open day stands on: a queue with people waiting, a window at work, a prefix
    under which numbers were given today.
    """
    layout = command.layout
    faults = [*layout_faults(layout), *policy.faults(layout)]
    found = [f"{fault.place}.{fault.field}" for fault in faults]
    if layout.hall.id != tx.hall:
        found.append("hall.id")
    found += _in_the_way(tx, layout)
    if found:
        raise Refused(Refusal.LAYOUT_REFUSED, count=len(found), first=found[0])
    version = _put(tx, layout)
    have = {row.window for row in windows.every(tx.cursor, tx.hall)}
    for window in layout.windows:
        if window.id not in have:
            windows.add(tx.cursor, tx.hall, window.id)
    topics = ("window", "desk", "queue", "pad", "paper", "booked")
    told: dict[str, Any] = {f"{topic}/*": None for topic in topics}
    return Done({"layout_version": version}, told | snapshots.snapshot(tx))


def change_policy(tx: Tx, command: ChangePolicy) -> Done:
    """Change how queues are called, from the next call on; what is not named stays.

    The policy is a part of the layout, so this is the layout's next version. Raises
    policy_refused with every fault, and then nothing has changed.
    """
    layout = tx.plan.layout
    if layout is None:
        raise Refused(Refusal.HALL_UNKNOWN, hall=tx.hall)
    queues, hall = policy.of_queues(layout), layout.policy
    for name, wish in command.queues.items():
        wished = wish.model_dump(exclude_none=True)
        queues[name] = queues.get(name, QueuePolicy()).model_copy(update=wished)
    if command.whole is not None:
        hall = hall.model_copy(update=command.whole.model_dump(exclude_none=True))
    found = policy.faults_of(layout, queues, hall)
    if found:
        named = policy.by_name(found, layout)
        raise Refused(Refusal.POLICY_REFUSED, *named, count=len(named))
    plan = tuple(queue.model_copy(update={"policy": queues[queue.id]}) for queue in layout.queues)
    version = _put(tx, layout.model_copy(update={"queues": plan, "policy": hall}))
    told = {"hall": facts.hall_fact(tx), **facts.booked_facts(tx)}
    return Done({"layout_version": version}, told)


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
    tx.head = tx.head._replace(catalogue=version)
    told: dict[str, Any] = {} if tx.plan.layout is None else {"hall": facts.hall_fact(tx)}
    return Done({"catalogue_version": version, "items": len(seen)}, told)


def _put(tx: Tx, layout: Layout) -> int:
    """Make this layout the one in force; its version."""
    version = tx.head.layout + 1
    plans.add(tx.cursor, tx.hall, "layout", version, layout.model_dump_json())
    tx.head = tx.head._replace(layout=version)
    tx.plan = Plan(layout, tx.plan.catalogue)
    return version


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


def must_know(tx: Tx, *, window: str | None = None, item: str | None = None) -> None:
    """What a command names besides is in force here. Raises window_unknown or item_unknown."""
    if window is not None and window not in tx.plan.windows:
        raise Refused(Refusal.WINDOW_UNKNOWN, window=window)
    if item is not None and item not in tx.plan.items:
        raise Refused(Refusal.ITEM_UNKNOWN, item=item)
