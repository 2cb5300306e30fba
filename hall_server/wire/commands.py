"""Commands (指令): every wish that changes a hall, with the id that makes a repeat harmless."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from hall_server.wire.appointments import APPOINTMENTS
from hall_server.wire.bounds import (
    AccountName,
    ClassId,
    Date,
    DeviceId,
    ItemCode,
    Level,
    Moment,
    PrintCount,
    QueueId,
    Reason,
    ServiceId,
    TicketId,
    Token,
    TroubleCode,
    WindowId,
)
from hall_server.wire.command import Command as Command
from hall_server.wire.command import WindowCommand as WindowCommand
from hall_server.wire.entries import ENTRIES
from hall_server.wire.helping import HELPING
from hall_server.wire.layout import Catalogue, Layout
from hall_server.wire.offline import OFFLINE
from hall_server.wire.policy import HallWish, QueueWish
from hall_server.wire.ratings import RATINGS
from hall_server.words import DeviceState, PrintState

DeviceKind = Literal[
    "agent", "kiosk", "line", "call_box", "rating_pad", "led_strip", "scanner", "id_reader",
    "printer",
]  # fmt: skip


class OpenDay(Command):
    """Open the business day (业务日); numbers begin again at 1."""

    date: Date


class CloseDay(Command):
    """Close the business day; every live ticket expires (过期)."""


class ImportLayout(Command):
    """Put a hall's layout in force (大厅布局), whole or not at all."""

    unrecorded = frozenset({"layout"})

    layout: Layout


class ChangePolicy(Command):
    """Change how queues are called (叫号规则): by queue, and what holds for the whole hall. What
    is not named stays."""

    queues: dict[QueueId, QueueWish] = Field(default_factory=dict, max_length=60)
    whole: HallWish | None = None


class ImportCatalogue(Command):
    """Put a hall's items (事项) in force, whole or not at all."""

    unrecorded = frozenset({"catalogue"})

    catalogue: Catalogue


class TakeTicket(Command):
    """Take a number (取号) for an item or, where the hall offers it, straight for a queue."""

    item: ItemCode | None = None
    queue: QueueId | None = None
    priority: ClassId | None = None

    @model_validator(mode="after")
    def _names_a_line(self) -> "TakeTicket":
        if self.item is None and self.queue is None:
            raise ValueError("item or queue is needed")
        return self


class CancelTicket(Command):
    """Give a number up (弃号); its holder, a guide or the desk."""

    ticket: TicketId


class ReportPrint(Command):
    """What became of a ticket's paper: printed, unknown or failed. `prints` says which paper it
    is, 1 for the first; none is the last one."""

    ticket: TicketId
    prints: PrintCount | None = None
    state: Literal[PrintState.PRINTED, PrintState.UNKNOWN, PrintState.FAILED]


class ReprintTicket(Command):
    """Print the same number again (补打), at most 3 times before a person decides."""

    ticket: TicketId


class PrintAtWindow(WindowCommand):
    """Print the same number again on the printer at this window (窗口补打); counted as any."""

    ticket: TicketId


class CollectPaper(WindowCommand):
    """The window's agent takes what the paper says that it is to print (generation 0)."""

    ticket: TicketId


class ReturnPassed(Command):
    """Take a passed number back into its queue (过号重排)."""

    ticket: TicketId


class OpenWindow(Command):
    """Open a window, or take it over: the reply's generation is the new lease, and the one
    before it is refused from then on (window_taken_over). Also ends a pause."""

    window: WindowId


class PauseWindow(WindowCommand):
    """Pause calling at a window (暂停), with the reason that its sign shows."""

    reason: Reason


class CloseWindow(WindowCommand):
    """Close a window for now; not while somebody is called or served there."""


class CallNext(WindowCommand):
    """Call whoever is next by the hall's rule (顺呼)."""


class CallTicket(WindowCommand):
    """Call one given ticket (选呼); the reason stays in the record."""

    ticket: TicketId
    reason: Reason


class Recall(WindowCommand):
    """Call the same number again (重呼)."""


class StartService(WindowCommand):
    """The called person is here: the service begins (办理中)."""


class PassOver(WindowCommand):
    """The called person did not come (过号)."""


class Hold(WindowCommand):
    """Set the ticket at this window aside (挂起); only resume brings it back."""


class Resume(WindowCommand):
    """Take a held ticket back to this window (恢复)."""

    ticket: TicketId


class Transfer(WindowCommand):
    """Send the ticket on to another queue (转号): same number, time kept."""

    queue: QueueId


class Finish(WindowCommand):
    """The service is done (办结); from now on it may be rated once."""


class Rate(Command):
    """Rate one finished service once (好差评): 5 非常满意 … 1 非常不满意.

    A kiosk proves that the rater holds the ticket by its token; a phone came in by it; a pad
    stands at the window and rates what was finished there last.
    """

    unrecorded = frozenset({"token"})

    service: ServiceId
    level: Level
    token: Token | None = None


class ReportDevice(Command):
    """How one device (设备) of a machine is now and since when, told by the kiosk or agent that
    has it. The machine itself is its device `machine`."""

    device: DeviceId
    device_kind: DeviceKind
    window: WindowId | None = None
    device_state: DeviceState
    trouble: TroubleCode
    since: Moment


class MissMachine(Command):
    """A kiosk or agent has been away for 15 s (失联): what its devices do is not known."""

    machine: AccountName


class AddAccount(Command):
    """Let a person or a device in. The secret's hash was made at the door."""

    unrecorded = frozenset({"secret_hash"})

    name: AccountName
    role: Literal[
        "kiosk", "display", "agent", "pad", "staff", "guide", "supervisor", "inspector", "admin"
    ]
    secret_hash: Annotated[str, StringConstraints(pattern=r"^[\x21-\x7e]{16,200}$")]
    window: WindowId | None = None

    @model_validator(mode="after")
    def _pad_has_a_window(self) -> "AddAccount":
        if self.role == "pad" and self.window is None:
            raise ValueError("a pad needs its window")
        return self


class SignIn(Command):
    """A person's session begins; the password was checked before."""

    unrecorded = frozenset({"session_hash"})

    name: AccountName
    session_hash: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class SignOut(Command):
    """A person's session ends."""

    unrecorded = frozenset({"session_hash"})

    session_hash: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


COMMANDS: dict[str, type[Command]] = {
    command.kind: command
    for command in (
        OpenDay,
        CloseDay,
        ImportLayout,
        ChangePolicy,
        ImportCatalogue,
        TakeTicket,
        CancelTicket,
        ReportPrint,
        ReprintTicket,
        PrintAtWindow,
        CollectPaper,
        ReturnPassed,
        *APPOINTMENTS,
        *OFFLINE,
        OpenWindow,
        PauseWindow,
        CloseWindow,
        CallNext,
        CallTicket,
        Recall,
        StartService,
        PassOver,
        Hold,
        Resume,
        Transfer,
        Finish,
        Rate,
        *RATINGS,
        ReportDevice,
        MissMachine,
        *HELPING,
        *ENTRIES,
        AddAccount,
        SignIn,
        SignOut,
    )
}
