"""What every channel keeps, whatever it sends with: one body over all of them.

Channels of providers speak, by the providers' own libraries over HTTP, with small servers of ours.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from messaging.channels import CHANNELS
from messaging.channels.channel import (
    Accepted,
    CannotTell,
    Channel,
    Outgoing,
    Refused,
    Sent,
    is_message_id,
    unfit,
)
from tests.servers.book import standing_in
from tests.servers.loopback import serving
from tests.servers.providers import COVER, EMAIL, LETTER, MESSAGES, PROVIDERS, SENT_BY
from tests.servers.providers import TEXT as MESSAGE

if TYPE_CHECKING:
    from tests.servers.providers import Provider

SINCE: Final = datetime.now(UTC)
KINDS: Final = (MESSAGE, EMAIL, LETTER)


class Pretend:
    """A channel in memory that claims to reach people."""

    name = "pretend"
    real = True
    repeatable = True
    per_minute = 0

    def __init__(self) -> None:
        self.sent: dict[str, Outgoing] = {}

    def withheld(self, to: str) -> str:
        """Nothing is."""
        return ""

    def send(self, outgoing: Outgoing) -> Sent:
        """Keep it."""
        refusal = unfit(outgoing, real=self.real)
        if refusal:
            return refusal
        if self.sent.setdefault(outgoing.message_id, outgoing) != outgoing:
            return Refused("other words were sent under this id")
        return Accepted(outgoing.message_id)

    def find(self, outgoing: Outgoing, since: datetime) -> Accepted | None:
        """Look."""
        return Accepted(outgoing.message_id) if outgoing.message_id in self.sent else None


@contextmanager
def _here(channel: Channel) -> Iterator[Channel]:
    yield channel


@contextmanager
def _over_http(provider: Provider, _: Path) -> Iterator[Channel]:
    with serving(partial(standing_in, provider.book())) as address:
        yield provider.channel(address)


OPENERS: Final[dict[str, Callable[[Path], AbstractContextManager[Channel]]]] = {
    "folder": lambda folder: _here(CHANNELS["folder"].open({"folder": str(folder / "sent")})),
    "pretend": lambda _: _here(Pretend()),
    **{name: partial(_over_http, provider) for name, provider in PROVIDERS.items()},
}


@pytest.fixture(params=OPENERS)
def channel(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Channel]:
    """Each channel, fresh."""
    with OPENERS[request.param](tmp_path) as opened:
        yield opened


def _sends(channel: Channel, message: Outgoing) -> bool:
    return channel.name not in PROVIDERS or message.channel in PROVIDERS[channel.name].kinds


def _found(channel: Channel, message: Outgoing) -> Accepted | None:
    """What a channel finds; of one that cannot tell, nothing."""
    try:
        return channel.find(message, SINCE)
    except CannotTell:
        assert channel.name == "sendgrid"
        return None


def test_every_registered_channel_is_held_to_the_contract() -> None:
    """A line in CHANNELS without a line here would go untested."""
    assert set(CHANNELS) <= set(OPENERS)
    assert {name for name, way in CHANNELS.items() if way.real} == set(PROVIDERS)


@pytest.mark.parametrize("message", KINDS, ids=lambda message: message.channel)
def test_sent_once_found_after(channel: Channel, message: Outgoing) -> None:
    """Unknown before; accepted; found under the same reference; of another kind than it sends, refused."""
    assert _found(channel, message) is None
    accepted = channel.send(message)
    if not _sends(channel, message):
        assert isinstance(accepted, Refused)
        assert not accepted.passing
        return
    assert isinstance(accepted, Accepted)
    assert _found(channel, message) == (accepted if channel.name != "sendgrid" else None)
    assert _found(channel, replace(message, message_id="m-2", text="Other words.")) is None


@pytest.mark.parametrize("message", KINDS, ids=lambda message: message.channel)
def test_the_same_message_twice_is_one_where_a_channel_says_so(channel: Channel, message: Outgoing) -> None:
    """A repeat after a crash is accepted with the same reference, or the channel is asked first."""
    if not _sends(channel, message):
        return
    first, second = channel.send(message), channel.send(message)
    assert isinstance(first, Accepted)
    assert isinstance(second, Accepted)
    assert (first == second) == channel.repeatable


@pytest.mark.parametrize(("name", "kind"), SENT_BY)
def test_of_several_found_it_is_one_that_went(name: str, kind: str, tmp_path: Path) -> None:
    """Should it have gone twice after all, the look-up says that it went, and needs no second page for it."""
    with OPENERS[name](tmp_path) as channel:
        sent = [channel.send(MESSAGES[kind]) for _ in range(3)]
        found = _found(channel, MESSAGES[kind])
    assert found in sent or name == "sendgrid"


@pytest.mark.parametrize(
    ("message", "other"),
    [
        *((message, replace(message, text="Goodbye.")) for message in KINDS),
        (MESSAGE, replace(MESSAGE, text=f"{MESSAGE.text}\nGoodbye.")),
        (replace(MESSAGE, text=f"{MESSAGE.text}\nGoodbye."), MESSAGE),
        (MESSAGE, EMAIL),
        (EMAIL, replace(EMAIL, to="ada@ashgrove.sch.uk")),
        (EMAIL, replace(EMAIL, cover=replace(COVER, title="Where Zoë was"))),
        (LETTER, replace(LETTER, to="14 Mill Lane, Southampton SO14 1AA")),
        (LETTER, replace(LETTER, cover=replace(COVER, large_print=True))),
        (LETTER, EMAIL),
    ],
)
@pytest.mark.parametrize("name", ["folder", "pretend"])
def test_other_words_under_a_used_id_are_refused(
    name: str, message: Outgoing, other: Outgoing, tmp_path: Path
) -> None:
    """Where repeating is safe an id stands for one message: no other words go out as if they were it."""
    with OPENERS[name](tmp_path) as channel:
        assert channel.repeatable
        accepted = channel.send(message)
        assert isinstance(channel.send(other), Refused)
        assert channel.find(message, SINCE) == accepted == channel.send(message)


@pytest.mark.parametrize(
    "outgoing",
    [
        replace(MESSAGE, message_id=""),
        replace(MESSAGE, message_id="../m-1"),
        replace(MESSAGE, message_id="m/1"),
        replace(MESSAGE, message_id="m-1\n"),
        replace(MESSAGE, message_id=".m"),
        replace(MESSAGE, message_id="m" * 121),
        replace(MESSAGE, to=""),
        replace(MESSAGE, to="+447911123456\nBcc: x"),
        replace(MESSAGE, to="../x"),
        replace(MESSAGE, text=" \n"),
        replace(MESSAGE, text="a\x1bb"),
        replace(MESSAGE, text="a\ud800b"),
        replace(MESSAGE, channel="call"),
        replace(EMAIL, to="+447911123456"),
        replace(EMAIL, to="a@example.org\nBcc: x@example.org"),
        replace(EMAIL, to="a..b@example.org"),
        replace(EMAIL, to="a@example.org, b@example.org"),
        replace(EMAIL, to=f"{'a' * 250}@example.org"),
        replace(EMAIL, cover=None),
        replace(EMAIL, cover=replace(COVER, title=" ")),
        replace(EMAIL, cover=replace(COVER, title="Zoë\r\nBcc: x@example.org")),
        replace(EMAIL, cover=replace(COVER, language="Welsh")),
        replace(LETTER, cover=replace(COVER, letterhead=("a", "b\x07"))),
        replace(LETTER, cover=None),
        replace(LETTER, to=""),
        replace(LETTER, to="12 Mill Lane\x1b"),
    ],
    ids=repr,
)
def test_what_no_channel_sends(channel: Channel, outgoing: Outgoing) -> None:
    """Path tricks, header tricks, empty and broken texts are refused for good, and leave no trace."""
    refused = channel.send(outgoing)
    assert isinstance(refused, Refused)
    assert refused.why
    assert not refused.passing
    assert _found(channel, outgoing) is None


def test_fictional_numbers_reach_no_real_channel(channel: Channel) -> None:
    """Demo families can never be texted; a channel that reaches nobody takes them."""
    sent = channel.send(replace(MESSAGE, to="+447700900123"))
    assert isinstance(sent, Refused if channel.real else Accepted)


def test_only_plain_ids_are_ids() -> None:
    """An id that finds nothing because it is malformed is known as such."""
    assert [text for text in ("m-1", "A_b", "é", "a b", "a.b", "") if is_message_id(text)] == ["m-1", "A_b"]
