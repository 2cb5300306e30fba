"""The browser's link: what it makes of gaps, repeats, new epochs, beats and silence."""

from typing import Any

import pytest

from tests.web.person import Person

pytestmark = pytest.mark.browser
EPOCH, OTHER = "0123456789abcdef", "fedcba9876543210"
# The hall's end of the wire, played by the test: what the link sends stands in `wires`.
ACTED = """
    window.wires = [];
    window.heard = [];
    window.turns = [];
    window.WebSocket = class {
      constructor() {
        this.sent = [];
        wires.push(this);
        setTimeout(() => this.onopen());
      }
      send(text) { this.sent.push(JSON.parse(text)); }
      close() { this.closed = true; }
    };
    window.tell = (frame) => wires.at(-1).onmessage({ data: JSON.stringify(frame) });
    const done = arguments[0];
    import("/web/link.js").then(({ Link }) => {
      window.link = new Link("hall", {
        changed: (kind, facts) => heard.push([kind, facts]),
        turned: (online) => turns.push(online),
        refused: (code) => heard.push(["refused", code]),
      });
      done();
    });
"""


@pytest.fixture
def wire(person: Person) -> Person:
    """A page whose link has joined an acted hall at seq 7, where window 3 is open."""
    person.open("/")
    person.driver.execute_async_script(ACTED)
    joins(person, 1)
    tells(person, t="welcome", epoch=EPOCH, seq=7, recovered=False)
    tells(person, t="snapshot", epoch=EPOCH, seq=7, facts={"window/3": "open", "ticket/a": 1})
    return person


def tells(wire: Person, **frame: Any) -> None:
    wire.run("tell(arguments[0])", frame)


def event(wire: Person, seq: int, epoch: str = EPOCH, **facts: Any) -> None:
    named = {address.replace("_", "/"): fact for address, fact in facts.items()}
    tells(wire, t="event", epoch=epoch, seq=seq, kind="deed", facts=named)


def joins(wire: Person, times: int) -> dict[str, Any]:
    """Wait for the hello of a line; it."""
    wire.until(
        lambda: wire.run("return wires.length >= arguments[0] && wires.at(-1).sent[0]", times)
    )
    return dict(wire.run("return wires.at(-1).sent[0]"))


def state(wire: Person) -> dict[str, Any]:
    return dict(wire.run("return Object.fromEntries(link.state)"))


def lines(wire: Person) -> int:
    return int(wire.run("return wires.length"))


def test_the_first_hello_asks_for_a_snapshot_and_holds_no_secret(wire: Person) -> None:
    assert wire.run("return wires[0].sent[0]") == {"t": "hello", "hall": "hall", "seq": 0}
    assert state(wire) == {"window/3": "open", "ticket/a": 1}
    assert wire.run("return turns") == [True]


def test_an_event_is_an_assignment_and_null_takes_away(wire: Person) -> None:
    event(wire, 8, window_3="paused", ticket_b=2)
    assert state(wire) == {"window/3": "paused", "ticket/a": 1, "ticket/b": 2}
    tells(wire, t="event", epoch=EPOCH, seq=9, kind="deed", facts={"ticket/*": None})
    assert state(wire) == {"window/3": "paused"}


def test_a_repeated_event_changes_nothing(wire: Person) -> None:
    event(wire, 8, window_3="paused")
    event(wire, 8, window_3="closed")
    assert state(wire)["window/3"] == "paused"
    assert lines(wire) == 1


def test_after_a_gap_everything_is_asked_for_anew(wire: Person) -> None:
    event(wire, 9, window_3="paused")
    assert state(wire)["window/3"] == "open"
    assert joins(wire, 2) == {"t": "hello", "hall": "hall", "seq": 7}
    assert wire.run("return turns") == [True, False]


def test_an_event_of_another_epoch_is_not_believed(wire: Person) -> None:
    event(wire, 8, epoch=OTHER, window_3="paused")
    assert state(wire)["window/3"] == "open"
    assert "epoch" not in joins(wire, 2)


def test_a_cut_line_goes_on_from_the_last_event(wire: Person) -> None:
    event(wire, 8, window_3="paused")
    wire.run("wires.at(-1).onclose()")
    assert joins(wire, 2) == {"t": "hello", "hall": "hall", "seq": 8, "epoch": EPOCH}
    assert wire.run("return link.online") is False
    tells(wire, t="welcome", epoch=EPOCH, seq=8, recovered=True)
    assert wire.run("return link.online") is True
    assert state(wire)["window/3"] == "paused"


def test_a_lost_tail_is_noticed_by_the_beats(wire: Person) -> None:
    wire.run("window.moment = 0; performance.now = () => window.moment;")
    tells(wire, t="beat", epoch=EPOCH, seq=8)
    wire.run("window.moment = 2900")
    tells(wire, t="beat", epoch=EPOCH, seq=8)
    assert lines(wire) == 1
    wire.run("window.moment = 3100")
    tells(wire, t="beat", epoch=EPOCH, seq=8)
    assert joins(wire, 2)["seq"] == 7


def test_a_beat_that_is_caught_up_with_is_forgotten(wire: Person) -> None:
    wire.run("window.moment = 0; performance.now = () => window.moment;")
    tells(wire, t="beat", epoch=EPOCH, seq=8)
    event(wire, 8, window_3="paused")
    tells(wire, t="beat", epoch=EPOCH, seq=8)
    wire.run("window.moment = 9000")
    tells(wire, t="beat", epoch=EPOCH, seq=9)
    assert lines(wire) == 1


def test_a_silent_line_is_given_up(wire: Person) -> None:
    joins(wire, 2)
    assert wire.run("return wires[0].closed") is True


def test_a_line_given_up_is_no_longer_listened_to(wire: Person) -> None:
    event(wire, 9)
    joins(wire, 2)
    wire.run(
        "wires[0].onmessage({data: JSON.stringify("
        "{t: 'event', epoch: link.epoch, seq: 8, kind: 'deed', facts: {'window/3': 'ghost'}})})"
    )
    assert state(wire)["window/3"] == "open"


def test_a_view_that_was_asked_for_is_answered_or_fails_with_the_line(wire: Person) -> None:
    asked = """
        window.answers = [];
        link.see("catalogue").then((body) => answers.push(body), (error) => answers.push("cut"));
    """
    wire.run(asked)
    assert wire.run("return wires.at(-1).sent.at(-1)") == {
        "t": "see",
        "n": 1,
        "view": "catalogue",
        "args": {},
    }
    tells(wire, t="reply", n=1, body={"items": []})
    wire.until(lambda: wire.run("return answers") == [{"items": []}])
    wire.run(asked)
    wire.run("wires.at(-1).onclose()")
    wire.until(lambda: wire.run("return answers") == ["cut"])


def test_a_refused_hello_is_told_and_tried_again(wire: Person) -> None:
    tells(wire, t="refused", n=None, code="credential_unknown", facts={})
    assert wire.run("return heard.at(-1)") == ["refused", "credential_unknown"]
    joins(wire, 2)


def test_who_has_left_does_not_come_back(wire: Person) -> None:
    planned = wire.run(
        """
        let planned = 0;
        window.setTimeout = () => (planned += 1);
        link.stop();
        wires[0].onclose();
        return planned;
        """
    )
    assert planned == 0
    assert wire.run("return wires[0].closed") is True
    assert wire.run("return link.online") is False
