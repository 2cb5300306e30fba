"""Helper calls (帮办): somebody at a kiosk or a window asks a person of the hall to come."""

from hall_server.wire.bounds import CallId, ItemCode, WindowId
from hall_server.wire.command import Command


class AskForHelp(Command):
    """Call a helper (呼叫帮办) to this kiosk or, from a window, to that window."""

    window: WindowId | None = None
    item: ItemCode | None = None


class AcceptCall(Command):
    """A helper is on the way (接单), also in the place of one who never arrived (改派)."""

    call: CallId


class ArriveAtCall(Command):
    """The helper is there (到场)."""

    call: CallId


class EndCall(Command):
    """The help is given, or not needed any more (结束帮办)."""

    call: CallId


class EscalateCalls(Command):
    """To whom nobody came in time is told to the supervisor (超时升级); the clock's."""


HELPING = (AskForHelp, AcceptCall, ArriveAtCall, EndCall, EscalateCalls)
