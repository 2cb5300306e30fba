"""What a kiosk remembers of its hall: whole pages, or none."""

import os
from pathlib import Path

import pytest

from kiosk.memory import Memory

HALL = {"hall": {"name": "示例大厅"}, "day": {"date": "2026-11-23"}}


def test_a_page_is_recalled_by_the_next_start(tmp_path: Path) -> None:
    assert Memory(tmp_path).recall("hall") == {}
    Memory(tmp_path / "new").keep("hall", HALL)
    assert Memory(tmp_path / "new").recall("hall") == HALL


@pytest.mark.parametrize("left", [b"", b'{"hall": ', b"[1]", b"\xff\xfe"])
def test_a_page_that_cannot_be_read_is_forgotten(tmp_path: Path, left: bytes) -> None:
    (tmp_path / "hall.json").write_bytes(left)
    memory = Memory(tmp_path)
    assert memory.recall("hall") == {}
    memory.keep("hall", HALL)
    assert memory.recall("hall") == HALL


def test_a_full_disk_leaves_the_page_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory = Memory(tmp_path)
    memory.keep("hall", HALL)

    def full(_file: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", full)
        memory.keep("hall", {"hall": {}})
    assert memory.recall("hall") == HALL
    memory.keep("hall", {"hall": {}})
    assert memory.recall("hall") == {"hall": {}}
