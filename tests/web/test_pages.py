"""All pages: who may read them, what may never run on them, and the words they use."""

import re
from pathlib import Path

import pytest
from selenium.webdriver.common.keys import Keys

from config import language
from hall_server.wire.commands import (
    CallNext,
    CallTicket,
    Hold,
    ImportCatalogue,
    OpenWindow,
    PauseWindow,
    ReportPrint,
    StartService,
    TakeTicket,
    WindowCommand,
)
from hall_server.wire.items import Catalogue, Item
from hall_server.wire.layout import HallInfo
from hall_server.words import PrintState
from tests.builders import ADMIN, CLERK, HALL, KIOSK, layout
from tests.web.conftest import at_rest, signs_in
from tests.web.person import Person
from tests.web.served import Served

WEB = Path(__file__).parents[2] / "hall_server" / "web"
INSPECTION = Path(__file__).with_name("inspection.js").read_text(encoding="utf-8")
HOSTILE = "<img src=x onerror=document.title=1>"
KEYS = re.compile(
    r"""(?:say|inChinese)\(\s*["`]([a-z_.$\{\}A-Za-z]+)["`]|data-say(?:-label)?="([^"]+)"""
)


def sources(*ends: str) -> list[tuple[str, str]]:
    found = [(path.name, path.read_text(encoding="utf-8")) for path in WEB.iterdir()]
    return [(name, text) for name, text in sorted(found) if name.endswith(ends)]


def busy_hall(served: Served) -> dict[str, str]:
    """Somebody waits, is served, held and without paper; window 2 is paused by li."""
    taken = [
        served.do(TakeTicket(hall=HALL, item="A-1", priority=priority), KIOSK)
        for priority in ("elder", None, None, "soldier")
    ]
    lease = served.do(OpenWindow(hall=HALL, window="3"), CLERK)
    served.do(CallTicket(hall=HALL, ticket=taken[1]["ticket"], reason="急", **lease), CLERK)
    served.do(Hold(hall=HALL, **lease), CLERK)
    served.do(CallNext(hall=HALL, **lease), CLERK)
    served.do(ReportPrint(hall=HALL, ticket=taken[2]["ticket"], state=PrintState.UNKNOWN), KIOSK)
    lease = served.do(OpenWindow(hall=HALL, window="2"), CLERK)
    served.do(PauseWindow(hall=HALL, reason="用餐", **lease), CLERK)
    return dict(taken[3])


def faults(person: Person) -> list[str]:
    return list(person.run(INSPECTION))


@pytest.mark.browser
@pytest.mark.parametrize("width", [320, 768, 1366])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_page_can_be_read_and_touched(
    person: Person, served: Served, lang: str, width: int
) -> None:
    taken = busy_hall(served)
    person.open("/")
    if lang == "en":
        person.touch("language")
    person.wide(width)
    assert faults(person) == []
    person.open(f"/t/{taken['token']}")
    person.sees(taken["number"])
    assert faults(person) == []
    person.open("/manager")
    person.until(lambda: person.at("name").is_displayed())
    assert faults(person) == []
    signs_in(person, "/manager", "zhao")
    person.until(lambda: person.at("scene").is_displayed())
    assert faults(person) == []
    person.open("/window")
    person.until(lambda: person.at("choose-window").is_displayed())
    assert faults(person) == []
    person.touch("open")
    at_rest(person)
    assert faults(person) == []
    person.press("b")
    person.until(lambda: person.all("dialog"))
    assert faults(person) == []
    person.press(Keys.ESCAPE)
    person.until(lambda: not person.all("dialog"))
    person.press(" ")
    at_rest(person)
    assert faults(person) == []


@pytest.mark.browser
@pytest.mark.parametrize("deeds", [(CallNext,), (CallNext, StartService)])
def test_a_called_ticket_can_be_read_on_the_phone(
    person: Person, served: Served, deeds: tuple[type[WindowCommand], ...]
) -> None:
    taken = served.do(TakeTicket(hall=HALL, item="A-1"), KIOSK)
    lease = served.do(OpenWindow(hall=HALL, window="1"), CLERK)
    for deed in deeds:
        served.do(deed(hall=HALL, **lease), CLERK)
    person.wide(390)
    person.open(f"/t/{taken['token']}")
    person.until(lambda: person.at("why").text)
    assert faults(person) == []


@pytest.mark.browser
def test_the_inspection_finds_what_it_looks_for(person: Person) -> None:
    person.open("/")
    person.run(
        """
        const main = document.querySelector("main");
        main.style.color = "rgb(200, 200, 200)";
        main.append("pale", document.createElement("input"), document.createElement("button"));
        """
    )
    found = " ".join(faults(person))
    assert "contrast" in found
    assert "no label" in found
    assert "no name" in found
    for width in (320, 1366):
        person.wide(width)
        person.run("document.querySelector('main').style.width = arguments[0]", f"{width + 9}px")
        assert "wider than the screen" in " ".join(faults(person))


