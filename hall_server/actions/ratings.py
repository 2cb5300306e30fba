"""Deeds of rating (好差评)."""

from typing import Any

from config.rating_tags import rating_tags
from hall_server.rules import ratings as rules
from hall_server.rules.tickets import still_proves
from hall_server.store import ratings, services, tickets, windows
from hall_server.store.transaction import Done, Tx
from hall_server.wire.commands import Rate
from hall_server.wire.ratings import ExplainRating
from hall_server.words import Refusal, Refused, ServiceState


def rate(tx: Tx, command: Rate) -> Done:
    """Rate one finished service once. Who rated what is told to nobody: the event only says
    that the pad has nothing left to ask.

    Raises service_unknown, rating_not_allowed, service_not_finished or already_rated.
    """
    service = services.by_id(tx.cursor, tx.hall, command.service)
    if service is None:
        raise Refused(Refusal.SERVICE_UNKNOWN)
    window = windows.by_id(tx.cursor, tx.hall, service.window)
    channel = rules.may_rate(
        tx.who.role,
        ServiceState(service.state),
        rated=ratings.of(tx.cursor, service.id) is not None,
        proven=_proven(tx, service, command.token),
        at_hand=tx.who.window in (None, service.window) and window.rates == service.id,
    )
    ratings.add(
        tx.cursor,
        hall=tx.hall,
        seq=tx.seq,
        service=service.id,
        level=command.level,
        channel=channel.value,
        at=tx.at,
    )
    facts: dict[str, Any] = {}
    if window.rates == service.id:
        windows.change(tx.cursor, window, rates=None)
        facts[f"pad/{window.window}"] = None
    return Done({"service": service.id}, facts)


def explain_rating(tx: Tx, command: ExplainRating) -> Done:
    """Say once why a service was rated so (评价内容). The rating stays as it was given; the words
    stand in their own table alone. Nobody is told.

    Raises service_unknown, rating_not_allowed, not_rated, already_explained or tag_unknown.
    """
    service = services.by_id(tx.cursor, tx.hall, command.service)
    if service is None:
        raise Refused(Refusal.SERVICE_UNKNOWN)
    rating = ratings.of(tx.cursor, service.id)
    offered = () if rating is None else rating_tags().of(rating.level)
    rules.may_explain(
        tx.who.role,
        command.tags,
        offered,
        rated=rating is not None,
        explained=ratings.reasons_of(tx.cursor, service.id) is not None,
        proven=_proven(tx, service, command.token),
    )
    ratings.explain(
        tx.cursor,
        service=service.id,
        hall=tx.hall,
        tags=",".join(dict.fromkeys(command.tags)),
        version=rating_tags().version,
        words=(command.words or "").strip(),
        at=tx.at,
    )
    return Done({"service": service.id}, {})


def _proven(tx: Tx, service: Any, token: str | None) -> bool:
    """The rater holds the ticket: came in by its token, or showed it to the kiosk."""
    if tx.who.ticket == service.ticket:
        return True
    ticket = None if token is None else tickets.by_token(tx.cursor, token)
    if ticket is None or ticket.id != service.ticket:
        return False
    return still_proves(ticket.taken_at, tx.at)
