"""hall bench: what the hall does, beside the floor of the same machine in the same run."""

from collections.abc import Sequence


def run(argv: Sequence[str]) -> int:
    """`hall bench`, with its arguments; see `program`."""
    # Here, so that the servers of the bench carry nothing that `hall serve` does not.
    from hall_server.bench import program

    return program.run(argv)
