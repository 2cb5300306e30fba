"""The ticket on paper: everything its holder needs, nothing personal, within the paper."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import zxingcpp

from config import look
from config.hall_files import EXAMPLE, texts_in
from config.settings import CONFIG
from drivers.compose import Style
from drivers.escpos import Line, Qr, Text, encode
from drivers.profile import DOTS_PER_MM, load_profile
from drivers.raster import CELL
from drivers.simulator.paper import Paper, Slip
from drivers.ticket_paper import ticket as ticket_paper
from hall_server.wire.files.reading import read_hall
from kiosk import printout
from kiosk.flow import Receipt
from tests.drivers.codes import read_codes
from tests.kiosk import halls

FONT = look.file(look.look().fonts.regular)
ITEMS = read_hall(texts_in(EXAMPLE)).catalogue.items
PROFILES = sorted((CONFIG / "devices" / "printers").glob("*.toml"))


def ticket(width_dots: int = 384, **given: Any) -> list[Line]:
    reply = halls.reply(**given.pop("reply", {}))
    title = given.pop("title", "")
    style = Style(width_dots=width_dots, **given)
    return ticket_paper(reply, halls.sample()[0], style, title=title)


def words(lines: list[Line]) -> str:
    return "\n".join(line.text for line in lines if isinstance(line, Text))


def test_a_ticket_says_what_its_holder_needs() -> None:
    lines = ticket(
        title="居民身份证换领", reply={"priority": halls.sample()[0]["classes"][0]["id"]}
    )
    for needed in (
        "示例区政务服务中心",
        "F012",
        "凭证码 7K3F",
        "事项 居民身份证换领",
        "业务 户籍身份证",
        "优先 ",
        "前面还有 7 人",
        "预计等候 15–40 分钟",
        "请在 D区 公安车管民生 等候",
        "号窗口",
        "取号 11月21日 星期六 ",
        "扫码看进度",
    ):
        assert needed in words(lines)
    assert [line.data for line in lines if isinstance(line, Qr)] == [halls.URL]
    assert "补打" not in words(lines)


def test_it_says_the_same_in_english() -> None:
    told = words(ticket(lang="en", title="Renewing an identity card"))
    assert "7 people ahead of you" in told
    assert "Shili District Government Service Centre" in told
    assert "人" not in told


def test_it_says_that_the_call_may_come_after_closing() -> None:
    late = {"median": 90, "low": 60, "high": 120, "late": True}
    assert "可能排到下班后" in words(ticket(reply={"estimate": late}))
    assert "下班" not in words(ticket())


def test_without_a_forecast_it_says_the_people_alone() -> None:
    assert "分钟" not in words(ticket(reply={"estimate": None}))
    now = {"median": 0, "low": 0, "high": 1, "late": False}
    assert "分钟" not in words(ticket(reply={"estimate": now, "ahead": 0}))


@pytest.mark.parametrize(("lang", "mark"), [("zh", "离线号"), ("en", "OFFLINE")])
def test_an_offline_number_says_so_and_what_that_means(lang: str, mark: str) -> None:
    given = {"number": "F012X", "offline": True, "ahead": None, "estimate": None, "ticket": ""}
    told = words(ticket(lang=lang, reply=given))
    assert "F012X" in told
    assert f"\n{mark}\n" in told
    assert ("号码不变" if lang == "zh" else "the number stays the same") in told
    assert not [word for word in ("您是下一位", "前面", "ahead", "next") if word in told]
    assert mark not in words(ticket(lang=lang))


def test_a_later_paper_says_which_it_is() -> None:
    assert "补打 2" in words(ticket(reply={"prints": 3}))


def test_nobody_ahead_is_said_kindly() -> None:
    assert "您是下一位" in words(ticket(reply={"ahead": 0}))


def test_a_hall_that_no_telephone_reaches_prints_no_code() -> None:
    lines = ticket(reply={"url": ""})
    assert not [line for line in lines if isinstance(line, Qr)]
    assert "扫码" not in words(lines)


@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize("width", [384, 576])
@pytest.mark.parametrize("number", ["A1", "F012", "AB1234"])
def test_sizes_are_those_of_the_look(number: str, width: int, large: bool) -> None:
    lines = ticket(width, large=large, reply={"number": number})
    paper = look.look().type.paper
    (size,) = {line.size for line in lines if isinstance(line, Text) and line.text == number}
    assert size * CELL / DOTS_PER_MM >= paper.number
    assert size * CELL / 2 * len(number) <= width, "the number is broken into two lines"
    body = next(line for line in lines if isinstance(line, Text) and "取号" in line.text)
    assert body.size * CELL / DOTS_PER_MM >= (paper.large_body if large else paper.body)


@pytest.mark.parametrize("profile", PROFILES, ids=lambda path: path.stem)
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("large", [False, True])
def test_every_printer_prints_it_so_that_a_telephone_reads_it(
    profile: Path, lang: str, large: bool
) -> None:
    model = load_profile(profile)
    slips: list[Slip] = []
    head = Paper(model.width_dots, FONT, lambda _: None, slips.append)
    title = "国有建设用地使用权及房屋所有权转移登记（存量房）"
    job = ticket(model.width_dots, lang=lang, large=large, title=title)
    data = bytearray(b"".join(piece.data for piece in encode(job, model, FONT)))
    while data and (done := head.take(data)) is not None:
        del data[: done[0]]
    head.part(cut=False)  # torn off where the model has no knife
    (slip,) = slips
    (code,) = zxingcpp.read_barcodes(slip.picture())
    assert [code.text] == read_codes(slip.picture()) == [halls.URL]
    assert code.position.bottom_right.x - code.position.top_left.x >= 25 * DOTS_PER_MM - 1


def test_a_long_name_of_the_real_catalogue_fits_on_paper() -> None:
    longest = max(halls.real().items, key=lambda item: len(item.name))
    profile = load_profile(PROFILES[0])
    assert encode(ticket(profile.width_dots, title=longest.name, large=True), profile, FONT)


def test_a_notice_tells_once_all_that_an_item_needs() -> None:
    item = next(one for one in ITEMS if len(one.materials) > 1)
    told = item.model_dump(mode="json")
    told["materials"][0] |= {"copies": 2, "required": True, "note": "正反面"}
    told["materials"][1] |= {"required": False}
    hall = halls.sample()[0]
    today = date(2026, 11, 23)
    said = words(printout.notice(told, hall, Style(), version=12, today=today))
    for needed in (
        "一次性告知单",
        f"事项编码 {item.code}",
        f"□ 1. {item.materials[0].name} 2 份",
        "正反面",
        "（有就带）",
        "2026年11月23日 星期一 打印 · 目录第 12 版",
    ):
        assert needed in said
    assert "不需要材料" not in said
    bare = told | {"materials": [], "promised_days": 0, "online_url": None}
    said = words(printout.notice(bare, hall, Style(), version=12, today=today))
    assert "不需要材料" in said
    assert "承诺时限 当场办" in said
    assert "扫码" not in said


@pytest.mark.parametrize("profile", PROFILES, ids=lambda path: path.stem)
def test_the_longest_notice_of_the_catalogue_fits_on_every_printer(profile: Path) -> None:
    longest = max(ITEMS, key=lambda item: len(str(item.materials)))
    model = load_profile(profile)
    for large in (False, True):
        style = Style(large=large, width_dots=model.width_dots)
        told = longest.model_dump(mode="json")
        job = printout.notice(told, {}, style, version=1, today=date(2026, 11, 23))
        assert encode(job, model, FONT)


def materials(count: int, letters: int) -> dict[str, Any]:
    """An item with so many materials, each with a name and a note of so many letters."""
    item = next(one for one in ITEMS if one.materials).model_dump(mode="json")
    names = [f"材料{n}号".ljust(letters, "长") for n in range(1, count + 1)]
    one = item["materials"][0]
    return item | {"materials": [one | {"name": name, "note": f"注{name}"} for name in names]}


@pytest.mark.parametrize("profile", PROFILES, ids=lambda path: path.stem)
@pytest.mark.parametrize(
    ("count", "letters", "all_there", "size"),
    [(12, 12, True, 2), (60, 12, True, 1), (60, 199, False, 1)],
)
def test_what_is_too_long_for_paper_is_smaller_and_then_counted_on_it(
    profile: Path, count: int, letters: int, all_there: bool, size: int
) -> None:
    model = load_profile(profile)
    style = Style(large=True, width_dots=model.width_dots)
    told = materials(count, letters)
    lines = printout.notice(told, {}, style, version=1, today=date(2026, 11, 23))
    said = words(lines)
    missing = re.search(r"还有 (\d+) 份材料", said)
    assert (missing is None) is all_there
    assert said.count("□") + int(missing[1] if missing else 0) == count
    assert said.count("□") >= 12
    sizes = {line.size for line in lines if isinstance(line, Text) and "□" in line.text}
    assert sizes == {size}
    assert encode(lines, model, FONT), "and the printer takes it"


def test_a_note_stands_under_its_own_material() -> None:
    told = printout.notice(materials(2, 5), {}, Style(), version=1, today=date(2026, 11, 23))
    listed = [line for line in words(told).splitlines() if "材料" in line and "号" in line]
    assert listed == [
        *("□ 1. 材料1号长 1 份", "   注材料1号长"),
        *("□ 2. 材料2号长 1 份", "   注材料2号长"),
    ]


def test_an_appointment_slip_says_when_where_and_the_code() -> None:
    reply = {"queue": "household", "code": "7K3F9Q", "date": "2026-11-23", "time": "09:30"}
    for lang, needed in (("zh", "预约码 7K3F9Q"), ("en", "Code 7K3F9Q")):
        style = Style(lang)
        lines = printout.appointment(reply, halls.sample()[0], style, title="身份证")
        assert needed in words(lines)
        assert {"zh": "11月23日 星期一 上午 9:30–10:00", "en": "Mon 23 Nov 9:30–10:00"}[
            lang
        ] in words(lines)
        assert [line.data for line in lines if isinstance(line, Qr)] == ["appointment:7K3F9Q"]


@pytest.mark.parametrize("by_phone", [False, True])
def test_a_receipt_of_a_record_says_its_number_its_term_and_where_to_ask(by_phone: bool) -> None:
    for lang, term in (("zh", "\n11月27日 星期五\n"), ("en", "\nFri 27 Nov\n")):
        paper = Receipt("r", halls.left(), by_phone=by_phone, lang=lang)
        lines = printout.receipt(paper, halls.sample()[0], Style(lang))
        told = words(lines)
        assert "\n20261121-001\n" in told
        assert term in told
        assert all(part in told for part in ("7K3F", "0632-0000100"))
        assert ("打电话告诉您" in told or "We will call you" in told) is by_phone
        assert [line.data for line in lines if isinstance(line, Qr)] == [halls.left()["url"]]
    away = Receipt("r", halls.left(url=""))
    assert not [line for line in printout.receipt(away, {}, Style()) if isinstance(line, Qr)]


def test_the_forecast_stands_on_the_ticket_when_there_is_one() -> None:
    wait = {"median": 18, "low": 15, "high": 25, "late": False}
    assert "预计等候 15–25 分钟" in words(ticket(reply={"estimate": wait}))
    assert "预计等候" not in words(ticket(reply={"estimate": None}))
