"""Which action does which command."""

from collections.abc import Callable
from typing import Any

from hall_server.actions import (
    accounts,
    appointments,
    calling,
    days,
    devices,
    entries,
    helping,
    offline,
    papers,
    plans,
    ratings,
    tickets,
    unmerged,
    windows,
)
from hall_server.store.transaction import Done, Tx

# Deeds by a code that might be guessed at, and what it is of.
PROVEN = dict.fromkeys(
    ("move_appointment", "cancel_appointment", "check_in", "leave_proof"), "appointment"
)

Action = Callable[[Tx, Any], Done]

ACTIONS: dict[str, Action] = {
    action.__name__: action
    for action in (
        days.open_day,
        days.close_day,
        plans.import_layout,
        plans.change_policy,
        plans.import_catalogue,
        tickets.take_ticket,
        tickets.cancel_ticket,
        papers.report_print,
        papers.reprint_ticket,
        papers.print_at_window,
        papers.collect_paper,
        tickets.return_passed,
        appointments.book_appointment,
        appointments.move_appointment,
        appointments.cancel_appointment,
        appointments.check_in,
        appointments.leave_proof,
        appointments.mark_missed,
        offline.lease_numbers,
        offline.merge_ticket,
        unmerged.report_unmerged,
        unmerged.settle_unmerged,
        windows.open_window,
        windows.pause_window,
        windows.close_window,
        calling.call_next,
        calling.call_ticket,
        calling.recall,
        calling.start_service,
        calling.pass_over,
        calling.hold,
        calling.resume,
        calling.transfer,
        calling.finish,
        ratings.rate,
        ratings.explain_rating,
        ratings.erase_reasons,
        devices.report_device,
        devices.miss_machine,
        helping.ask_for_help,
        helping.accept_call,
        helping.arrive_at_call,
        helping.end_call,
        helping.escalate_calls,
        entries.leave_entry,
        entries.answer_entry,
        entries.close_entry,
        entries.erase_entry,
        accounts.add_account,
        accounts.sign_in,
        accounts.sign_out,
    )
}
