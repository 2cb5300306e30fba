"""Deeds of calling and serving: from the call to the end of a service."""

import json
from typing import Any

from hall_server.actions import facts, lines
from hall_server.actions.tickets import live_fact, queue_left, queue_plan, ticket_of
from hall_server.actions.windows import leased
from hall_server.rules import calling as rules
from hall_server.rules.calling import Due, Reason, Waiting, WindowDuty
from hall_server.rules.policy import CALLS
from hall_server.rules.tickets import step
from hall_server.store import ids, services, tickets, windows
from hall_server.store.transaction import Done, Tx
from hall_server.wire.commands import (
    CallNext,
    CallTicket,
    Finish,
    Hold,
    PassOver,
    Recall,
    Resume,
    StartService,
    Transfer,
)
from hall_server.wire.hours import in_ms
from hall_server.words import Refusal, Refused, ServiceState, TicketState, WindowState


def call_next(tx: Tx, command: CallNext) -> Done:
    """Call whoever is next by the hall's rule (顺呼).

    Raises window_paused, window_not_open, already_serving or no_one_waiting.
    """
    window = _free_window(tx, leased(tx, command))
    plan = tx.plan.windows[window.window]
    duty = WindowDuty(plan.queues, plan.backup)
    chosen = rules.choose(_heads(tx, duty), duty, tx.plan.policy, tx.now)
    ticket = tickets.by_id(tx.cursor, tx.hall, chosen.ticket)
    return _call(tx, window, ticket, "call", chosen.reasons, chosen.run)


def call_ticket(tx: Tx, command: CallTicket) -> Done:
    """Call one given ticket out of turn (选呼), with the reason; a passed one too.

    Raises queue_not_served when this window neither serves nor helps the ticket's queue.
    """
    window = _free_window(tx, leased(tx, command))
    plan = tx.plan.windows[window.window]
    ticket = ticket_of(tx, command.ticket)
    step("call_by_hand", TicketState(ticket.state), ticket.number)
    if ticket.queue not in plan.queues and ticket.queue not in plan.backup:
        raise Refused(Refusal.QUEUE_NOT_SERVED, window=window.window, number=ticket.number)
    by_hand = Reason("by_hand", {"reason": command.reason})
    return _call(tx, window, ticket, "call_by_hand", (by_hand,), None)


def recall(tx: Tx, command: Recall) -> Done:
    """Call the same number again (重呼); everybody sees and hears it as a call of its own."""
    window = leased(tx, command)
    service = _at_hand(tx, window, Refusal.NOTHING_CALLED)
    if service.state != ServiceState.CALLED:
        raise Refused(Refusal.NOTHING_CALLED, window=window.window)
    after = services.change(
        tx.cursor, service, calls=service.calls + 1, called_seq=tx.seq, called_at=tx.at
    )
    ticket = tickets.by_id(tx.cursor, tx.hall, after.ticket)
    return Done(
        _told(ticket, after),
        {**facts.window_facts(window, after), "calls": facts.calls_fact(tx)},
    )


def start_service(tx: Tx, command: StartService) -> Done:
    """The called person has come (办理中). Raises nothing_called."""
    window = leased(tx, command)
    service = _at_hand(tx, window, Refusal.NOTHING_CALLED)
    ticket = _step(tx, "start", service)
    after = services.change(tx.cursor, service, state=ServiceState.SERVING.value, started_at=tx.at)
    return Done(_brief(ticket, after), {**facts.window_facts(window, after), **live_fact(ticket)})


def finish(tx: Tx, command: Finish) -> Done:
    """The service is done (办结); its pad may rate it until the next call. Raises not_serving."""
    window = leased(tx, command)
    service = _at_hand(tx, window, Refusal.NOT_SERVING)
    ticket = _step(tx, "finish", service)
    window = windows.change(tx.cursor, window, rates=service.id)
    told = _end(tx, window, service, ServiceState.FINISHED)
    told[f"ticket/{ticket.id}"] = None
    told[f"pad/{window.window}"] = facts.pad_fact(service)
    return Done(_brief(ticket, service), told)


def pass_over(tx: Tx, command: PassOver) -> Done:
    """The called person did not come (过号). Raises nothing_called, or call_again before the
    calls that the queue's policy promises."""
    window = leased(tx, command)
    service = _at_hand(tx, window, Refusal.NOTHING_CALLED)
    ticket = _step(tx, "pass_over", service, passed_by=1)
    limit = tx.plan.policy.calls.get(service.queue, CALLS)
    rules.may_pass_over(service.calls, limit, ticket.number)
    told = _end(tx, window, service, ServiceState.PASSED)
    return Done(_brief(ticket, service), told | live_fact(ticket))


def hold(tx: Tx, command: Hold) -> Done:
    """Set the ticket aside (挂起), for a form to fill in or a paper to fetch."""
    window = leased(tx, command)
    service = _at_hand(tx, window, Refusal.NOT_SERVING)
    ticket = _step(tx, "hold", service)
    told = _end(tx, window, service, ServiceState.HELD)
    return Done(_brief(ticket, service), told | live_fact(ticket))


def resume(tx: Tx, command: Resume) -> Done:
    """Take a held ticket back at this window (恢复): a new service, already begun."""
    window = _free_window(tx, leased(tx, command))
    ticket = ticket_of(tx, command.ticket)
    state = step("resume", TicketState(ticket.state), ticket.number)
    ticket = tickets.change(tx.cursor, ticket, state=state.value, window=window.window)
    service = _begin(tx, window, ticket, (), ServiceState.SERVING)
    return Done(
        _told(ticket, service),
        {**_pad_cleared(tx, window), **_shown(tx, window, service), **live_fact(ticket)},
    )


