"""The ways to send, by name: a new one is a file beside this and a line in CHANNELS.

What providers' own libraries need a while to import, each is imported when its channel is opened.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from messaging.channels.folder import FolderChannel

if TYPE_CHECKING:
    from messaging.channels.channel import Channel

KINDS: Final = ("sms", "email", "letter")
"""What is sent; each kind leaves by a channel of its own, or all by one."""


@dataclass(frozen=True, slots=True)
class Way:
    """A way to send, not opened yet.

    `open` takes its settings by key, its secret as `secret`, and perhaps `timeout` in seconds; ValueError
    says in a sentence what is wrong with the secret. `needs` are the kinds that it sends and the settings
    that each needs; `secret` is the name of its secret, none for a way that reaches nobody.
    """

    open: Callable[[Mapping[str, str]], Channel]
    needs: Mapping[str, tuple[str, ...]]
    secret: str = ""

    @property
    def real(self) -> bool:
        """Whether what is sent reaches people."""
        return bool(self.secret)


def _twilio(settings: Mapping[str, str]) -> Channel:
    from messaging.channels.twilio_sms import TwilioChannel

    return TwilioChannel(settings)


def _sendgrid(settings: Mapping[str, str]) -> Channel:
    from messaging.channels.sendgrid_email import SendGridChannel

    return SendGridChannel(settings)


def _notify(settings: Mapping[str, str]) -> Channel:
    from messaging.channels.govuk_notify import NotifyChannel

    return NotifyChannel(settings)


CHANNELS: Final[dict[str, Way]] = {
    "folder": Way(
        lambda settings: FolderChannel(Path(settings["folder"])), dict.fromkeys(KINDS, ("folder",))
    ),
    "twilio": Way(_twilio, {"sms": ("account_sid", "sender")}, "TWILIO_AUTH_TOKEN"),
    "sendgrid": Way(_sendgrid, {"email": ("from_address",)}, "SENDGRID_API_KEY"),
    "govuk_notify": Way(
        _notify, {"sms": ("sms_template",), "email": ("email_template",), "letter": ()}, "NOTIFY_API_KEY"
    ),
}


def that_reach(channels: Mapping[str, Channel]) -> dict[str, Channel]:
    """The kinds that leave by a channel which reaches people; all of them in a rehearsal, where none does.

    A letter that is a file in a folder has reached nobody: where texts really leave, it waits for paper.
    """
    return {kind: channel for kind, channel in channels.items() if channel.real} or dict(channels)


def by_kind(channel: Channel) -> dict[str, Channel]:
    """One channel for every kind of message."""
    return dict.fromkeys(KINDS, channel)
