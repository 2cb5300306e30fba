"""The door of the agent: settings in, devices and the line to the hall out (hall-agent)."""

import argparse
import asyncio
import contextlib
import logging
import signal
import sys
from pathlib import Path

from config.settings import AgentSettings
from drivers.agent import Agent, read_devices


def main() -> int:
    """Run the agent of this machine. Settings come from AGENT_* and the file named by --file."""
    parser = argparse.ArgumentParser(prog="hall-agent", description="设备代理")
    parser.add_argument("--file", type=Path, help="settings file (TOML)")
    given = parser.parse_args()
    settings = AgentSettings(**({"file": given.file} if given.file else {}))
    logging.basicConfig(level=settings.log_level.upper(), format="%(levelname)s %(message)s")
    try:
        devices = read_devices(settings.devices)
    except ValueError as wrong:
        print(wrong, file=sys.stderr)
        return 1
    agent = Agent(
        server=settings.server,
        hall=settings.hall,
        secret=settings.secret.get_secret_value(),
        devices=devices,
        tables=settings.tables,
    )
    with contextlib.suppress(asyncio.CancelledError):
        asyncio.run(_until_told(agent))
    return 0


async def _until_told(agent: Agent) -> None:
    work = asyncio.ensure_future(agent.run())
    for told in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(told, work.cancel)
    await work


if __name__ == "__main__":
    sys.exit(main())
