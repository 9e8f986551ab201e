"""What comes back from outside: what a provider says of a message, and what a family writes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from messaging.channels.provider_codes import Came


@dataclass(frozen=True, slots=True)
class Receipt:
    """One thing that a provider said of one message: `event_id` tells it from all others of that provider.

    `at` is the provider's own time of it, None where it gives none; `code` its word for it, `why` ours.
    `of_address`: what failed is the number or address, whatever were sent there; `opted_out`: whoever it
    belongs to wants nothing more. `address` is where it went, `message_id` empty where it names none of ours.
    """

    provider: str
    event_id: str
    message_id: str
    reference: str
    address: str
    outcome: Came
    at: datetime | None
    code: str
    why: str
    of_address: bool
    opted_out: bool
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Words:
    """What somebody wrote: `sender` is a number (+44...), `sent_to` the number of ours that it came to."""

    provider: str
    event_id: str
    channel: str
    sender: str
    sent_to: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Reply:
    """Words as they were kept, and whose they were taken to be; what is not known is empty.

    `task_id` is the task that they made: they are read once it is ended. Without one they asked for nothing
    but STOP or START, and that was done.
    """

    reply_id: str
    provider: str
    event_id: str
    channel: str
    sender: str
    sent_to: str
    text: str
    at: datetime
    received_at: datetime
    school_id: str
    subject: str
    contact_id: str
    message_id: str
    task_id: str
