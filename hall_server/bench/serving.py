"""What runs in a child of the bench: one server on a free port, until its input ends."""

import asyncio
import socket
import sys
from typing import Any

import uvicorn
import uvloop

from hall_server.api.wires import WIRES
from hall_server.app import make_app
from hall_server.bench.watch import Watch

# uvicorn at its fastest, as it comes.
PLAIN: dict[str, Any] = {"http": "httptools", "ws": "websockets-sansio", "access_log": False}

HALLS = ("hall", "alone")  # alone: without its forecast


def app_of(what: str, database: str) -> Any:
    """The hall, or a floor by its name."""
    if what in HALLS:
        return make_app(database, "http://bench.test", clock=Watch(), foresees=what != "alone")
    # What the floors need besides is not in the hall's memory.
    from hall_server.bench import floors

    return floors.FLOORS[what](database)


async def serve(what: str, database: str) -> None:
    """Serve until our input ends: whoever started us then lives no more, or has had enough."""
    # Listening before the port is told: whoever connects at once waits, and is not refused.
    web = socket.create_server(("127.0.0.1", 0), backlog=2_048)
    link = socket.create_server(("127.0.0.1", 0), backlog=2_048)
    app = app_of(what, database)
    if hasattr(app, "listen"):
        await app.listen(link)
    config = uvicorn.Config(
        app,
        log_level="warning",
        timeout_graceful_shutdown=1,
        timeout_keep_alive=600,  # the lines of one floor rest while another is measured
        **(WIRES if what in HALLS else PLAIN),
    )
    server = uvicorn.Server(config)

    def leave() -> None:
        server.should_exit = True
        asyncio.get_running_loop().remove_reader(sys.stdin.fileno())

    asyncio.get_running_loop().add_reader(sys.stdin.fileno(), leave)
    print(web.getsockname()[1], link.getsockname()[1], flush=True)
    await server.serve(sockets=[web])


if __name__ == "__main__":
    uvloop.run(serve(sys.argv[1], sys.argv[2]))
