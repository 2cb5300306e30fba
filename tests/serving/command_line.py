"""The `hall` command as a person gives it at a terminal."""

import contextlib
import io

from hall_server.__main__ import main


def hall(*words: object) -> tuple[int, str]:
    """Exit status, and all that the command printed; what is not answered in words is raised."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        status = main([str(word) for word in words])
    return status, said.getvalue()
