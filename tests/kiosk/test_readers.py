"""The scanner and the ID reader of a kiosk: simulated ones on their ports, read and told on."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from config.settings import CONFIG
from drivers import simulator
from drivers.health import State, Trouble
from drivers.id_card import Kind, Reason
from drivers.simulator.id_reader import VirtualIdReader, block
from drivers.simulator.scanner import VirtualScanner
from hall_server.wire.bounds import new_id
from kiosk.readers import Heard, Readers

KEY = "a key of sixteen characters or more"
TABLE = CONFIG / "devices" / "id_reader.toml"
NUMBER = "11010519491231002X"


@dataclass
class Ears:
    """What was told."""

    codes: list[str] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)
    reasons: list[Reason] = field(default_factory=list)


async def until(holds: Callable[[], object]) -> None:
    async with asyncio.timeout(20):
        while not holds():
            await asyncio.sleep(0.01)  # the port's thread does it; nothing tells us


def urls() -> tuple[str, str]:
    """A scanner and a reader that no other test has."""
    name = new_id()
    return f"sim://scanner/{name}", f"sim://id_reader/{name}"


@asynccontextmanager
async def reading(
    key: str = KEY,
) -> AsyncIterator[tuple[Readers, Ears, VirtualScanner, VirtualIdReader]]:
    scanner, id_reader = urls()
    readers, ears = Readers("kiosk-1", scanner, id_reader, key=key, table=TABLE), Ears()
    readers.start(Heard(ears.codes.append, ears.marks.append, ears.reasons.append))
    first, second = simulator.device(scanner), simulator.device(id_reader)
    assert isinstance(first, VirtualScanner)
    assert isinstance(second, VirtualIdReader)
    try:
        await until(lambda: all(part.health().state is not State.OPENING for part in readers.parts))
        yield readers, ears, first, second
    finally:
        await readers.close()
        for device in (first, second):
            device.line.unplug()


async def test_a_code_is_told_once_and_a_card_only_when_it_is_wanted() -> None:
    async with reading() as (readers, ears, scanner, id_reader):
        scanner.scan("appointment:12345678")
        await until(lambda: ears.codes)
        assert ears.codes == ["appointment:12345678"]
        id_reader.lay(block())
        await until(lambda: readers.parts[1].health().state is State.READY)
        assert ears.marks == []

        def wanted() -> bool:
            readers.look_for_card(True)
            return bool(ears.marks)

        await until(wanted)
        (mark,) = ears.marks
        assert len(mark) == 64
        assert NUMBER not in mark
        assert [part.kind for part in readers.parts] == ["scanner", "id_reader"]


async def test_a_card_that_is_none_of_ours_is_told_with_its_reason() -> None:
    async with reading() as (readers, ears, _, id_reader):
        id_reader.lay(block(Kind.RESIDENT, number="110105194912310021"))

        def refused() -> bool:
            readers.look_for_card(True)
            return bool(ears.reasons)

        await until(refused)
        assert ears.reasons == [Reason.UNREADABLE]
        readers.look_for_card(False)


def test_the_mark_of_a_phone_needs_the_key_and_is_not_that_of_another_hall() -> None:
    def mark(key: str) -> Callable[[str], str] | None:
        return Readers("kiosk-1", "", "", key=key, table=TABLE).mark

    ours, theirs = mark(KEY), mark(KEY + "!")
    assert mark("") is None
    assert ours is not None
    assert theirs is not None
    assert len(ours("1234")) == 64
    assert ours("1234") != theirs("1234")
    assert ours("1234") == ours("1234") != ours("1235")


def test_settings_that_are_wrong_leave_a_device_out_and_say_so() -> None:
    readers = Readers("kiosk-1", "spy:///dev/null", urls()[1], key="", table=TABLE)
    assert not readers.reads_cards
    assert [(part.kind, part.health().trouble) for part in readers.parts] == [
        ("scanner", Trouble.BAD_TABLE),
        ("id_reader", Trouble.BAD_TABLE),
    ]
