"""The catalogue as a table that opens in Excel (items.csv): one item a row, Chinese headings."""

import csv
import hashlib
import io
import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from pydantic import TypeAdapter, ValidationError

from config.language import say
from hall_server.wire.fault import Faults, listed
from hall_server.wire.files.wrong import FileFault, named, shown, told
from hall_server.wire.items import Catalogue, Item, item_faults
from hall_server.wire.layout import Layout

ITEMS = "items.csv"
MOST_ITEMS = 20_000
# Heading → field. The English headings are the field names, and item_code as provincial exports
# write it; the last two stand in such exports and say nothing that the code does not.
HEADINGS: Mapping[str, str] = {
    "事项编码": "code",
    "item_code": "code",
    "事项名称": "name",
    "英文名称": "name_en",
    "实施部门": "department",
    "一件事主题": "theme",
    "业务队列": "queue",
    "事项类型": "task_type",
    "常用名": "common_names",
    "服务内容": "content",
    "办理程序": "procedure",
    "政策依据": "legal_basis",
    "申报材料": "materials",
    "承诺时限": "promised_days",
    "收费标准": "fee",
    "咨询电话": "phone",
    "投诉方式": "complaint",
    "网办地址": "online_url",
    **{field: field for field in Item.model_fields},
    "area_code": "",
    "dept_code": "",
}
NEEDED = ("code", "name", "department")
TASK_TYPES: Mapping[str, str] = {
    "行政许可": "1",
    "行政处罚": "2",
    "行政强制": "3",
    "行政征收": "4",
    "行政给付": "5",
    "行政检查": "6",
    "行政确认": "7",
    "行政奖励": "8",
    "行政裁决": "9",
    "其他行政权力": "10",
    "公共服务": "20",
}
NO_MATERIALS = "无需提交材料"
_DAYS = re.compile(r"^([0-9]{1,4})\s*(?:个)?(?:工作日)?$")


class Row(NamedTuple):
    """One row as written, by field, with the line it begins on."""

    line: int
    cells: dict[str, str]


def read_catalogue(
    text: str, layout: Layout | None, lang: str = "zh"
) -> tuple[Catalogue, list[FileFault]]:
    """Read an items.csv for this hall; every fault at once, and no item of a faulty file.

    Without a layout (it may be at fault itself) queues are not looked at.
    """
    wrong: list[FileFault] = []
    items: list[Item] = []
    lines: list[int] = []
    for row in _rows(text, wrong, lang):
        queue = _queue(row.cells, layout) if layout else None
        if layout and queue is None and (word := row.cells.get("queue")):
            problem = say("layout.unknown", lang, value=shown(word))
            allowed = listed([plan.name for plan in layout.queues])
            wrong.append(FileFault(ITEMS, row.line, "queue", problem, allowed))
        try:
            items.append(Item.model_validate(_values(row.cells) | {"queue": queue}))
            lines.append(row.line)
        except ValidationError as error:
            for path, problem, allowed in told(error, lang, group="items"):
                wrong.append(FileFault(ITEMS, row.line, named(path), problem, allowed))
    found = Faults(lang)
    item_faults(items, None, found)
    for fault in found:
        line = lines[int(fault.place.removeprefix("items[")[:-1]) - 1]
        wrong.append(FileFault(ITEMS, line, fault.field, fault.problem, fault.allowed))
    wrong.sort(key=lambda fault: fault.line)
    if wrong:
        return Catalogue(), wrong
    return Catalogue(items=tuple(items), version=version_of(items)), []


def version_of(items: list[Item]) -> str:
    """A name for exactly these items: the same content has the same version on every machine."""
    content = TypeAdapter(list[Item]).dump_json(items)
    return hashlib.sha256(content).hexdigest()[:12]


def _rows(text: str, wrong: list[FileFault], lang: str) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)

    def fault(line: int, field: str, code: str, allowed: str = "", **facts: object) -> None:
        wrong.append(FileFault(ITEMS, line, field, say(f"layout.{code}", lang, **facts), allowed))

    try:
        headings = [heading.strip() for heading in next(reader, [])]
        fields = [HEADINGS.get(heading) for heading in headings]
        for heading, field in zip(headings, fields, strict=True):
            if field is None:
                fault(1, shown(heading), "heading_unknown", listed(list(HEADINGS), 18))
        for field in NEEDED:
            if field not in fields:
                fault(1, field, "heading_missing")
        for field in sorted({field for field in fields if field and fields.count(field) > 1}):
            fault(1, field, "repeated", value=field)
        if wrong:
            return
        begins, count = reader.line_num + 1, 0
        for cells in reader:
            if any(cell.strip() for cell in cells):
                count += 1
                if len(cells) != len(fields):
                    fault(begins, "", "cells", str(len(fields)), cells=len(cells))
                elif count > MOST_ITEMS:
                    fault(begins, "", "too_many_items", f"≤ {MOST_ITEMS}")
                    return
                else:
                    pairs = zip(fields, cells, strict=True)
                    yield Row(begins, {f: c.strip(" \t\u3000\r\n") for f, c in pairs if f})
            begins = reader.line_num + 1
    except csv.Error as error:
        fault(reader.line_num, "", "not_csv", str(error))


def _values(cells: Mapping[str, str]) -> dict[str, object]:
    """What a row means; what cannot be understood is passed on for the item to refuse."""
    values: dict[str, object] = {field: cell for field, cell in cells.items() if cell}
    if "task_type" in values:
        kind = cells["task_type"]
        values["task_type"] = TASK_TYPES.get(kind, kind.lstrip("0"))
    if "promised_days" in values:
        values["promised_days"] = _days(cells["promised_days"])
    if "common_names" in values:
        values["common_names"] = tuple(_parts(cells["common_names"]))
    if "materials" in values:
        values["materials"] = _materials(cells["materials"])
    for field, value in values.items():
        if isinstance(value, str):
            values[field] = value.replace("\r\n", "\n")
    return values


def _queue(cells: Mapping[str, str], layout: Layout) -> str | None:
    """A queue by id or by name; an item that names none goes to the queue of its department."""
    word, department = cells.get("queue", ""), cells.get("department", "")
    for queue in layout.queues:
        if word in (queue.id, queue.name) or (not word and department in queue.departments):
            return queue.id
    return None


def _days(cell: str) -> int | str:
    if cell in ("即办", "即时办结", "当场办结"):
        return 0
    days = _DAYS.match(cell)
    return int(days[1]) if days else cell


def _materials(cell: str) -> tuple[object, ...]:
    """「名称|份数|必需|说明；…」; all after the name may be left out: one copy, required."""
    if cell in ("无", NO_MATERIALS):
        return ({"name": NO_MATERIALS, "copies": 0, "required": False},)
    return tuple(_material(part) for part in _parts(cell))


def _material(part: str) -> dict[str, object]:
    words = [word.strip() for word in part.replace("｜", "|").split("|")]
    name, copies, needed, *note = (*words, *[""] * (3 - len(words)))
    return {
        "name": name,
        "copies": int(copies) if copies.isdecimal() and len(copies) < 4 else copies or 1,
        "required": {"": True, "必需": True, "非必需": False}.get(needed, needed),
        "note": " ".join(note),
    }


def _parts(cell: str) -> list[str]:
    return [part.strip() for part in re.split(r"[；;\n]", cell) if part.strip()]
