"""The blocks of offline numbers (离线号段) that a kiosk has leased, and how far each is used."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from drivers.journal import Journal
from hall_server.wire.offline import Lease
from hall_server.words import Refusal, Refused


@dataclass(frozen=True)
class Block:
    """One leased block. Numbers are used in their order; a used one is never used again."""

    lease: Lease
    used: int = 0

    @property
    def left(self) -> int:
        """How many numbers it has still."""
        return self.lease.last - self.lease.first + 1 - self.used


class Leases:
    """The blocks of the business day that is open, on disk.

    A number is taken out of its block on disk before anybody sees it: a kiosk that falls over
    leaves a number out, and never gives one twice. A file that was lost or torn costs only numbers
    that nobody has seen; the hall leases others.
    """

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._blocks = {
            signature: Block(Lease.model_validate(entry["lease"]), entry.get("used", 0))
            for signature, entry in self._journal.unfinished.items()
        }

    def settle(self, day: Mapping[str, Any] | None, queues: Iterable[Mapping[str, Any]]) -> None:
        """The hall tells its open business day (None: none is) and its queues; blocks of another
        day, an earlier round of it, or of a queue that is no more are let go. OSError: they stay
        on disk, and are let go another time."""
        prefixes = {queue["id"]: queue["prefix"] for queue in queues}
        for signature, block in list(self._blocks.items()):
            lease = block.lease
            of_day = day is not None and lease.date == day["date"]
            if day is None or not of_day or lease.leased_at < day["opened_at"]:
                gone = True
            else:
                gone = prefixes.get(lease.queue) != lease.prefix
            if gone:
                del self._blocks[signature]
                self._journal.append(signature, closed=True)

    def wanted(self, queues: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
        """The queues that want another block: those with none, or with half of one left."""
        return tuple(
            queue["id"]
            for queue in queues
            if not any(
                2 * block.left > block.lease.last - block.lease.first + 1
                for block in self._of(queue["id"])
            )
        )

    def keep(self, leases: Iterable[Lease]) -> None:
        """Write new blocks down. OSError: they are not ours, and nobody else's."""
        for lease in leases:
            self._journal.append(lease.signature, lease=lease.model_dump(mode="json"))
            self._blocks[lease.signature] = Block(lease)

    def ready(self, date: str) -> frozenset[str]:
        """The queues that have a number for this date."""
        return frozenset(
            block.lease.queue
            for block in self._blocks.values()
            if block.left and block.lease.date == date
        )

    def take(self, queue: str, now: datetime) -> tuple[Lease, int]:
        """The next number of a queue and the block that it is of, on disk when this returns.

        Raises offline_used_up where there is none for today; OSError: none was taken.
        """
        for block in self._of(queue):
            if block.left:
                sequence = block.lease.next(block.used, now.date().isoformat())
                self._use(block)
                return block.lease, sequence
        raise Refused(Refusal.OFFLINE_USED_UP)

    def _use(self, block: Block) -> None:
        signature = block.lease.signature
        self._journal.append(signature, used=block.used + 1)
        self._blocks[signature] = Block(block.lease, block.used + 1)

    def _of(self, queue: str) -> list[Block]:
        """Its blocks, the first leased first."""
        blocks = (block for block in self._blocks.values() if block.lease.queue == queue)
        return sorted(blocks, key=lambda block: block.lease.first)
