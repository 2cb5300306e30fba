"""What differs between two halls, in sentences."""

from config.hall_files import EXAMPLE, texts_in
from config.language import has
from hall_server.wire.files import diff, read_hall
from hall_server.wire.layout import (
    Calendar,
    Catalogue,
    DevicePlan,
    HallInfo,
    Hours,
    Item,
    Layout,
    PriorityClass,
    QueuePlan,
    QueuePolicy,
    SlotPlan,
    StaffPlan,
    WindowPlan,
    Zone,
)
from hall_server.wire.points import PointPlan
from tests.wire.files.texts import HALL


def test_an_unchanged_hall_has_no_differences() -> None:
    hall = read_hall(texts_in(EXAMPLE))
    assert diff(hall.layout, hall.layout) == []
    assert diff(hall.catalogue, hall.catalogue) == []


def test_differences_are_told_in_sentences() -> None:
    texts = texts_in(EXAMPLE)
    old = read_hall(texts)
    before = 'name = "税务"\nname_en = "Tax"\nzone = "b"\nquota = 300'
    texts["hall.toml"] = texts["hall.toml"].replace(before, 'name = "税费"\nquota = 250', 1)
    texts["items.csv"] = texts["items.csv"].replace(",税务,", ",税费,")
    texts["items.csv"] = "\n".join(texts["items.csv"].split("\n")[:-2])
    new = read_hall(texts)
    assert diff(old.layout, new.layout) == [
        "业务队列 税费 (tax)：名称 税务 → 税费",
        "业务队列 税费 (tax)：英文名称 Tax → —",
        "业务队列 税费 (tax)：所在区 b → —",
        "业务队列 税费 (tax)：限号 300 → 250",
    ]
    last = old.catalogue.items[-1]
    assert diff(old.catalogue, new.catalogue, lang="en") == [
        f"gone: item {last.name} ({last.code})"
    ]


def test_every_field_that_can_change_has_a_word() -> None:
    models = (HallInfo, Zone, WindowPlan, QueuePlan, QueuePolicy, PriorityClass, Hours, Calendar)
    for model in (*models, SlotPlan, StaffPlan, DevicePlan, PointPlan, Item, Layout, Catalogue):
        for field in model.model_fields:
            assert has(f"layout.word.{field}"), f"{model.__name__}.{field}"


def test_changed_hours_and_policies_are_told_without_brackets() -> None:
    old = read_hall({"hall.toml": HALL})
    text = HALL.replace('"17:00"', '"18:00"').replace("[[hours", "policy = {ratio = 1}\n[[hours")
    new = read_hall({"hall.toml": text})
    assert diff(old.layout, new.layout, "en") == [
        "queue 综合业务 (general) policy: ratio 2 → 1",
        "hours: weekly hours 1, 2, 3, 4, 5 09:00 17:00 16:30 normal → "
        "1, 2, 3, 4, 5 09:00 18:00 16:30 normal",
    ]
