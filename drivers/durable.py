"""A file put in another's place so that a power cut leaves the one or the other, whole."""

import os
from pathlib import Path


def replace(fresh: Path, path: Path) -> None:
    """Put a file that is on disk in the place of another, and that on disk too."""
    os.replace(fresh, path)
    if os.name == "nt":  # has no way to ask for a folder on disk, and needs none
        return
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
