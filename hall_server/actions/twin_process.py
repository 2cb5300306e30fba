"""The process that answers questions to the twin: it reads the store itself, for each one.

The hall's loop and its writer lend it nothing but a line of JSON. It is started with
`python -m`, and ends when its input does.
"""

import json
import os
import signal
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from time import process_time
from typing import Any

from hall_server.actions import forecast, twin, whatif
from hall_server.actions.twin import Past, Present
from hall_server.rules.forecast import Laws
from hall_server.store.database import Cursor
from hall_server.store.heads import Head
from hall_server.store.plans import Plan
from hall_server.store.store import Store
from hall_server.words import Refusal, Refused

# Today's services count in the laws; 30 days of them are not weighed again for each forecast.
LEARN_AGAIN = timedelta(minutes=5)
NICE = 10  # the hall itself goes first

Question = Callable[[Present, dict[str, Any]], dict[str, Any]]
QUESTIONS: dict[str, Question] = {
    "forecast": forecast.answer,
    "what_if": whatif.what_if,
    "best_moves": whatif.best_moves,
}


@dataclass(frozen=True, slots=True)
class _Learned:
    past: Past
    layout: int
    laws: Laws
    at: datetime


class Twins:
    """What the process has learned of each hall."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._learned: dict[str, _Learned] = {}

    def answer(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Answer one question about a hall. Raises day_closed, or what the question refuses."""
        at = datetime.fromisoformat(asked["at"])
        present = self._store.read(partial(self._present, hall=asked["hall"], at=at))
        return QUESTIONS[asked["ask"]](present, asked["more"])

    def _present(self, cursor: Cursor, hall: str, at: datetime) -> Present:
        found = twin.head_of(cursor, self._store.plans, hall)
        if found is None:
            raise Refused(Refusal.DAY_CLOSED)
        head, plan = found
        assert head.day is not None
        known = self._learned.get(hall)
        if known is None or known.past.day != head.day:
            known = _learn(cursor, head, plan, twin.past(cursor, head), at)
        elif known.layout != head.layout or not timedelta() <= at - known.at < LEARN_AGAIN:
            known = _learn(cursor, head, plan, known.past, at)
        self._learned[hall] = known
        return twin.present(cursor, head, plan, known.laws, at)


def _learn(cursor: Cursor, head: Head, plan: Plan, past: Past, at: datetime) -> _Learned:
    return _Learned(past, head.layout, twin.laws(cursor, head, plan, past), at)


def main() -> None:
    """Answer one line with one line until there are no more; `took` is its processor time."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, which ends us
    if hasattr(os, "nice"):
        os.nice(NICE)
    url = json.loads(sys.stdin.readline())["url"]
    with closing(Store(url)) as store:
        twins = Twins(store)
        for line in sys.stdin:
            try:
                begun = process_time()
                answer = twins.answer(json.loads(line))
                answer["took"] = process_time() - begun
            except Refused as refused:
                answer = {"refused": refused.code.value, "facts": refused.facts}
            print(json.dumps(answer, separators=(",", ":")), flush=True)


if __name__ == "__main__":
    main()
