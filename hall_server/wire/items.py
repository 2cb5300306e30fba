"""The catalogue (事项目录): what a hall can do for people, with the guidance to it."""

from collections.abc import Sequence
from typing import Annotated, Literal, get_args

from pydantic import Field, StringConstraints

from hall_server.wire.bounds import PLAIN, Frozen, ItemCode, QueueId
from hall_server.wire.fault import Faults

# As PLAIN, but a line may end: procedures are told in steps.
PROSE_PATTERN = rf"^(?:\n|{PLAIN[1:-2]})*$"
# http and https alone, no user name before the host, no character that could leave an attribute.
URL_PATTERN = r"^https?://[A-Za-z0-9.-]{1,253}(?::[0-9]{1,5})?(?:[/?#][!#-&(-;=?-Z_a-z~]*)?$"

Name = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=PLAIN)]
Label = Annotated[str, StringConstraints(min_length=1, max_length=40, pattern=PLAIN)]
Line = Annotated[str, StringConstraints(max_length=200, pattern=PLAIN)]
Prose = Annotated[str, StringConstraints(max_length=2000, pattern=PROSE_PATTERN)]
Url = Annotated[str, StringConstraints(max_length=400, pattern=URL_PATTERN)]

TaskType = Literal["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "20"]
PublicField = Literal[
    "content",
    "procedure",
    "legal_basis",
    "materials",
    "promised_days",
    "fee",
    "phone",
    "complaint",
]
PUBLIC_FIELDS: tuple[PublicField, ...] = get_args(PublicField)


class Material(Frozen):
    """One thing to bring (申请材料): how many copies, and whether the item fails without it."""

    name: Name
    copies: int = Field(default=1, strict=True, ge=0, le=20)
    required: bool = True
    note: Line = ""


class Item(Frozen):
    """One thing people come for (事项), with the eight fields a hall must make public.

    The eight are those of 罗政办字〔2020〕30号: service content, procedure, legal basis,
    materials, promised time, fee, enquiry phone and complaint channel. An imported catalogue may
    leave them empty; ``missing`` tells which, and nothing invents them.
    """

    code: ItemCode
    name: Name
    name_en: Line = ""
    department: Name
    theme: Name | None = None  # 一件事: the life event this item belongs to
    queue: QueueId | None = None  # None: guidance only, no number is given for it
    task_type: TaskType = "20"
    common_names: tuple[Label, ...] = Field(default=(), max_length=12)
    content: Prose = ""
    procedure: Prose = ""
    legal_basis: Prose = ""
    materials: tuple[Material, ...] = Field(default=(), max_length=60)
    promised_days: int | None = Field(
        default=None, strict=True, ge=0, le=365
    )  # working days; 0 = 即办
    fee: Line = ""
    phone: Line = ""
    complaint: Line = ""
    online_url: Url | None = None

    def missing(self) -> tuple[PublicField, ...]:
        """Which of the eight public fields are still empty."""
        return tuple(field for field in PUBLIC_FIELDS if getattr(self, field) in ("", (), None))


class Catalogue(Frozen):
    """All items of a hall; ``version`` names this very content and is shown with each item."""

    version: str = Field(default="", max_length=32, pattern=r"^[0-9a-z.-]*$")
    items: tuple[Item, ...] = Field(default=(), max_length=20_000)

    def item(self, code: str) -> Item | None:
        """The item of this code."""
        return next((item for item in self.items if item.code == code), None)

    def themes(self) -> tuple[str, ...]:
        """The life events (一件事) in the order they first appear."""
        return tuple(dict.fromkeys(item.theme for item in self.items if item.theme))

    def without_guidance(self) -> Sequence[Item]:
        """Items that lack at least one public field."""
        return [item for item in self.items if item.missing()]


def item_faults(items: Sequence[Item], queues: list[str] | None, found: Faults) -> None:
    """Items that do not fit: a code twice, or a queue that is none of the hall's queues."""
    found.repeated("items", "code", (item.code for item in items))
    if queues is not None:
        for n, item in enumerate(items, 1):
            found.unknown(f"items[{n}]", "queue", [item.queue], queues)
