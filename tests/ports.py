"""A port of this machine for a server that comes and goes."""

import socket


def kept() -> socket.socket:
    """A free port of 127.0.0.1, bound and not listened at: one server after the other may listen
    there, and until this is closed nobody on this machine who asks for any port is given it."""
    place = socket.socket()
    place.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    place.bind(("127.0.0.1", 0))
    return place


def number(place: socket.socket) -> int:
    return int(place.getsockname()[1])
