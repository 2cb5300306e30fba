"""Deeds on devices (设备): what their machines tell of them, and machines that went away."""

from typing import Any

from hall_server.actions.facts import device_fact
from hall_server.store import devices
from hall_server.store.transaction import Done, Tx
from hall_server.wire.commands import MissMachine, ReportDevice
from hall_server.words import DeviceState, Refusal, Refused

MACHINE = "machine"
LOST = "lost"
MOST_DEVICES = 200  # of one machine


def report_device(tx: Tx, command: ReportDevice) -> Done:
    """A machine tells how one of its own devices is. A state cannot have begun after now.

    Raises bad_input for the 201st device of a machine.
    """
    machine, name = tx.who.name, command.device
    if command.device_state is DeviceState.GONE:
        devices.remove(tx.cursor, tx.hall, machine, name)
        return Done({"device": name}, {f"device/{machine}/{name}": None})
    known = devices.of_machine(tx.cursor, tx.hall, machine)
    if name not in known and len(known) >= MOST_DEVICES:
        raise Refused(Refusal.BAD_INPUT, field="device")
    return _put(
        tx,
        machine=machine,
        device=name,
        kind=command.device_kind,
        window=command.window,
        state=command.device_state.value,
        trouble=command.trouble,
        since=min(command.since, tx.at),
    )


def miss_machine(tx: Tx, command: MissMachine) -> Done:
    """A machine is away (失联). What it told last of its devices stays, for whoever mends it.

    Raises bad_input for a machine that never told of itself, or is missed already.
    """
    row = devices.of_machine(tx.cursor, tx.hall, command.machine).get(MACHINE)
    if row is None or row.trouble == LOST:
        raise Refused(Refusal.BAD_INPUT, field="machine")
    told = {**row._asdict(), "state": DeviceState.OFFLINE.value, "trouble": LOST, "since": tx.at}
    del told["hall"]
    return _put(tx, **told)


def _put(tx: Tx, **row: Any) -> Done:
    devices.put(tx.cursor, hall=tx.hall, **row)
    fact = device_fact(row)
    return Done({"device": row["device"]}, {f"device/{row['machine']}/{row['device']}": fact})
