"""Who may rate (好差评) what: one finished service, once, by the one who was served."""

from hall_server.words import Channel, Refusal, Refused, Role, ServiceState

CHANNEL_OF: dict[Role, Channel] = {
    Role.AGENT: Channel.PAD,
    Role.PAD: Channel.PAD,
    Role.KIOSK: Channel.KIOSK,
    Role.CITIZEN: Channel.PHONE,
}


def may_rate(
    role: Role, state: ServiceState, *, rated: bool, proven: bool, at_hand: bool
) -> Channel:
    """The channel (评价渠道) by which this rating counts, or Refused.

    A rating belongs to one finished service (一次一评, 国办发〔2019〕51号). `proven`: the kiosk
    or phone holds the ticket's token. `at_hand`: the pad's window finished this service last.
    Raises rating_not_allowed, service_not_finished or already_rated.
    """
    channel = CHANNEL_OF.get(role)
    if channel is None or not (at_hand if channel is Channel.PAD else proven):
        raise Refused(Refusal.RATING_NOT_ALLOWED)
    if state is not ServiceState.FINISHED:
        raise Refused(Refusal.SERVICE_NOT_FINISHED)
    if rated:
        raise Refused(Refusal.ALREADY_RATED)
    return channel
