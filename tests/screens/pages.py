"""Pictures of the web pages of clerks, supervisors and telephones, at a served sample hall."""

import base64
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

from config.hall_files import EXAMPLE, texts_in
from config.language import languages
from hall_server.wire.commands import (
    CallNext,
    Finish,
    Hold,
    ImportCatalogue,
    OpenWindow,
    PassOver,
    PauseWindow,
    Recall,
    ReportPrint,
    StartService,
    TakeTicket,
)
from hall_server.wire.entries import AnswerEntry, LeaveEntry
from hall_server.wire.files.reading import read_hall
from hall_server.words import PrintState
from tests.builders import ADMIN, CLERK, HALL, KIOSK, SUPERVISOR
from tests.screens.troubles import next_day, troubles
from tests.web.conftest import at_rest, signs_in
from tests.web.person import Person, chromium
from tests.web.served import Served
from tests.web.test_pad import a_pad

VIEWS = {"desktop": (1366, 768), "phone": (375, 812), "small": (320, 640)}


async def shoot(folder: Path) -> AsyncIterator[Path]:
    """Each page on a desktop and on a telephone, in each language."""
    with tempfile.TemporaryDirectory() as profile:
        driver = chromium(Path(profile))
        try:
            for view, size in VIEWS.items():
                for lang in languages():
                    with furnished() as served:
                        person = Person(driver, served.url)
                        for path in walk(person, served, lang, size, folder / view / lang):
                            yield path
                        person.leave()
        finally:
            driver.quit()


@contextmanager
def furnished() -> Iterator[Served]:
    """The sample hall behind an address, at work."""
    with tempfile.TemporaryDirectory() as folder, Served(Path(folder)) as served:
        files = read_hall(texts_in(EXAMPLE))
        hall = files.layout.hall.model_copy(update={"id": HALL})
        served.refurnish(files.layout.model_copy(update={"hall": hall}))
        served.do(ImportCatalogue(hall=HALL, catalogue=files.catalogue), ADMIN)
        yield served


def busy(served: Served) -> list[dict[str, Any]]:
    """People wait; one is served, one held, one passed; a window pauses, a paper did not come."""
    files = read_hall(texts_in(EXAMPLE))
    first = files.layout.windows[0].queues[0]
    items = [item for item in files.catalogue.items if item.queue == first][:4]
    classes = (files.layout.classes[0].id, None, None, files.layout.classes[1].id, None, None)
    taken = [
        served.do(TakeTicket(hall=HALL, item=items[n % len(items)].code, priority=one), KIOSK)
        for n, one in enumerate(classes * 2)
    ]
    other = next(one.id for one in files.layout.windows[1:] if first in one.queues)
    lease = served.do(OpenWindow(hall=HALL, window=other), CLERK)
    absent = (CallNext, Recall, Recall, PassOver)
    for deeds in ((CallNext, StartService, Hold), absent, (CallNext,)):
        for deed in deeds:
            served.do(deed(hall=HALL, **lease), CLERK)
    served.do(PauseWindow(hall=HALL, reason="用餐", **lease), CLERK)
    printed = ReportPrint(hall=HALL, ticket=taken[6]["ticket"], state=PrintState.UNKNOWN)
    served.do(printed, KIOSK)
    return taken


def walk(
    person: Person, served: Served, lang: str, size: tuple[int, int], folder: Path
) -> Iterator[Path]:
    """A clerk, a supervisor, two citizens and a tablet go through their pages."""
    person.wide(*size)
    person.open("/")
    if lang != "zh":
        person.touch("language")
    yield picture(person, folder / "index.png")
    yield from telephone(person, served, folder)
    yield from tablet(person, served, folder)
    next_day(served)
    yield from morning(person, folder)
    taken = busy(served)
    troubles(served)
    yield from supervision(person, folder)
    person.open(f"/t/{taken[5]['token']}")
    yield picture(person, folder / "ticket-waiting.png")
    yield from desk(person, folder)


def morning(person: Person, folder: Path) -> Iterator[Path]:
    """The supervisor signs in, and nothing is to be done yet."""
    person.open("/manager")
    yield picture(person, folder / "manager-sign-in.png")
    signs_in(person, "/manager", "zhao")
    person.until(lambda: person.at("score").is_displayed())
    yield picture(person, folder / "manager-quiet.png")


def supervision(person: Person, folder: Path) -> Iterator[Path]:
    """The supervisor's page with something in every panel."""
    person.until(lambda: person.all("#entries-list textarea"))
    person.touch("moves-again")
    person.until(lambda: person.all("#moves li"))
    Select(person.at("try-kind")).select_by_value("close")
    person.until(lambda: person.at("try-at").is_displayed())
    person.touch("try")
    person.until(lambda: person.all("#try-table"))
    for summary in person.all("summary"):
        summary.click()
    person.until(lambda: person.all("#ratings-list summary"))[0].click()
    person.until(lambda: person.all("#ratings-list ol li"))
    person.until(lambda: person.all("#policy-ratio"))[0].send_keys("0", Keys.ENTER)
    person.until(lambda: person.all("#policy-faults li"))
    yield picture(person, folder / "manager.png")
    person.run("scrollTo(0, 0)")
    person.touch("sign-out")
    person.until(lambda: person.at("sign-in").is_displayed())


