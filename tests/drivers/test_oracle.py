"""Tickets on a printer that nobody here wrote: what it read, drew and reports is what we said."""

import io
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from drivers.compose import Style
from drivers.escpos import Job, Text, clean
from drivers.health import State, Trouble
from drivers.lettering import FONT
from drivers.port import Port
from drivers.preview import preview, sample
from drivers.printed import Outcome
from drivers.printer import Printer
from drivers.profile import Mode, Profile
from tests.drivers import oracle
from tests.drivers.bench import ink, until
from tests.drivers.codes import read_codes
from tests.drivers.oracle import Oracle

pytestmark = pytest.mark.oracle
LINK = "https://hall.example/t/sample-ticket-0000000000"
PLAIN = Profile(title="oracle", baud=oracle.BAUD, pace=4000, answer_seconds=1.0)
Open = Callable[[Profile], Printer]


@pytest.fixture(scope="module")
def judge(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Oracle]:
    """The running oracle. Where it cannot be had the tests are skipped and counted, even when
    tests are strict: nobody needs a second Python to run a hall."""
    cache = getattr(request.config, "cache", None)
    kept = cache.mkdir("oracle") if cache else tmp_path_factory.mktemp("installed")
    program = oracle.installed(Path(kept))
    if program is None:
        pytest.skip("THE ORACLE DID NOT JUDGE: no Python 3.13, or emupos cannot be installed")
    with oracle.running(program, tmp_path_factory.mktemp("oracle")) as running:
        yield running


@pytest.fixture
def install(judge: Oracle) -> Iterator[Open]:
    """Our driver on the oracle's line; faults are taken away after each test."""
    with ExitStack() as ends:

        def put(profile: Profile) -> Printer:
            line = judge.device(profile.width_dots)["connections"][0]["device_path"]
            port = Port(line, name="oracle", baud=oracle.BAUD, retry=(0.02, 0.05))
            printer = Printer(port, profile, font=FONT)
            port.start()
            ends.callback(port.close)
            until(lambda: printer.health.state is State.READY)
            return printer

        yield put


def picture(judge: Oracle, width: int) -> Image.Image:
    """The latest receipt, black on white."""
    raw = judge.ask(f"/devices/w{width}/receipts/latest/image")
    return Image.open(io.BytesIO(raw)).convert("L")


def text(judge: Oracle, width: int) -> list[str]:
    """What it read in the latest receipt.

    It knows no Chinese and shows each byte as its CP437 sign, one sign for every byte: so the
    bytes it got can be had back, and they must be the Chinese that was meant.
    """
    raw = judge.ask(f"/devices/w{width}/receipts/latest/text").decode("utf-8")
    lines = [line for line in raw.splitlines() if line and not line.startswith("[image")]
    return [line.encode("cp437").decode("gb18030") for line in lines]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("width", [384, 576])
@pytest.mark.parametrize("mode", Mode)
def test_a_ticket_is_read_and_drawn_as_it_was_meant(
    judge: Oracle, install: Open, mode: Mode, width: int, lang: str
) -> None:
    profile = replace(PLAIN, mode=mode, width_dots=width)
    job = sample(Style(lang, width_dots=width))
    printed = install(profile).print(f"{mode}-{width}-{lang}", job)
    assert printed.outcome is Outcome.PRINTED
    theirs, ours = picture(judge, width), preview(job, profile).slip
    assert theirs.width == width
    assert read_codes(theirs) == [LINK]
    assert text(judge, width) == [line for line in ours.lines if line]
    assert "unknown" not in judge.says()
    assert "mismatch" not in judge.says()
    if mode is Mode.NATIVE:
        meant = clean("".join(line.text for line in job if isinstance(line, Text)))
        read = "".join(line for line in text(judge, width) if not line.startswith("[qr "))
        # 㐂 has a code of four bytes, which printers of this kind do not have.
        assert squeezed(read) == squeezed(meant).replace("㐂", "〓")
    if mode is Mode.RASTER:
        assert dots_apart(ink(theirs), ink(ours.picture())) == 0


def squeezed(words: str) -> str:
    """Without spaces, some of which are lost where a line is broken."""
    return "".join(words.split())


def dots_apart(one: Image.Image, other: Image.Image) -> int:
    """Dots that differ; all of them when the sizes do."""
    if one.size != other.size:
        return max(one.width * one.height, other.width * other.height)
    apart = ImageChops.difference(one.convert("1"), other.convert("1"))
    return sum(apart.histogram()[1:])


def test_the_count_of_dots_bites() -> None:
    """The control: the same ticket in the other language is another picture."""
    profile = replace(PLAIN, mode=Mode.RASTER)
    zh, en = (ink(preview(sample(Style(lang)), profile).slip.picture()) for lang in ("zh", "en"))
    assert dots_apart(zh, zh) == 0
    assert dots_apart(zh, en.resize(zh.size)) > 1000


@pytest.mark.fault
@pytest.mark.parametrize(
    ("fault", "state", "trouble"),
    [
        ("paper-out", State.FAULT, Trouble.PAPER_OUT),
        ("cover-open", State.FAULT, Trouble.COVER_OPEN),
        ("offline", State.FAULT, Trouble.DEVICE_ERROR),
    ],
)
def test_a_fault_is_our_health_and_no_ticket_is_called_printed(
    judge: Oracle, install: Open, fault: str, state: State, trouble: Trouble
) -> None:
    printer = install(PLAIN)
    before = judge.receipts(384)
    judge.fault(384, fault, True)
    refused = printer.print(f"during-{fault}", sample())
    health = printer.health
    judge.fault(384, fault, False)
    assert (refused.outcome, refused.trouble) == (Outcome.FAILED, trouble)
    assert (health.state, health.trouble) == (state, trouble)
    assert judge.receipts(384) == before, "nothing was sent, so nothing came out afterwards"
    assert printer.print(f"during-{fault}", sample()).outcome is Outcome.PRINTED
    assert len(judge.receipts(384)) == len(before) + 1


@pytest.mark.fault
def test_paper_near_its_end_is_told_and_tickets_still_come(judge: Oracle, install: Open) -> None:
    printer = install(PLAIN)
    judge.fault(384, "paper-near-end", True)
    printed = printer.print("near-end", sample())
    health = printer.health
    judge.fault(384, "paper-near-end", False)
    assert (printed.outcome, printed.trouble) == (Outcome.PRINTED, Trouble.PAPER_LOW)
    assert (health.state, health.trouble) == (State.DEGRADED, Trouble.PAPER_LOW)


@pytest.mark.fault
def test_paper_that_ends_in_a_job_leaves_it_unproved(judge: Oracle, install: Open) -> None:
    # Slow, so that the fault comes while the job is on its way.
    printer = install(replace(PLAIN, mode=Mode.RASTER, pace=200))
    job: Job = sample()
    before = judge.receipts(384)
    wait = printer.submit("cut-short", job)
    until(lambda: printer.health.state is State.BUSY)
    judge.fault(384, "paper-out", True)
    result = wait.result(30)
    judge.fault(384, "paper-out", False)
    assert result.outcome in (Outcome.FAILED, Outcome.UNKNOWN)
    assert result.trouble is Trouble.PAPER_OUT
    assert printer.print("cut-short", job) == result, "the same id is never sent again"
    until(lambda: printer.health.state is State.READY)
    assert len(judge.receipts(384)) <= len(before) + 1
