"""The files of a hall: found, decoded, and refused when they are no text."""

import codecs
import shutil
from pathlib import Path

import pytest

from config.hall_files import CONFIG, EXAMPLE, LARGEST_FILE, Unreadable, decode, texts_in


def test_a_hall_without_calendars_uses_those_of_the_country() -> None:
    assert set(texts_in(EXAMPLE)) == {
        "hall.toml",
        "items.csv",
        "calendars/2026.toml",
        "calendars/2027.toml",
    }


def test_a_hall_with_calendars_of_its_own_uses_only_those(tmp_path: Path) -> None:
    shutil.copy(EXAMPLE / "hall.toml", tmp_path)
    (tmp_path / "calendars").mkdir()
    shutil.copy(CONFIG / "calendars" / "2026.toml", tmp_path / "calendars")
    assert set(texts_in(tmp_path)) == {"hall.toml", "calendars/2026.toml"}


def test_the_sample_catalogue_opens_in_excel() -> None:
    assert (EXAMPLE / "items.csv").read_bytes().startswith(codecs.BOM_UTF8)


def test_a_table_saved_as_utf_8_or_as_excel_in_china_saves_it_is_decoded() -> None:
    assert decode(codecs.BOM_UTF8 + "事项".encode()) == "事项"
    assert decode("事项编码，㐂".encode("gb18030")) == "事项编码，㐂"


def test_a_file_that_is_missing_too_large_or_no_text_is_named(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match=r"hall\.toml"):
        texts_in(tmp_path)
    hall = tmp_path / "hall.toml"
    hall.write_bytes(b"\xff\xff\xff")
    with pytest.raises(Unreadable, match="neither UTF-8 nor GB 18030"):
        texts_in(tmp_path)
    with hall.open("wb") as file:
        file.truncate(LARGEST_FILE + 1)
    with pytest.raises(Unreadable, match="larger than"):
        texts_in(tmp_path)