def transfer(tx: Tx, command: Transfer) -> Done:
    """Send the ticket to another queue (转号): same number, its time kept."""
    window = leased(tx, command)
    service = _at_hand(tx, window, Refusal.NOT_SERVING)
    queue = queue_plan(tx, command.queue)
    ticket = _step(tx, "transfer", service, queue=queue.id)
    tickets.open_sums(tx.cursor, tx.hall, tx.day, queue.id, queue.prefix)
    sums = tickets.move_sums(tx.cursor, tx.hall, tx.day, queue.id, waits=1)
    told = _end(tx, window, service, ServiceState.TRANSFERRED)
    told |= live_fact(ticket)
    told[f"queue/{queue.id}"] = facts.queue_fact(tx, queue.id, sums)
    return Done({**_brief(ticket, service), "queue": queue.id}, told)


def _free_window(tx: Tx, window: Any) -> Any:
    rules.may_call(WindowState(window.state), window.window)
    service = services.at_window(tx.cursor, tx.hall, window.window)
    if service is not None:
        raise Refused(Refusal.ALREADY_SERVING, window=window.window, number=service.number)
    return window


def _at_hand(tx: Tx, window: Any, refusal: Refusal) -> Any:
    service = services.at_window(tx.cursor, tx.hall, window.window)
    if service is None:
        raise Refused(refusal, window=window.window)
    return service


def _heads(tx: Tx, duty: WindowDuty) -> list[Waiting]:
    """The first of each standing in each queue that the window may call, and all of the booked
    whose slots are near."""
    heads: list[Waiting] = []
    latest = in_ms(tx.now + tx.plan.policy.never_before)
    for queue in (*duty.queues, *duty.backup):
        sums = tickets.sums(tx.cursor, tx.hall, tx.day, queue)
        if sums is None or sums.waiting == 0:
            continue
        rows = [
            tickets.head(tx.cursor, tx.hall, tx.day, queue, due.value, sums.calls)
            for due in (Due.DUE, Due.PLAIN, Due.RETURNED)
        ]
        rows += tickets.booked_heads(tx.cursor, tx.hall, tx.day, queue, latest)
        heads += [lines.waiting(row, sums) for row in rows if row is not None]
    return heads


def _call(
    tx: Tx, window: Any, ticket: Any, deed: str, why: tuple[Reason, ...], run: int | None
) -> Done:
    """Call a ticket; a call by hand leaves the queue's due calls in a row as they are."""
    waited = ticket.state == TicketState.WAITING
    step(deed, TicketState(ticket.state), ticket.number)
    called = tickets.change(tx.cursor, ticket, state=TicketState.CALLED.value, window=window.window)
    service = _begin(tx, window, called, why, ServiceState.CALLED)
    told = _pad_cleared(tx, window) | _shown(tx, window, service) | live_fact(called)
    if waited:
        told |= queue_left(tx, called.queue, called=1, run=run)
    return Done(_told(called, service), told)


def _begin(tx: Tx, window: Any, ticket: Any, why: tuple[Reason, ...], state: ServiceState) -> Any:
    return services.add(
        tx.cursor,
        id=ids.new_row_id(tx.at),
        hall=tx.hall,
        day=tx.day,
        ticket=ticket.id,
        number=ticket.number,
        queue=ticket.queue,
        window=window.window,
        staff=window.staff,
        generation=window.generation,
        state=state.value,
        calls=1,
        why=json.dumps(
            [{"code": reason.code, "facts": dict(reason.facts)} for reason in why],
            ensure_ascii=False,
        ),
        called_seq=tx.seq,
        called_at=tx.at,
        started_at=tx.at if state is ServiceState.SERVING else None,
        ended_at=None,
    )


def _shown(tx: Tx, window: Any, service: Any) -> dict[str, Any]:
    return {**facts.window_facts(window, service), "calls": facts.calls_fact(tx)}


def _pad_cleared(tx: Tx, window: Any) -> dict[str, Any]:
    """The next person is here: the pad may no longer rate the one before."""
    if window.rates is None:
        return {}
    windows.change(tx.cursor, window, rates=None)
    return {f"pad/{window.window}": None}


def _step(tx: Tx, deed: str, service: Any, *, passed_by: int = 0, queue: str | None = None) -> Any:
    """Change the ticket of a service by one deed; its row after."""
    ticket = tickets.by_id(tx.cursor, tx.hall, service.ticket)
    state = step(deed, TicketState(ticket.state), ticket.number)
    back = deed == "transfer"
    due = Due(ticket.due)
    if back:
        due = Due.PLAIN if ticket.priority is None else Due.DUE
        due = due if ticket.slot is None else Due.BOOKED
    return tickets.change(
        tx.cursor,
        ticket,
        state=state.value,
        passed=ticket.passed + passed_by,
        queue=queue or ticket.queue,
        window=None if back else ticket.window,
        due=due.value,
    )


def _end(tx: Tx, window: Any, service: Any, state: ServiceState) -> dict[str, Any]:
    """End a service; the window stands free."""
    services.change(tx.cursor, service, state=state.value, ended_at=tx.at)
    return facts.window_facts(window, None)


def _told(ticket: Any, service: Any) -> dict[str, Any]:
    return {
        **_brief(ticket, service),
        "queue": ticket.queue,
        "item": ticket.item,
        "priority": ticket.priority,
        "call": service.calls,
        "why": json.loads(service.why),
    }


def _brief(ticket: Any, service: Any) -> dict[str, Any]:
    return {"ticket": ticket.id, "service": service.id, "number": ticket.number}
