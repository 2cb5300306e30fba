"""The victim: a warmed process that forks one short life of a printing program after another.

It reads one JSON line per life from its standard input and writes JSON lines to its standard
output: born (its id), said (the outcome of a job), dead (how it ended).
"""

import gc
import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

from drivers.health import State
from drivers.port import Port
from drivers.preview import preview
from drivers.printer import Printer
from tests.drivers.bench import FONT, until
from tests.faults.print_cuts import MODES, NEXT, TICKET
from tests.faults.writer_life import tell

LONGEST_LIFE = 20  # seconds; an orphan ends by itself


def live(order: dict[str, Any]) -> None:
    """Print the ticket that is asked for, and the next one if that is asked for too."""
    profile = MODES[order["mode"]]
    port = Port(order["line"], name="life", baud=profile.baud, retry=(0.01, 0.02))
    ledger = Path(order["ledger"]) if order["ledger"] else None
    printer = Printer(port, profile, font=FONT, ledger=ledger)
    port.start()
    until(lambda: printer.health.state is State.READY)
    tell("said", printer.print(order["job"], TICKET).outcome)
    if order["next"]:
        tell("said", printer.print(f"{order['job']}-next", NEXT).outcome)
    port.close()


def main() -> None:
    for profile in MODES:  # load the faces and codes that every life draws with
        for job in (TICKET, NEXT):
            preview(job, profile)
    gc.collect()
    gc.freeze()
    tell("warm")
    for line in sys.stdin:
        child = os.fork()
        if not child:
            signal.alarm(LONGEST_LIFE)
            live(json.loads(line))
            os._exit(0)
        tell("born", child)
        _, status = os.waitpid(child, 0)
        tell("dead", os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    main()
