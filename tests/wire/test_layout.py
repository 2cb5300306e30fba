"""The hall as data: each field bounded, and the parts fit together or every misfit is told."""

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from hall_server.wire.layout import Item, Layout, faults

HOURS = {"weekly": [{"days": [1, 2], "start": "09:00", "end": "17:00", "last_ticket": "16:30"}]}


def hall(**parts: Any) -> dict[str, Any]:
    """A small sound hall, with some parts replaced."""
    whole: dict[str, Any] = {
        "hall": {"id": "demo", "name": "示例", "division": "370499"},
        "zones": [{"id": "a", "name": "A区"}],
        "windows": [{"id": "1", "name": "综合", "queues": ["general"], "backup": ["tax"]}],
        "queues": [{"id": "general", "prefix": "A", "name": "综合"}],
        "hours": HOURS,
    }
    whole["windows"].append({"id": "2", "name": "税务", "queues": ["tax"], "backup": ["general"]})
    whole["queues"].append({"id": "tax", "prefix": "B", "name": "税务"})
    return whole | parts


def misfits(**parts: Any) -> list[tuple[str, str]]:
    return [(fault.place, fault.field) for fault in faults(Layout.model_validate(hall(**parts)))]


def test_a_sound_hall_has_no_faults_even_where_two_windows_help_each_other() -> None:
    assert misfits() == []


def test_a_window_names_its_queues_and_prefixes_lead_to_queues() -> None:
    layout = Layout.model_validate(hall())
    assert layout.prefixes() == {"A": "general", "B": "tax"}
    assert [window.id for window in layout.windows_of("tax")] == ["2"]
    assert layout.queue("tax") is layout.queues[1]
    assert layout.window("9") is None


def test_the_policy_of_a_queue_begins_with_the_measured_defaults() -> None:
    policy = Layout.model_validate(hall()).queues[0].policy
    assert (policy.ratio, policy.help_after_minutes, policy.return_after) == (2, 10, 3)
    assert (policy.return_limit, policy.calls) == (2, 3)


ZONE = {"id": "a", "name": "A区"}
POINT = {"name": "向阳村便民服务站", "items": ["A-1"]}
WINDOW = {"id": "1", "name": "综合", "queues": ["general", "tax"]}
QUEUE = {"id": "general", "prefix": "A", "name": "综合"}
TAX = {"id": "tax", "prefix": "B", "name": "税务"}


@pytest.mark.parametrize(
    ("parts", "misfit"),
    [
        ({"windows": [WINDOW | {"queues": ["general", "tax", "fish"]}]}, ("windows[1]", "queues")),
        ({"windows": [WINDOW | {"backup": ["fish"]}]}, ("windows[1]", "backup")),
        ({"zones": [ZONE | {"plan": [60, 0, 50, 10]}]}, ("zones[1]", "plan")),
        ({"zones": [ZONE | {"plan": [0, 0, 50, 0]}]}, ("zones[1]", "plan")),
        ({"points": [POINT | {"queues": ["fish"]}]}, ("points[1]", "queues")),
        ({"points": [POINT, POINT]}, ("points[2]", "name")),
        ({"windows": [WINDOW | {"backup": ["tax"]}]}, ("windows[1]", "backup")),
        ({"windows": [WINDOW | {"queues": ["general", "tax", "tax"]}]}, ("windows[1]", "queues")),
        ({"windows": [WINDOW | {"zone": "z"}]}, ("windows[1]", "zone")),
        ({"windows": [WINDOW, WINDOW]}, ("windows[2]", "id")),
        ({"windows": [WINDOW | {"queues": ["general"]}]}, ("queues[2]", "id")),
        ({"queues": [QUEUE, TAX | {"prefix": "A"}]}, ("queues[2]", "prefix")),
        ({"queues": [QUEUE, TAX | {"zone": "z"}]}, ("queues[2]", "zone")),
        (
            {"queues": [QUEUE | {"departments": ["局"]}, TAX | {"departments": ["局"]}]},
            ("queues[2]", "departments"),
        ),
        ({"staff": [{"id": "w1", "name": "王", "windows": ["9"]}]}, ("staff[1]", "windows")),
        (
            {"staff": [{"id": "w1", "name": "王"}, {"id": "w1", "name": "李"}]},
            ("staff[2]", "id"),
        ),
        (
            {"devices": [{"id": "p", "kind": "rating_pad", "name": "评价器"}]},
            ("devices[1]", "window"),
        ),
        (
            {"devices": [{"id": "p", "kind": "kiosk", "name": "机", "zone": "z"}]},
            ("devices[1]", "zone"),
        ),
    ],
)
def test_a_misfit_is_told_with_its_place(parts: dict[str, Any], misfit: tuple[str, str]) -> None:
    assert misfits(**parts) == [misfit]


