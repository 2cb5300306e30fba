"""Whatever an installer writes wrong is told in his language alone, and nothing else happens."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.language import languages
from config.settings import CONFIG
from drivers.check import explain
from drivers.miswritten import Miswritten
from drivers.wording import said
from tests.drivers.bench import DEVICES

ENGLISH = re.compile(r"\b[A-Za-z']{2,} [a-z]{2,}\b")  # two words: names of fields stand alone
CHINESE = re.compile(r"[\u4e00-\u9fff]")
LISTED = """
[[lines]]
url = "/dev/ttyUSB0"
table = "rs485_box"
baud = 9600
notice = "hello"
stations = [{window = "3", address = 3}]
[[scanners]]
url = "evdev:///dev/input/event0"
window = "1"
[[id_readers]]
url = "COM4"
window = "1"
[[printers]]
url = "socket://10.0.0.7:9100"
profile = "gb18030_58"
window = "2"
"""
VALUES = ('"x"', "5.5", "-1", "99999", "true", "[]", "{}", "2026-01-01", '"', '"' + "x" * 300 + '"')
FILES = {
    **{file.stem: file.read_text("utf-8") for file in sorted(DEVICES.glob("*.toml"))},
    "gb18030_58": (DEVICES / "printers" / "gb18030_58.toml").read_text("utf-8"),
    "devices": LISTED,
    "papers": (CONFIG / "examples" / "papers.toml").read_text("utf-8"),
}


def spoiled(text: str) -> Iterator[str]:
    """The text with one line of it gone, said twice, misspelt, or with another value."""
    lines = text.split("\n")
    for n, line in enumerate(lines):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        key, equals, _ = line.partition(" = ")
        changes = ["", f"{line}\n{line}", f"x{line}", f"{line}\nstrange = 1"]
        changes += [f"{key} = {value}" for value in VALUES] if equals else []
        for change in changes:
            yield "\n".join([*lines[:n], change, *lines[n + 1 :]])


@pytest.mark.parametrize("name", FILES)
def test_whatever_is_wrong_is_said_in_the_readers_language(name: str, tmp_path: Path) -> None:
    file, told = tmp_path / f"{name}.toml", 0
    for text in spoiled(FILES[name]):
        file.write_text(text, "utf-8")
        try:
            explain(file, "zh", DEVICES)
        except Miswritten as wrong:
            zh, en = (said(wrong, lang) for lang in ("zh", "en"))
            assert not ENGLISH.search(_unquoted(zh)), (text, zh)
            assert not CHINESE.search(_unquoted(en)), (text, en)
            assert len(zh) < 4000
            told += 1
    assert told > 20, "the control: most of it was wrong"
    assert languages() == ("zh", "en")


def _unquoted(words: str) -> str:
    """Without the wrong value that is repeated."""
    return re.sub(r"“[^”]*”|'[^']*'", "", words)


@pytest.mark.parametrize("data", [None, b"\xff\xfe", b"x" * 300_000, b"[frame", b"a = 1e"])
def test_what_is_no_file_of_ours_is_said_too(data: bytes | None, tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    if data is not None:
        file.write_bytes(data)
    with pytest.raises(Miswritten) as refused:
        explain(file)
    assert CHINESE.search(said(refused.value, "zh"))
    assert not ENGLISH.search(said(refused.value, "zh"))
    assert not CHINESE.search(said(refused.value, "en"))
