"""Who may rate what: every role, every state of a service, every proof."""

from itertools import product

import pytest

from hall_server.rules.ratings import may_rate
from hall_server.words import Channel, Refusal, Refused, Role, ServiceState

CHANNELS = {
    Role.AGENT: Channel.PAD,
    Role.PAD: Channel.PAD,
    Role.KIOSK: Channel.KIOSK,
    Role.CITIZEN: Channel.PHONE,
}
EVERY = list(product(ServiceState, *[[False, True]] * 4))


def expected(
    role: Role, state: ServiceState, rated: bool, proven: bool, own: bool, at_hand: bool
) -> Channel | Refusal:
    """The rule once more, in the order in which a person would ask."""
    if role not in CHANNELS:
        return Refusal.RATING_NOT_ALLOWED
    pad = CHANNELS[role] is Channel.PAD
    if not (own if pad else proven):
        return Refusal.RATING_NOT_ALLOWED
    if state is not ServiceState.FINISHED:
        return Refusal.SERVICE_NOT_FINISHED
    if rated:
        return Refusal.ALREADY_RATED
    return Refusal.RATING_LATE if pad and not at_hand else CHANNELS[role]


def answer(
    role: Role, state: ServiceState, rated: bool, proven: bool, own: bool, at_hand: bool
) -> Channel | Refusal:
    try:
        return may_rate(role, state, rated=rated, proven=proven, own=own, at_hand=at_hand)
    except Refused as no:
        return no.code


@pytest.mark.parametrize("role", Role)
def test_the_whole_table(role: Role) -> None:
    for case in EVERY:
        assert answer(role, *case) is expected(role, *case), case


def test_nobody_who_works_here_ever_rates() -> None:
    for role in set(Role) - set(CHANNELS):
        assert {answer(role, *case) for case in EVERY} == {Refusal.RATING_NOT_ALLOWED}
