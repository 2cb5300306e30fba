"""Who may give which command: the whole table, and the bounds of hall, window and ticket."""

import pytest

from hall_server.rules.permits import MAY, Who, permit
from hall_server.wire.commands import COMMANDS
from hall_server.words import Refusal, Refused, Role

# Written out a second time, by hand: a permit that is widened by mistake is found here.
TABLE = """
                   kio dis age pad cit sta gui sup ins adm clo
open_day            .   .   .   .   .   .   .   x   .   x   x
close_day           .   .   .   .   .   .   .   x   .   x   x
import_layout       .   .   .   .   .   .   .   .   .   x   .
change_policy       .   .   .   .   .   .   .   x   .   x   .
import_catalogue    .   .   .   .   .   .   .   .   .   x   .
take_ticket         x   .   .   .   .   x   x   x   .   .   .
cancel_ticket       x   .   .   .   x   x   x   x   .   .   .
report_print        x   .   x   .   .   .   x   .   .   .   .
reprint_ticket      x   .   .   .   .   x   x   x   .   .   .
print_at_window     .   .   .   .   .   x   x   x   .   .   .
collect_paper       .   .   x   .   .   .   .   .   .   .   .
return_passed       x   .   .   .   x   x   x   x   .   .   .
book_appointment    x   .   .   .   .   x   x   x   .   .   .
move_appointment    x   .   .   .   .   x   x   x   .   .   .
cancel_appointment  x   .   .   .   .   x   x   x   .   .   .
check_in            x   .   .   .   .   x   x   x   .   .   .
leave_proof         x   .   .   .   .   x   x   x   .   .   .
mark_missed         .   .   .   .   .   .   .   .   .   .   x
lease_numbers       x   .   .   .   .   .   .   .   .   .   .
merge_ticket        x   .   .   .   .   .   .   .   .   .   .
report_unmerged     x   .   .   .   .   .   .   .   .   .   .
settle_unmerged     .   .   .   .   .   .   x   x   .   .   .
open_window         .   .   .   .   .   x   .   x   .   .   .
pause_window        .   .   x   .   .   x   .   x   .   .   .
close_window        .   .   .   .   .   x   .   x   .   .   .
call_next           .   .   x   .   .   x   .   x   .   .   .
call_ticket         .   .   .   .   .   x   .   x   .   .   .
recall              .   .   x   .   .   x   .   x   .   .   .
start_service       .   .   x   .   .   x   .   x   .   .   .
pass_over           .   .   x   .   .   x   .   x   .   .   .
hold                .   .   x   .   .   x   .   x   .   .   .
resume              .   .   .   .   .   x   .   x   .   .   .
transfer            .   .   .   .   .   x   .   x   .   .   .
finish              .   .   x   .   .   x   .   x   .   .   .
rate                x   .   x   x   x   .   .   .   .   .   .
explain_rating      x   .   .   .   x   .   .   .   .   .   .
erase_reasons       .   .   .   .   .   .   .   x   .   .   .
report_device       x   .   x   .   .   .   .   .   .   .   .
miss_machine        .   .   .   .   .   .   .   .   .   .   x
ask_for_help        x   .   x   .   .   x   .   x   .   .   .
accept_call         .   .   .   .   .   x   x   x   .   .   .
arrive_at_call      .   .   .   .   .   x   x   x   .   .   .
end_call            x   .   .   .   .   x   x   x   .   .   .
escalate_calls      .   .   .   .   .   .   .   .   .   .   x
leave_entry         x   .   .   .   x   x   x   x   .   .   .
answer_entry        .   .   .   .   .   .   .   x   .   .   .
close_entry         .   .   .   .   .   .   .   x   .   .   .
erase_entry         .   .   .   .   .   .   .   x   .   .   .
add_account         .   .   .   .   .   .   .   .   .   x   .
sign_in             .   .   .   .   .   x   x   x   x   x   .
sign_out            .   .   .   .   .   x   x   x   x   x   .
"""
ROWS = [line.split() for line in TABLE.strip().splitlines()[1:]]
MARKS = {row[0]: dict(zip(Role, row[1:], strict=True)) for row in ROWS}
WINDOW_KINDS = [kind for kind, of in COMMANDS.items() if "window" in of.model_fields]
TICKET_KINDS = ["cancel_ticket", "return_passed"]


def refusal(kind: str, who: Who, hall: str = "hall", **bound: str) -> Refusal | None:
    try:
        permit(kind, who, hall, **bound)
    except Refused as no:
        return no.code
    return None


def test_the_table_is_whole() -> None:
    assert list(MARKS) == list(COMMANDS)
    assert set(MAY) == set(COMMANDS)
    assert TABLE.split()[: len(Role)] == [role.value[:3] for role in Role]


@pytest.mark.parametrize("kind", COMMANDS)
def test_every_command_for_every_role(kind: str) -> None:
    for role, mark in MARKS[kind].items():
        who = Who(role, "somebody", "hall", window="3", ticket="t")
        expected = None if mark == "x" else Refusal.NOT_PERMITTED
        assert refusal(kind, who, window="3", ticket="t") is expected, role


@pytest.mark.parametrize("kind", COMMANDS)
def test_nobody_has_power_in_another_hall(kind: str) -> None:
    for role, mark in MARKS[kind].items():
        who = Who(role, "somebody", "other", window="3", ticket="t")
        expected = Refusal.WRONG_HALL if mark == "x" else Refusal.NOT_PERMITTED
        assert refusal(kind, who, window="3", ticket="t") is expected, role


@pytest.mark.parametrize("role", Role)
def test_what_is_not_listed_is_refused(role: Role) -> None:
    assert refusal("drop_tables", Who(role, "somebody", "hall")) is Refusal.NOT_PERMITTED


@pytest.mark.parametrize("kind", WINDOW_KINDS)
def test_an_agent_at_a_window_has_no_other_window(kind: str) -> None:
    who = Who(Role.AGENT, "box-3", "hall", window="3")
    assert refusal(kind, who, window="4") is Refusal.NOT_PERMITTED


@pytest.mark.parametrize("kind", [kind for kind in WINDOW_KINDS if Role.AGENT in MAY[kind]])
def test_the_agent_of_the_halls_own_bus_has_every_window(kind: str) -> None:
    assert refusal(kind, Who(Role.AGENT, "bus", "hall"), window="4") is None


@pytest.mark.parametrize("kind", TICKET_KINDS)
@pytest.mark.parametrize("own", [None, "t"])
def test_a_holder_has_no_other_ticket(kind: str, own: str | None) -> None:
    who = Who(Role.CITIZEN, "t", "hall", ticket=own)
    assert refusal(kind, who, ticket="another") is Refusal.NOT_PERMITTED


def test_the_refusal_names_the_role_and_the_command_and_nobody() -> None:
    with pytest.raises(Refused) as no:
        permit("rate", Who(Role.STAFF, "wang", "hall"), "hall")
    assert no.value.facts == {"role": "staff", "command": "rate"}


def test_two_roles_of_one_name_are_two_callers() -> None:
    callers = {Who(role, "wang", "hall").caller for role in Role}
    assert len(callers) == len(Role)
