"""Who may rate (好差评) what: one finished service, once, by the one who was served."""

from collections.abc import Sequence

from hall_server.words import Channel, Refusal, Refused, Role, ServiceState

CHANNEL_OF: dict[Role, Channel] = {
    Role.AGENT: Channel.PAD,
    Role.PAD: Channel.PAD,
    Role.KIOSK: Channel.KIOSK,
    Role.CITIZEN: Channel.PHONE,
}


def may_rate(
    role: Role, state: ServiceState, *, rated: bool, proven: bool, own: bool, at_hand: bool
) -> Channel:
    """The channel (评价渠道) by which this rating counts, or Refused.

    A rating belongs to one finished service (一次一评, 国办发〔2019〕51号). `proven`: the kiosk
    or phone holds the ticket's token. `own`: the service was at the pad's window, and `at_hand`:
    nobody was called there since. A pad's rating that comes after that, held up on its way, is
    refused as late: who presses there now was not served then, and the ticket still proves.
    Raises rating_not_allowed, service_not_finished, already_rated or rating_late.
    """
    channel = CHANNEL_OF.get(role)
    if channel is None or not (own if channel is Channel.PAD else proven):
        raise Refused(Refusal.RATING_NOT_ALLOWED)
    if state is not ServiceState.FINISHED:
        raise Refused(Refusal.SERVICE_NOT_FINISHED)
    if rated:
        raise Refused(Refusal.ALREADY_RATED)
    if channel is Channel.PAD and not at_hand:
        raise Refused(Refusal.RATING_LATE)
    return channel


def may_explain(
    role: Role,
    tags: Sequence[str],
    offered: Sequence[str],
    *,
    rated: bool,
    explained: bool,
    proven: bool,
) -> None:
    """Let somebody say once why they rated so (评价内容), by the tags `offered` for that level.

    Only the way that can prove the ticket may: the rater comes back for it. The rating counts
    without. Raises rating_not_allowed, not_rated, already_explained or tag_unknown.
    """
    if CHANNEL_OF.get(role) not in (Channel.KIOSK, Channel.PHONE) or not proven:
        raise Refused(Refusal.RATING_NOT_ALLOWED)
    if not rated:
        raise Refused(Refusal.NOT_RATED)
    if explained:
        raise Refused(Refusal.ALREADY_EXPLAINED)
    for tag in tags:
        if tag not in offered:
            raise Refused(Refusal.TAG_UNKNOWN, tag=tag)
