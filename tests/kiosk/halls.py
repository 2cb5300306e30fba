"""Halls for the kiosk's tests: the sample hall and the real catalogue, as the wire tells them."""

import csv
from copy import deepcopy
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from config.hall_files import EXAMPLE, texts_in
from hall_server.actions import search_keys
from hall_server.wire.files import read_hall
from kiosk import search
from kiosk.search import Catalogue

REAL_ITEMS = Path(__file__).parents[3] / "shared" / "data" / "real_items.csv"
LONG_NAMES = (
    "建设工程城市绿化审批（改变绿化规划、绿化用地的使用性质，工程建设项目附属绿化工程设计方案，"
    "临时占用城市绿地，砍伐、移植、修剪城市树木以及迁移古树名木的申请、变更、延续和补办的一次性联合办理）"
    "——三年以上十年以下",
    "外商投资企业（含港澳台）设立、变更（备案）、注销登记与税务、社会保险、公积金、印章、银行开户一件事联办",
    "因工伤残职工旧伤复发治疗、辅助器具配置（更换）确认和一次性伤残就业补助金、医疗补助金申领",
    "身份证换领",
)
WORDY: dict[str, Any] = {
    "name": ("社会保障与医疗保障综合服务及公共资源交易不动产登记联合办理" * 2)[:40],
    "name_en": ("Comprehensive social security and real estate registration services " * 3)[:200],
    "notices": [("今日系统升级不动产登记业务暂停办理给您带来不便请谅解" * 8)[:200]],
}
URL = "http://hall.example/t/9fT2mQ7xWb4KcR1sZp6uVd"


@lru_cache(maxsize=1)
def sample() -> tuple[dict[str, Any], Catalogue]:
    """The "hall" fact and the catalogue of config/examples."""
    files = read_hall(texts_in(EXAMPLE))
    plan = files.layout.model_dump(mode="json")
    hall = plan["hall"] | {
        name: plan[name] for name in ("zones", "windows", "queues", "classes", "hours")
    }
    hall["kiosks"] = {one["id"]: one["plan"] for one in plan["devices"] if one["plan"]}
    rows = [item.model_dump(mode="json") for item in files.catalogue.items]
    return hall, told(files.catalogue.version, rows)


def guidance(code: str = "") -> dict[str, Any]:
    """The hall's view of one item of the sample hall; the one that has most to bring."""
    files = read_hall(texts_in(EXAMPLE))
    items = files.catalogue.items
    most = max(items, key=lambda item: len(item.materials))
    one = next((item for item in items if item.code == code), most)
    near = [point for point in files.layout.points if point.does(one)]
    return one.model_dump(mode="json") | {
        "points": [point.model_dump(mode="json", exclude={"queues", "items"}) for point in near]
    }


def state() -> dict[str, Any]:
    """A live state of the sample hall in the middle of a morning."""
    hall, _ = sample()
    queues = {
        f"queue/{queue['id']}": {"waiting": n % 5, "taken": 9 + n, "left": None}
        for n, queue in enumerate(hall["queues"])
    }
    windows = {
        f"window/{window['id']}": {"state": "open" if n % 3 else "closed"}
        for n, window in enumerate(hall["windows"])
    }
    day = {"date": "2026-11-21", "round": 1, "opened_at": 1_795_226_400_000}
    return {"hall": hall, "day": day, **queues, **windows}


def wordy() -> dict[str, Any]:
    """The same, of a hall whose every name and notice is as long as a hall may give it."""
    told = deepcopy(state())
    _grow(told["hall"])
    return told


def _grow(fact: Any) -> None:
    if isinstance(fact, dict):
        fact |= {name: text for name, text in WORDY.items() if name in fact}
        fact = list(fact.values())
    for part in fact if isinstance(fact, (list, tuple)) else ():
        _grow(part)


@lru_cache(maxsize=1)
def real() -> Catalogue:
    """1,135 items of a real district hall; the test is skipped where the file is not at hand."""
    if not REAL_ITEMS.exists():
        pytest.skip(f"{REAL_ITEMS.name} is not at hand: real names were not tried")
    with REAL_ITEMS.open(encoding="utf-8-sig", newline="") as file:
        rows = [
            {
                "code": row["item_code"],
                "name": row["name"],
                "department": row["department"],
                "theme": row["theme"],
                "queue": "general",
                "online_url": row["online_url"],
            }
            for row in csv.DictReader(file)
        ]
    return told("real", rows)


