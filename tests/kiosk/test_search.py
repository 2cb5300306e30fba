"""Finding an item by the few letters that an old hand types."""

import pytest

from kiosk import search
from tests.kiosk import halls

CATALOGUE = halls.told(
    "1",
    [
        {"code": "A-100", "name": "居民身份证换领", "common_names": ["换身份证"]},
        {"code": "B-2", "name": "社会保障卡申领", "theme": "退休一件事"},
        {"code": "C-3", "name": "60岁以上老年人优待证", "department": "民政"},
        {"code": "D-4", "name": "重庆路停车证"},
    ],
)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("HSFZ", ["A-100"]),  # a common name
        ("sfz", ["A-100"]),  # inside the initials
        ("shbz", ["B-2"]),
        ("shenfenzheng", ["A-100"]),
        ("60s", ["C-3"]),
        ("60", ["C-3"]),
        ("a-10", ["A-100"]),
        ("cq", ["D-4"]),  # 重 is chóng here
        ("qqq", []),
    ],
)
def test_letters_and_digits_find_the_item(typed: str, found: list[str]) -> None:
    assert [item.code for item in search.matching(CATALOGUE, typed)] == found


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("739", ["A-100"]),  # sfz
        ("4739", ["A-100"]),  # hsfz
        ("7429", ["B-2"]),  # shbz
        ("7436336", ["A-100"]),  # shenfen
        ("607", ["C-3"]),  # 60s
        ("2-10", ["A-100"]),
        ("777", []),
        ("sfz", ["A-100"]),
    ],
)
def test_on_the_keys_of_a_telephone_a_letter_is_one_of_three_or_four(
    typed: str, found: list[str]
) -> None:
    assert [item.code for item in search.matching(CATALOGUE, typed, nine=True)] == found


def test_nothing_typed_shows_everything_in_the_halls_own_order() -> None:
    assert search.matching(CATALOGUE, "") == CATALOGUE.items


def test_a_name_that_begins_so_comes_before_one_that_holds_it() -> None:
    both = halls.told("1", [{"code": "1", "name": "补社保卡"}, {"code": "2", "name": "社保卡"}])
    assert [item.code for item in search.matching(both, "sbk")] == ["2", "1"]


def test_groups_are_counted_in_the_halls_own_order() -> None:
    _, sample = halls.sample()
    groups = search.departments(sample)
    assert sum(group.count for group in groups) == len(sample.items)
    assert groups[0].name == sample.items[0].department


def test_every_real_item_is_found_by_the_initials_of_its_name() -> None:
    catalogue = halls.real()
    for item in catalogue.items:
        typed = item.initials.split()[0][: search.LONGEST_SEARCH]
        assert item in search.matching(catalogue, typed)
        assert item in search.matching(catalogue, typed, nine=True)
