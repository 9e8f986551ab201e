"""How a provider is doing, over all senders together: when it may be used next, and why not before.

A limit of so many a minute is kept by giving out places in time. A provider that fails several times in a row
is left alone for a while, then tried with one message; nothing that waits for it loses a try.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from engine.instants import local
from messaging.channels.channel import Accepted, Refused, Sent
from workflows.values import Provider

TROUBLES = 5
"""So many troubles in a row, and it is left alone."""
_SHORTEST, _LONGEST = timedelta(minutes=1), timedelta(minutes=30)
_BURST = timedelta(seconds=1)
"""Places may be taken this much ahead, so that a sender need not wait for each by itself."""
_TRIAL = timedelta(minutes=1)


def left_alone(provider: Provider, at: datetime) -> str:
    """Why nothing is handed to it at an instant; empty where something may be."""
    if provider.closed_until is None or at >= provider.closed_until:
        return ""
    return f"{provider.because}; {provider.name} is tried again at {local(provider.closed_until):%H:%M}"


def turn(provider: Provider, at: datetime, per_minute: int) -> tuple[Provider, timedelta]:
    """How long until the next message may be handed over, and the provider with that place taken.

    Where there is something to wait for, no place is taken. One that was left alone gets one message to
    begin with: until that is answered, others stay away.
    """
    if provider.closed_until is not None:
        if at < provider.closed_until:
            return provider, provider.closed_until - at
        if provider.troubles >= TROUBLES:
            provider = replace(provider, closed_until=at + _TRIAL)
    place = max(at, provider.next_at or at)
    if place - at > _BURST:
        return provider, place - at - _BURST
    if not per_minute:
        return provider, timedelta()
    return replace(provider, next_at=place + timedelta(minutes=1) / per_minute), timedelta()


def after(provider: Provider, answer: Sent, at: datetime) -> Provider:
    """The provider once it has answered: an answer about one message alone is no trouble of its own."""
    if isinstance(answer, Refused) and answer.again_after is not None:
        provider = replace(provider, next_at=max(at + answer.again_after, provider.next_at or at))
    if isinstance(answer, Accepted) or (isinstance(answer, Refused) and not answer.of_provider):
        return replace(provider, troubles=0, closed_until=None, because="")
    troubles = provider.troubles + 1
    if troubles < TROUBLES:
        return replace(provider, troubles=troubles, because=answer.why)
    rest = min(_SHORTEST * 2 ** (troubles - TROUBLES), _LONGEST)
    return replace(provider, troubles=troubles, closed_until=at + rest, because=answer.why)
