"""From a permitted command to a durable event: the one way every deed is done."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hall_server.actions.index import ACTIONS
from hall_server.rules.permits import Who
from hall_server.store import ids, journal, salts
from hall_server.store.plans import Plans
from hall_server.store.transaction import AtHand, Tx
from hall_server.store.writer import Batch
from hall_server.wire.commands import Command
from hall_server.wire.frames import compact
from hall_server.words import Refusal, Refused


@dataclass(frozen=True, slots=True)
class Event:
    """One change of one hall, as it stands in the journal. `told` is each fact as JSON."""

    hall: str
    epoch: str
    seq: int
    at: int
    kind: str
    facts: dict[str, Any]
    told: dict[str, str]


@dataclass(frozen=True, slots=True)
class Performed:
    """The reply, and the event; None when the command is a repeat, answered as before."""

    reply: dict[str, Any]
    event: Event | None


def perform(
    batch: Batch,
    plans: Plans,
    command: Command,
    who: Who,
    now: datetime,
    public_url: str,
    at_hand: AtHand,
) -> Performed:
    """Do one command inside the writer's transaction.

    A command whose id this caller used before is answered from the journal; with another body
    it is refused (same_id_other_body). Raises hall_unknown and whatever the action refuses.
    """
    head = batch.heads.of(command.hall)
    if head is None:
        raise Refused(Refusal.HALL_UNKNOWN, hall=command.hall)
    before = journal.known(batch, command.hall, who.caller, command.id)
    salt = _salt(batch, command, who, new=before is None)
    digest = hashlib.sha256(f"{salt}{command.kind}\n{command.model_dump_json()}".encode())
    if before is not None:
        # Where what it brought is erased, nobody can tell any more whether it is the same.
        if salt is not None and before[0] != digest.hexdigest():
            raise Refused(Refusal.SAME_ID_OTHER_BODY)
        return Performed(json.loads(before[1]), None)
    plan = plans.of(batch, head.hall, head.layout, head.catalogue)
    tx = Tx(batch, head, who, now, plan, public_url, at_hand)
    done = ACTIONS[command.kind](tx, command)
    told = {address: compact(fact) for address, fact in done.facts.items()}
    if command.erased_with is not None and salt is not None:
        about = str(done.reply[command.erased_with])
        salts.add(
            batch, hall=head.hall, caller=who.caller, command=command.id, about=about, salt=salt
        )
    recorded = command.model_dump_json(exclude={"hall", "id", *command.unrecorded})
    entry = journal.add(
        batch,
        tx.head,
        at=tx.at,
        kind=command.kind,
        caller=who.caller,
        command=command.id,
        command_hash=digest.hexdigest(),
        body=f'{{"command":{recorded},"facts":{facts_json(told)}}}',
        reply=compact(done.reply),
    )
    batch.heads.move(tx.head._replace(seq=entry.seq, hash=entry.hash))
    event = Event(entry.hall, entry.epoch, entry.seq, entry.at, entry.kind, done.facts, told)
    return Performed(done.reply, event)


def _salt(batch: Batch, command: Command, who: Who, *, new: bool) -> str | None:
    """What the body is salted with before it is hashed: nothing, where nothing is to be erased."""
    if command.erased_with is None:
        return ""
    return ids.new_token() if new else salts.of(batch, command.hall, who.caller, command.id)


def facts_json(told: dict[str, str]) -> str:
    """Facts, each already JSON, as one JSON object."""
    return "{" + ",".join(f'"{address}":{fact}' for address, fact in told.items()) + "}"


def event_of(entry: journal.Entry) -> Event:
    """The event that a row of the journal was, for those who were not there."""
    facts: dict[str, Any] = json.loads(entry.body)["facts"]
    told = {address: compact(fact) for address, fact in facts.items()}
    return Event(entry.hall, entry.epoch, entry.seq, entry.at, entry.kind, facts, told)
