"""A scanner that types: its keys become codes for us alone, never letters in a window."""

import errno
import fcntl
import logging
import os
import select
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.health import State, Trouble
from drivers.keyboard import EVENT, KEYS, LOST, Keys
from drivers.port import Port
from drivers.scanner import TYPED_GAP, Codes, Scanned, Scanner
from tests.drivers.bench import until

# Numbers from linux/input-event-codes.h, written down here a second time on purpose.
SHIFT, RIGHT_SHIFT, CONTROL, ALT, CAPS, NUM_LOCK = 42, 54, 29, 56, 58, 69
ENTER, KP_ENTER, F1, VOLUME_UP, HALL = 28, 96, 59, 115, (35, 30, 38, 38)
UP, DOWN, HELD = 0, 1, 2


def event(code: int, value: int, kind: int = 1) -> bytes:
    return EVENT.pack(1_700_000_000, 5, kind, code, value)


def scan_code_and_sync(code: int, value: int) -> bytes:
    """One report as the kernel gives it: scan code, key, end of report."""
    return event(4, 0x70004, kind=4) + event(code, value) + event(0, 0, kind=0)


def strike(*codes: int) -> bytes:
    return b"".join(scan_code_and_sync(one, DOWN) + scan_code_and_sync(one, UP) for one in codes)


def shifted(code: int, by: int = SHIFT) -> bytes:
    return scan_code_and_sync(by, DOWN) + strike(code) + scan_code_and_sync(by, UP)


def typed(text: str) -> bytes:
    """As a scanner of the US layout types it."""
    where = {char: (code, upper) for code, pair in KEYS.items() for upper, char in enumerate(pair)}
    keys = b""
    for char in text:
        code, upper = where[char]
        keys += shifted(code) if upper and KEYS[code][0] != char else strike(code)
    return keys + strike(ENTER)


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        (strike(*HALL), b"hall"),
        (shifted(35) + strike(30), b"Ha"),
        (shifted(35, RIGHT_SHIFT) + strike(30), b"Ha"),
        (strike(2, 10, 11, 12, 13), b"190-="),
        (shifted(2) + shifted(3) + shifted(11) + shifted(12), b"!@)_"),
        (strike(16, 25, 44, 50), b"qpzm"),
        (strike(51, 52, 53, 39, 40, 41, 43, 26, 27, 57), b",./;'`\\[] "),
        (shifted(39) + shifted(53) + shifted(41) + shifted(43), b":?~|"),
        (strike(71, 72, 73, 75, 76, 77, 79, 80, 81, 82), b"7894561230"),
        (strike(55, 98, 74, 78, 83), b"*/-+."),
        (strike(NUM_LOCK, 79), b"1"),
        (strike(CAPS, 35, 2) + shifted(30) + strike(CAPS, 30), b"H1aa"),
        (strike(30, ENTER, 48, KP_ENTER), b"a\rb\r"),
        (scan_code_and_sync(CONTROL, DOWN) + strike(27) + scan_code_and_sync(CONTROL, UP), b"\x1d"),
        (event(30, DOWN) + event(30, HELD) * 9 + event(30, UP), b"a"),
        (strike(30) + event(2, 5, kind=2) + strike(48), b"ab"),
    ],
    ids=[
        "letters", "shift", "right shift", "digits", "shifted digits", "rows", "signs",
        "shifted signs", "keypad", "keypad signs", "NumLock", "CapsLock", "Enter", "FNC1", "repeat",
        "mouse",
    ],
)  # fmt: skip
def test_keys_are_the_characters_of_a_us_keyboard(keys: bytes, text: bytes) -> None:
    decoder = Keys()
    assert decoder.feed(keys) == text
    assert decoder.unknown == 0


@pytest.mark.parametrize("key", [strike(F1), strike(VOLUME_UP)], ids=["F1", "volume"])
def test_a_key_that_means_nothing_is_counted_and_its_code_is_never_told(key: bytes) -> None:
    """A code with a hole in it would be another code."""
    decoder, codes = Keys(), Codes()
    got = decoder.feed(strike(30) + key + strike(48, ENTER) + strike(46, ENTER))
    assert (got, decoder.unknown) == (b"a" + LOST + b"b\rc\r", 1)
    assert (codes.feed(got, 0.0), codes.dropped) == (["c"], 1)


