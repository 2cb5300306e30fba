"""What may be set in a policy, and what its sign says."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from config.language import facts_of, languages, say
from hall_server.rules.policy import (
    BOUNDS,
    CALLS,
    HELP_AFTER,
    RATIO,
    RETURN_AFTER,
    RETURN_LIMIT,
    WHOLE_DAY,
    Policy,
    Said,
    faults,
    sign,
)
from hall_server.store.plans import policy_of
from hall_server.wire.layout import HallPolicy, QueuePolicy

QUEUES = ["general", "social", "tax"]
NOW = timedelta()


def keys(found: list[Said]) -> list[str]:
    return [said.key.rpartition(".")[2] for said in found]


def test_the_policy_of_the_house_is_sound() -> None:
    assert faults(Policy(), QUEUES, {"social": ["tax"], "tax": ["social"]}) == []


@pytest.mark.parametrize("field", BOUNDS)
def test_a_value_may_reach_its_bounds_and_no_further(field: str) -> None:
    least, most = BOUNDS[field]
    kind = Policy.__dataclass_fields__[field].type
    for value, sound in ((least, True), (most, True), (least - 1, False), (most + 1, False)):
        given = timedelta(minutes=value) if "timedelta" in str(kind) else value
        set_ = {"tax": given} if str(kind).startswith("collections.abc.Mapping") else given
        rest: dict[str, Any] = {"never_before": timedelta(minutes=120), field: set_}
        policy = Policy(**rest)
        out = [said for said in faults(policy, QUEUES, {}) if said.key.endswith("bounds")]
        name = f"{field}_minutes" if isinstance(given, timedelta) else field
        assert [said.facts["field"] for said in out] == ([] if sound else [name])


def test_every_fault_is_named_at_once() -> None:
    policy = Policy(
        ratio={"tax": -1, "gone": 2},
        help_after={"tax": NOW, "social": NOW},
        due_before=timedelta(minutes=11),
    )
    found = faults(policy, QUEUES, {"social": ["tax"], "tax": ["social"]})
    named = ["circle", "due_before_callable", "out_of_bounds", "unknown_queue"]
    assert sorted(keys(found)) == named
    for said in found:
        assert facts_of(said.key) <= set(said.facts)


@pytest.mark.parametrize(
    ("helps", "at_once", "circles"),
    [
        ({"social": ["tax"], "tax": ["social"]}, ["social", "tax"], ["social → tax → social"]),
        ({"social": ["tax"], "tax": ["social"]}, ["social"], []),
        ({"social": ["tax"], "tax": ["general"], "general": ["social"]}, QUEUES, ["…"]),
        ({"social": ["tax"], "tax": ["general"]}, QUEUES, []),
    ],
)
def test_lines_that_help_each_other_around_at_once_are_a_circle(
    helps: Mapping[str, list[str]], at_once: list[str], circles: list[str]
) -> None:
    found = faults(Policy(help_after=dict.fromkeys(at_once, NOW)), QUEUES, helps)
    told = [said.facts["queues"] for said in found]
    assert len(told) == len(circles)
    if circles and circles != ["…"]:
        assert told == circles


def test_the_sign_says_what_is_common_once_and_names_who_differs() -> None:
    policy = Policy(ratio={"tax": 1}, return_after={"general": 5, "social": 5, "tax": 5})
    said = sign(policy, QUEUES, classes=True, booking=True)
    words = [say(one.key, "zh", classes="老人、军人", **one.facts) for one in said]
    assert words == [
        "预约到点先办。",
        "老人、军人优先。",
        "每优先 2 位，必叫一位普通号。",
        "tax：每优先 1 位，必叫一位普通号。",
        "普通号等满 55 分钟，预约不再先办，按号先后叫。",
        "叫号 3 次不到，按过号处理。",
        "过号不作废，回来后隔 5 位再叫，最多 2 次。",
    ]
    for language in languages():
        assert all(say(one.key, language, classes="x", **one.facts) for one in said)


def test_the_sign_does_not_speak_of_waits_that_change_nothing() -> None:
    for policy, booking in ((Policy(plain_within=WHOLE_DAY), True), (Policy(), False)):
        said = sign(policy, QUEUES, classes=True, booking=booking)
        assert "plain_within" not in keys(said)


def test_a_hall_without_classes_and_bookings_promises_nobody_a_place_in_front() -> None:
    said = sign(Policy(), QUEUES, classes=False, booking=False)
    assert keys(said) == ["calls", "returns"]


def test_a_passed_number_that_may_not_return_is_not_told_that_it_stays_good() -> None:
    policy = Policy(return_limit={"tax": 0})
    said = sign(policy, QUEUES, classes=False, booking=False)
    assert keys(said) == ["calls", "returns", "void_of"]
    assert said[-1].facts == {"queue": "tax"}


def test_files_allow_what_the_rule_allows() -> None:
    """The bounds are written twice: the wire stands beside the rules and does not know them."""
    for name, (least, most) in BOUNDS.items():
        model = QueuePolicy if isinstance(getattr(Policy(), name), Mapping) else HallPolicy
        fields = model.model_json_schema()["properties"]
        told = fields.get(name) or fields[f"{name}_minutes"]
        assert (told["minimum"], told["maximum"]) == (least, most)
    assert policy_of({"tax": QueuePolicy()}, HallPolicy()) == Policy(
        help_after={"tax": HELP_AFTER},
        ratio={"tax": RATIO},
        return_after={"tax": RETURN_AFTER},
        return_limit={"tax": RETURN_LIMIT},
        calls={"tax": CALLS},
    )
