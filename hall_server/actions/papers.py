"""Deeds on a ticket's paper (小票): printed again, and what became of it."""

from typing import Any

from hall_server.actions import facts, lines
from hall_server.actions.devices import MACHINE
from hall_server.actions.tickets import live_fact, paper_of, ticket_of
from hall_server.actions.windows import leased
from hall_server.rules import tickets as rules
from hall_server.store import devices, tickets, windows
from hall_server.store.transaction import Done, Tx
from hall_server.wire.commands import CollectPaper, PrintAtWindow, ReportPrint, ReprintTicket
from hall_server.words import DeviceState, PrintState, Refusal, Refused, Role, TicketState

WORKS = (DeviceState.READY, DeviceState.DEGRADED)


def report_print(tx: Tx, command: ReportPrint) -> Done:
    """What became of the paper; a failed one is shown to staff, the number stays good. Of an
    older paper than the last it says nothing of the last; the window that wished it is free. A
    kiosk that printed an offline number more often than the hall knows has it counted (补打).

    Raises ticket_unknown for an agent and a paper that no window of its own wishes.
    """
    ticket = ticket_of(tx, command.ticket)
    wished = [
        window
        for window in (windows.every(tx.cursor, tx.hall) if command.prints else ())
        if (window.paper, window.paper_prints) == (ticket.id, command.prints)
    ]
    if tx.who.role is Role.AGENT and not any(
        tx.who.window in (None, window.window) for window in wished
    ):
        raise Refused(Refusal.TICKET_UNKNOWN)
    told: dict[str, Any] = {}
    if _by_kiosk(tx, ticket) and (command.prints or 0) > ticket.prints:
        ticket = tickets.change(tx.cursor, ticket, prints=command.prints)
    if command.prints in (None, ticket.prints):
        ticket = tickets.change(tx.cursor, ticket, print=command.state.value)
        told = live_fact(ticket)
    for window in wished:
        windows.change(tx.cursor, window, paper=None, paper_prints=None)
        told[f"paper/{window.window}"] = None
    return Done({"ticket": ticket.id, "print": ticket.print}, told)


def reprint_ticket(tx: Tx, command: ReprintTicket) -> Done:
    """Print the same number again (补打); `ahead` is None for who waits no more. Raises
    ticket_over or reprint_limit."""
    after = _counted(tx, _live(tx, command.ticket))
    return Done(_paper(tx, after), live_fact(after))


def print_at_window(tx: Tx, command: PrintAtWindow) -> Done:
    """Print the same number again at this window (窗口补打), one paper at a time: its agent is
    told which, and collects what the paper says, because a token is told to nobody else.

    Raises ticket_over, reprint_limit, paper_waits while the paper before is not out, or no_printer
    when no agent told of a working printer at this window.
    """
    window = leased(tx, command)
    ticket = _live(tx, command.ticket)
    if window.paper is not None:
        raise Refused(Refusal.PAPER_WAITS, window=window.window)
    if not _has_printer(tx, window.window):
        raise Refused(Refusal.NO_PRINTER, window=window.window)
    after = _counted(tx, ticket)
    window = windows.change(tx.cursor, window, paper=after.id, paper_prints=after.prints)
    return Done(
        {"ticket": after.id, "number": after.number, "prints": after.prints},
        {**live_fact(after), f"paper/{window.window}": facts.paper_fact(window)},
    )


def collect_paper(tx: Tx, command: CollectPaper) -> Done:
    """What the paper says that this window wishes; `ahead` is None for who waits no more.

    Raises ticket_over, or ticket_unknown for a paper that is not wished there.
    """
    window = leased(tx, command)
    if window.paper != command.ticket:
        raise Refused(Refusal.TICKET_UNKNOWN)
    ticket = _live(tx, command.ticket)
    return Done({**_paper(tx, ticket), "prints": window.paper_prints}, {})


def _live(tx: Tx, name: str) -> Any:
    ticket = ticket_of(tx, name)
    if TicketState(ticket.state) in rules.ENDS:
        raise Refused(Refusal.TICKET_OVER, number=ticket.number, state=ticket.state)
    return ticket


def _paper(tx: Tx, ticket: Any) -> dict[str, Any]:
    waits = ticket.state == TicketState.WAITING
    ahead = lines.ahead(tx.cursor, ticket, tx.plan.policy, tx.now) if waits else None
    return paper_of(tx, ticket, ahead)


def _by_kiosk(tx: Tx, ticket: Any) -> bool:
    """Whether a kiosk tells of an offline number (离线号), which it printed by itself."""
    return tx.who.role is Role.KIOSK and ticket.sequence < 0


def _counted(tx: Tx, ticket: Any) -> Any:
    """The ticket with one more paper on its way; Refused(reprint_limit)."""
    rules.within_reprints(ticket.prints, ticket.number)
    printing = PrintState.PRINTING.value
    return tickets.change(tx.cursor, ticket, print=printing, prints=ticket.prints + 1)


def _has_printer(tx: Tx, window: str) -> bool:
    """Whether a printer stands there that works, of a machine that is not away."""
    known = devices.every(tx.cursor, tx.hall)
    away = {row.machine for row in known if row.device == MACHINE and row.state not in WORKS}
    return any(
        (row.kind, row.window) == ("printer", window)
        and row.state in WORKS
        and row.machine not in away
        for row in known
    )
