"""Deeds on helper calls (帮办): call, accept, arrive, end, escalate."""

from typing import Any

from hall_server.actions.facts import helper_fact
from hall_server.actions.plans import must_know
from hall_server.rules import helping as rules
from hall_server.store import helping, ids
from hall_server.store.transaction import Done, Tx
from hall_server.wire.helping import AcceptCall, ArriveAtCall, AskForHelp, EndCall, EscalateCalls
from hall_server.wire.layout import HallInfo
from hall_server.words import HelpState, Refusal, Refused


def ask_for_help(tx: Tx, command: AskForHelp) -> Done:
    """Call a helper (呼叫帮办) to a place, which has one open call at most.

    Raises window_unknown, item_unknown, or help_called with the minutes since the first call.
    """
    place = rules.place_of(tx.who, command.window)
    must_know(tx, window=command.window, item=command.item)
    known = helping.of_place(tx.cursor, tx.hall, place)
    if known is not None:
        raise Refused(Refusal.HELP_CALLED, minutes=max(0, tx.at - known.called_at) // 60_000)
    row = helping.add(
        tx.cursor,
        id=ids.new_row_id(tx.at),
        hall=tx.hall,
        place=place,
        item=command.item,
        state=HelpState.CALLED.value,
        helper=None,
        escalated=0,
        called_at=tx.at,
        overdue_at=tx.at + _times(tx).helper_seconds * 1000,
        accepted_at=None,
        arrived_at=None,
        ended_at=None,
    )
    return _told(row)


def accept_call(tx: Tx, command: AcceptCall) -> Done:
    """A helper is on the way (接单), also in the place of one who never arrived (改派). Raises
    call_unknown, help_over or help_accepted."""
    row = _of(tx, command.call)
    state = rules.step("accept", HelpState(row.state), row.helper, late=bool(row.escalated))
    after = helping.change(
        tx.cursor,
        row,
        state=state.value,
        helper=tx.who.name,
        escalated=0,
        accepted_at=tx.at,
        overdue_at=tx.at + _times(tx).arrival_seconds * 1000,
    )
    return _told(after)


def arrive_at_call(tx: Tx, command: ArriveAtCall) -> Done:
    """The helper is there (到场); who arrives is the helper from then on. Raises call_unknown,
    help_over or help_accepted."""
    row = _of(tx, command.call)
    state = rules.step("arrive", HelpState(row.state), row.helper)
    after = helping.change(
        tx.cursor, row, state=state.value, helper=tx.who.name, escalated=0, arrived_at=tx.at
    )
    return _told(after)


def end_call(tx: Tx, command: EndCall) -> Done:
    """The help is given, or not needed any more. Raises call_unknown, help_over, or
    not_permitted for another kiosk's call."""
    row = _of(tx, command.call)
    rules.own_call(tx.who, row.place)
    state = rules.step("end", HelpState(row.state), row.helper)
    return _told(helping.change(tx.cursor, row, state=state.value, ended_at=tx.at))


def escalate_calls(tx: Tx, _command: EscalateCalls) -> Done:
    """Every call that nobody accepted, or to which nobody came, in the hall's time is told to the
    supervisor (超时升级)."""
    told: dict[str, Any] = {}
    for row in helping.every_open(tx.cursor, tx.hall):
        if rules.overdue(HelpState(row.state), bool(row.escalated), row.overdue_at, tx.at):
            after = helping.change(tx.cursor, row, escalated=1)
            told[f"helper/{row.id}"] = helper_fact(after)
    return Done({"escalated": len(told)}, told)


def _times(tx: Tx) -> HallInfo:
    """How long the hall lets who calls wait, in seconds. Raises hall_unknown."""
    if tx.plan.layout is None:
        raise Refused(Refusal.HALL_UNKNOWN, hall=tx.hall)
    return tx.plan.layout.hall


def _of(tx: Tx, call: str) -> Any:
    row = helping.by_id(tx.cursor, tx.hall, call)
    if row is None:
        raise Refused(Refusal.CALL_UNKNOWN)
    return row


def _told(row: Any) -> Done:
    ended = row.state == HelpState.ENDED
    fact = None if ended else helper_fact(row)
    reply = {"call": row.id, "place": row.place, "state": row.state}
    return Done(reply, {f"helper/{row.id}": fact})