def test_all_misfits_are_told_at_once_in_either_language() -> None:
    layout = Layout.model_validate(
        hall(windows=[WINDOW | {"queues": ["fish", "general"], "zone": "z"}])
    )
    told = faults(layout, lang="en")
    assert [fault.field for fault in told] == ["zone", "queues", "id"]
    assert told[1].problem == "'fish' is not defined in this hall"
    assert told[1].allowed == "general, tax"


@pytest.mark.parametrize(
    ("group", "field", "value"),
    [
        ("hall", "id", "Demo"),
        ("hall", "id", "demo\n"),
        ("hall", "id", "x" * 33),
        ("hall", "division", "37049"),
        ("hall", "name", ""),
        ("hall", "name", "示例\x1b@"),
        ("hall", "name", "示例\u202e"),
        ("hall", "day_start", "24:00"),
        ("hall", "notices", ["x"] * 21),
        ("windows", "id", "1234"),
        ("windows", "id", "a1"),
        ("windows", "queues", []),
        ("queues", "prefix", "ABC"),
        ("queues", "prefix", "a"),
        ("queues", "quota", 0),
        ("queues", "quota", 10_000),
        ("queues", "minutes", 241),
        ("queues", "minutes", "9"),
        ("queues", "minutes", True),
        ("queues", "policy", {"ratio": 0}),
        ("queues", "policy", {"ratio": 10}),
        ("queues", "colour", "red"),
        ("staff", "role", "kiosk"),
        ("devices", "kind", "drone"),
    ],
)
def test_a_field_out_of_bounds_is_refused(group: str, field: str, value: object) -> None:
    whole = hall(
        staff=[{"id": "w1", "name": "王"}], devices=[{"id": "k", "kind": "kiosk", "name": "机"}]
    )
    target = whole[group] if group == "hall" else whole[group][0]
    target[field] = value
    with pytest.raises(ValidationError):
        Layout.model_validate(whole)


def span(start: str, end: str, *days: int, last: str = "") -> dict[str, Any]:
    return {"days": list(days) or [1], "start": start, "end": end, "last_ticket": last or end}


@pytest.mark.parametrize(
    ("weekly", "misfit"),
    [
        ([span("09:00", "12:00"), span("11:00", "13:00")], ("hours.weekly[2]", "start")),
        ([span("09:00", "17:00"), span("12:00", "13:00")], ("hours.weekly[2]", "start")),
        ([span("12:00", "09:00")], ("hours.weekly[1]", "end")),
        ([span("09:00", "12:00", last="12:30")], ("hours.weekly[1]", "last_ticket")),
        ([span("05:00", "12:00")], ("hours.weekly[1]", "start")),
    ],
)
def test_hours_that_cannot_be_are_told(weekly: list[Any], misfit: tuple[str, str]) -> None:
    assert misfits(hours={"weekly": weekly}) == [misfit]


def test_spans_that_touch_or_stand_on_other_days_do_not_overlap() -> None:
    weekly = [span("09:00", "12:00"), span("12:00", "13:00"), span("09:00", "12:00", 2)]
    assert misfits(hours={"weekly": weekly}) == []


