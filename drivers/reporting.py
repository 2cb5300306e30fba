"""How the devices of this machine are, told to the hall: what is new, and not too often."""

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from drivers.health import Health, State, Trouble
from hall_server.wire.commands import DeviceKind, ReportDevice
from hall_server.wire.link import Link, LinkLost
from hall_server.words import DeviceState, Refused

log = logging.getLogger(__name__)

LOOK_SECONDS = 1.0
CALM_SECONDS = 10.0  # between two reports of one device: a loose plug must not fill the journal
MACHINE = "machine"
_KNOWN = {state.value for state in DeviceState}


@dataclass(frozen=True)
class Part:
    """One device: what it is, the window it stands at ("": none), and how it is now."""

    kind: DeviceKind
    window: str
    health: Callable[[], Health]


def left_out(kind: DeviceKind, window: str = "") -> Part:
    """A device whose settings cannot be used: nothing drives it, and that is said."""
    health = Health(State.FAULT, Trouble.BAD_TABLE, datetime.now(UTC))
    return Part(kind, window, lambda: health)


class Reporter:
    """Keeps the hall's facts of this machine's devices (设备状态) true.

    What the hall shows is compared with what is: so nothing needs to be remembered here, a
    restart tells nothing twice, and a machine that was taken for lost says that it is there.
    """

    def __init__(
        self,
        link: Link,
        hall: str,
        kind: DeviceKind,
        parts: Iterable[Part],
        *,
        calm: float = CALM_SECONDS,
    ) -> None:
        self.calm = calm
        self._link, self._hall = link, hall
        began = Health(State.READY, Trouble.NONE, datetime.now(UTC))
        self._parts: dict[str, Part] = {MACHINE: Part(kind, "", lambda: began)}
        for part in parts:
            self._parts[self._name(part)] = part
        self._told: dict[str, float] = {}

    async def run(self) -> None:
        """Report until cancelled."""
        while True:
            await self._link.joined()
            try:
                await self.look()
            except LinkLost:
                continue
            except Refused as refused:
                log.warning("devices not reported: %s", refused)
                await asyncio.sleep(self.calm)
            await asyncio.sleep(LOOK_SECONDS)

    async def look(self) -> None:
        """Tell what is new since the last look."""
        now = asyncio.get_running_loop().time()
        prefix = f"device/{self._link.name}/"
        shown = {
            address.removeprefix(prefix): fact
            for address, fact in self._link.state.items()
            if address.startswith(prefix)
        }
        for name, part in self._parts.items():
            fact = _fact(part)
            late = now - self._told.get(name, -self.calm) >= self.calm
            if fact is not None and late and _differs(fact, shown.get(name)):
                self._told[name] = now
                await self._tell(name, fact)
        for name in shown.keys() - self._parts.keys():
            await self._tell(name, {**shown[name], "state": DeviceState.GONE})

    async def _tell(self, name: str, fact: Mapping[str, Any]) -> None:
        await self._link.ask(
            ReportDevice(
                hall=self._hall,
                device=name,
                device_kind=fact["kind"],
                window=fact["window"],
                device_state=fact["state"],
                trouble=fact["trouble"],
                since=fact["since"],
            )
        )

    def _name(self, part: Part) -> str:
        """A name that stays the same while the devices file does: rating_pad-3, scanner-3-2."""
        name = "-".join(word for word in (part.kind, part.window.lower()) if word)
        number = 1 + sum(known == name or known.startswith(f"{name}-") for known in self._parts)
        return name if number == 1 else f"{name}-{number}"


def _fact(part: Part) -> dict[str, Any] | None:
    """What the hall should show of a device; None while it is not known yet."""
    health = part.health()
    state = State.READY if health.state is State.BUSY else health.state
    if state.value not in _KNOWN:
        return None
    return {
        "kind": part.kind,
        "window": part.window or None,
        "state": state.value,
        "trouble": health.trouble.value,
        "since": int(health.since.timestamp() * 1000),
    }


def _differs(fact: Mapping[str, Any], shown: Mapping[str, Any] | None) -> bool:
    """Whether the hall shows something else; since when is told with it, not compared."""
    named = ("kind", "window", "state", "trouble")
    return shown is None or any(fact[name] != shown[name] for name in named)
