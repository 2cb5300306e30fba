"""An installer's file is explained, or refused with the reason, in both languages."""

import subprocess
import sys
from pathlib import Path

import pytest

from config import language
from drivers.__main__ import main
from drivers.check import explain
from drivers.health import Trouble
from drivers.miswritten import Miswritten
from drivers.wording import said
from tests.drivers.bench import DEVICES

EVERY = sorted(DEVICES.rglob("*.toml"))
LINES = """
[[lines]]
url = "sim://call_box/window-3?address=3"
table = "rs485_box"
stations = [{window = "3", address = 3}, {window = "4", address = 4}]
"""


@pytest.mark.parametrize("trouble", Trouble)
def test_every_trouble_has_a_next_step_in_every_language(trouble: Trouble) -> None:
    words = {language.say(f"device.trouble.{trouble}", lang) for lang in language.languages()}
    assert len(words) == len(language.languages()) >= 2


def test_there_is_no_text_for_a_trouble_that_is_none() -> None:
    assert set(language.keys("device.trouble")) == {f"device.trouble.{one}" for one in Trouble}


@pytest.mark.parametrize("file", EVERY, ids=lambda file: file.stem)
def test_every_shipped_file_is_good_in_every_language(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for lang in language.languages():
        assert main(["check", str(file), "--lang", lang]) == 0
        heard = capsys.readouterr()
        assert heard.out.splitlines()[-1] == language.say("device.check.good", lang, file=file)
        assert heard.err == ""


def test_a_box_is_explained_to_the_last_key() -> None:
    sentences = explain(DEVICES / "rs485_box.toml", "en")
    assert sentences == [
        "Frame rs485_box, in this order: FF 68 | length | length | 68 | address | command | data"
        " | check | 16.",
        "The length counts: address | command | data.",
        "The check sum8 is made over: address | command | data.",
        "A frame has at most 40 bytes; half a frame is given up after 100 ms of silence.",
        "4 sample frames, right both ways.",
        "Call-box keys: 0C next, 0D recall, 0B please rate, 12 pause, 13 transfer, 0F OK,"
        " 6 OK did not come, 0 OK set aside.",
        "Note: the box's transfer key does nothing. Which queue a number goes to is chosen on the"
        " window page.",
        "Rating keys (key → level, 5 is best): 00→5, 01→4, 02→3, 03→2.",
        "Note: no key says level 1; put the QR code of the full form beside it.",
        "The strip can show: the number, nothing (night). It never answers, so we say “sent”, not"
        " “shown”.",
    ]


def test_an_escaped_frame_and_its_pairs_are_explained(tmp_path: Path) -> None:
    file = tmp_path / "stuffed.toml"
    file.write_text(
        '[frame]\nname = "bus"\nlayout = ["A5", "length", "data", "check", "5A"]\n'
        'counts = ["data"]\nover = ["length", "data"]\ncheck = "sum8"\n'
        'escape = {A5 = "A602", A6 = "A601", 5A = "5B02", 5B = "5B01"}\n'
        '[[sample]]\nbytes = "A5 01 A6 02 A6 01 5A"\ndata = "A5"\n',
        "utf-8",
    )
    assert "Escaped when sent: A5 → A6 02, A6 → A6 01, 5A → 5B 02, 5B → 5B 01." in explain(
        file, "en"
    )


def test_a_list_of_devices_is_explained_with_its_tables(tmp_path: Path) -> None:
    file = tmp_path / "devices.toml"
    file.write_text(LINES, "utf-8")
    assert explain(file, "en", DEVICES) == [
        "Line sim://call_box/window-3?address=3, table rs485_box, 9600 baud, windows: 3 (3), 4 (4)."
    ]
    with pytest.raises(ValueError, match="rs485_box"):
        explain(file)  # no tables beside it


def test_strips_scanners_and_readers_of_a_list_are_explained_too(tmp_path: Path) -> None:
    file = tmp_path / "devices.toml"
    file.write_text(
        '[[lines]]\nurl = "/dev/strip"\ntable = "led_rows"\nnotice = "请先取号"\n'
        'stations = [{window = "3", address = 1}]\n'
        '[[scanners]]\nurl = "/dev/gun"\nwindow = "3"\n'
        '[[id_readers]]\nurl = "/dev/reader"\nwindow = "3"\n',
        "utf-8",
    )
    assert explain(file, "en", DEVICES) == [
        "Line /dev/strip, table led_rows, 9600 baud, windows: 3 (1).",
        "Scanner /dev/gun, 9600 baud, window 3: a ticket called there begins its service.",
        "ID-card reader /dev/reader, 115200 baud, window 3: looked after only; no card is read.",
    ]
    text = file.read_text("utf-8")
    file.write_text(text.replace("led_rows", "id_reader"), "utf-8")
    with pytest.raises(ValueError, match="call_box, rating_pad, led_strip"):
        explain(file, "en", DEVICES)


@pytest.mark.parametrize(
    ("shipped", "was", "now", "reason"),
    [
        ("rs485_box.toml", "0C 0E 16", "0C 0F 16", "0C 0E 16"),  # and says what it would be
        ("rs485_box.toml", 'check = "sum8"', 'check = "sum9"', "unknown check. There are sum8"),
        ("rs485_box.toml", "[call_box]", "[callbox]", "callbox"),
        ("rs485_box.toml", "next = 0x0C", "forward = 0x0C", "forward"),
        ("rs485_box.toml", "3 = 2", "3 = 9", "levels"),
        ("rs485_box.toml", "waiting:digits3", "waiting:digits9", "led_strip"),
        ("rs485_box.toml", 'layout = ["FF68",', 'layout = ["FF6",', "hex"),
        ("rs485_box.toml", "[frame]", "[frame", "line"),
        ("rs485_box.toml", "[[sample]]", "[[simple]]", "simple"),
        ("led_board.toml", 'check = "sum8"', "", "unknown check"),
        ("led_sunpn.toml", "sizes = {data = 2}", "", "data without a length"),
        ("led_sunpn.toml", 'data = "78 03"', 'data = "78"', "does not fit in this table"),
        ("id_reader.toml", "baud = 115200", "baud = 42", "baud"),
        ("printers/gb18030_58.toml", "pace = 360", "pace = 0", "pace"),
        ("rs485_box.toml", "keys = {", "keys = 3 # {", "call_box"),
        ("rating_pad_5.toml", "[rating_pad.levels]", "levels = 3\n[strange]", "strange"),
        ("id_reader.toml", "[id_reader]", "[[id_reader]]", "id_reader '"),
        ("printers/clone_58.toml", "han_by_fs = true", 'han_by_fs = "no"', "han_by_fs"),
        ("printers/clone_58.toml", "pace = 320", "pace = 320.5", "pace"),
        ("printers/gb18030_58.toml", 'mode = "hybrid"', 'mode = "magic"', "magic"),
        ("printers/gb18030_58.toml", 'kanji_on = "1C 26"', 'kanji_on = "1B 77"', "1b 77"),
    ],
)
def test_a_mistake_is_told_by_its_file_and_reason(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    shipped: str,
    was: str,
    now: str,
    reason: str,
) -> None:
    text = (DEVICES / shipped).read_text("utf-8")
    assert was in text
    file = tmp_path / "mine.toml"
    file.write_text(text.replace(was, now), "utf-8")
    assert main(["check", str(file), "--lang", "en"]) == 1
    heard = capsys.readouterr().err
    assert "mine.toml" in heard
    assert reason in heard


@pytest.mark.parametrize(
    ("shipped", "was", "now", "codes"),
    [
        ("rs485_box.toml", '"FF68", ', "", ("begins", "sample_made")),
        ("rs485_box.toml", '"command"', '"kommand"', ("unknown_field",)),
        ("rs485_box.toml", '"data", "check"', '"data", "data", "check"', ("data_twice",)),
        ("rs485_box.toml", '"length", "length", ', "", ("data_length",)),
        ("rs485_box.toml", "length = 1", "length = 3", ("field_size",)),
        ("led_board.toml", "sizes = {data = 2}", "sizes = {data = 9}", ("data_size",)),
        ("led_board.toml", 'over = ["address"', 'over = ["length"', ("counts",)),
        ("rs485_box.toml", "max_len = 40", "max_len = 4000", ("max_len",)),
        ("rs485_box.toml", "gap_ms = 100", "gap_ms = 0", ("gap_ms",)),
        ("rs485_box.toml", "gap_ms = 100", 'escape = {"68" = "69"}', ("escape",)),
        ("rs485_box.toml", "0C 0E 16", "0C 0F 16", ("sample_made",)),
        ("rs485_box.toml", "[[sample]]", "[[led_strips]]", ("section",)),
        ("printers/clone_58.toml", "pace = 320", "pace = 3", ("bounds",)),
        ("printers/clone_58.toml", "pace = 320", "pace = 320.5", ("layout.bad.int_type",)),
    ],
)
def test_a_mistake_is_told_in_the_readers_language(
    tmp_path: Path, shipped: str, was: str, now: str, codes: tuple[str, ...]
) -> None:
    text = (DEVICES / shipped).read_text("utf-8")
    assert was in text
    file = tmp_path / "mine.toml"
    file.write_text(text.replace(was, now), "utf-8")
    for lang in language.languages():
        with pytest.raises(Miswritten) as told:
            explain(file)
        keys = [one if "." in one else f"device.wrong.{one}" for one in codes]
        begins = [language.say(key, lang, **FACTS)[:4] for key in keys]
        heard = said(told.value, lang)
        assert any(one in heard for one in begins), heard


@pytest.mark.parametrize(
    "change",
    [
        (LINES, ""),
        ("rs485_box", "no_such_table"),
        ("address = 4", "address = 3"),
        ("address = 4", "address = 256"),
        ('window = "4"', 'window = "door"'),
    ],
)
def test_a_list_of_devices_with_a_mistake_is_refused(
    tmp_path: Path, change: tuple[str, str]
) -> None:
    file = tmp_path / "devices.toml"
    file.write_text(LINES.replace(*change) or 'lines = "none"', "utf-8")
    with pytest.raises(ValueError, match=r".+"):
        explain(file, "zh", DEVICES)


FACTS = {"known": "", "most": "", "sample": "", "made": "", "names": "", "value": "320.5"}
PRINTERS = """
[[printers]]
url = "/dev/ttyUSB0"
profile = "gb18030_58"
window = "1"

[[printers]]
url = "/dev/ttyUSB1"
profile = "gb18030_80"
window = "2"
"""


def test_a_list_of_printers_alone_is_a_list_of_devices(tmp_path: Path) -> None:
    file = tmp_path / "devices.toml"
    file.write_text(PRINTERS, "utf-8")
    first, second = explain(file, "zh", DEVICES)
    assert "/dev/ttyUSB0" in first
    assert "窗口 1" in first
    assert "窗口 2" in second


@pytest.mark.parametrize(
    ("was", "now", "reason"),
    [
        ('window = "2"', 'window = "1"', "one printer a window"),
        ("gb18030_80", "no_such_profile", "no_such_profile.toml: This file"),
        ("gb18030_80", "../escape", "profile"),
    ],
)
def test_printers_that_cannot_be_so_are_refused(
    tmp_path: Path, was: str, now: str, reason: str
) -> None:
    file = tmp_path / "devices.toml"
    file.write_text(PRINTERS.replace(was, now), "utf-8")
    with pytest.raises(Miswritten) as refused:
        explain(file, "zh", DEVICES)
    assert reason in said(refused.value, "en")


@pytest.mark.parametrize("raw", [b"", b"\xff\xfe", b"x" * 70_000, b"title = 5"])
def test_what_is_no_table_at_all_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], raw: bytes
) -> None:
    file = tmp_path / "mine.toml"
    file.write_bytes(raw)
    assert main(["check", str(file)]) == 1
    assert main(["check", str(tmp_path / "gone.toml")]) == 1
    assert str(file) in capsys.readouterr().err