def test_a_character_made_with_alt_cannot_be_read_and_spoils_only_its_code() -> None:
    decoder = Keys()
    alt = event(ALT, DOWN) + strike(82, 81) + event(ALT, UP)
    assert decoder.feed(alt + strike(ENTER, 30)) == LOST * 2 + b"\ra"
    assert decoder.unknown == 2


def test_events_the_kernel_lost_spoil_the_code_and_a_shift_held_then_is_forgotten() -> None:
    dropped = event(3, 0, kind=0)
    keys = event(SHIFT, DOWN) + strike(30) + dropped + strike(48, ENTER)
    assert Keys().feed(keys) == b"A" + LOST + b"b\r"


def test_an_event_is_as_long_as_the_kernels() -> None:
    assert EVENT.size == 2 * struct.calcsize("l") + 8


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(1, 40), max_size=60))
def test_events_split_at_any_byte_are_the_same_text(steps: list[int]) -> None:
    text = "https://hall.example/t/Zx9_-abC"
    data, decoder, got = typed(text), Keys(), b""
    for step in [*steps, len(data)]:
        got += decoder.feed(data[:step])
        data = data[step:]
    assert got == text.encode() + b"\r"


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=2000))
def test_no_bytes_of_a_device_file_make_it_raise(garbage: bytes) -> None:
    decoder = Keys()
    assert len(decoder.feed(garbage)) <= len(garbage) // EVENT.size


def test_keys_half_a_second_apart_are_one_code_until_enter() -> None:
    codes = Codes(TYPED_GAP)
    assert codes.feed(b"A0", 0.0) + codes.feed(b"12", 0.4) + codes.feed(b"\r", 0.8) == ["A012"]


# --- the device file


class Gun:
    """A FIFO in the place of a device file: it is read like one, and the kernel refuses to let it
    be grabbed, as it does for all that is no input device."""

    def __init__(self, path: Path) -> None:
        self.path = path
        os.mkfifo(path)
        self._end: int | None = None

    def plug_in(self) -> None:
        self._end = os.open(self.path, os.O_RDWR)

    def unplug(self) -> None:
        if self._end is not None:
            os.close(self._end)
            self._end = None

    def type(self, keys: bytes) -> None:
        assert self._end is not None
        os.write(self._end, keys)


@pytest.fixture
def gun(tmp_path: Path) -> Iterator[Gun]:
    made = Gun(tmp_path / "usb-Maker_Scanner-event-kbd")
    made.plug_in()
    yield made
    made.unplug()


