"""The contract of every way to send: what goes in, what may come back, what may be asked later.

tests/contracts/test_channel.py runs one body of tests over all of them.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

from messaging.direction import is_language
from messaging.fictional import is_fictional

_MESSAGE_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,120}")
_ATOM: Final = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL: Final = r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
_TO: Final = {
    "sms": re.compile(r"[A-Za-z0-9+][A-Za-z0-9+@._-]{0,250}"),
    "email": re.compile(rf"(?=.{{3,254}}\Z){_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})*"),
    "letter": re.compile(r"[^\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff]{1,500}"),
}
"""The kinds of message, and where each can go; a postal address may stand on several lines."""


@dataclass(frozen=True, slots=True)
class Cover:
    """What an e-mail or a letter carries besides its text, all of it words for people.

    `date` in words; `language` a tag such as `ur`; `ref` the line to quote; `label` says what kind of paper
    it is, such as `Statutory notice`; `letterhead` are the lines below the school's name. An e-mail uses the
    title and the language alone.
    """

    title: str
    school: str
    language: str = "en"
    addressee: str = ""
    date: str = ""
    ref: str = ""
    large_print: bool = False
    label: str = ""
    letterhead: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One finished message to one contact: `channel` is its kind, sms, email or letter.

    `to` is a number (+44...), an e-mail address, or a postal address as it stands in its field. `text` of an
    e-mail or a letter is in the tiny markup (messaging/blocks.py), and these two have a `cover`.
    """

    message_id: str
    channel: str
    to: str
    contact_id: str
    text: str
    cover: Cover | None = None


@dataclass(frozen=True, slots=True)
class Accepted:
    """It is on its way; `reference` finds it again at the provider."""

    reference: str


@dataclass(frozen=True, slots=True)
class Refused:
    """It certainly did not go. `passing`: the trouble may pass, so trying again makes sense.

    `of_address`: what does not work is the number or address, whatever were sent to it. `opted_out`: whoever
    it belongs to has told the provider that nothing is to come. `of_provider`: whatever were sent by this
    channel now would be refused too. `again_after` is how long the provider asks to be left alone.
    """

    why: str
    passing: bool = False
    of_address: bool = False
    opted_out: bool = False
    of_provider: bool = False
    again_after: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Unsure:
    """It may or may not have gone: ask `find` before anything is sent again."""

    why: str


Sent = Accepted | Refused | Unsure


class CannotTell(OSError):  # noqa: N818 - an answer of a kind: nobody can be asked
    """This channel has no way to look a message up: its receipts say what became of it, or a person does."""


class Channel(Protocol):
    """One way to send. What `send` makes of trouble it returns: it does not raise."""

    @property
    def name(self) -> str:
        """The channel's name in settings and in the ledger."""
        ...

    @property
    def real(self) -> bool:
        """Whether what is sent reaches people."""
        ...

    @property
    def repeatable(self) -> bool:
        """Whether the same message handed over again is Accepted and not sent twice.

        Where it is not, a message is handed over once, and looked up before anything else is done.
        """
        ...

    @property
    def per_minute(self) -> int:
        """How many messages it takes a minute, over all senders; 0 for as many as there are."""
        ...

    def withheld(self, to: str) -> str:
        """Why nothing is sent to an address by this channel for now; empty where it may be."""
        ...

    def send(self, outgoing: Outgoing) -> Sent:
        """Send once."""
        ...

    def find(self, outgoing: Outgoing, since: datetime) -> Accepted | None:
        """What became of a message handed over after an instant; None says for certain that it did not go.

        Raises:
            CannotTell: this channel never can be asked.
            OSError: it cannot be asked just now; nothing is known.
        """
        ...


def is_message_id(text: str) -> bool:
    """Whether this can be a message's id: it becomes a file name and part of an address.

    >>> is_message_id("m-1_a"), is_message_id("../m1")
    (True, False)
    """
    return _MESSAGE_ID.fullmatch(text) is not None


def unfit(outgoing: Outgoing, *, real: bool) -> Refused | None:
    """Why no channel of this kind may send a message, or None. Every channel asks this first.

    >>> unfit(Outgoing("m1", "sms", "+447700900123", "c1", "Hello"), real=True).why
    '+447700900123 is fictional: no real channel sends to it'
    """
    if not is_message_id(outgoing.message_id):
        return Refused(
            f"{outgoing.message_id!r} is no message id: only letters, digits, _ and -, at most 120"
        )
    if outgoing.channel not in _TO:
        return Refused(f"{outgoing.channel!r} is no kind of message that is sent: {', '.join(_TO)} are")
    if not _TO[outgoing.channel].fullmatch(outgoing.to):
        return Refused(f"{outgoing.to!r} is no address a message can go to", of_address=True)
    if not outgoing.text.strip():
        return Refused("the message has no text")
    if _broken(outgoing.text.replace("\n", " ")):
        return Refused("the text holds control characters: render it again")
    if outgoing.channel != "sms":
        refusal = _uncovered(outgoing.cover)
        if refusal:
            return refusal
    if real and is_fictional(outgoing.to):
        return Refused(f"{outgoing.to} is fictional: no real channel sends to it")
    return None


def _uncovered(cover: Cover | None) -> Refused | None:
    if cover is None or not cover.title.strip():
        return Refused("an e-mail or a letter has a title, this one has none: render it again")
    if not is_language(cover.language):
        return Refused(f"{cover.language!r} is no language's tag, such as en, cy or ur")
    words = (
        cover.title,
        cover.school,
        cover.addressee,
        cover.date,
        cover.ref,
        cover.label,
        *cover.letterhead,
    )
    if any(map(_broken, words)):
        return Refused("what stands around the text holds control characters: render it again")
    return None


def _broken(words: str) -> bool:
    """Whether there is a character in it that is none: a control character, half a surrogate pair."""
    return any(unicodedata.category(char) in ("Cc", "Cs") for char in words)
