"""What may become of a ticket (号票), and what stands on it."""

from hall_server.words import Refusal, Refused, TicketState

CODE_LETTERS = "234567ABCDEFGHJKMNPQRSTUVWXYZ"  # nothing that is misread: no 0 O 1 I L 8 9
CODE_LENGTH = 4
MOST_REPRINTS = 3
# Its own day and seven more: within 5 working days a rating may be given (Shandong), within 7
# natural days it counts (Guangdong); last year's paper opens nothing.
TOKEN_MS = 8 * 86_400_000

W, C, S = TicketState.WAITING, TicketState.CALLED, TicketState.SERVING
H, P = TicketState.HELD, TicketState.PASSED

# From where each deed may lead; what is not here is refused with the code beside it.
STEPS: dict[str, tuple[frozenset[TicketState], TicketState, Refusal]] = {
    "call": (frozenset({W}), C, Refusal.NOT_WAITING),
    "call_by_hand": (frozenset({W, P}), C, Refusal.NOT_WAITING),
    "start": (frozenset({C}), S, Refusal.NOTHING_CALLED),
    "finish": (frozenset({S}), TicketState.FINISHED, Refusal.NOT_SERVING),
    "hold": (frozenset({C, S}), H, Refusal.NOT_SERVING),
    "resume": (frozenset({H}), S, Refusal.NOT_HELD),
    "pass_over": (frozenset({C}), P, Refusal.NOTHING_CALLED),
    "return": (frozenset({P}), W, Refusal.NOT_PASSED),
    "transfer": (frozenset({C, S}), W, Refusal.NOT_SERVING),
    "cancel": (frozenset({W, H, P}), TicketState.CANCELLED, Refusal.ALREADY_SERVING),
    "expire": (frozenset({W, C, S, H, P}), TicketState.EXPIRED, Refusal.TICKET_OVER),
}
ENDS = frozenset({TicketState.FINISHED, TicketState.CANCELLED, TicketState.EXPIRED})


def step(deed: str, state: TicketState, number: str) -> TicketState:
    """The state after a deed, or Refused: ticket_over for a ticket that has ended, else the
    deed's own code (not_waiting, nothing_called, …)."""
    allowed, after, refusal = STEPS[deed]
    if state in ENDS and state not in allowed:
        raise Refused(Refusal.TICKET_OVER, number=number, state=state.value)
    if state not in allowed:
        raise Refused(refusal, number=number, state=state.value)
    return after


def number(prefix: str, sequence: int) -> str:
    """The printed number (号码): A012. Three figures at least, more when the day is long."""
    return f"{prefix}{sequence:03d}"


def within_quota(taken: int, quota: int | None, queue: str) -> None:
    """A queue's quota (限号) for the business day: of tickets taken, whatever their numbers.
    Raises Refused(quota_used_up) beyond it."""
    if quota is not None and taken > quota:
        raise Refused(Refusal.QUOTA_USED_UP, queue=queue, quota=quota)


def within_reprints(prints: int, number: str) -> None:
    """A number may be printed again three times (补打); then a person decides."""
    if prints > MOST_REPRINTS:
        raise Refused(Refusal.REPRINT_LIMIT, number=number, limit=MOST_REPRINTS)


def still_proves(taken_at: int, at: int) -> bool:
    """Whether a ticket's token still speaks for its holder; both in milliseconds."""
    return at - taken_at < TOKEN_MS


def code(draws: list[int]) -> str:
    """The 4-character code beside the number, the holder's proof, from random draws."""
    return "".join(CODE_LETTERS[draw % len(CODE_LETTERS)] for draw in draws[:CODE_LENGTH])
