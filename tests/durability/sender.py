"""One sender in a process of its own, as `firstbell outbox send` is one: it may be killed at any moment.

A claim is given up after two seconds instead of five minutes, so that a test need not wait for that: an
answer takes some milliseconds here.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import workflows.handing_over
import workflows.looking_up
from adapters.store import open_store
from engine.instants import read_instant
from messaging.channels import by_kind
from messaging.channels.channel import Channel
from tests.servers.providers import PROVIDERS
from tests.workflows.story import shipped, templates
from workflows.deliver import Deliver
from workflows.settings import Settings

LEASE = timedelta(seconds=2)
MORNING = read_instant("2025-11-10T09:25")
LIBRARY, WORDS = shipped(), templates()  # read once, by the server that senders are forked from


@dataclass(frozen=True, slots=True)
class Sending:
    """A store, a provider at an address, and when by the machine's clock it was 09:25 that morning."""

    store: Path
    provider: str
    address: str
    began: float


def send(order: Sending) -> None:
    """Send until there is nothing left to send just now."""
    workflows.handing_over.LEASE = workflows.looking_up.LEASE = LEASE
    workflows.handing_over.GRIP = LEASE / 2
    with open_store(f"sqlite:///{order.store}", codes_hash="codes") as store:
        Deliver(
            store,
            LIBRARY,
            by_kind(channel(order)),
            lambda: MORNING + timedelta(seconds=time.time() - order.began),
            Settings(),
            WORDS,
            pause=lambda wait: time.sleep(wait.total_seconds()),
        ).deliver()


def channel(order: Sending) -> Channel:
    """The real channel, speaking to the server of the test; no answer takes it longer than a second."""
    made = PROVIDERS[order.provider].channel(order.address, timeout="1")
    made.per_minute = 0  # type: ignore[misc] - as fast as they can: it is kills that are tried here
    return made