def tablet(person: Person, served: Served, folder: Path) -> Iterator[Path]:
    """A tablet at a window as its rating pad, from its secret to the thanks."""
    window = read_hall(texts_in(EXAMPLE)).layout.windows[0]
    person.open("/pad")
    yield picture(person, folder / "pad-secret.png")
    person.at("secret").send_keys(a_pad(served, window.id), Keys.ENTER)
    person.until(lambda: person.at("asking").is_displayed())
    yield picture(person, folder / "pad-welcome.png")
    lease = served.do(OpenWindow(hall=HALL, window=window.id), CLERK)
    foreseen = served.state().get("forecast", {}).get("at")
    served.watch.forward(minutes=1)
    person.until(lambda: served.state().get("forecast", {}).get("at") != foreseen)
    served.do(TakeTicket(hall=HALL, queue=window.queues[0]), KIOSK)
    served.watch.forward(minutes=3)
    for deed in (CallNext, StartService, Finish):
        served.do(deed(hall=HALL, **lease), CLERK)
    person.until(lambda: person.all("#faces button"))
    yield picture(person, folder / "pad-asking.png")
    person.all("#faces button")[0].click()
    person.until(lambda: not person.all("#faces button"))
    yield picture(person, folder / "pad-thanks.png")


def desk(person: Person, folder: Path) -> Iterator[Path]:
    """The window page from the door to a finished service."""
    person.open("/window")
    yield picture(person, folder / "window-sign-in.png")
    signs_in(person, "/window", "wang")
    person.until(lambda: person.at("choose-window").is_displayed())
    yield picture(person, folder / "window-choose.png")
    person.touch("open")
    for name, key in (("free", ""), ("called", " "), ("serving", Keys.ENTER), ("pause", "b")):
        if key:
            person.press(key)
        at_rest(person)
        yield picture(person, folder / f"window-{name}.png")
    person.press(Keys.ESCAPE)
    person.until(lambda: not person.all("dialog"))


def telephone(person: Person, served: Served, folder: Path) -> Iterator[Path]:
    """One citizen's ticket from its turn to its rating."""
    files = read_hall(texts_in(EXAMPLE))
    window = files.layout.windows[0]
    item = next(one for one in files.catalogue.items if one.queue == window.queues[0])
    taken = served.do(TakeTicket(hall=HALL, item=item.code), KIOSK)
    lease = served.do(OpenWindow(hall=HALL, window=window.id), CLERK)
    person.open(f"/t/{taken['token']}")
    yield picture(person, folder / "ticket-next.png")
    for name, deed in (("called", CallNext), ("serving", StartService), ("finished", Finish)):
        before = person.page()
        served.do(deed(hall=HALL, **lease), CLERK)
        person.until(lambda before=before: person.page() != before)
        yield picture(person, folder / f"ticket-{name}.png")
    person.all("#faces button")[3].click()
    person.until(lambda: person.all("#tags label"))
    person.all("#tags label")[1].click()
    yield picture(person, folder / "ticket-why.png")
    person.touch("reasons-leave")
    yield picture(person, folder / "ticket-rated.png")
    person.all("summary")[0].click()
    person.all("#entry-form label")[0].click()
    person.at("entry-words").send_keys("材料交了三次，还是说不全。")
    yield picture(person, folder / "ticket-report.png")
    person.run("document.querySelector('#entry-form').requestSubmit()")
    person.until(lambda: person.all("#records li"))
    yield picture(person, folder / "ticket-record.png")
    slip = served.do(LeaveEntry(hall=HALL, entry_kind="remark", words="叫号听不清"), KIOSK)
    said = "谢谢您的意见。三楼的喇叭已经修好，屏上也会显示号码。"
    served.do(AnswerEntry(hall=HALL, entry=slip["entry"], words=said), SUPERVISOR)
    person.driver.get(slip["url"])
    person.until(lambda: person.all("#found li"))
    yield picture(person, folder / "record.png")


def picture(person: Person, path: Path) -> Path:
    """The whole page, also what has to be scrolled to."""
    person.until(lambda: person.run("return document.querySelector('main').innerText.trim()"))
    path.parent.mkdir(parents=True, exist_ok=True)
    person.driver.execute_cdp_cmd("Emulation.setScrollbarsHidden", {"hidden": True})
    asked = {"format": "png", "captureBeyondViewport": True}
    told = person.driver.execute_cdp_cmd("Page.captureScreenshot", asked)
    path.write_bytes(base64.b64decode(told["data"]))
    return path
