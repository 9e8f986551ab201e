"""What holds for every test: no network beyond this machine, no settings of the person who runs it."""

from __future__ import annotations

import ipaddress
import os
import secrets
import socket
from collections.abc import Callable, Generator, Iterator

import hypothesis
import pytest

# A slow machine is no failure: bounds on time belong to benchmarks.
hypothesis.settings.register_profile("firstbell", deadline=None)
hypothesis.settings.load_profile("firstbell")


NOT_COUNTED = frozenset({"acceptance", "benchmarks", "durability", "hostile", "term", "year"})
"""Folders whose tests count no lines of engine/; elsewhere the marker `uncounted` says so of slow ones."""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, bool, bool]:
    """Count lines only while the tests of what is counted run: counting takes as long as the test itself."""
    counting = getattr(item.config.pluginmanager.getplugin("_cov"), "cov_controller", None)
    counted = item.get_closest_marker("uncounted") is None and NOT_COUNTED.isdisjoint(item.path.parts)
    if counting is None or counted:
        return (yield)
    counting.pause()
    try:
        return (yield)
    finally:
        counting.resume()


def pytest_configure() -> None:
    """Draw one seed for the moments at which tests/durability kills, the same for every worker."""
    os.environ.setdefault("FIRSTBELL_KILL_SEED", secrets.token_hex(4))


def pytest_report_header() -> str:
    """Say the seed: with it, the same moments come again."""
    return f"kills: FIRSTBELL_KILL_SEED={os.environ['FIRSTBELL_KILL_SEED']}"


class NetworkRefused(RuntimeError):  # noqa: N818  # a refusal; not an OSError, which sending code would catch
    """A test tried to reach beyond this machine."""


@pytest.fixture(scope="session", autouse=True)
def on_its_own() -> Iterator[None]:
    """Sockets reach loopback only; no variable leads a test to a real store, or to lines of other width."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("FIRSTBELL_") or name == "COLUMNS"]:
            patch.delenv(name)
        for name in ("connect", "connect_ex", "sendto"):
            patch.setattr(socket.socket, name, _guarded(getattr(socket.socket, name)))
        patch.setattr(socket, "getaddrinfo", _looking_up(socket.getaddrinfo))
        yield


def _guarded(original: Callable[..., object]) -> Callable[..., object]:
    def reach(sock: socket.socket, *args: object) -> object:
        address = args[-1]  # the address comes last in each of them
        if sock.family in {socket.AF_INET, socket.AF_INET6} and isinstance(address, tuple):
            _refuse_unless_here(address[0])
        return original(sock, *args)

    return reach


def _looking_up(original: Callable[..., object]) -> Callable[..., object]:
    def look_up(host: object, *args: object, **kwargs: object) -> object:
        _refuse_unless_here(host)
        return original(host, *args, **kwargs)

    return look_up


def _refuse_unless_here(host: object) -> None:
    name = host.decode() if isinstance(host, bytes) else host
    if name is None or name in {"", "localhost"}:
        return
    try:
        here = ipaddress.ip_address(str(name)).is_loopback
    except ValueError:
        here = False
    if not here:
        raise NetworkRefused(f"a test tried to reach {name}: tests stay on this machine; use a fake channel")
