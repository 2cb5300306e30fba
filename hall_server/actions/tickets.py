"""Deeds on tickets (号票): take, cancel, return."""

from datetime import datetime
from typing import Any

from hall_server.actions import facts, lines
from hall_server.rules import calling as calling_rules
from hall_server.rules import tickets as rules
from hall_server.rules.calling import Due
from hall_server.rules.forecast import at_issue, rounded
from hall_server.store import estimates, ids, tickets
from hall_server.store.transaction import Done, Tx
from hall_server.wire.commands import CancelTicket, ReturnPassed
from hall_server.wire.commands import TakeTicket as Take
from hall_server.wire.hours import in_ms
from hall_server.wire.layout import QueuePlan
from hall_server.wire.views import WaitView
from hall_server.words import PrintState, Refusal, Refused, TicketState

# Here a returned number that must still let others go may be behind a new one.
SHORT = 25


def take_ticket(tx: Tx, command: Take) -> Done:
    """Take a number (取号): the next of its queue, in the order in which wishes arrive.

    Raises day_closed, item_unknown, queue_unknown, class_unknown or quota_used_up.
    """
    day = tx.day  # a closed hall says so first, whatever it is asked for
    queue = queue_of(tx, command.item, command.queue)
    return new_ticket(tx, day, queue, item=command.item, priority=command.priority)


def new_ticket(
    tx: Tx,
    day: int,
    queue: QueuePlan,
    *,
    item: str | None,
    priority: str | None,
    slot: datetime | None = None,
) -> Done:
    """The next number of a queue, for who comes or checks in for a slot; a slot was promised, so
    that no quota stands in its way. Raises class_unknown or quota_used_up."""
    if priority is not None and priority not in tx.plan.classes:
        raise Refused(Refusal.CLASS_UNKNOWN, priority=priority)
    if slot is None:
        within_quota(tx, queue)
    sums = tickets.next_number(tx.cursor, tx.hall, day, queue.id, queue.prefix)
    due, kept = calling_rules.standing(
        priority=priority is not None, slot=slot, taken_at=tx.now, policy=tx.plan.policy
    )
    ticket = tickets.add(
        tx.cursor,
        id=ids.new_row_id(tx.at),
        hall=tx.hall,
        day=day,
        prefix=queue.prefix,
        sequence=sums.taken,
        number=rules.number(queue.prefix, sums.taken),
        queue=queue.id,
        item=item,
        item_version=tx.head.catalogue,
        priority=priority,
        state=TicketState.WAITING.value,
        due=due.value,
        slot=None if kept is None else in_ms(kept),
        after_call=0,
        taken_seq=tx.seq,
        taken_at=tx.at,
        passed=0,
        window=None,
        print=PrintState.PRINTING.value,
        prints=1,
        code=rules.code(ids.draws(rules.CODE_LENGTH)),
        token=ids.new_token(),
    )
    # Of a long line everybody is before a plain number: no need to look at them.
    before_all = due is Due.PLAIN and not 1 < sums.waiting <= SHORT
    ahead = (
        sums.waiting - 1 if before_all else lines.ahead(tx.cursor, ticket, tx.plan.policy, tx.now)
    )
    wait = _told(tx, ticket, ahead)
    return Done(
        paper_of(tx, ticket, ahead, wait),
        {
            f"ticket/{ticket.id}": facts.ticket_fact(ticket),
            f"queue/{queue.id}": facts.queue_fact(tx, queue.id, sums),
        },
    )


def within_quota(tx: Tx, queue: QueuePlan) -> None:
    """Whether one more number of a queue may be given. Asked before anything is written: a no in
    the middle would have the whole batch done again. Raises quota_used_up."""
    if queue.quota is not None:
        sums = tickets.sums(tx.cursor, tx.hall, tx.day, queue.id)
        taken = 0 if sums is None else tickets.given(sums)
        rules.within_quota(taken + 1, queue.quota, queue.name)


def cancel_ticket(tx: Tx, command: CancelTicket) -> Done:
    """Give a number up (弃号). Raises ticket_unknown, ticket_over or already_serving."""
    ticket = ticket_of(tx, command.ticket)
    state = rules.step("cancel", TicketState(ticket.state), ticket.number)
    told: dict[str, Any] = {f"ticket/{ticket.id}": None}
    if ticket.state == TicketState.WAITING:
        told |= queue_left(tx, ticket.queue)
    tickets.change(tx.cursor, ticket, state=state.value, window=None)
    return Done({"ticket": ticket.id, "number": ticket.number}, told)