@pytest.mark.browser
def test_the_focus_can_be_seen_on_every_control(person: Person, served: Served) -> None:
    busy_hall(served)
    signs_in(person, "/window", "wang")
    person.until(lambda: person.at("choose-window").is_displayed())
    person.touch("open")
    at_rest(person)
    seen = set()
    for _ in range(20):
        person.press(Keys.TAB)
        focused = person.focused()
        if focused.tag_name == "body":  # between the last control and the first
            continue
        seen.add(focused.id)
        width, style = person.run(
            "const style = getComputedStyle(arguments[0]);"
            "return [parseFloat(style.outlineWidth), style.outlineStyle];",
            focused,
        )
        assert width >= 2, focused.get_attribute("outerHTML")
        assert style != "none"
    assert len(seen) > 10


@pytest.mark.browser
def test_a_name_that_looks_like_markup_is_shown_as_text(person: Person, served: Served) -> None:
    plan = layout()
    hostile = plan.model_copy(
        update={
            "hall": HallInfo(id=HALL, name=HOSTILE, division="370000"),
            "queues": tuple(each.model_copy(update={"name": HOSTILE}) for each in plan.queues),
            "classes": tuple(each.model_copy(update={"name": HOSTILE}) for each in plan.classes),
            "windows": tuple(each.model_copy(update={"name": HOSTILE}) for each in plan.windows),
        }
    )
    served.refurnish(hostile)
    item = Item(code="A-1", name=HOSTILE, department="人社", queue="social")
    served.do(ImportCatalogue(hall=HALL, catalogue=Catalogue(items=(item,))), ADMIN)
    taken = served.do(TakeTicket(hall=HALL, item="A-1", priority="elder"), KIOSK)
    lease = served.do(OpenWindow(hall=HALL, window="2"), CLERK)
    served.do(PauseWindow(hall=HALL, reason=HOSTILE, **lease), CLERK)

    def plain() -> None:
        person.sees(HOSTILE)
        assert person.run("return document.querySelectorAll('img').length") == 0
        assert person.driver.title != "1"

    person.open("/")
    plain()
    person.open(f"/t/{taken['token']}")
    plain()
    signs_in(person, "/window", "wang")
    person.until(lambda: person.at("choose-window").is_displayed())
    plain()
    person.touch("open")
    at_rest(person)
    person.press(" ")
    at_rest(person)
    assert person.text("what") == HOSTILE
    plain()
    signs_in_as_supervisor(person)
    plain()


def signs_in_as_supervisor(person: Person) -> None:
    person.touch("sign-out")
    person.until(lambda: person.at("sign-in").is_displayed())
    signs_in(person, "/manager", "zhao")
    person.until(lambda: person.at("scene").is_displayed())


@pytest.mark.browser
def test_the_index_leads_to_every_page(person: Person) -> None:
    person.open("/")
    person.sees("示例大厅")
    links = [link.get_attribute("href") for link in person.all("a")]
    assert links == [f"{person.url}/{page}" for page in ("window", "manager", f"record/{HALL}")]
    person.touch("language")
    person.sees("Clerks call and serve here")


def test_no_page_makes_markup_from_text_or_runs_text_as_code() -> None:
    banned = re.compile(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|Function\("
    )
    found = [name for name, text in sources(".js", ".html") if banned.search(text)]
    assert len(sources(".js")) > 10
    assert found == []


def test_no_page_has_a_script_style_or_address_of_its_own_inside() -> None:
    inline = re.compile(
        r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)|https?://(?!www\.w3\.org)"
    )
    assert [name for name, text in sources(".html", ".css", ".js") if inline.search(text)] == []


def test_colours_and_type_come_from_the_look_alone() -> None:
    colour = re.compile(r"#[0-9a-fA-F]{3,8}\b|\brgba?\(|\bhsla?\(|\b(?:white|black|red|blue)\s*;")
    assert [name for name, text in sources(".css") if colour.search(text)] == []


def test_every_text_that_a_page_asks_for_is_written() -> None:
    asked = set()
    for _, text in sources(".js", ".html"):
        asked |= {script or markup for script, markup in KEYS.findall(text)}
    fixed = {key for key in asked if "$" not in key}
    families = {key.partition("$")[0] for key in asked - fixed}
    assert len(fixed) > 60
    assert sorted(key for key in fixed if not language.has(key)) == []
    everything = language.keys()
    assert [each for each in families if not any(key.startswith(each) for key in everything)] == []


def test_every_text_of_the_pages_is_asked_for() -> None:
    source = "".join(text for _, text in sources(".js", ".html"))
    families = set(re.findall(r"`([a-z]+\.[a-z_]*)\$\{", source))

    def asked(key: str) -> bool:
        made = (key.removeprefix(each) for each in families if key.startswith(each))
        return f'"{key}"' in source or any(re.search(rf"\b{rest}\b", source) for rest in made)

    files = ("window", "phone", "manager", "hall", "pad", "record")
    written = [key for file in files for key in language.keys(file)]
    assert len(written) > 100
    assert [key for key in written if not asked(key)] == []


def test_a_rare_character_of_a_name_has_a_font_and_nobody_else_fetches_it(
    person: Person, served: Served
) -> None:
    person.open("/")
    load = "return document.fonts.load('20px Rare', arguments[0]).then((found) => found.length)"
    assert person.run(load, "身份证") == 0
    assert person.run(load, "𠮷") == 1
