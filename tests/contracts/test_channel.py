"""What every channel keeps, whatever it sends with: one body over all of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from messaging.channels import CHANNELS
from messaging.channels.channel import (
    Accepted,
    Channel,
    Cover,
    Outgoing,
    Refused,
    Sent,
    is_message_id,
    unfit,
)

if TYPE_CHECKING:
    from collections.abc import Callable

MESSAGE: Final = Outgoing("m-1", "sms", "+447911123456", "c1", "Ashgrove Academy: hello, Zoë's mother.")
COVER: Final = Cover("Where Zoë is", "Ashgrove Academy", "cy", "Mrs Bell", "Monday", "K7M3Q2XA")
EMAIL: Final = replace(MESSAGE, channel="email", to="sam.o'neil@ashgrove.sch.uk", cover=COVER)
LETTER: Final = replace(MESSAGE, channel="letter", to="12 Mill Lane,\nSouthampton SO14 1AA", cover=COVER)
SINCE: Final = datetime(2026, 9, 1, tzinfo=UTC)
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


OPENERS: Final[dict[str, Callable[[Path], Channel]]] = {
    "folder": lambda folder: CHANNELS["folder"]({"folder": str(folder / "sent")}),
    "pretend": lambda _: Pretend(),
}


@pytest.fixture(params=OPENERS)
def channel(request: pytest.FixtureRequest, tmp_path: Path) -> Channel:
    """Each channel, fresh."""
    return OPENERS[request.param](tmp_path)


def test_every_registered_channel_is_held_to_the_contract() -> None:
    """A line in CHANNELS without a line here would go untested."""
    assert set(CHANNELS) <= set(OPENERS)
    assert [OPENERS[name](Path()).name for name in CHANNELS] == list(CHANNELS)


@pytest.mark.parametrize("message", KINDS, ids=lambda message: message.channel)
def test_sent_once_found_after(channel: Channel, message: Outgoing) -> None:
    """Unknown before; accepted; found under the same reference."""
    assert channel.find(message, SINCE) is None
    accepted = channel.send(message)
    assert isinstance(accepted, Accepted)
    assert channel.find(message, SINCE) == accepted
    assert channel.find(replace(message, message_id="m-2"), SINCE) is None


@pytest.mark.parametrize("message", KINDS, ids=lambda message: message.channel)
def test_the_same_message_twice_is_one(channel: Channel, message: Outgoing) -> None:
    """A repeat after a crash is accepted with the same reference."""
    assert isinstance(channel.send(message), Accepted)
    assert channel.send(message) == channel.send(message)


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
def test_other_words_under_a_used_id_are_refused(
    channel: Channel, message: Outgoing, other: Outgoing
) -> None:
    """An id stands for one message: a second one under it never goes out as if it were the first."""
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
    assert channel.find(outgoing, SINCE) is None


def test_fictional_numbers_reach_no_real_channel(channel: Channel) -> None:
    """Demo families can never be texted; a channel that reaches nobody takes them."""
    sent = channel.send(replace(MESSAGE, to="+447700900123"))
    assert isinstance(sent, Refused if channel.real else Accepted)


def test_only_plain_ids_are_ids() -> None:
    """An id that finds nothing because it is malformed is known as such."""
    assert [text for text in ("m-1", "A_b", "é", "a b", "a.b", "") if is_message_id(text)] == ["m-1", "A_b"]
