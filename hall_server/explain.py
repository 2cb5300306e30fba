"""`hall explain A017`: a ticket's whole story, told from the journal."""

from collections.abc import Iterator
from contextlib import closing

from config.language import say
from hall_server.actions.stories import Step, steps
from hall_server.store import days, heads, journal, tickets
from hall_server.store.database import Cursor
from hall_server.store.heads import Head
from hall_server.store.plans import Plan, Plans
from hall_server.store.store import Store
from hall_server.wire.hours import HALL_TIME, instant
from hall_server.words import Refusal, Refused


def explain(url: str, hall: str | None, number: str, date: str | None, lang: str) -> list[str]:
    """What happened to a number, line by line: taken, called and why, served, ended.

    `hall` may be left out where the server has one; without a date it is the last day on which
    the number was given. Raises hall_unknown or ticket_unknown.
    """
    with closing(Store(url)) as store:
        return store.read(lambda cursor: _story(cursor, hall, number, date, lang))


def _story(cursor: Cursor, hall: str | None, number: str, date: str | None, lang: str) -> list[str]:
    head = hall_of(cursor, hall)
    ticket = tickets.by_number(cursor, head.hall, number, date)
    if ticket is None:
        raise Refused(Refusal.TICKET_UNKNOWN)
    plan = Plans().of(cursor, head.hall, head.layout, head.catalogue)
    day = days.by_id(cursor, head.hall, ticket.day)
    lines = [say("story.title", lang, number=number, date=day.date, hall=head.hall)]
    rows = journal.of_ticket(cursor, head.hall, ticket.taken_seq, ticket.id)
    for step in steps(rows, ticket.id):
        lines += _lines(step, plan, lang)
    if ticket.state == "expired":
        lines.append(f"{_clock(day.closed_at)}  {say('story.close_day', lang)}")
    return lines


def hall_of(cursor: Cursor, hall: str | None) -> Head:
    """The hall of this name, or the only one there is. Raises hall_unknown."""
    known = {head.hall: head for head in heads.every_head(cursor)}
    head = known.get(hall or next(iter(known), ""))
    if head is None or (hall is None and len(known) > 1):
        raise Refused(Refusal.HALL_UNKNOWN, hall=hall or "-")
    return head


def _lines(step: Step, plan: Plan, lang: str) -> Iterator[str]:
    facts = {**step.facts, "queue": plan.queue_name(step.facts["queue"], lang)}
    role, _, name = step.facts["who"].partition(":")
    facts["who"] = say(f"story.who_{role}", lang, name=name)
    yield f"{_clock(step.at)}  {say(f'story.{step.key}', lang, **facts)}"
    for why in step.why:
        told = dict(why["facts"])
        if "queue" in told:
            told["queue"] = plan.queue_name(str(told["queue"]), lang)
        yield " " * 10 + say(f"reasons.{why['code']}", lang, **told)


def _clock(at: int) -> str:
    return f"{instant(at).astimezone(HALL_TIME):%H:%M:%S}"
