"""hall bench: what the hall does, beside the floor of the same machine in the same run."""

from hall_server.bench.program import run

__all__ = ["run"]
