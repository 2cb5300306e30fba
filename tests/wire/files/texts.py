"""A small sound hall in files, and what is found when it is read."""

from hall_server.wire.files import FileFault, HallFilesRefused, read_hall

HALL = """\
[hall]
id = "demo"
name = "示例"
division = "370499"

[[windows]]
id = "1"
name = "综合"
queues = ["general"]

[[queues]]
id = "general"
prefix = "A"
name = "综合业务"
departments = ["审批局"]

[[hours.weekly]]
days = [1, 2, 3, 4, 5]
start = "09:00"
end = "17:00"
last_ticket = "16:30"
"""
YEAR = "year = 2026\npublished = true\nworkdays = [\n{date=2026-01-04},\n]\n"
HEADING = "事项编码,事项名称,实施部门"

ITEMS = f"{HEADING},申报材料,承诺时限,业务队列\nA-1,事项,局,身份证|1|必需|原件；照片,即办,general\n"


def faults_of(lang: str = "zh", **texts: str) -> list[FileFault]:
    names = {"hall": "hall.toml", "items": "items.csv", "year": "calendars/2026.toml"}
    return refusal({"hall.toml": HALL} | {names[key]: text for key, text in texts.items()}, lang)


def refusal(files: dict[str, str], lang: str = "zh") -> list[FileFault]:
    try:
        read_hall(files, lang)
    except HallFilesRefused as refused:
        return refused.faults
    return []


def spots(faults: list[FileFault]) -> list[tuple[str, int, str]]:
    return [(fault.file, fault.line, fault.field) for fault in faults]