@pytest.fixture
def grabs(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    """A kernel that lets a FIFO be grabbed, and what was asked of it: this machine has no input
    devices. Where there is /dev/uinput the true kernel answers, further below."""
    asked: list[tuple[int, int]] = []

    def ioctl(_file: int, request: int, argument: int) -> int:
        asked.append((request, argument))
        return 0

    monkeypatch.setattr(fcntl, "ioctl", ioctl)
    return asked


def scanner_at(url: str) -> tuple[Port, Scanner, list[Scanned]]:
    port = Port(url, name="typing scanner", retry=(0.02, 0.05), private=True)
    told: list[Scanned] = []
    return port, Scanner(port, tell=told.append), told


def test_a_code_typed_is_told_once_and_the_line_comes_back_after_an_unplugging(
    gun: Gun, grabs: list[tuple[int, int]], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    port, scanner, told = scanner_at(f"evdev://{gun.path}")
    port.start()
    try:
        until(lambda: scanner.health.state is State.READY)
        assert grabs == [(0x40044590, 1)], "EVIOCGRAB: no other program hears it"
        for piece in (keys := typed("https://hall.example/t/SeCreT_9"))[:30], keys[30:]:
            gun.type(piece)
        until(lambda: told)
        assert told == [Scanned("https://hall.example/t/SeCreT_9")]
        assert "SeCreT" not in caplog.text
        assert not any(b"".join(data for _, data in port.tape()))
        gun.type(typed("half")[: -EVENT.size * 6])  # all of it but Enter
        gun.unplug()
        until(lambda: scanner.health.state is State.OFFLINE)
        assert scanner.health.trouble is Trouble.UNPLUGGED
        gun.plug_in()
        until(lambda: scanner.health.state is State.READY)
        gun.type(typed("whole"))
        until(lambda: len(told) > 1)
        assert told[1] == Scanned("whole")
    finally:
        port.close()


def refused(number: int) -> Any:
    def ioctl(*_asked: int) -> int:
        raise OSError(number, os.strerror(number))

    return ioctl


@pytest.mark.parametrize(
    ("number", "trouble"),
    [
        (errno.EBUSY, Trouble.PORT_TAKEN),
        (errno.EACCES, Trouble.NO_PERMISSION),
        (errno.EINVAL, Trouble.CANNOT_GRAB),
        (errno.ENODEV, Trouble.UNPLUGGED),
    ],
    ids=["grabbed", "forbidden", "no keyboard", "just unplugged"],
)
def test_what_cannot_be_had_alone_is_not_read_at_all(
    gun: Gun, monkeypatch: pytest.MonkeyPatch, number: int, trouble: Trouble
) -> None:
    monkeypatch.setattr(fcntl, "ioctl", refused(number))
    port, scanner, told = scanner_at(f"evdev://{gun.path}")
    gun.type(typed("A012"))
    port.start()
    try:
        until(lambda: scanner.health.trouble is trouble)
        assert scanner.health.state is State.OFFLINE
        assert not told
    finally:
        port.close()


def test_the_true_kernel_says_no_to_a_file_that_is_no_keyboard(gun: Gun, tmp_path: Path) -> None:
    for url, trouble in (
        (f"evdev://{gun.path}", Trouble.CANNOT_GRAB),
        (f"evdev://{tmp_path}/none", Trouble.NO_PORT),
    ):
        port, scanner, _ = scanner_at(url)
        port.start()
        try:
            until(lambda s=scanner, t=trouble: s.health.trouble is t)
        finally:
            port.close()


def test_elsewhere_than_on_linux_it_says_so(gun: Gun, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "win32")
    port, scanner, _ = scanner_at(f"evdev://{gun.path}")
    port.start()
    try:
        until(lambda: scanner.health.trouble is Trouble.CANNOT_GRAB)
    finally:
        port.close()


# --- the true kernel, where it has input devices


@pytest.mark.oracle
def test_a_keyboard_of_the_true_kernel_is_grabbed_and_read() -> None:
    """uinput makes a keyboard; a second reader of it gets nothing. As for the oracle of the
    printers, nobody needs it to run a hall: where it is not there that is said and counted."""
    if not os.access("/dev/uinput", os.W_OK):
        pytest.skip("NO TRUE GRAB WAS TRIED: there is no /dev/uinput here, or no right to it")
    maker = os.open("/dev/uinput", os.O_WRONLY)
    before = set(Path("/dev/input").glob("event*"))
    try:
        fcntl.ioctl(maker, 0x40045564, 1)  # UI_SET_EVBIT, EV_KEY
        for code in (*KEYS, SHIFT, ENTER):
            fcntl.ioctl(maker, 0x40045565, code)  # UI_SET_KEYBIT
        os.write(maker, struct.pack("80sHHHHI256i", b"hall test", 3, 1, 1, 1, 0, *[0] * 256))
        fcntl.ioctl(maker, 0x5501)  # UI_DEV_CREATE
        until(lambda: set(Path("/dev/input").glob("event*")) - before)
        path = (set(Path("/dev/input").glob("event*")) - before).pop()
        second = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        port, scanner, told = scanner_at(f"evdev://{path}")
        port.start()
        try:
            until(lambda: scanner.health.state is State.READY)
            os.write(maker, typed("Hall-A012"))
            until(lambda: told)
            assert told == [Scanned("Hall-A012")]
            with pytest.raises(BlockingIOError):
                os.read(second, EVENT.size)
            port.close()
            os.write(maker, typed("free"))
            until(lambda: select.select([second], [], [], 0)[0])
            assert os.read(second, EVENT.size), "the control: without the grab it hears every key"
        finally:
            port.close()
            os.close(second)
    finally:
        os.close(maker)
