"""Snapshots (快照): a hall's whole live state, told from the store."""

from hall_server.actions import facts
from hall_server.store import devices, entries, helping, services, tickets, unmerged, windows
from hall_server.store.transaction import Tx
from hall_server.wire.views import State


def snapshot(tx: Tx) -> State:
    """What a client that just joined must know; events change it from there."""
    state: State = {
        f"device/{row.machine}/{row.device}": facts.device_fact(row._asdict())
        for row in devices.every(tx.cursor, tx.hall)
    }
    for call in helping.every_open(tx.cursor, tx.hall):
        state[f"helper/{call.id}"] = facts.helper_fact(call)
    for entry in entries.live(tx.cursor, tx.hall):
        state[f"entry/{entry.id}"] = facts.entry_fact(entry)
    for number in unmerged.every_open(tx.cursor, tx.hall):
        state[f"unmerged/{number.id}"] = facts.unmerged_fact(number)
    if tx.plan.layout is None:
        return state
    state["hall"] = facts.hall_fact(tx)
    state.update(facts.day_facts(tx))
    state["calls"] = facts.calls_fact(tx)
    active = {row.window: row for row in services.every_active(tx.cursor, tx.hall)}
    for window in windows.every(tx.cursor, tx.hall):
        if window.window not in tx.plan.windows:
            continue
        state.update(facts.window_facts(window, active.get(window.window)))
        if window.rates is not None:
            service = services.by_id(tx.cursor, tx.hall, window.rates)
            state[f"pad/{window.window}"] = facts.pad_fact(service)
        if window.paper is not None:
            state[f"paper/{window.window}"] = facts.paper_fact(window)
    if tx.head.day is not None:
        for ticket in tickets.live(tx.cursor, tx.hall, tx.head.day):
            state[f"ticket/{ticket.id}"] = facts.ticket_fact(ticket)
    return state
