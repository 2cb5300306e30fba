"""What a layout says of calling (叫号规则): what is wrong with it, and what its sign says."""

from collections.abc import Mapping, Sequence
from typing import Any

from config.language import say
from hall_server.rules import policy as rules
from hall_server.rules.policy import BOUNDS, Said
from hall_server.store.plans import Plan, policy_of
from hall_server.wire.fault import Fault
from hall_server.wire.layout import HallPolicy, Layout, QueuePolicy
from hall_server.words import Refusal, Refused


def of_queues(layout: Layout) -> dict[str, QueuePolicy]:
    """Each queue's policy."""
    return {queue.id: queue.policy for queue in layout.queues}


def view(plan: Plan) -> dict[str, Any]:
    """How the hall calls, each figure that a supervisor may change. Raises hall_unknown."""
    if plan.layout is None:
        raise Refused(Refusal.HALL_UNKNOWN, hall="-")
    queues = of_queues(plan.layout).items()
    return {
        "queues": {name: policy.model_dump(mode="json") for name, policy in queues},
        "whole": plan.layout.policy.model_dump(mode="json"),
    }


def faults_of(layout: Layout, queues: Mapping[str, QueuePolicy], hall: HallPolicy) -> list[Said]:
    """Everything wrong with a policy for this layout's queues and windows."""
    names = [queue.id for queue in layout.queues]
    helps = {
        name: [other for window in layout.windows_of(name) for other in window.backup]
        for name in names
    }
    return rules.faults(policy_of(queues, hall), names, helps)


def by_name(found: Sequence[Said], layout: Layout) -> list[Said]:
    """The same faults, their queues by the names that people know them by."""
    names = {queue.id: queue.name for queue in layout.queues}
    english = {queue.id: queue.name_en or queue.name for queue in layout.queues}
    told = []
    for said in found:
        facts = dict(said.facts)
        for field in facts.keys() & {"queue", "queues"}:
            ids = str(facts[field]).split(" → ")  # several where they go around in a circle
            facts[field] = " → ".join(names.get(name, name) for name in ids)
            facts[f"{field}_en"] = " → ".join(english.get(name, name) for name in ids)
        told.append(Said(said.key, facts))
    return told


def faults(layout: Layout, lang: str = "zh") -> list[Fault]:
    """The same of a layout in a hall's files: where, and what is allowed.

    Values out of bounds do not come so far: reading the file has named them."""
    names = [queue.id for queue in layout.queues]
    told = []
    for said in faults_of(layout, of_queues(layout), layout.policy):
        if said.key == "sign.fault.circle":
            first = names.index(str(said.facts["queues"]).partition(" ")[0]) + 1
            place, field = f"queues[{first}].policy", "help_after_minutes"
            allowed = f"1–{BOUNDS['help_after'][1]}"
        else:
            place, field = "policy", "due_before_minutes"
            allowed = f"≤ {layout.policy.never_before_minutes}"
        told.append(Fault(place, field, say(said.key, lang, **said.facts), allowed))
    return told


def sign(layout: Layout) -> list[dict[str, Any]]:
    """The sign's sentences (叫号规则公示) as codes and facts of config/texts/sign.toml."""
    queues = of_queues(layout)
    policy = policy_of(queues, layout.policy)
    booking = any(queue.slots.places != 0 for queue in layout.queues)
    said = rules.sign(policy, list(queues), classes=bool(layout.classes), booking=booking)
    return [{"code": one.key.partition(".")[2], "facts": dict(one.facts)} for one in said]
