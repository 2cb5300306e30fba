"""What became of the last print jobs, so that none is printed twice."""

import logging
import os
import re
from collections import OrderedDict
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from drivers import durable
from drivers.health import Trouble

log = logging.getLogger(__name__)

KEPT = 256
_JOB_ID = re.compile(r"[!-~]{1,64}")


class Outcome(StrEnum):
    """What is known of a slip: it came out, nobody can tell, or no whole slip came out."""

    PRINTED = "printed"
    UNKNOWN = "unknown"
    FAILED = "failed"


@dataclass(frozen=True)
class PrintResult:
    """The end of one print job (打印结果) and the trouble behind it."""

    outcome: Outcome
    trouble: Trouble = Trouble.NONE


class Ledger:
    """The results of the last 256 jobs; with a path they outlive a power cut.

    A job is written down as unknown before its first byte is sent, so a job cut short by a crash
    is never sent again. Job ids are 1 to 64 printable ASCII characters without spaces.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._results: OrderedDict[str, PrintResult] = OrderedDict()
        if path is not None and path.exists():
            for row in path.read_text("ascii", "replace").splitlines()[-KEPT:]:
                self._read(row)

    def result(self, job_id: str) -> PrintResult | None:
        """What became of a job, or None for one never begun; a malformed id is a ValueError."""
        if not _JOB_ID.fullmatch(job_id):
            raise ValueError("job id: 1 to 64 printable ASCII characters without spaces")
        return self._results.get(job_id)

    @property
    def doubtful(self) -> bool:
        """Whether the last job is not known to have been printed to its end."""
        last = next(reversed(self._results.values()), None)
        return last is not None and last.outcome is not Outcome.PRINTED

    def record(self, job_id: str, result: PrintResult) -> None:
        """Write down a result before anyone acts on it."""
        self._results[job_id] = result
        while len(self._results) > KEPT:
            self._results.popitem(last=False)
        if self._path is None:
            return
        fresh = self._path.with_suffix(self._path.suffix + ".new")
        try:
            with fresh.open("w", encoding="ascii") as file:
                for known, was in self._results.items():
                    file.write(f"{known} {was.outcome} {was.trouble}\n")
                file.flush()
                os.fsync(file.fileno())
            durable.replace(fresh, self._path)
        except OSError:  # a full disk must not keep people from their tickets
            log.exception("print ledger not written")

    def _read(self, row: str) -> None:
        try:
            job_id, outcome, trouble = row.split(" ")
            self._results[job_id] = PrintResult(Outcome(outcome), Trouble(trouble))
        except ValueError:  # a row torn by a power cut: its job is newer than this file
            return
