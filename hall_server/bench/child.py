"""A server of the bench in a process of its own, and what it costs the machine."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

START_SECONDS, END_SECONDS = 60, 15
TICKS = os.sysconf("SC_CLK_TCK")


class Child:
    """A running server: where it listens, and how much time and memory it has used."""

    def __init__(self, pid: int, ports: list[int]) -> None:
        self.pid, self.ports = pid, ports

    @property
    def port(self) -> int:
        return self.ports[0]

    def cpu(self) -> float:
        """Processor seconds used since the start, in user and in system time."""
        told = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(told[11]) + int(told[12])) / TICKS

    def memory(self) -> float:
        """Resident memory in MiB."""
        for line in Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
        raise RuntimeError("the server has ended")


@asynccontextmanager
async def serving(what: str, database: str) -> AsyncIterator[Child]:
    """Run one of the servers of `serving`; it ends with the block, or with this process."""
    process = subprocess.Popen(
        [sys.executable, "-m", "hall_server.bench.serving", what, database],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,  # Ctrl-C is for us; we then end it
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        told = await asyncio.wait_for(asyncio.to_thread(process.stdout.readline), START_SECONDS)
        ports = [int(port) for port in told.split()]
        if not ports:
            raise RuntimeError(f"bench: the server {what} did not start")
        yield Child(process.pid, ports)
    finally:
        # A failed start leaves a thread in readline(); the end of the process lets it go.
        process.stdin.close()
        try:
            await asyncio.to_thread(process.wait, END_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()
