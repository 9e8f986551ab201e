"""Texts by Twilio.

Twilio keeps no reference of ours with a text. One that we are unsure of is found by its number, its time and
its exact words; our id goes along in the address that Twilio reports to.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from requests import RequestException
from twilio.base.exceptions import TwilioException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from messaging.channels.channel import Accepted, CannotTell, Outgoing, Refused, Sent, unfit
from messaging.channels.providers import (
    SKEW,
    TIMEOUT,
    again_after,
    answered,
    asked_in_vain,
    cut_off,
    never_left,
    quiet,
    unreached,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from requests import Response

_TOO_MANY: Final = 429
_SERVICE: Final = "MG"
_PAGE: Final = 100
_TRIAL: Final = "Sent from your Twilio trial account - "  # which stands before each text of such an account
_UNREADABLE: Final = (ValueError, TypeError, AttributeError, KeyError)
"""What the library makes of an answer that is not Twilio's."""


class _TooMany(RequestException):
    """Twilio asks to be left alone for a while; the library's own error has lost for how long."""

    again_after: timedelta | None = None


def _heed(response: Response, **_: object) -> None:
    if response.status_code == _TOO_MANY:
        response.close()
        busy = _TooMany(response=response)
        busy.again_after = again_after(response.headers.get("Retry-After"))
        raise busy


class TwilioChannel:
    """Sends texts from `sender`, a number, a name, or a messaging service (MG...), each once."""

    name = "twilio"
    real = True
    repeatable = False

    def __init__(self, settings: Mapping[str, str]) -> None:
        quiet("twilio.http_client", "urllib3")
        http = TwilioHttpClient(
            timeout=float(settings.get("timeout", TIMEOUT)),
            max_retries=0,
            request_hooks={"response": [_heed]},
        )
        self._client = Client(settings["account_sid"], settings["secret"], http_client=http)
        self._client.api.base_url = settings["base_address"]
        self._from = {_sender_key(settings["sender"]): settings["sender"]}
        self._reports = settings.get("public_address", "").rstrip("/")
        self.per_minute = int(settings["per_minute"])

    def withheld(self, to: str) -> str:
        """Nothing is withheld."""
        return ""

    def send(self, outgoing: Outgoing) -> Sent:
        """Hand it to Twilio; its words as they are: other letters would be other words when looked up."""
        refusal = unfit(outgoing, real=self.real)
        if refusal:
            return refusal
        if outgoing.channel != "sms":
            return Refused(f"Twilio sends texts, not {outgoing.channel}: choose another channel for it")
        if self._reports:
            reports = {"status_callback": f"{self._reports}/callbacks/twilio/status/{outgoing.message_id}"}
        else:
            reports = {}
        try:
            made = self._client.messages.create(
                to=outgoing.to, body=outgoing.text, smart_encoded=False, **self._from, **reports
            )
        except _TooMany as busy:
            return answered(self.name, _TOO_MANY, str(_TOO_MANY), busy.again_after)
        except TwilioException as error:
            return answered(self.name, getattr(error, "status", 0), str(getattr(error, "code", "")))
        except RequestException as error:
            return unreached(self.name) if never_left(error) else cut_off(self.name)
        except _UNREADABLE:
            return cut_off(self.name)
        return Accepted(made.sid) if made.sid else cut_off(self.name)

    def find(self, outgoing: Outgoing, since: datetime) -> Accepted | None:
        """The text to this number with exactly these words, handed over since then.

        All texts to the number are looked through, newest first: one that Twilio has not sent on yet has no
        date to ask for.

        Raises:
            CannotTell: the account hides the words of its texts.
            OSError: Twilio does not answer.
        """
        try:
            for text in self._client.messages.stream(to=outgoing.to, page_size=_PAGE):
                at = text.date_created
                if isinstance(at, datetime) and _aware(at) < since - SKEW:
                    return None
                if not text.body:
                    raise CannotTell("a text went to this number, and Twilio hides its words: ask the family")
                if _words(text.body) == _words(outgoing.text) and text.direction != "inbound":
                    return Accepted(text.sid)
        except (TwilioException, RequestException, *_UNREADABLE) as error:
            raise asked_in_vain(self.name) from error
        return None


def _sender_key(sender: str) -> str:
    return "messaging_service_sid" if sender.startswith(_SERVICE) else "from_"


def _words(text: str) -> list[str]:
    return text.removeprefix(_TRIAL).split()


def _aware(at: datetime) -> datetime:
    return at if at.tzinfo else at.replace(tzinfo=UTC)
