"""The demo's child processes: started together, ended together, whatever happens."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

PR_SET_PDEATHSIG = 1
PATIENCE = 5.0  # seconds from "please end" to "end"


class Children:
    """Programs of ours that run beside the demo; each writes what it says into its own log."""

    def __init__(self, logs: Path) -> None:
        self._logs = logs
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        logs.mkdir(parents=True, exist_ok=True)

    def start(self, name: str, module: str, *words: str, env: Mapping[str, str]) -> None:
        """Run `python -m module words`."""
        with (self._logs / f"{name}.log").open("ab") as log:
            self._running[name] = subprocess.Popen(
                [sys.executable, "-m", module, *words],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={**os.environ, **env},
                # Ctrl-C is for the demo alone, which then ends its children in order.
                start_new_session=True,
                preexec_fn=_die_with_parent,
            )

    def fallen(self) -> list[str]:
        """The names of those that ended though nobody told them to, with their last words."""
        return [
            f"{name} (status {child.returncode}): {self._last_words(name)}"
            for name, child in self._running.items()
            if child.poll() is not None
        ]

    def stop(self) -> None:
        """End all, the last started first; who does not end in time is killed."""
        for child in reversed(self._running.values()):
            if child.poll() is None:
                child.terminate()
        until = time.monotonic() + PATIENCE
        for child in self._running.values():
            try:
                child.wait(max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
        self._running.clear()

    def _last_words(self, name: str) -> str:
        lines = (self._logs / f"{name}.log").read_text("utf-8", "replace").splitlines()
        return lines[-1][:200] if lines else ""


def _die_with_parent() -> None:
    """Where the kernel can (Linux): nobody outlives a demo that was killed outright."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