@lru_cache(maxsize=1)
def long() -> Catalogue:
    """A few items with names as long as the longest real ones, up to 110 characters."""
    rows = [
        {
            "code": f"long-{n}",
            "name": name,
            "department": "住房和城乡建设局（城市综合管理和综合行政执法局、人民防空办公室）",
            "theme": "外籍人员来华工作、居留和子女入学一件事",
            "queue": "general",
        }
        for n, name in enumerate(LONG_NAMES)
    ]
    return told("long", rows)


def told(version: str, rows: list[dict[str, Any]]) -> Catalogue:
    """The catalogue as the kiosk reads the hall's view of that name."""
    return search.catalogue(view(version, rows))


def view(version: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """The catalogue as the hall's view of that name tells it."""
    for row in rows:
        names = [row["name"], *row.get("common_names", ())]
        row["initials"] = " ".join(search_keys.initials(name) for name in names)
        row["pinyin"] = " ".join(search_keys.pinyin(name) for name in names)
    return {"version": version, "items": rows}


def reply(**other: Any) -> dict[str, Any]:
    """The hall's answer to a number taken."""
    return {
        "ticket": "0b0f8a52-3f55-4f0e-9d53-5a3f3c1c7a11",
        "number": "F012",
        "code": "7K3F",
        "queue": "household",
        "item": None,
        "priority": None,
        "ahead": 7,
        "estimate": {"median": 25, "low": 15, "high": 40, "late": False},
        "token": "9fT2mQ7xWb4KcR1sZp6uVd",
        "url": URL,
        "date": "2026-11-21",
        "taken_at": 1_795_231_800_000,
        "prints": 1,
    } | other


OFFLINE: dict[str, Any] = {
    "ticket": "",
    "offline": True,
    "number": "F051X",
    "ahead": None,
    "estimate": None,
}
DAYS = [f"2026-11-{day}" for day in (21, 23, 24, 25, 26, 27)]
TIMES = [f"{hour:02}:{half}" for hour in range(9, 17) for half in ("00", "30")]


def slots(free: int = 3) -> dict[str, Any]:
    """The half hours of a queue; of each third one no place is left, and of the last day none."""
    return {
        "queue": "household",
        "slots": [
            {"date": day, "time": time, "capacity": 4, "free": 0 if n % 3 == 1 else free}
            for day in DAYS
            for n, time in enumerate(TIMES)
            if day != DAYS[-1] or n % 3 == 1
        ],
    }


def booked(**other: Any) -> dict[str, Any]:
    """The hall's answer to a half hour booked."""
    return {
        "appointment": "01a205ea-be80-7d11-9c1d-13e64239b546",
        "code": "40718265",
        "queue": "household",
        "item": None,
        "date": "2026-11-24",
        "time": "10:30",
        "at": 1_795_487_400_000,
    } | other


def left(**other: Any) -> dict[str, Any]:
    """The hall's answer to a record that was left."""
    return {
        "entry": "01a205ea-be80-7d11-9c1d-13e64239b547",
        "record": "20261121-001",
        "state": "open",
        "answer_by": "2026-11-27",
        "code": "7K3F",
        "url": "http://hall.example/record/demo#20261121-001-7K3F",
    } | other


HELD: dict[str, dict[str, Any]] = {
    "waiting": {},
    "called": {"state": "called", "window": "12"},
    "serving": {"state": "serving", "window": "12"},
    "held": {"state": "held"},
    "passed": {"state": "passed"},
    "finished": {"state": "finished", "service": "s1", "may_rate": True},
    "rated": {"state": "finished", "service": "s1", "rated": True},
    "cancelled": {"state": "cancelled"},
    "expired": {"state": "expired"},
}


def held(**other: Any) -> dict[str, Any]:
    """The hall's view of a ticket that was shown by its number and code."""
    ticket = {"state": "waiting", "window": None, "service": None, "rated": False}
    return reply(**ticket, may_rate=False) | other
