"""The guard in tests/conftest.py: no test of ours can text a family, by whatever road."""

from __future__ import annotations

import socket
import urllib.request
from collections.abc import Callable

import pytest

SOMEWHERE = ("192.0.2.1", 9)  # an address kept for documentation


def _directly(call: str, kind: socket.SocketKind, *before: object) -> Callable[[], object]:
    def reach() -> object:
        with socket.socket(type=kind) as sock:
            return getattr(sock, call)(*before, SOMEWHERE)

    return reach


@pytest.mark.parametrize(
    "reach",
    [
        _directly("connect", socket.SOCK_STREAM),
        _directly("connect_ex", socket.SOCK_STREAM),
        _directly("sendto", socket.SOCK_DGRAM, b"x"),
        _directly("sendto", socket.SOCK_DGRAM, b"x", 0),
        lambda: socket.create_connection(SOMEWHERE, timeout=1),
        lambda: socket.getaddrinfo("example.org", 443),
        lambda: urllib.request.urlopen("http://192.0.2.1/", timeout=1),
    ],
    ids=["connect", "connect_ex", "sendto", "sendto with flags", "create_connection", "name", "urlopen"],
)
def test_the_world_is_out_of_reach(reach: Callable[[], object]) -> None:
    """Every way out is refused before a packet leaves, with a sentence that says what to use instead."""
    with pytest.raises(RuntimeError, match=r"tests stay on this machine; use a fake channel"):
        reach()


def test_this_machine_is_within_reach() -> None:
    """A server on loopback can be spoken to, by number and by name."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port), timeout=5):
            server.accept()[0].close()
        with socket.create_connection(("localhost", port), timeout=5):
            server.accept()[0].close()
