"""Who may give which command, and look at what."""

from dataclasses import dataclass

from hall_server.words import Refusal, Refused, Role

KIOSK, DISPLAY, AGENT, CITIZEN = Role.KIOSK, Role.DISPLAY, Role.AGENT, Role.CITIZEN
PAD = Role.PAD
STAFF, GUIDE, SUPERVISOR, ADMIN = Role.STAFF, Role.GUIDE, Role.SUPERVISOR, Role.ADMIN
CLOCK = Role.CLOCK


@dataclass(frozen=True, slots=True)
class Who:
    """Who gives a command: a person, a device, a ticket's holder, or the hall's clock.

    An agent at a window PC is bound to that window; one on the hall's own bus speaks for all
    windows. A citizen is bound to one ticket.
    """

    role: Role
    name: str
    hall: str
    window: str | None = None
    ticket: str | None = None

    @property
    def caller(self) -> str:
        """The name under which a repeat of a command is known again."""
        return f"{self.role}:{self.name}"


AT_WINDOW = frozenset({STAFF, SUPERVISOR})
BY_KEY = AT_WINDOW | {AGENT}  # a call box (呼叫器) has these keys

MAY: dict[str, frozenset[Role]] = {
    "open_day": frozenset({SUPERVISOR, ADMIN, CLOCK}),
    "close_day": frozenset({SUPERVISOR, ADMIN, CLOCK}),
    "import_layout": frozenset({ADMIN}),
    "change_policy": frozenset({SUPERVISOR, ADMIN}),
    "import_catalogue": frozenset({ADMIN}),
    "take_ticket": frozenset({KIOSK, GUIDE, STAFF, SUPERVISOR}),
    "cancel_ticket": frozenset({KIOSK, CITIZEN, GUIDE, STAFF, SUPERVISOR}),
    "report_print": frozenset({KIOSK, AGENT, GUIDE}),
    "reprint_ticket": frozenset({KIOSK, GUIDE, STAFF, SUPERVISOR}),
    "print_at_window": AT_WINDOW | {GUIDE},
    "collect_paper": frozenset({AGENT}),
    "return_passed": frozenset({KIOSK, CITIZEN, GUIDE, STAFF, SUPERVISOR}),
    "book_appointment": frozenset({KIOSK, GUIDE, STAFF, SUPERVISOR}),
    "move_appointment": frozenset({KIOSK, GUIDE, STAFF, SUPERVISOR}),
    "cancel_appointment": frozenset({KIOSK, GUIDE, STAFF, SUPERVISOR}),
    "check_in": frozenset({KIOSK, GUIDE, STAFF, SUPERVISOR}),
    # Not by phone: a card and a number are hashed with a key that the kiosks hold, and no page.
    "leave_proof": frozenset({KIOSK, GUIDE, STAFF, SUPERVISOR}),
    "mark_missed": frozenset({CLOCK}),
    "lease_numbers": frozenset({KIOSK}),
    "merge_ticket": frozenset({KIOSK}),
    "report_unmerged": frozenset({KIOSK}),
    "settle_unmerged": frozenset({GUIDE, SUPERVISOR}),
    "open_window": AT_WINDOW,
    "pause_window": BY_KEY,
    "close_window": AT_WINDOW,
    "call_next": BY_KEY,
    "call_ticket": AT_WINDOW,
    "recall": BY_KEY,
    "start_service": BY_KEY,
    "pass_over": BY_KEY,
    "hold": BY_KEY,
    "resume": AT_WINDOW,
    "transfer": AT_WINDOW,
    "finish": BY_KEY,
    "rate": frozenset({KIOSK, AGENT, PAD, CITIZEN}),  # never staff: nobody rates their own work
    "explain_rating": frozenset({KIOSK, CITIZEN}),
    "erase_reasons": frozenset({SUPERVISOR}),
    "report_device": frozenset({KIOSK, AGENT}),
    "miss_machine": frozenset({CLOCK}),
    "ask_for_help": frozenset({KIOSK, AGENT, STAFF, SUPERVISOR}),
    "accept_call": frozenset({GUIDE, STAFF, SUPERVISOR}),
    "arrive_at_call": frozenset({GUIDE, STAFF, SUPERVISOR}),
    "end_call": frozenset({KIOSK, GUIDE, STAFF, SUPERVISOR}),
    "escalate_calls": frozenset({CLOCK}),
    "leave_entry": frozenset({KIOSK, CITIZEN, STAFF, GUIDE, SUPERVISOR}),
    "answer_entry": frozenset({SUPERVISOR}),
    "close_entry": frozenset({SUPERVISOR}),
    "erase_entry": frozenset({SUPERVISOR}),
    "add_account": frozenset({ADMIN}),
    "sign_in": frozenset({STAFF, GUIDE, SUPERVISOR, Role.INSPECTOR, ADMIN}),
    "sign_out": frozenset({STAFF, GUIDE, SUPERVISOR, Role.INSPECTOR, ADMIN}),
}

# A citizen's ticket is named by the service that it was; the deed compares them.
OF_A_SERVICE = frozenset({"rate", "explain_rating"})

LEADS = frozenset({SUPERVISOR, Role.INSPECTOR, ADMIN})
# Who may look at what (查看). What is not listed is for everybody who is let in.
MAY_SEE: dict[str, frozenset[Role]] = {
    "in_force": frozenset({ADMIN}),
    "own_ticket": frozenset({CITIZEN}),
    # The token that comes with a shown ticket also rates, and nobody of the hall may rate.
    "held_ticket": frozenset({KIOSK}),
    # Whoever may use an appointment's code may see what it is for.
    "appointment": MAY["check_in"],
    # By its number and code: at a kiosk, or on the page that is open to everybody.
    "record": frozenset({KIOSK, CITIZEN}),
    # What people wrote is for those who answer for it, and those who watch them.
    "entries": frozenset({SUPERVISOR, Role.INSPECTOR}),
    "ratings": frozenset({SUPERVISOR, Role.INSPECTOR}),
    "rating": frozenset({SUPERVISOR, Role.INSPECTOR}),
    # These tell of the hall as a whole.
    "policy": LEADS,
    "forecast_score": LEADS,
    "what_if": LEADS,
    "best_moves": LEADS,
}


def permit_view(view: str, who: Who) -> None:
    """Let a look pass, or Refused(not_permitted) for the role."""
    if view in MAY_SEE and who.role not in MAY_SEE[view]:
        raise Refused(Refusal.NOT_PERMITTED, role=who.role.value, command=view)


def permit_role(kind: str, who: Who) -> None:
    """Refused(not_permitted) for a role that never gives such a command, whatever it says."""
    if who.role not in MAY.get(kind, frozenset()):
        raise Refused(Refusal.NOT_PERMITTED, role=who.role.value, command=kind)


def permit(
    kind: str, who: Who, hall: str, *, window: str | None = None, ticket: str | None = None
) -> None:
    """Let a command pass, or refuse: not_permitted for the role, wrong_hall, or another's
    window or ticket. What is not listed is refused."""
    permit_role(kind, who)
    if who.hall != hall:
        raise Refused(Refusal.WRONG_HALL, hall=hall)
    if who.role is AGENT and window is not None and who.window not in (None, window):
        raise Refused(Refusal.NOT_PERMITTED, role=who.role.value, command=kind)
    if who.role is CITIZEN and kind not in OF_A_SERVICE and who.ticket != ticket:
        raise Refused(Refusal.NOT_PERMITTED, role=who.role.value, command=kind)
