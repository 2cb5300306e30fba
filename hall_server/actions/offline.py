"""Deeds on offline numbers (离线号): lease a block, merge what was given out of it."""

from typing import Any

from hall_server.actions import facts, lines
from hall_server.actions.tickets import queue_left, queue_plan, within_quota
from hall_server.rules import calling as calling_rules
from hall_server.rules import offline as rules
from hall_server.rules import tickets as ticket_rules
from hall_server.store import days, ids, offline, tickets
from hall_server.store.transaction import Done, Tx
from hall_server.wire.hours import instant
from hall_server.wire.layout import QueuePlan
from hall_server.wire.offline import BLOCK, Lease, LeaseNumbers, MergeTicket, offline_number
from hall_server.words import PrintState, Refusal, Refused, TicketState


def lease_numbers(tx: Tx, command: LeaseNumbers) -> Done:
    """Lease a block of each queue (离线号段). A queue whose quota is used up gets none; merged
    numbers count in the quota, leased ones do not.

    Raises day_closed, queue_unknown, or offline_used_up where nothing at all may be leased.
    """
    day, leases = tx.day, []
    refused = Refused(Refusal.OFFLINE_USED_UP)
    for name in dict.fromkeys(command.of_queues):
        queue = queue_plan(tx, name)
        try:
            within_quota(tx, queue)
            rules.within_blocks(offline.held(tx.cursor, tx.hall, day, queue.prefix, tx.who.name))
        except Refused as no:
            refused = no
            continue
        leases.append(_lease(tx, queue))
    if not leases:
        raise refused
    return Done({"leases": [lease.model_dump(mode="json") for lease in leases]}, {})


def merge_ticket(tx: Tx, command: MergeTicket) -> Done:
    """A number that was given offline comes into its queue (离线号并入), whatever the quota: the
    paper is in somebody's hand.

    It stands by its taken time, right behind the last number that was taken before it, because
    whoever holds it came then and waited in the same room: to put all of them behind those who
    came after the line was back would let the later go first. Nobody already called is touched.
    A number of a day that is over is recorded as expired (过期).

    Raises lease_not_valid, offline_number_used, queue_unknown or class_unknown; bad_input for a
    token that is on another paper.
    """
    lease = command.lease
    _prove(tx, lease, command.sequence)
    if offline.used(tx.cursor, tx.hall, lease.day, lease.prefix, command.sequence):
        number = offline_number(lease.prefix, command.sequence)
        raise Refused(Refusal.OFFLINE_NUMBER_USED, number=number)
    if tickets.by_token(tx.cursor, command.token) is not None:
        raise Refused(Refusal.BAD_INPUT, field="token")
    live = tx.head.day == lease.day
    queue = queue_plan(tx, lease.queue) if live else None
    if live and command.priority is not None and command.priority not in tx.plan.classes:
        raise Refused(Refusal.CLASS_UNKNOWN, priority=command.priority)
    told: dict[str, Any] = {}
    if live and command.instead is not None:
        told |= _give_up(tx, command.instead)
    tickets.open_sums(tx.cursor, tx.hall, lease.day, lease.queue, lease.prefix)
    sums = offline.count(tx.cursor, tx.hall, lease.day, lease.queue, waits=int(live))
    ticket = _add(tx, command, live=live)
    reply = {"ticket": ticket.id, "number": ticket.number, "state": ticket.state}
    if queue is not None:
        told[f"ticket/{ticket.id}"] = facts.ticket_fact(ticket)
        told[f"queue/{queue.id}"] = facts.queue_fact(tx, queue.id, sums)
        reply["ahead"] = lines.ahead(tx.cursor, ticket, tx.plan.policy, tx.now)
    return Done(reply, told)


def _lease(tx: Tx, queue: QueuePlan) -> Lease:
    n = offline.last(tx.cursor, tx.hall, tx.day, queue.prefix) + 1
    offline.add(tx.cursor, tx.hall, tx.day, queue.prefix, n, tx.who.name, tx.at)
    # From now on the layout may not give this prefix to another queue today.
    tickets.open_sums(tx.cursor, tx.hall, tx.day, queue.id, queue.prefix)
    first, last = rules.block_of(n, BLOCK)
    bare = Lease(
        day=tx.day,
        date=tx.date,
        queue=queue.id,
        prefix=queue.prefix,
        first=first,
        last=last,
        leased_at=tx.at,
        signature="0" * 64,
    )
    key = offline.sure_key(tx.cursor, tx.hall)
    signature = rules.sign(key, tx.who.name, _signed(tx, bare))
    return bare.model_copy(update={"signature": signature})


def _signed(tx: Tx, lease: Lease) -> tuple[str | int, ...]:
    return (tx.hall, *lease.model_dump(exclude={"signature"}).values())


def _prove(tx: Tx, lease: Lease, sequence: int) -> None:
    """The block is the hall's, its kiosk's, and of a day that there is."""
    key = offline.key(tx.cursor, tx.hall)
    day = days.by_id(tx.cursor, tx.hall, lease.day)
    if key is None or day is None or day.date != lease.date:
        raise Refused(Refusal.LEASE_NOT_VALID)
    inside = lease.first <= sequence <= lease.last
    rules.proved(key, tx.who.name, _signed(tx, lease), lease.signature, inside=inside)


def _give_up(tx: Tx, name: str) -> dict[str, Any]:
    """The number that the hall gave for the same wish and nobody holds: gone where it waits.
    At a window it stays, and the clerk passes it over."""
    ticket = tickets.by_id(tx.cursor, tx.hall, name)
    if ticket is None:
        raise Refused(Refusal.TICKET_UNKNOWN)
    if TicketState(ticket.state) not in ticket_rules.STEPS["cancel"][0]:
        return {}
    told: dict[str, Any] = {f"ticket/{ticket.id}": None}
    if ticket.state == TicketState.WAITING:
        told |= queue_left(tx, ticket.queue)
    tickets.change(tx.cursor, ticket, state=TicketState.CANCELLED.value, window=None)
    return told


def _add(tx: Tx, command: MergeTicket, *, live: bool) -> Any:
    lease = command.lease
    at = rules.taken_when(command.taken_at, lease.leased_at, tx.at)
    taken_at = instant(at)
    due, _ = calling_rules.standing(
        priority=command.priority is not None, slot=None, taken_at=taken_at, policy=tx.plan.policy
    )
    state = TicketState.WAITING if live else TicketState.EXPIRED
    return tickets.add(
        tx.cursor,
        id=ids.new_row_id(at),  # ids go by time: of two merged at one place the earlier is first
        hall=tx.hall,
        day=lease.day,
        prefix=lease.prefix,
        sequence=-command.sequence,
        number=offline_number(lease.prefix, command.sequence),
        queue=lease.queue,
        item=command.item,
        item_version=tx.head.catalogue,
        priority=command.priority,
        state=state.value,
        due=due.value,
        slot=None,
        after_call=0,
        taken_seq=offline.place(tx.cursor, tx.hall, lease.day, at),
        taken_at=at,
        passed=0,
        window=None,
        print=PrintState.UNKNOWN.value,
        prints=1,
        code=command.short_code,
        token=command.token,
    )
