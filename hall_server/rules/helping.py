"""Helper calls (帮办): from where to where a call goes, and from which place it comes."""

from hall_server.rules.permits import Who
from hall_server.words import HelpState, Refusal, Refused, Role

C, A, T = HelpState.CALLED, HelpState.ACCEPTED, HelpState.ARRIVED
STEPS: dict[str, tuple[frozenset[HelpState], HelpState]] = {
    "accept": (frozenset({C}), A),
    "arrive": (frozenset({C, A}), T),  # who stands beside it need not say so twice
    "end": (frozenset({C, A, T}), HelpState.ENDED),
}


WAITS = frozenset({C, A})  # somebody stands there and nobody has come


def step(deed: str, state: HelpState, by: str | None, *, late: bool = False) -> HelpState:
    """The state after a deed. Raises help_over for a call that has ended, help_accepted, with
    the colleague's name, for one that somebody answers already; once that somebody is late
    (超时未到) another may answer it (改派)."""
    allowed, after = STEPS[deed]
    if state is HelpState.ENDED:
        raise Refused(Refusal.HELP_OVER)
    if state not in allowed and not (state is A and late):
        raise Refused(Refusal.HELP_ACCEPTED, by=by or "-")
    return after


def overdue(state: HelpState, told: bool, overdue_at: int, now: int) -> bool:
    """Whether the supervisor must be told now (超时升级), in milliseconds: nobody answered, or who
    answered has not arrived, and it was not told yet."""
    return state in WAITS and not told and overdue_at <= now


def place_of(who: Who, window: str | None) -> str:
    """Where help is needed: a kiosk calls for itself, all others for a window.
    Raises window_unknown where no window is named."""
    if who.role is Role.KIOSK:
        return f"kiosk/{who.name}"
    if window is None:
        raise Refused(Refusal.WINDOW_UNKNOWN, window="-")
    return f"window/{window}"


def own_call(who: Who, place: str) -> None:
    """A kiosk ends its own call and no other. Raises not_permitted."""
    if who.role is Role.KIOSK and place != place_of(who, None):
        raise Refused(Refusal.NOT_PERMITTED, role=who.role.value, command="end_call")
