"""The four layouts of a card's text: what is kept, what is refused, and nothing else."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.id_card import BLOCK, LAYOUTS, Card, Kind, Reason, good_number, read_block
from drivers.simulator.id_reader import SAMPLE, block

KEY = b"the hall's own key"
TODAY = date(2026, 11, 21)
# One card of each kind; numbers with a right check, of nobody.
CARDS: dict[Kind, dict[str, str]] = {
    Kind.RESIDENT: {},
    Kind.PERMIT: {
        "name": "陈大文", "nation": "", "born": "19900307", "number": "810000199003070058",
        "pass": "H12345678", "issues": "01", "since": "20230601", "until": "20280601",
    },
    Kind.FOREIGNER: {
        "name": "爱丽丝", "english": "LIDDELL, ALICE PLEASANCE", "born": "19850504",
        "number": "911124198108030024", "since": "20240101", "until": "20340101",
        "country": "826", "renewals": "00",
    },
    Kind.FOREIGNER_2017: {
        "name": "", "english": "LIDDELL, ALICE PLEASANCE", "born": "19850504",
        "number": "GBR110085050401", "since": "20180101", "until": "20280101",
        "country": "GBR", "version": "01", "authority": "1500",
    },
}  # fmt: skip


def read(kind: Kind = Kind.RESIDENT, today: date = TODAY, **fields: str) -> Card | Reason:
    return read_block(block(kind, **{**CARDS[kind], **fields}), KEY, today)


@pytest.mark.parametrize("kind", Kind)
def test_every_layout_is_256_bytes_with_its_flag_at_248(kind: Kind) -> None:
    assert 2 * sum(units for _, units in LAYOUTS[kind]) == BLOCK
    assert block(kind, **CARDS[kind])[248:250] == kind.value.encode("utf-16-le")


# Where the published tables put the fields, in bytes.
OFFSETS = [
    *[(kind, "name", 0, 30) for kind in (Kind.RESIDENT, Kind.PERMIT, Kind.FOREIGNER)],
    *[(kind, "number", 122, 158) for kind in (Kind.RESIDENT, Kind.PERMIT, Kind.FOREIGNER)],
    *[(kind, "born", 36, 52) for kind in (Kind.RESIDENT, Kind.PERMIT, Kind.FOREIGNER)],
    *[(kind, "since", 188, 204) for kind in Kind],
    *[(kind, "until", 204, 220) for kind in Kind],
    (Kind.RESIDENT, "address", 52, 122),
    (Kind.RESIDENT, "issuer", 158, 188),
    (Kind.PERMIT, "pass", 220, 238),
    (Kind.PERMIT, "issues", 238, 242),
    (Kind.FOREIGNER, "english", 52, 122),
    (Kind.FOREIGNER, "english_rest", 220, 242),
    (Kind.FOREIGNER, "country", 242, 248),
    (Kind.FOREIGNER_2017, "english", 0, 120),
    (Kind.FOREIGNER_2017, "sex", 120, 122),
    (Kind.FOREIGNER_2017, "number", 122, 152),
    (Kind.FOREIGNER_2017, "country", 152, 158),
    (Kind.FOREIGNER_2017, "name", 158, 188),
    (Kind.FOREIGNER_2017, "born", 220, 236),
    (Kind.FOREIGNER_2017, "authority", 240, 248),
]


@pytest.mark.parametrize(("kind", "name", "first", "end"), OFFSETS)
def test_each_field_stands_where_the_published_layout_puts_it(
    kind: Kind, name: str, first: int, end: int
) -> None:
    at = 0
    for field, units in LAYOUTS[kind]:
        if field == name:
            assert (at, at + 2 * units) == (first, end)
            return
        at += 2 * units
    raise AssertionError(name)


@pytest.mark.parametrize("kind", Kind)
def test_a_card_of_each_kind_is_read(kind: Kind) -> None:
    card = read(kind)
    assert isinstance(card, Card)
    assert (card.kind, card.in_date) == (kind, True)
    first = (CARDS[kind].get("name", SAMPLE["name"]) or CARDS[kind]["english"])[0]
    assert card.name == f"{first}**"
    assert len(card.mark) == 64


def test_the_mark_is_of_the_number_and_of_the_key() -> None:
    one, renamed = read(), read(name="李四", until="20300101")
    other = read_block(block(), b"another hall's key", TODAY)
    assert isinstance(one, Card)
    assert isinstance(renamed, Card)
    assert isinstance(other, Card)
    assert one.mark == renamed.mark != other.mark


def test_a_card_shows_neither_name_nor_mark_when_it_is_logged() -> None:
    card = read()
    assert isinstance(card, Card)
    assert repr(card) == f"Card(kind={Kind.RESIDENT!r}, in_date=True)"
    known = "".join(str(getattr(card, name)) for name in ("kind", "mark", "name", "in_date"))
    assert not any(SAMPLE[name] in known for name in ("name", "number", "address", "born"))


@pytest.mark.parametrize(
    ("fields", "today", "in_date"),
    [
        ({"until": "长期"}, date(2099, 1, 1), True),
        ({"until": "20261121"}, TODAY, True),
        ({"until": "20261120"}, TODAY, False),
        ({"since": "20261122"}, TODAY, False),
    ],
)
def test_a_card_is_in_date_from_its_first_to_its_last_day(
    fields: dict[str, str], today: date, in_date: bool
) -> None:
    card = read(Kind.RESIDENT, today, **fields)
    assert isinstance(card, Card)
    assert card.in_date is in_date


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("欧阳一二三四五六七八九十甲乙丙", "欧**"),  # all 15 places, no padding
        ("𠮷野", "𠮷**"),
        ("䶮", "䶮**"),
        ("\ud842", "�**"),  # half a surrogate pair
        ("张\udfb7三", "张**"),
    ],
)
def test_a_rare_a_long_or_a_broken_name_does_not_stop_a_card(name: str, masked: str) -> None:
    card = read(name=name)
    assert isinstance(card, Card)
    assert card.name == masked


@pytest.mark.parametrize(
    "fields",
    [
        {"name": ""},
        {"number": "110105194912310021"},
        {"number": "11010519491231002x"},
        {"number": "110105491231002"},
        {"number": "１１０１０５１９４９１２３１００２X"},
        {"born": "19491230"},
        {"born": "19491301"},
        {"since": "长期"},
        {"until": "永久"},
        {"until": ""},
    ],
    ids=str,
)
def test_a_text_that_is_not_a_cards_is_not_trusted(fields: dict[str, Any]) -> None:
    assert read(Kind.RESIDENT, **fields) is Reason.UNREADABLE


@pytest.mark.parametrize(
    ("kind", "number"),
    [
        (Kind.PERMIT, SAMPLE["number"]),
        (Kind.FOREIGNER, SAMPLE["number"]),
        (Kind.FOREIGNER_2017, "gbr110085050401"),
        (Kind.FOREIGNER_2017, "GBR11008505040"),
    ],
)
def test_a_number_of_another_kind_is_not_trusted(kind: Kind, number: str) -> None:
    assert read(kind, number=number) is Reason.UNREADABLE


@pytest.mark.parametrize("flag", ["Z", "\0", "j", "\ud842"])
def test_an_unknown_flag_is_a_wrong_card(flag: str) -> None:
    raw = bytearray(block())
    raw[248:250] = flag.encode("utf-16-le", "surrogatepass")
    assert read_block(bytes(raw), KEY, TODAY) is Reason.WRONG_CARD


@pytest.mark.parametrize("number", ["11010519491231002X", "440524188001010014"])
def test_the_standards_own_numbers_are_good_and_any_other_last_figure_is_not(number: str) -> None:
    assert good_number(number)
    others = [number[:17] + last for last in "0123456789X" if last != number[17]]
    assert not any(map(good_number, others))


@settings(max_examples=300, deadline=None)
@given(st.binary(min_size=BLOCK - 1, max_size=BLOCK + 1), st.sampled_from(Kind))
def test_no_256_bytes_make_it_raise(raw: bytes, kind: Kind) -> None:
    spoiled = raw[:248] + kind.value.encode("utf-16-le") + raw[250:]
    assert isinstance(read_block(spoiled, KEY, TODAY), Reason)
