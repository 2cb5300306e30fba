"""The files a hall is written in: hall.toml, items.csv and the calendars, found and decoded."""

from pathlib import Path

CONFIG = Path(__file__).parent
EXAMPLE = CONFIG / "examples"
LARGEST_FILE = 16 * 1024 * 1024  # 1,135 real items are 0.4 MB


class Unreadable(ValueError):
    """A file that is not there, too large, or not text."""


def texts_in(folder: Path) -> dict[str, str]:
    """All texts of one hall's folder by name: "hall.toml", "items.csv", "calendars/2026.toml".

    A hall without calendars of its own uses those of config/calendars.
    """
    texts = {"hall.toml": _text(folder / "hall.toml")}
    if (folder / "items.csv").exists():
        texts["items.csv"] = _text(folder / "items.csv")
    own = folder / "calendars"
    for file in sorted((own if own.is_dir() else CONFIG / "calendars").glob("*.toml")):
        texts[f"calendars/{file.name}"] = _text(file)
    return texts


def _text(file: Path) -> str:
    try:
        if file.stat().st_size > LARGEST_FILE:
            raise Unreadable(f"{file}: larger than {LARGEST_FILE} bytes")
        return decode(file.read_bytes())
    except OSError as error:
        raise Unreadable(f"{file}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise Unreadable(f"{file}: neither UTF-8 nor GB 18030 text") from error


def decode(data: bytes) -> str:
    """UTF-8 with or without BOM, else GB 18030: what Excel in China saves as "CSV"."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("gb18030")
