"""The door before every real channel: fresh installs send to nobody, going live starts with a list.

A channel that reaches people is never opened without this around it (adapters/channels.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from messaging.channels.channel import Accepted, Outgoing, Refused, Sent, unfit
from messaging.envelope import address_lines

if TYPE_CHECKING:
    from messaging.channels.channel import Channel

NOBODY: Final = "nobody"
LISTED: Final = "listed"
EVERYBODY: Final = "everybody"
SEND_TO: Final = (NOBODY, LISTED, EVERYBODY)


@dataclass(frozen=True, slots=True)
class Live:
    """Whom real channels send to: one of SEND_TO, and who is listed, as `listed` gives them."""

    send_to: str = NOBODY
    allow_list: frozenset[str] = frozenset()


def listed(words: str) -> frozenset[str]:
    """A list as it is typed, with blanks between: numbers, e-mail addresses, postcodes without their blank.

    >>> sorted(listed("+447911123456 Office@school.org so141aa"))
    ['+447911123456', 'office@school.org', 'so141aa']
    """
    return frozenset(word.casefold() for word in words.split())


@dataclass(frozen=True, slots=True)
class Allowed:
    """A real channel that is let to send to nobody, to those listed, or to everybody."""

    channel: Channel
    live: Live

    @property
    def name(self) -> str:
        """The name of the channel behind."""
        return self.channel.name

    @property
    def real(self) -> bool:
        """As the channel behind, also while it is let to send to nobody: that is no rehearsal."""
        return self.channel.real

    @property
    def repeatable(self) -> bool:
        """As the channel behind."""
        return self.channel.repeatable

    @property
    def per_minute(self) -> int:
        """As the channel behind."""
        return self.channel.per_minute

    def withheld(self, to: str) -> str:
        """Why nothing is sent to an address for now: which key of the settings lets it go."""
        if self.live.send_to == EVERYBODY or (self.live.send_to == LISTED and self._lists(to)):
            return self.channel.withheld(to)
        if self.live.send_to == LISTED:
            return (
                f"{to} is not on the list of the trial: add it to going_live.allow_list in config.yaml, or "
                "set going_live.send_to to everybody"
            )
        return (
            f"{self.name} is not live, nothing is sent: set going_live.send_to in config.yaml to listed for "
            "a trial, later to everybody"
        )

    def send(self, outgoing: Outgoing) -> Sent:
        """Send to those it is let to send to; whatever asks it to send, the rest stays here."""
        refusal = unfit(outgoing, real=self.real)
        if refusal:
            return refusal
        why = self.withheld(outgoing.to)
        return Refused(why, passing=True) if why else self.channel.send(outgoing)

    def find(self, outgoing: Outgoing, since: datetime) -> Accepted | None:
        """As the channel behind: what went before the door was shut is still found."""
        return self.channel.find(outgoing, since)

    def _lists(self, to: str) -> bool:
        """Whether an address stands on the list; a postal one, by the postcode that it ends with."""
        number_or_mail = to.startswith("+") or "@" in to
        word = to if number_or_mail else "".join(address_lines(to)[-1:]).replace(" ", "")
        return word.casefold() in self.live.allow_list
