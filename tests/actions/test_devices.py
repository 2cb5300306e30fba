"""Devices: what their machines tell of them is shown, and a machine that is away is missed."""

from typing import Any

import pytest

from hall_server.actions.devices import MOST_DEVICES
from hall_server.rules.permits import Who
from hall_server.wire.commands import MissMachine, ReportDevice
from hall_server.words import Refusal, Role
from tests.actions.proof import ProvenHall, refused
from tests.builders import HALL, NINE, Watch, who

AGENT, CLOCK = who(Role.AGENT, "agent-1"), who(Role.CLOCK, "clock")
NOW = int(NINE.timestamp() * 1000)


async def tell(hall: ProvenHall, by: Who = AGENT, **more: Any) -> None:
    given = {
        "hall": HALL,
        "device": "rating_pad-3",
        "device_kind": "rating_pad",
        "window": "3",
        "device_state": "offline",
        "trouble": "unplugged",
        "since": NOW - 60_000,
    }
    await hall.handle(ReportDevice.model_validate(given | more), by)


def shown(hall: ProvenHall) -> dict[str, Any]:
    state = hall.hubs[HALL].state
    return {name: fact for name, fact in state.items() if name.startswith("device/")}


async def test_a_device_is_shown_as_it_was_told_last(hall: ProvenHall) -> None:
    await tell(hall)
    expected = {
        "kind": "rating_pad",
        "window": "3",
        "state": "offline",
        "trouble": "unplugged",
        "since": NOW - 60_000,
    }
    assert shown(hall) == {"device/agent-1/rating_pad-3": expected}
    await tell(hall, device_state="ready", trouble="none")
    assert shown(hall)["device/agent-1/rating_pad-3"]["state"] == "ready"


async def test_two_machines_may_name_their_devices_alike(hall: ProvenHall) -> None:
    await tell(hall)
    await tell(hall, who(Role.KIOSK, "kiosk-1"), device_kind="printer", window=None)
    assert set(shown(hall)) == {f"device/{name}/rating_pad-3" for name in ("agent-1", "kiosk-1")}


async def test_a_device_that_a_machine_has_no_more_is_gone(hall: ProvenHall) -> None:
    await tell(hall)
    await tell(hall, device_state="gone")
    assert shown(hall) == {}


async def test_a_machine_whose_clock_is_ahead_tells_of_nothing_to_come(hall: ProvenHall) -> None:
    await tell(hall, since=NOW + 3_600_000)
    assert shown(hall)["device/agent-1/rating_pad-3"]["since"] == NOW


async def test_a_machine_has_so_many_devices_and_no_more(database_url: str) -> None:
    from tests.builders import open_hall

    async with open_hall(database_url) as hall:
        for n in range(MOST_DEVICES):
            await tell(hall, device=f"pad-{n}")  # type: ignore[arg-type]
        with pytest.raises(Exception, match="bad_input"):
            await tell(hall, device="pad-more")  # type: ignore[arg-type]
        await tell(hall, device="pad-7", device_state="ready")  # type: ignore[arg-type]


async def test_a_machine_that_is_away_is_missed_once_and_says_itself_that_it_is_back(
    hall: ProvenHall, watch: Watch
) -> None:
    miss = MissMachine(hall=HALL, machine="agent-1")
    await refused(hall, miss, CLOCK, Refusal.BAD_INPUT)
    await tell(hall, device="machine", device_kind="agent", window=None, device_state="ready")
    await tell(hall)
    watch.forward(minutes=5)
    await hall.handle(miss, CLOCK)
    lost = shown(hall)["device/agent-1/machine"]
    assert (lost["state"], lost["trouble"], lost["since"]) == ("offline", "lost", NOW + 300_000)
    assert shown(hall)["device/agent-1/rating_pad-3"]["trouble"] == "unplugged"
    await refused(hall, MissMachine(hall=HALL, machine="agent-1"), CLOCK, Refusal.BAD_INPUT)
    await tell(hall, device="machine", device_kind="agent", window=None, device_state="ready")
    assert shown(hall)["device/agent-1/machine"]["state"] == "ready"
