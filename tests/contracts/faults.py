"""What a channel answers to each thing that can go wrong, what it finds then, and how often it was taken."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Final

from messaging.channels.channel import Accepted, CannotTell, Channel, Outgoing, Refused, Unsure
from tests.servers.fault_proxy import LOST_BUT_TAKEN, RETRY_AFTER, Fault, FaultProxy
from tests.servers.loopback import serving
from tests.servers.providers import MESSAGES, Provider

IMPATIENT: Final = "0.5"
SINCE: Final = datetime.now(UTC)


def holds(provider: Provider, kind: str, fault: Fault, proxy: FaultProxy) -> None:
    """A message through one fault, sent again only where the look-up says that it did not go: taken once."""
    message, book = MESSAGES[kind], proxy.book
    proxy.faults.append(fault)
    with serving(proxy) as address:
        channel = provider.channel(address)
        hasty = provider.channel(address, timeout=IMPATIENT) if fault is Fault.SLOW else channel
        answer = hasty.send(message)
        _wait_until_taken(book.taken, int(fault in {Fault.NOTHING, *LOST_BUT_TAKEN}))
        found = _found(channel, message)
        if fault is Fault.NOTHING:
            assert isinstance(answer, Accepted)
        elif fault is Fault.TOO_MANY:
            assert isinstance(answer, Refused)
            assert (answer.passing, answer.of_provider) == (True, True)
            assert answer.again_after == timedelta(seconds=int(RETRY_AFTER))
        else:
            assert isinstance(answer, Unsure), answer
        assert " " in getattr(answer, "why", "a word")
        if provider.name == "sendgrid":
            assert found == "cannot tell"
            return
        assert isinstance(found, Accepted) == (fault in {Fault.NOTHING, *LOST_BUT_TAKEN})
        if isinstance(answer, Accepted):
            assert found == answer
        if found is None:
            assert isinstance(channel.send(message), Accepted)
    proxy.late.set()
    assert len(book.taken) == 1


def _found(channel: Channel, message: Outgoing) -> Accepted | str | None:
    try:
        return channel.find(message, SINCE)
    except CannotTell:
        return "cannot tell"


def _wait_until_taken(taken: list[dict[str, object]], number: int) -> None:
    """Whoever is hasty may be done before the provider is."""
    patience = time.monotonic() + 30
    while len(taken) < number and time.monotonic() < patience:
        time.sleep(0.01)
    assert len(taken) == number
