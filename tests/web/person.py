"""Somebody at a browser: reads what is visible, touches, types, waits until a thing is seen."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from selenium import webdriver
from selenium.common.exceptions import (
    NoSuchElementException,
    StaleElementReferenceException,
    TimeoutException,
)
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

PATIENCE = 20.0  # seconds; a wait that long is a failure, not a slow machine
CHROMIUM, DRIVER = "/usr/bin/chromium", "/usr/bin/chromedriver"
FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--force-prefers-reduced-motion",
)


def chromium(folder: Path) -> webdriver.Chrome:
    """A fresh headless Chromium that speaks Chinese, its profile in this folder."""
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for flag in (*FLAGS, f"--user-data-dir={folder}", "--window-size=1366,900"):
        options.add_argument(flag)
    options.add_experimental_option("prefs", {"intl.accept_languages": "zh-CN"})
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    return webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))


class Person:
    """One person at one browser, at the pages of one server."""

    def __init__(self, driver: webdriver.Chrome, url: str) -> None:
        self.driver, self.url = driver, url

    def open(self, path: str) -> None:
        self.driver.get(self.url + path)
        self.until(lambda: self.run("return document.body.classList.contains('ready')"))

    def run(self, script: str, *arguments: Any) -> Any:
        return self.driver.execute_script(script, *arguments)

    def until(self, seen: Callable[[], Any]) -> Any:
        """Wait until something is so; what it found."""
        ignored = (NoSuchElementException, StaleElementReferenceException)
        waiting = WebDriverWait(self.driver, PATIENCE, 0.05, ignored_exceptions=ignored)
        try:
            return waiting.until(lambda _: seen())
        except TimeoutException:
            raise AssertionError(f"never seen; the page says: {self.page()}") from None

    def page(self) -> str:
        """All visible words."""
        return str(self.driver.find_element(By.TAG_NAME, "body").text)

    def sees(self, words: str) -> None:
        self.until(lambda: words in self.page())

    def at(self, name: str) -> WebElement:
        return self.driver.find_element(By.ID, name)

    def text(self, name: str) -> str:
        return str(self.at(name).text)

    def all(self, selector: str) -> list[WebElement]:
        """The visible elements of a CSS selector."""
        found = self.driver.find_elements(By.CSS_SELECTOR, selector)
        return [element for element in found if element.is_displayed()]

    def touch(self, name: str) -> None:
        self.until(lambda: self.at(name).is_displayed())
        self.at(name).click()

    def press(self, *keys: str) -> None:
        """Press keys one after the other, wherever the focus is."""
        chain = ActionChains(self.driver, duration=0)
        for key in keys:
            chain.send_keys(key)
        chain.perform()

    def focused(self) -> WebElement:
        return self.driver.switch_to.active_element

    def wide(self, width: int, height: int = 900) -> None:
        """Make the view this many CSS pixels wide, narrower than a window can be."""
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)

    def leave(self) -> list[str]:
        """Close what is open and forget everything; the errors that the console holds."""
        while len(self.driver.window_handles) > 1:
            self.driver.switch_to.window(self.driver.window_handles[-1])
            self.driver.close()
        self.driver.switch_to.window(self.driver.window_handles[0])
        said = self.driver.get_log("browser")  # type: ignore[no-untyped-call]
        self.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
        self.driver.execute_cdp_cmd("Network.clearBrowserCookies", {})
        origin = {"origin": self.url, "storageTypes": "all"}
        self.driver.execute_cdp_cmd("Storage.clearDataForOrigin", origin)
        self.driver.get("about:blank")
        # A refusal is a 4xx, and a cut line is no error of the page; both are told by "network".
        return [
            entry["message"]
            for entry in said
            if entry["level"] == "SEVERE"
            and entry["source"] != "network"
            and "WebSocket connection" not in entry["message"]
        ]
