"""How a hall calls is changed by a command, whole or not at all, and what it promises is kept."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from config.language import languages, say
from hall_server.api.refusals import body
from hall_server.store import journal
from hall_server.store.plans import Plans
from hall_server.wire.bounds import new_id
from hall_server.wire.commands import (
    CallNext,
    ChangePolicy,
    ImportLayout,
    OpenWindow,
    PassOver,
    Recall,
    ReturnPassed,
)
from hall_server.wire.layout import HallPolicy, Layout, QueuePolicy, SlotPlan, StaffPlan
from hall_server.wire.policy import HallWish, QueueWish
from hall_server.words import Refusal, Refused, Role
from tests.actions.proof import ProvenHall, proven_hall, refused, wish
from tests.builders import (
    ADMIN,
    CLERK,
    HALL,
    KIOSK,
    SUPERVISOR,
    at_window,
    layout,
    open_window,
    sqlite_url,
    take,
    who,
)
from tests.faults.served import serve

LONG_WAIT = HallPolicy().plain_within_minutes
POLICY: dict[str, Any] = {"policy": QueuePolicy(calls=1, ratio=2, return_after=5)}


def change(whole: HallWish | None = None, **queues: QueueWish) -> ChangePolicy:
    return ChangePolicy(hall=HALL, queues=queues, whole=whole)


async def calls(hall: ProvenHall, generation: int, n: int) -> list[str]:
    """The next numbers, each passed over at once."""
    numbers = []
    for _ in range(n):
        numbers.append((await at_window(hall, CallNext, generation))["number"])
        await at_window(hall, PassOver, generation)
    return numbers


async def test_a_new_ratio_holds_from_the_next_call(hall: ProvenHall) -> None:
    for priority in (None, None, "elder", "elder", "elder"):
        await take(hall, priority=priority)
    generation = await open_window(hall)
    assert await calls(hall, generation, 1) == ["A003"]
    reply = await hall.handle(change(social=QueueWish(ratio=1)), SUPERVISOR)
    assert reply == {"layout_version": 2}
    assert await calls(hall, generation, 3) == ["A001", "A004", "A002"]


async def test_without_the_change_two_go_first(hall: ProvenHall) -> None:
    for priority in (None, None, "elder", "elder", "elder"):
        await take(hall, priority=priority)
    assert await calls(hall, await open_window(hall), 3) == ["A003", "A004", "A001"]


async def test_what_is_not_named_stays(database_url: str) -> None:
    async with proven_hall(database_url, **POLICY) as hall:
        wishes = change(HallWish(on_time_minutes=15), tax=QueueWish(help_after_minutes=3))
        await hall.handle(wishes, ADMIN)
        after, _ = await hall.in_force(HALL)
        assert after is not None
        told = {queue.id: queue.policy for queue in after.queues}
        assert told["social"] == POLICY["policy"]
        assert told["tax"] == QueuePolicy(calls=1, return_after=5, help_after_minutes=3)
        assert after.policy == HallPolicy(on_time_minutes=15)


async def test_who_may_change_it_sees_what_is_in_force(hall: ProvenHall) -> None:
    await hall.handle(change(HallWish(on_time_minutes=15), tax=QueueWish(ratio=3)), ADMIN)
    told = await hall.see("policy", {}, SUPERVISOR)
    assert told["queues"]["tax"] == {**QueuePolicy(calls=1).model_dump(), "ratio": 3}
    assert told["whole"]["on_time_minutes"] == 15
    with pytest.raises(Refused, match="not_permitted"):
        await hall.see("policy", {}, CLERK)


async def test_each_version_stays_in_the_record(hall: ProvenHall) -> None:
    await hall.handle(change(social=QueueWish(ratio=1)), SUPERVISOR)
    await hall.handle(change(social=QueueWish(ratio=3)), ADMIN)
    ratios = hall.store.read(
        lambda cursor: [
            Plans().of(cursor, HALL, version, 0).policy.ratio["social"] for version in (1, 2, 3)
        ]
    )
    assert ratios == [2, 1, 3]
    entries = hall.store.read(lambda cursor: journal.since(cursor, HALL, 0, 100))
    asked = [json.loads(e.body)["command"] for e in entries if e.kind == "change_policy"]
    assert [one["queues"]["social"]["ratio"] for one in asked] == [1, 3]


async def test_a_bad_policy_is_refused_whole_and_each_fault_named(hall: ProvenHall) -> None:
    at_once = QueueWish(help_after_minutes=0)
    around = layout().windows[1].model_copy(update={"backup": ("social",)})
    plan = layout().model_copy(update={"windows": (layout().windows[0], around)})
    await hall.handle(ImportLayout(hall=HALL, layout=plan), ADMIN)
    bad = change(
        HallWish(due_before_minutes=11, promise_minutes=500),
        social=QueueWish(ratio=-1, help_after_minutes=0),
        tax=at_once,
        gone=QueueWish(ratio=2, calls=1),
    )
    with pytest.raises(Refused) as no:
        await hall.handle(bad, SUPERVISOR)
    assert no.value.code is Refusal.POLICY_REFUSED
    assert no.value.facts == {"count": 5}
    named = [(said.key.rpartition(".")[2], said.facts.get("field")) for said in no.value.faults]
    assert named == [
        ("out_of_bounds", "ratio"),
        ("hall_out_of_bounds", "promise_minutes"),
        ("unknown_queue", None),
        ("due_before_callable", None),
        ("circle", None),
    ]
    for lang in languages():
        assert all(say(said.key, lang, **said.facts) for said in no.value.faults)
    assert hall.hubs[HALL].state["hall"]["layout_version"] == 2


async def test_a_fault_names_its_queues_as_people_know_them(hall: ProvenHall) -> None:
    plan = layout()
    social, *others = plan.queues
    named = (social.model_copy(update={"name_en": "Insurance"}), *others)
    around = plan.windows[1].model_copy(update={"backup": ("social",)})
    plan = plan.model_copy(update={"queues": named, "windows": (plan.windows[0], around)})
    await hall.handle(ImportLayout(hall=HALL, layout=plan), ADMIN)
    at_once = QueueWish(help_after_minutes=0)
    with pytest.raises(Refused) as no:
        await hall.handle(change(social=at_once, tax=at_once), SUPERVISOR)
    circle = body(no.value)["faults"][0]
    assert "社保 → 税务 → 社保" in circle["zh"]
    assert "Insurance → 税务 → Insurance" in circle["en"]


@pytest.mark.parametrize(
    "role", [role for role in Role if role not in (Role.ADMIN, Role.SUPERVISOR)]
)
async def test_only_a_supervisor_or_admin_changes_it(hall: ProvenHall, role: Role) -> None:
    await refused(hall, change(), who(role), Refusal.NOT_PERMITTED)


async def test_a_hall_without_a_layout_has_no_policy(database_url: str) -> None:
    async with proven_hall(database_url) as hall:
        await hall.add_hall("other")
        nobody = who(Role.ADMIN, hall="other")
        given = ChangePolicy(hall="other", queues={"social": QueueWish(ratio=1)})
        await refused(hall, given, nobody, Refusal.HALL_UNKNOWN)


async def test_lines_that_help_each_other_around_at_once_are_no_layout(hall: ProvenHall) -> None:
    plan = layout(policy=QueuePolicy(help_after_minutes=0))
    around = plan.windows[1].model_copy(update={"backup": ("social",)})
    plan = plan.model_copy(update={"windows": (plan.windows[0], around)})
    no = {"count": 1, "first": "queues[1].policy.help_after_minutes"}
    await refused(hall, ImportLayout(hall=HALL, layout=plan), ADMIN, Refusal.LAYOUT_REFUSED, **no)


async def test_the_sign_says_what_is_in_force(hall: ProvenHall) -> None:
    def sign() -> list[str]:
        told = hall.hubs[HALL].state["hall"]["sign"]
        return [
            say(f"sign.{one['code']}", "zh", classes="老人、军人", **one["facts"]) for one in told
        ]

    common = "叫号 1 次不到，按过号处理。"
    back = "过号不作废，回来后隔 3 位再叫，最多 2 次。"
    first = ["预约到点先办。", "老人、军人优先。", "每优先 2 位，必叫一位普通号。"]
    waited = "普通号等满 {} 分钟，预约不再先办，按号先后叫。"
    assert sign() == [*first, waited.format(LONG_WAIT), common, back]
    longer = HallWish(plain_within_minutes=90)
    await hall.handle(change(longer, tax=QueueWish(ratio=1, return_limit=0)), SUPERVISOR)
    assert sign() == [
        *first,
        "tax：每优先 1 位，必叫一位普通号。",
        waited.format(90),
        common,
        back,
        "tax：过号作废，请重新取号。",
    ]


async def test_a_number_is_called_as_often_as_the_sign_says_before_it_is_passed_over(
    database_url: str,
) -> None:
    async with proven_hall(database_url, policy=QueuePolicy(calls=3)) as hall:
        await take(hall)
        generation = await open_window(hall)
        await at_window(hall, CallNext, generation)
        for called in (1, 2):
            no = {"number": "A001", "calls": called, "limit": 3}
            await refused(hall, wish(PassOver, generation), CLERK, Refusal.CALL_AGAIN, **no)
            await at_window(hall, Recall, generation)
        await at_window(hall, PassOver, generation)


async def test_a_passed_number_returns_as_often_as_the_policy_says(hall: ProvenHall) -> None:
    paper = await take(hall)
    generation = await open_window(hall)
    await hall.handle(change(social=QueueWish(return_limit=1, return_after=0)), SUPERVISOR)
    back = {"hall": HALL, "ticket": paper["ticket"]}
    await calls(hall, generation, 1)
    assert (await hall.handle(ReturnPassed(**back), KIOSK))["after"] == 0
    await calls(hall, generation, 1)
    await refused(hall, ReturnPassed(**back), KIOSK, Refusal.RETURN_LIMIT, limit=1)


def staffed(*staff: StaffPlan) -> Layout:
    return layout().model_copy(update={"staff": staff})


async def test_a_person_opens_the_windows_that_are_theirs(hall: ProvenHall) -> None:
    wang = StaffPlan(id=CLERK.name, name="王", windows=("2", "3"))
    anywhere = StaffPlan(id="li", name="李")
    await hall.handle(ImportLayout(hall=HALL, layout=staffed(wang, anywhere)), ADMIN)
    no = {"window": "1", "own": "2, 3"}
    await refused(hall, OpenWindow(hall=HALL, window="1"), CLERK, Refusal.WINDOW_NOT_YOURS, **no)
    assert await open_window(hall, "2") == 1
    assert await open_window(hall, "1", who(Role.STAFF, "li")) == 1
    assert await open_window(hall, "1", who(Role.STAFF, "nobody-wrote-down")) == 2


async def test_a_hall_without_appointments_does_not_promise_them(hall: ProvenHall) -> None:
    queues = tuple(
        queue.model_copy(update={"slots": SlotPlan(places=0)}) for queue in layout().queues
    )
    plan = layout().model_copy(update={"queues": queues, "classes": ()})
    await hall.handle(ImportLayout(hall=HALL, layout=plan), ADMIN)
    told = hall.hubs[HALL].state["hall"]["sign"]
    assert [one["code"] for one in told] == ["calls", "returns"]


async def test_over_http_each_fault_is_told_in_both_languages(tmp_path: Path) -> None:
    async with (
        serve(sqlite_url(tmp_path), {"chief": "supervisor"}) as served,
        httpx.AsyncClient(base_url=served.url, timeout=60, trust_env=False) as client,
    ):
        key = {"Authorization": f"Bearer {served.secrets['chief']}"}
        given = {"hall": HALL, "id": new_id(), "queues": {"tax": {"ratio": -1}, "gone": {}}}
        answer = await client.post("/api/commands/change_policy", json=given, headers=key)
        assert (answer.status_code, answer.json()["code"]) == (422, "policy_refused")
        assert answer.json()["faults"] == [
            {"zh": "税务：穿插比例 -1 超出范围 1–9", "en": "税务: ratio -1 is outside 1–9"},
            {"zh": "没有“gone”这个队列", "en": "there is no queue gone"},
        ]
        good = {"hall": HALL, "id": new_id(), "whole": {"on_time_minutes": 15}}
        answer = await client.post("/api/commands/change_policy", json=good, headers=key)
        assert answer.json() == {"layout_version": 2}
