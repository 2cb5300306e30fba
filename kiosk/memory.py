"""What a kiosk last knew of its hall, on disk: after a restart it works without it."""

import json
import logging
import os
from pathlib import Path
from typing import Any

log = logging.getLogger(__name__)


class Memory:
    """Pages of a folder, each a JSON object that is replaced as a whole; nothing in them is of a
    person. A page that is gone or cannot be read is forgotten: the hall tells it again."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._kept: dict[str, Any] = {}

    def recall(self, page: str) -> dict[str, Any]:
        """The page as it was kept last; empty when there is none."""
        path = self._path(page)
        try:
            known = json.loads(path.read_bytes()) if path.exists() else {}
        except (OSError, ValueError) as broken:
            log.warning("%s is not remembered: %s", page, broken)
            return {}
        return known if isinstance(known, dict) else {}

    def keep(self, page: str, known: dict[str, Any]) -> None:
        """Write a page down; the same page again is not written. A disk that fails costs no more
        than the memory."""
        if self._kept.get(page) == known:
            return
        path = self._path(page)
        fresh = path.with_suffix(".new")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with fresh.open("wb") as file:
                file.write(json.dumps(known, ensure_ascii=False).encode())
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(path)
        except OSError as full:
            log.error("%s is not written down: %s", page, full)
            return
        self._kept[page] = known

    def _path(self, page: str) -> Path:
        return self._folder / f"{page}.json"
