"""Pictures of the printed ticket as it comes out of each kind of printer."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from config.settings import CONFIG
from drivers.compose import Style
from drivers.preview import preview
from drivers.profile import load_profile
from kiosk.printout import ticket
from tests.kiosk import halls

PRINTERS = ("gb18030_58", "clone_58", "gb18030_80", "raster_80")
LONG = "外国人来华工作许可、外国专家来华邀请函及其配偶子女居留事项变更的一次性联合受理"


def tickets() -> dict[str, dict[str, Any]]:
    """Each paper by name: what differs from an ordinary one."""
    first = halls.sample()[0]["classes"][0]["id"]
    return {
        "zh": {"title": "居民身份证换领"},
        "en": {"title": "Renewing an identity card", "lang": "en"},
        "zh-large": {"title": "居民身份证换领", "large": True},
        "en-large": {"title": "Renewing an identity card", "lang": "en", "large": True},
        "again-with-priority": {"title": LONG, "reply": {"priority": first, "prints": 2}},
        "no-telephone": {"title": "居民身份证换领", "reply": {"url": "", "ahead": 0}},
    }


async def shoot(folder: Path) -> AsyncIterator[Path]:
    """Every paper on paper of 58 and 80 mm."""
    for printer in PRINTERS:
        profile = load_profile(CONFIG / "devices" / "printers" / f"{printer}.toml")
        for name, given in tickets().items():
            given = dict(given)
            reply = halls.reply(**given.pop("reply", {}))
            hall = halls.sample()[0]
            title = given.pop("title")
            job = ticket(reply, hall, Style(width_dots=profile.width_dots, **given), title=title)
            path = folder / "paper" / printer / f"{name}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            preview(job, profile).slip.picture().save(path)
            yield path
