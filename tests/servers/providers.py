"""Every real channel with the stand-in of its provider: how it is opened, and what it sends."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from messaging.channels import CHANNELS
from messaging.channels.channel import Channel, Cover, Outgoing
from tests.servers import notify_server, sendgrid_server, twilio_server
from tests.servers.book import Book

PATIENT: Final = "30"
"""Seconds: nothing that is answered at all is late."""

TEXT: Final = Outgoing("m-1", "sms", "+447911123456", "c1", "Ashgrove Academy: hello, Zoë's mother.")
COVER: Final = Cover("Where Zoë is", "Ashgrove Academy", "cy", "Mrs Bell", "Monday", "K7M3Q2XA")
EMAIL: Final = replace(TEXT, channel="email", to="sam.o'neil@ashgrove.sch.uk", cover=COVER)
LETTER: Final = replace(TEXT, channel="letter", to="12 Mill Lane,\nSouthampton SO14 1AA", cover=COVER)
MESSAGES: Final = {message.channel: message for message in (TEXT, EMAIL, LETTER)}


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider as its channel finds it; `book` opens a fresh one."""

    name: str
    book: Callable[[], Book]
    secret: str
    settings: Mapping[str, str]

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of message that its channel sends."""
        return tuple(CHANNELS[self.name].needs)

    def channel(self, address: str, *, timeout: str = PATIENT, secret: str = "") -> Channel:
        """Its channel, speaking to a server at an address."""
        settings = {**self.settings, "base_address": address, "timeout": timeout, "per_minute": "60"}
        return CHANNELS[self.name].open(settings | {"secret": secret or self.secret})


PROVIDERS: Final = {
    each.name: each
    for each in (
        Provider(
            "twilio",
            twilio_server.TwilioBook,
            twilio_server.TOKEN,
            {
                "account_sid": twilio_server.ACCOUNT,
                "sender": twilio_server.SENDER,
                "public_address": "https://attendance.ashgrove.sch.uk",
            },
        ),
        Provider(
            "sendgrid",
            sendgrid_server.SendGridBook,
            sendgrid_server.KEY,
            {"from_address": sendgrid_server.SENDER, "from_name": "Ashgrove Academy"},
        ),
        Provider(
            "govuk_notify",
            notify_server.NotifyBook,
            notify_server.KEY,
            {
                "sms_template": notify_server.SMS_TEMPLATE,
                "email_template": notify_server.EMAIL_TEMPLATE,
                "postage": "second",
            },
        ),
    )
}
SENT_BY: Final = [(name, kind) for name, provider in PROVIDERS.items() for kind in provider.kinds]
