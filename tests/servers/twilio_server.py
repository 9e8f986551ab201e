"""Twilio's Messages resource as far as we use it, in memory."""

from __future__ import annotations

import base64
import uuid
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from tests.servers.loopback import Answer, Asked

ACCOUNT: Final = "AC" + "0123456789abcdef" * 2
TOKEN: Final = "twilio-token-of-nobody"  # noqa: S105 - a stand-in's
SENDER: Final = "+447911000000"
_MESSAGES: Final = f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json"


class Text(BaseModel):
    """The form that sends a text: nothing in it but what we mean to say."""

    model_config = ConfigDict(extra="forbid")

    To: str = Field(pattern=r"^\+[1-9][0-9]{7,14}$")
    From: str = Field("", pattern=r"^(\+[1-9][0-9]{7,14}|[A-Za-z0-9 ]{1,11})$")
    MessagingServiceSid: str = Field("", pattern=r"^MG[0-9a-fA-F]{32}$")
    Body: str = Field(min_length=1, max_length=1600)
    SmartEncoded: Literal["false"]
    StatusCallback: str = Field("", pattern=r"^https://[^?#]+/callbacks/twilio/status/[A-Za-z0-9_-]+$")

    @model_validator(mode="after")
    def _from_one(self) -> Self:
        if bool(self.From) == bool(self.MessagingServiceSid):
            raise ValueError("a text comes from a sender or from a messaging service")
        return self


class TwilioBook:
    """Texts by Twilio; pages of two, so that looking them up has to turn one."""

    def __init__(self) -> None:
        self.taken: list[dict[str, object]] = []

    def sends(self, asked: Asked) -> bool:
        """POST sends, GET lists."""
        return asked.method == "POST"

    def refusal(self, asked: Asked) -> Answer | None:
        """20003 for another key, 20404 for another place, 21211 for a number that is none."""
        key = base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
        if asked.headers.get("Authorization") != f"Basic {key}":
            return _error(401, 20003, "Authenticate")
        if asked.path != _MESSAGES:
            return _error(404, 20404, "The requested resource was not found")
        if self.sends(asked):
            try:
                Text.model_validate(asked.form)
            except ValidationError as error:
                return _error(400, 21211, str(error))
        return None

    def accepted(self, asked: Asked) -> Answer:
        """201, queued."""
        return Answer(201, _shown(asked.form, f"SM{uuid.uuid4().hex}"))

    def remember(self, asked: Asked, answer: Answer) -> None:
        """By the id that it was answered with."""
        self.taken.append(_shown(asked.form, answer.document["sid"]))

    def look_up(self, asked: Asked) -> Answer:
        """The texts to a number, newest first."""
        query = asked.query
        found = [each for each in reversed(self.taken) if each["to"] == query.get("To", each["to"])]
        page, size = int(query.get("Page", "0")), 2
        more = len(found) > (page + 1) * size
        to = str(query.get("To", "")).replace("+", "%2B")
        return Answer(
            200,
            {
                "messages": found[page * size : (page + 1) * size],
                "page": page,
                "page_size": size,
                "uri": asked.target,
                "next_page_uri": f"{_MESSAGES}?To={to}&Page={page + 1}" if more else None,
            },
        )


def _shown(form: dict[str, str], sid: str) -> dict[str, object]:
    now = format_datetime(datetime.now(UTC))
    return {
        "account_sid": ACCOUNT,
        "api_version": "2010-04-01",
        "body": form["Body"],
        "date_created": now,
        "date_sent": None,
        "date_updated": now,
        "direction": "outbound-api",
        "error_code": None,
        "error_message": None,
        "from": form.get("From"),
        "messaging_service_sid": form.get("MessagingServiceSid"),
        "num_media": "0",
        "num_segments": "1",
        "price": None,
        "price_unit": None,
        "sid": sid,
        "status": "queued",
        "subresource_uris": {},
        "to": form["To"],
        "uri": f"/2010-04-01/Accounts/{ACCOUNT}/Messages/{sid}.json",
    }


def _error(status: int, code: int, message: str) -> Answer:
    return Answer(status, {"code": code, "message": message, "more_info": "", "status": status})