def return_passed(tx: Tx, command: ReturnPassed) -> Done:
    """A passed number comes back into its queue (过号重排), after `return_after` more calls.

    Raises not_passed, ticket_over, or return_limit when it was passed too often.
    """
    ticket = ticket_of(tx, command.ticket)
    state = rules.step("return", TicketState(ticket.state), ticket.number)
    policy = queue_plan(tx, ticket.queue).policy
    calling_rules.within_returns(ticket.passed, policy.return_limit, ticket.number)
    sums = tickets.move_sums(tx.cursor, tx.hall, ticket.day, ticket.queue, waits=1)
    after = tickets.change(
        tx.cursor,
        ticket,
        state=state.value,
        due=Due.RETURNED.value,
        after_call=sums.calls + policy.return_after,
        window=None,
    )
    return Done(
        {"ticket": ticket.id, "number": ticket.number, "after": policy.return_after},
        {**live_fact(after), f"queue/{ticket.queue}": facts.queue_fact(tx, ticket.queue, sums)},
    )


def ticket_of(tx: Tx, name: str) -> Any:
    """The ticket of this id in this hall on the open day; Refused(ticket_unknown)."""
    ticket = tickets.by_id(tx.cursor, tx.hall, name)
    if ticket is None:
        raise Refused(Refusal.TICKET_UNKNOWN)
    return ticket


def queue_plan(tx: Tx, queue: str) -> QueuePlan:
    """The plan of a queue; Refused(queue_unknown)."""
    plan = tx.plan.queues.get(queue)
    if plan is None:
        raise Refused(Refusal.QUEUE_UNKNOWN, queue=queue)
    return plan


def live_fact(ticket: Any) -> dict[str, Any]:
    """A ticket's fact while it lives; nothing once it has ended."""
    if TicketState(ticket.state) in rules.ENDS:
        return {}
    return {f"ticket/{ticket.id}": facts.ticket_fact(ticket)}


def queue_left(tx: Tx, queue: str, *, called: int = 0, run: int | None = None) -> dict[str, Any]:
    """One person fewer waits in a queue; `called` and `run` as in the store's sums."""
    sums = tickets.move_sums(tx.cursor, tx.hall, tx.day, queue, waits=-1, called=called, run=run)
    return {f"queue/{queue}": facts.queue_fact(tx, queue, sums)}


def queue_of(tx: Tx, item: str | None, queue: str | None) -> QueuePlan:
    """The queue of the item, else the queue that was named; item_unknown or queue_unknown."""
    if item is not None:
        known = tx.plan.items.get(item)
        if known is None:
            raise Refused(Refusal.ITEM_UNKNOWN, item=item)
        queue = known.queue or queue
        if queue is None:
            raise Refused(Refusal.QUEUE_UNKNOWN, queue="-")
    assert queue is not None
    return queue_plan(tx, queue)


def _told(tx: Tx, ticket: Any, ahead: int) -> WaitView | None:
    """What a new ticket is told of its wait (预计等候), kept so that the forecast can be held
    against what comes; None while no forecast is at hand."""
    known = tx.at_hand.get((ticket.queue, Due(ticket.due)))
    if known is None:
        return None
    told = at_issue(known, ahead, tx.now)
    wait: WaitView = {
        "median": rounded(told.median),
        "low": rounded(told.low),
        "high": rounded(told.high),
        "late": known.late,
    }
    estimates.add(
        tx.cursor,
        ticket=ticket.id,
        hall=tx.hall,
        day=tx.day,
        queue=ticket.queue,
        at=tx.at,
        median=wait["median"],
        low=wait["low"],
        high=wait["high"],
    )
    return wait


def paper_of(
    tx: Tx, ticket: Any, ahead: int | None, wait: WaitView | None = None
) -> dict[str, Any]:
    """What the paper and the kiosk's screen say."""
    return {
        "ticket": ticket.id,
        "number": ticket.number,
        "code": ticket.code,
        "queue": ticket.queue,
        "item": ticket.item,
        "priority": ticket.priority,
        "slot": ticket.slot,
        "token": ticket.token,
        # None where no phone reaches the hall: 127.0.0.1 on paper leads nowhere.
        "url": f"{tx.public_url}/t/{ticket.token}" if tx.public_url else "",
        "date": tx.date,
        "taken_at": ticket.taken_at,
        "prints": ticket.prints,
        "ahead": ahead,
        "estimate": wait,
    }
