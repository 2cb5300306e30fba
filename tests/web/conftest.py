"""A served hall and a person at a browser, for the tests of the pages."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium import webdriver

from tests.web.person import Person, chromium
from tests.web.served import PASSWORD, Served


@pytest.fixture(scope="session")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    opened = chromium(tmp_path_factory.mktemp("chromium"))
    yield opened
    opened.quit()


@pytest.fixture
def served(in_memory: Path) -> Iterator[Served]:
    """A furnished hall with an open day."""
    with Served(in_memory) as server:
        yield server


@pytest.fixture
def person(driver: webdriver.Chrome, served: Served) -> Iterator[Person]:
    """Somebody at a browser; afterwards the console must hold no error."""
    somebody = Person(driver, served.url)
    yield somebody
    assert somebody.leave() == []


@pytest.fixture
def clerk(person: Person) -> Person:
    """The clerk wang, who opened window 1 by keyboard alone."""
    signs_in(person, "/window", "wang")
    person.until(lambda: person.focused().get_attribute("id") == "windows")
    person.press("\ue004", "\ue007")  # Tab, Enter
    at_rest(person)
    return person


def signs_in(person: Person, path: str, name: str) -> None:
    person.open(path)
    person.until(lambda: person.focused().get_attribute("id") == "name")
    person.press(name, "\ue004", PASSWORD, "\ue007")


def at_rest(person: Person) -> None:
    """Wait until the window page takes the next key."""
    # What a key began is drawn a moment later: only then the page says that it is busy.
    person.driver.execute_async_script("setTimeout(arguments[0], 10)")
    person.until(lambda: person.at("work").is_displayed())
    person.until(lambda: person.at("work").get_attribute("aria-busy") == "false")
