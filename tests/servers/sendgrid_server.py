"""SendGrid's mail send as far as we use it, in memory; it cannot be asked about a message."""

from __future__ import annotations

import uuid
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from tests.servers.loopback import Answer, Asked

KEY: Final = "SG.key-of-nobody"
SENDER: Final = "office@ashgrove.sch.uk"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Person(_Strict):
    """An address, perhaps with a name."""

    email: str = Field(pattern=r"^[^@\s]+@[^@\s]+$")
    name: str = ""


class Ids(_Strict):
    """What comes back with each event: our id, and nothing about a child."""

    message_id: str = Field(pattern=r"^[A-Za-z0-9_-]{1,120}$")


class Personalization(_Strict):
    """One reader."""

    to: list[Person] = Field(min_length=1, max_length=1)
    custom_args: Ids


class Content(_Strict):
    """One form of the words."""

    type: Literal["text/plain", "text/html"]
    value: str = Field(min_length=1)


class Off(_Strict):
    """A kind of tracking, switched off."""

    enable: Literal[False]
    enable_text: Literal[False] = False


class Tracking(_Strict):
    """All of them."""

    click_tracking: Off
    open_tracking: Off
    subscription_tracking: Off


class Mail(BaseModel):
    """The document that sends an e-mail."""

    model_config = ConfigDict(extra="forbid")

    personalizations: list[Personalization] = Field(min_length=1, max_length=1)
    from_: Person = Field(alias="from")
    reply_to: Person | None = None
    subject: str = Field(min_length=1)
    content: list[Content] = Field(min_length=2, max_length=2)
    headers: dict[str, str]
    tracking_settings: Tracking


class SendGridBook:
    """E-mails by SendGrid."""

    def __init__(self) -> None:
        self.taken: list[dict[str, object]] = []

    def sends(self, asked: Asked) -> bool:
        """There is nothing else."""
        return asked.method == "POST"

    def refusal(self, asked: Asked) -> Answer | None:
        """401 for another key, 404 for another place, 400 with the field that is wrong."""
        if asked.headers.get("Authorization") != f"Bearer {KEY}":
            return _error(401, "authorization required", "null")
        if asked.path != "/v3/mail/send":
            return _error(404, "not found", "null")
        try:
            Mail.model_validate(asked.document)
        except ValidationError as error:
            return _error(400, "invalid request", ".".join(map(str, error.errors()[0]["loc"])))
        return None

    def accepted(self, asked: Asked) -> Answer:
        """202 and no body; the id stands in a header."""
        return Answer(202, None, {"X-Message-Id": uuid.uuid4().hex})

    def remember(self, asked: Asked, answer: Answer) -> None:
        """The document as it came."""
        self.taken.append(dict(asked.document))

    def look_up(self, asked: Asked) -> Answer:
        """There is no such thing."""
        return _error(404, "not found", "null")


def _error(status: int, message: str, field: str) -> Answer:
    return Answer(status, {"errors": [{"message": message, "field": field, "help": None}]})
