"""The hub tells: a hall's live state, and who listens to its events."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from typing import Protocol

from hall_server.wire.frames import compact
from hall_server.wire.views import State, apply, visible

LARGEST_MAILBOX = 500
# Events kept for those who come back. Who missed more has more to read than is good for its
# mailbox, and is better off with a snapshot.
RECENT = LARGEST_MAILBOX // 2
CHUNK = 50  # listeners told before others get their turn (take p99 57 -> 25 ms at 500 displays)


class Told(Protocol):
    """What the hub tells of an event: its place, and its facts for some topics, as JSON."""

    @property
    def epoch(self) -> str: ...
    @property
    def seq(self) -> int: ...
    @property
    def at(self) -> int: ...
    @property
    def kind(self) -> str: ...
    @property
    def facts(self) -> dict[str, object]: ...
    @property
    def told(self) -> dict[str, str]: ...


class Mailbox:
    """What one listener has yet to be sent. A listener that lets it fill up is cut off (`full`)
    and returns to a snapshot: one slow screen must not slow the hall."""

    def __init__(self, topics: frozenset[str]) -> None:
        self.topics = topics
        self.name = ""  # of whoever listens
        self.frames: deque[str] = deque()
        self.full = False
        self.direct: Callable[[str], bool] = lambda _frame: False  # straight to a free socket
        self.wake: Callable[[], None] = lambda: None

    def put(self, frame: str) -> None:
        if not self.frames and self.direct(frame):
            return
        if len(self.frames) >= LARGEST_MAILBOX:
            self.full = True
        else:
            self.frames.append(frame)
        self.wake()


class Hub:
    """One hall's live state and its listeners. All of it happens in the event loop."""

    def __init__(self, hall: str, epoch: str, seq: int, state: State) -> None:
        self.hall, self.epoch, self.seq, self.state = hall, epoch, seq, state
        self.mailboxes: set[Mailbox] = set()
        self._recent: deque[Told] = deque(maxlen=RECENT)
        self._outbox: deque[tuple[dict[frozenset[str], str], Sequence[Mailbox]]] = deque()
        self._telling: asyncio.Task[None] | None = None
        self._snapshots: dict[frozenset[str], str] = {}
        self.live: State = {}  # facts that no command made: see wire.views

    def publish(self, event: Told) -> None:
        """Take the next event in and tell it to all who listen now."""
        apply(self.state, event.facts)
        self.seq = event.seq
        self._recent.append(event)
        self._snapshots.clear()
        if self.mailboxes:
            listeners = tuple(self.mailboxes)
            frames = {topics: frame(event, topics) for topics in {box.topics for box in listeners}}
            self._tell(frames, listeners)

    def tell(self, facts: dict[str, object]) -> None:
        """Tell facts that no command made, outside the journal: without a seq."""
        apply(self.live, facts)
        self._snapshots.clear()
        told = {address: compact(fact) for address, fact in facts.items()}
        frames = {}
        for topics in {box.topics for box in self.mailboxes}:
            if visible(facts, topics):
                frames[topics] = live_frame(told, topics)
        self._tell(frames, tuple(box for box in self.mailboxes if box.topics in frames))

    def beat(self, at: int) -> None:
        """Tell everybody the head, so that a lost tail is noticed."""
        if self.mailboxes:
            listeners = tuple(self.mailboxes)
            told = f'{{"t":"beat","epoch":"{self.epoch}","seq":{self.seq},"time":{at}}}'
            self._tell(dict.fromkeys((box.topics for box in listeners), told), listeners)

    def join(self, topics: frozenset[str], epoch: str | None, seq: int) -> tuple[Mailbox, bool]:
        """A mailbox that holds the events since (epoch, seq), or else a snapshot; and whether
        the events could be had. Whatever happens from now on follows in it without a gap."""
        mailbox = Mailbox(topics)
        missed = self._since(epoch, seq)
        if missed is None:
            mailbox.frames.append(self.snapshot_frame(topics))
        else:
            mailbox.frames.extend(frame(event, topics) for event in missed)
            if visible(self.live, topics):
                told = {address: compact(fact) for address, fact in self.live.items()}
                mailbox.frames.append(live_frame(told, topics))
        self.mailboxes.add(mailbox)
        return mailbox, missed is not None

    def leave(self, mailbox: Mailbox) -> None:
        self.mailboxes.discard(mailbox)

    def snapshot_frame(self, topics: frozenset[str]) -> str:
        """The snapshot for these topics; made once between two events, however many ask."""
        known = self._snapshots.get(topics)
        if known is None:
            known = self._snapshots[topics] = snapshot_frame(
                self.epoch, self.seq, self.state | self.live, topics
            )
        return known

    def _since(self, epoch: str | None, seq: int) -> list[Told] | None:
        missed = self.seq - seq
        if epoch != self.epoch or not 0 <= missed <= len(self._recent):
            return None
        return list(self._recent)[len(self._recent) - missed :]

    def _tell(self, frames: dict[frozenset[str], str], listeners: Sequence[Mailbox]) -> None:
        if len(listeners) <= CHUNK and self._telling is None:
            for mailbox in listeners:
                mailbox.put(frames[mailbox.topics])
            return
        self._outbox.append((frames, listeners))
        if self._telling is None:
            self._telling = asyncio.create_task(self._tell_all())

    async def _tell_all(self) -> None:
        try:
            while self._outbox:
                frames, listeners = self._outbox.popleft()
                for n, mailbox in enumerate(listeners, 1):
                    mailbox.put(frames[mailbox.topics])
                    if n % CHUNK == 0:
                        await asyncio.sleep(0)
        finally:
            self._telling = None


def frame(event: Told, topics: frozenset[str]) -> str:
    """An event as a listener with these topics is told it; its seq even where no fact is his."""
    return (
        f'{{"t":"event","epoch":"{event.epoch}","seq":{event.seq},"at":{event.at},'
        f'"kind":"{event.kind}","facts":{{{_seen(event.told, topics)}}}}}'
    )


def live_frame(told: dict[str, str], topics: frozenset[str]) -> str:
    """Facts that no command made, as JSON, for a listener with these topics."""
    return f'{{"t":"live","facts":{{{_seen(told, topics)}}}}}'


def snapshot_frame(epoch: str, seq: int, state: State, topics: frozenset[str]) -> str:
    seen = {address: fact for address, fact in state.items() if address.partition("/")[0] in topics}
    return f'{{"t":"snapshot","epoch":"{epoch}","seq":{seq},"facts":{compact(seen)}}}'


def _seen(told: dict[str, str], topics: frozenset[str]) -> str:
    return ",".join(
        f'"{address}":{fact}'
        for address, fact in told.items()
        if address.partition("/")[0] in topics
    )
