"""Pictures of what is printed as it comes out of each kind of printer."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from config.settings import CONFIG
from drivers.compose import Style
from drivers.preview import preview, sample
from drivers.profile import load_profile
from drivers.ticket_paper import ticket
from tests.kiosk import halls

PRINTERS = ("gb18030_58", "clone_58", "gb18030_80", "raster_80")
STYLES = {
    "zh": Style(),
    "en": Style(lang="en"),
    "zh-large": Style(large=True),
    "en-large": Style(lang="en", large=True),
}
LONG = "外国人来华工作许可、外国专家来华邀请函及其配偶子女居留事项变更的一次性联合受理"


def tickets() -> dict[str, tuple[str, dict[str, Any]]]:
    """Tickets that are out of the ordinary: what for, and what the hall answered."""
    first = halls.sample()[0]["classes"][0]["id"]
    return {
        "again-with-priority": (LONG, {"priority": first, "prints": 2}),
        "offline": (
            "居民身份证换领",
            {"number": "F051X", "offline": True, "ahead": None} | {"estimate": None},
        ),
        "no-telephone": ("居民身份证换领", {"url": "", "ahead": 0}),
    }


async def shoot(folder: Path) -> AsyncIterator[Path]:
    """Every paper on paper of 58 and 80 mm."""
    hall = halls.sample()[0]
    for printer in PRINTERS:
        profile = load_profile(CONFIG / "devices" / "printers" / f"{printer}.toml")
        width = profile.width_dots
        jobs = {
            f"{paper}-{way}": sample(replace(style, width_dots=width), paper)
            for paper in ("ticket", "notice", "appointment", "receipt")
            for way, style in STYLES.items()
        }
        for name, (title, given) in tickets().items():
            style = Style(width_dots=width)
            jobs[f"ticket-{name}"] = ticket(halls.reply(**given), hall, style, title=title)
        for name, job in jobs.items():
            path = folder / "paper" / printer / f"{name}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            preview(job, profile).slip.picture().save(path)
            yield path
