"""The journal: what was promised is on disk, whatever the crash leaves of the file."""

import os
from pathlib import Path

import pytest

from drivers.journal import LARGEST, SPACIOUS, Journal

WISH = {"item": "身份证换领", "date": "2026-11-21"}


def written(folder: Path, count: int = 3) -> bytes:
    """The bytes of a journal in which so many wishes were written, none closed."""
    journal = Journal(folder / "wishes")
    for n in range(count):
        journal.append(f"wish-{n}", **WISH)
    journal.close()
    return (folder / "wishes").read_bytes()


def reopened(path: Path) -> dict[str, dict[str, object]]:
    journal = Journal(path)
    journal.close()
    return journal.unfinished


def test_what_is_known_of_a_wish_is_put_together_again(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "wishes")
    journal.append("a", **WISH)
    journal.append("b", **WISH)
    journal.append("a", reply={"number": "A001"})
    journal.append("b", closed=True)
    journal.close()
    assert reopened(tmp_path / "wishes") == {
        "a": {"wish": "a", **WISH, "reply": {"number": "A001"}}
    }


def test_cut_at_any_byte_it_keeps_every_whole_entry_and_goes_on(tmp_path: Path) -> None:
    whole = written(tmp_path)
    ends = [len(whole) * n // 3 for n in range(4)]  # three entries of one length
    for cut in range(len(whole) + 1):
        path = tmp_path / "cut"
        path.write_bytes(whole[:cut])
        kept = sum(end <= cut for end in ends[1:])
        assert list(reopened(path)) == [f"wish-{n}" for n in range(kept)]
        journal = Journal(path)
        journal.append("after", **WISH)
        journal.close()
        assert list(reopened(path)) == [*(f"wish-{n}" for n in range(kept)), "after"]


def test_any_flipped_byte_is_noticed(tmp_path: Path) -> None:
    whole = written(tmp_path, 1)
    for at in range(len(whole)):
        path = tmp_path / "flipped"
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0x20]) + whole[at + 1 :])
        assert reopened(path) == {}


def test_an_entry_is_on_disk_before_append_returns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "wishes"
    journal = Journal(path)
    synced: list[bytes] = []
    real = os.fsync

    def fsync(file: int) -> None:
        real(file)
        synced.append(path.read_bytes())

    monkeypatch.setattr(os, "fsync", fsync)
    journal.append("a", **WISH)
    assert synced == [path.read_bytes()]
    assert b'"a"' in synced[0]
    journal.close()


def test_a_disk_that_fails_leaves_the_entry_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = Journal(tmp_path / "wishes")
    journal.append("a", **WISH)

    def full(_file: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space"):
            journal.append("b", **WISH)
    assert list(journal.unfinished) == ["a"]
    journal.append("c", **WISH)
    journal.close()
    assert list(reopened(tmp_path / "wishes")) == ["a", "c"]


def test_closed_wishes_and_their_proofs_are_gone_after_a_restart(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "wishes")
    for n in range(50):
        journal.append(f"wish-{n}", reply={"token": "secret-of-the-holder"})
        journal.append(f"wish-{n}", closed=True)
    journal.close()
    assert reopened(tmp_path / "wishes") == {}
    assert (tmp_path / "wishes").read_bytes() == b""


def test_only_this_program_may_read_it(tmp_path: Path) -> None:
    written(tmp_path)
    assert (tmp_path / "wishes").stat().st_mode & 0o077 == 0


def test_an_entry_without_bound_is_refused(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "wishes")
    with pytest.raises(ValueError, match="bytes"):
        journal.append("a", item="字" * LARGEST)
    journal.close()
    assert reopened(tmp_path / "wishes") == {}


def test_a_long_journal_that_owes_nothing_begins_anew(tmp_path: Path) -> None:
    path = tmp_path / "wishes"
    journal = Journal(path)
    journal.append("owed", **WISH)
    for n in range(20):
        journal.append(f"long-{n}", told="x" * 60_000)
        journal.append(f"long-{n}", closed=True)
    assert path.stat().st_size > SPACIOUS, "the control: something is owed, so nothing is dropped"
    journal.append("owed", closed=True)
    assert path.stat().st_size == 0
    journal.append("next", **WISH)
    journal.close()
    assert list(reopened(path)) == ["next"]