def test_without_a_deed_the_agent_itself_runs_and_asks_for_its_devices(tmp_path: Path) -> None:
    settings = tmp_path / "agent.toml"
    settings.write_text(
        f'secret = "a secret of the hall"\ndevices = "{tmp_path / "gone.toml"}"\n', "utf-8"
    )
    begun = subprocess.run(
        [sys.executable, "-m", "drivers", "--file", str(settings)],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert begun.returncode == 1
    assert "gone.toml" in begun.stderr


@pytest.mark.parametrize(
    ("text", "said_of_it"),
    [
        (None, "settings.toml"),
        ("secret = [", "settings.toml:1"),
        ('hall = "demo"', "secret 没有填写"),
        ('secret = "long enough a secret"\ncolour = 1', "settings.toml:2 colour"),
    ],
    ids=["not there", "no TOML", "no secret", "misspelt"],
)
@pytest.mark.parametrize("deed", [[], ["tape"]], ids=["run", "tape"])
def test_settings_that_cannot_be_used_are_said_and_not_thrown(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    text: str | None,
    said_of_it: str,
    deed: list[str],
) -> None:
    monkeypatch.delenv("AGENT_SECRET", raising=False)
    settings = tmp_path / "settings.toml"
    if text is not None:
        settings.write_text(text, "utf-8")
    assert main(["--file", str(settings), *deed]) == 1
    assert said_of_it in capsys.readouterr().err
