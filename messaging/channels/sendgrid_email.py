"""E-mails by SendGrid.

SendGrid can be asked about no single e-mail. Our id goes along with it, and comes back with each event.
"""

from __future__ import annotations

import json
from datetime import datetime
from http.client import HTTPException
from typing import TYPE_CHECKING, Final
from urllib.error import URLError

from python_http_client.exceptions import HTTPError
from sendgrid import SendGridAPIClient

from messaging.channels.channel import Accepted, CannotTell, Cover, Outgoing, Refused, Sent, Unsure, unfit
from messaging.channels.providers import TIMEOUT, again_after, answered, cut_off, quiet, unreached
from messaging.email_words import email_words

if TYPE_CHECKING:
    from collections.abc import Mapping

_ACCEPTED: Final = 202
_NOT_UNDERSTOOD: Final = 400
_UNTRACKED: Final = {
    "click_tracking": {"enable": False, "enable_text": False},
    "open_tracking": {"enable": False},
    "subscription_tracking": {"enable": False},
}


class SendGridChannel:
    """Sends e-mails from one address, each once; nothing in them tells on their readers."""

    name = "sendgrid"
    real = True
    repeatable = False

    def __init__(self, settings: Mapping[str, str]) -> None:
        quiet("python_http_client")
        self._sendgrid = SendGridAPIClient(settings["secret"], host=settings["base_address"].rstrip("/"))
        self._sendgrid.client.timeout = float(settings.get("timeout", TIMEOUT))
        self._from = _person(settings["from_address"], settings.get("from_name", ""))
        self._reply_to = settings.get("reply_to", "")
        self.per_minute = int(settings["per_minute"])

    def withheld(self, to: str) -> str:
        """Nothing is withheld."""
        return ""

    def send(self, outgoing: Outgoing) -> Sent:
        """Hand it to SendGrid."""
        refusal = unfit(outgoing, real=self.real)
        if refusal:
            return refusal
        if outgoing.channel != "email":
            return Refused(f"SendGrid sends e-mails, not {outgoing.channel}: choose another channel for it")
        try:
            body = self._body(outgoing)
        except ValueError as error:  # a sentence about its words
            return Refused(str(error))
        try:
            answer = self._sendgrid.send(body)
        except HTTPError as error:
            return _not_taken(error)
        except URLError:  # raised up to the last byte of the request: SendGrid cannot have it whole
            return unreached(self.name)
        except (OSError, HTTPException):
            return cut_off(self.name)
        if answer.status_code != _ACCEPTED:
            return cut_off(self.name)
        return Accepted(answer.headers.get("X-Message-Id") or outgoing.message_id)

    def find(self, outgoing: Outgoing, since: datetime) -> Accepted | None:
        """Never known here: SendGrid's events tell, or the reader."""
        raise CannotTell(
            "SendGrid cannot be asked about one e-mail: its report says whether it went, or somebody asks "
            "the family"
        )

    def _body(self, outgoing: Outgoing) -> dict[str, object]:
        cover = outgoing.cover or Cover("", "")
        words = email_words(cover.title, outgoing.text, cover.language)
        body: dict[str, object] = {
            "personalizations": [
                {"to": [{"email": outgoing.to}], "custom_args": {"message_id": outgoing.message_id}}
            ],
            "from": self._from,
            "subject": words.subject,
            "content": [
                {"type": "text/plain", "value": words.plain},
                {"type": "text/html", "value": words.html},
            ],
            "headers": {"Auto-Submitted": "auto-generated", "Content-Language": words.language},
            "tracking_settings": _UNTRACKED,
        }
        return body | ({"reply_to": {"email": self._reply_to}} if self._reply_to else {})


def _person(address: str, name: str) -> dict[str, str]:
    return {"email": address, "name": name} if name else {"email": address}


def _not_taken(error: HTTPError) -> Refused | Unsure:
    """A refusal; of one that is about an address, whose it is."""
    code = str(error.status_code)
    if error.status_code == _NOT_UNDERSTOOD:
        code += _whose(error.body)
    wait = again_after(error.headers.get("Retry-After") if error.headers else None)
    return answered(SendGridChannel.name, error.status_code, code, wait)


def _whose(body: bytes) -> str:
    try:
        fields = [str(each.get("field")) for each in json.loads(body)["errors"]]
    except (ValueError, TypeError, KeyError, AttributeError):
        return ""
    if any(field.startswith("personalizations") and "to" in field.split(".") for field in fields):
        return "/to"
    return "/from" if any(field.startswith("from") for field in fields) else ""