CALENDAR = {
    "years": [
        {
            "year": 2026,
            "published": True,
            "holidays": [{"name": "春节", "first": "2026-02-15", "last": "2026-02-23"}],
            "workdays": [{"date": "2026-02-14"}, {"date": "2026-02-28", "as_day": 2}],
        },
        {"year": 2027, "published": False},
    ]
}
WEEK = {
    "weekly": [
        span("09:00", "17:00", 1, 3, 4, 5),
        span("09:00", "19:00", 2),
        span("09:00", "12:00", 6),
    ],
    "special": [
        {"date": "2026-03-02", "reason": "停电检修"},
        {"date": "2026-02-16", "reason": "春节值守", "spans": [span("09:00", "11:00")]},
    ],
}


@pytest.mark.parametrize(
    ("day", "ends"),
    [
        (date(2026, 2, 13), ["17:00"]),
        (date(2026, 2, 14), ["17:00"]),  # a Saturday worked as a Monday
        (date(2026, 2, 28), ["19:00"]),  # a Saturday worked as a Tuesday
        (date(2026, 2, 15), []),
        (date(2026, 2, 23), []),
        (date(2026, 2, 16), ["11:00"]),  # the hall's own date wins over the holiday
        (date(2026, 3, 2), []),
        (date(2026, 3, 7), ["12:00"]),
        (date(2026, 3, 8), []),
        (date(2027, 2, 8), ["17:00"]),  # nobody published 2027: a plain Monday
    ],
)
def test_a_date_has_the_spans_of_its_day(day: date, ends: list[str]) -> None:
    layout = Layout.model_validate(hall(hours=WEEK, calendar=CALENDAR))
    assert [one.end for one in layout.spans_on(day)] == ends


def test_working_days_follow_the_calendar_and_an_unpublished_year_is_flagged() -> None:
    calendar = Layout.model_validate(hall(calendar=CALENDAR)).calendar
    assert calendar.works(date(2026, 2, 14))
    assert not calendar.works(date(2026, 2, 16))
    assert not calendar.works(date(2026, 2, 22))
    assert calendar.known(date(2026, 1, 1))
    assert not calendar.known(date(2027, 1, 1))
    assert not calendar.known(date(2031, 1, 1))
    assert calendar.works(date(2031, 1, 1))


def test_a_calendar_with_dates_of_another_year_or_free_and_worked_is_told() -> None:
    year = {
        "year": 2026,
        "published": True,
        "holidays": [{"name": "春节", "first": "2027-02-15", "last": "2026-02-16"}],
        "workdays": [{"date": "2026-02-14"}],
    }
    assert {field for _, field in misfits(calendar={"years": [year]})} == {"date", "last"}
    year["holidays"] = [{"name": "春节", "first": "2026-02-14", "last": "2026-02-16"}]
    assert misfits(calendar={"years": [year]}) == [("calendar 2026", "workdays")]


def test_an_item_says_which_of_its_eight_public_fields_are_empty() -> None:
    bare = Item(code="A-1", name="事项", department="局")
    assert len(bare.missing()) == 8
    whole = bare.model_copy(update=dict.fromkeys(bare.missing(), "有"))
    assert whole.missing() == ()
    assert whole.model_copy(update={"promised_days": 0}).missing() == ()


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "ftp://a.example/",
        "https://a.example/<script>",
        'https://a.example/"x',
        "https://user@a.example/",
        "https://a.example/ b",
        "https://a.example/" + "x" * 400,
        "//a.example",
    ],
)
def test_an_address_that_is_no_plain_web_address_is_refused(url: str) -> None:
    with pytest.raises(ValidationError):
        Item(code="A-1", name="事项", department="局", online_url=url)


def test_a_web_address_with_a_query_is_taken() -> None:
    url = "http://www.example.com:8080/jiq/front?areaCode=511602&itemCode=5-1&x=%E4%B8%AD#top"
    assert Item(code="A-1", name="事项", department="局", online_url=url).online_url == url
