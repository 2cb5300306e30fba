"""Deeds on windows (窗口): open, pause, close; and whether a window may act at all."""

from typing import Any

from hall_server.actions import facts
from hall_server.rules import calling as rules
from hall_server.store import services, windows
from hall_server.store.transaction import Done, Tx
from hall_server.wire.commands import CloseWindow, OpenWindow, PauseWindow, WindowCommand
from hall_server.words import Refusal, Refused, Role, WindowState


def open_window(tx: Tx, command: OpenWindow) -> Done:
    """Open a window, or take it over, under a new generation of its lease.

    A ticket at hand stays at the window: whoever opens it goes on with it. Raises
    window_not_yours for a person whom the layout gives other windows.
    """
    before = _window(tx, command.window)
    rules.may_sit_at(command.window, tx.plan.seats.get(tx.who.name, ()))
    after = windows.change(
        tx.cursor,
        before,
        state=WindowState.OPEN.value,
        reason=None,
        generation=before.generation + 1,
        staff=tx.who.name,
    )
    service = services.at_window(tx.cursor, tx.hall, after.window)
    return Done(
        {"window": after.window, "generation": after.generation},
        facts.window_facts(after, service),
    )


def pause_window(tx: Tx, command: PauseWindow) -> Done:
    """Pause calling (暂停) and say why on the sign; who is being served stays."""
    window = leased(tx, command)
    rules.may_call(WindowState(window.state), window.window)
    return _set(tx, window, WindowState.PAUSED, command.reason)


def close_window(tx: Tx, command: CloseWindow) -> Done:
    """Close a window. Raises already_serving while somebody is called or served there."""
    window = leased(tx, command)
    service = services.at_window(tx.cursor, tx.hall, window.window)
    if service is not None:
        raise Refused(Refusal.ALREADY_SERVING, window=window.window, number=service.number)
    return _set(tx, window, WindowState.CLOSED, None)


def leased(tx: Tx, command: WindowCommand) -> Any:
    """The window's row, when the command holds its lease; Refused(window_taken_over)."""
    window = _window(tx, command.window)
    by_key = tx.who.role is Role.AGENT
    rules.holds_lease(command.generation, window.generation, window.window, by_key=by_key)
    return window


def _window(tx: Tx, name: str) -> Any:
    row = windows.by_id(tx.cursor, tx.hall, name)
    if row is None or name not in tx.plan.windows:
        raise Refused(Refusal.WINDOW_UNKNOWN, window=name)
    return row


def _set(tx: Tx, window: Any, state: WindowState, reason: str | None) -> Done:
    after = windows.change(tx.cursor, window, state=state.value, reason=reason)
    service = services.at_window(tx.cursor, tx.hall, window.window)
    return Done({"window": after.window, "state": after.state}, facts.window_facts(after, service))
