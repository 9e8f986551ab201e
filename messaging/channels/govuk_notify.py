"""Texts, e-mails and letters by GOV.UK Notify.

Notify sends a text or an e-mail through a template of our account: one whose words are the field ((body)), of
an e-mail with the subject ((subject)). A letter goes as the very PDF that was approved. Our id goes along as
the reference, by which Notify finds a message again.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import partial
from io import BytesIO
from typing import TYPE_CHECKING, Final

from notifications_python_client.errors import APIError, InvalidResponse
from notifications_python_client.notifications import NotificationsAPIClient
from requests import RequestException

from messaging.blocks import Heading, Items, Paragraph, blocks
from messaging.channels.channel import Accepted, CannotTell, Cover, Outgoing, Refused, Sent, Unsure, unfit
from messaging.channels.forms import form
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
from messaging.direction import in_order
from messaging.variables import flat

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from messaging.blocks import Block

_UUID: Final = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_KEY: Final = re.compile(rf".*{_UUID}-{_UUID}", re.IGNORECASE)
_LONGEST_TEXT: Final = 918
_KEPT: Final = timedelta(days=7)
_FIELDS: Final = ("phone_number", "email_address")


class NotifyChannel:
    """Sends what is of a kind for which it has a template, and letters; each once."""

    name = "govuk_notify"
    real = True
    repeatable = False

    def __init__(self, settings: Mapping[str, str]) -> None:
        if not _KEY.fullmatch(settings["secret"]):
            raise ValueError("it is no key of GOV.UK Notify: copy the whole key, its name and both parts")
        quiet("urllib3", "notifications_python_client")
        self._notify = NotificationsAPIClient(
            settings["secret"],
            base_url=settings["base_address"],
            timeout=float(settings.get("timeout", TIMEOUT)),
        )
        self._notify.request_session.max_redirects = 0  # Notify redirects nobody: whoever does is not Notify
        self._templates = {kind: settings.get(f"{kind}_template", "") for kind in ("sms", "email")}
        self._postage = settings.get("postage") or None
        self.per_minute = int(settings["per_minute"])

    def withheld(self, to: str) -> str:
        """Nothing is withheld."""
        return ""

    def send(self, outgoing: Outgoing) -> Sent:
        """Hand it to Notify."""
        refusal = unfit(outgoing, real=self.real) or self._unsendable(outgoing)
        if refusal:
            return refusal
        try:
            hand_over = self._ready(outgoing)
        except ValueError as error:  # a sentence about its words
            return Refused(str(error))
        if isinstance(hand_over, Refused):
            return hand_over
        try:
            made = hand_over()
        except InvalidResponse:
            return cut_off(self.name)
        except APIError as error:
            return _not_taken(error)
        reference = made.get("id") if isinstance(made, dict) else None
        return Accepted(reference) if reference else cut_off(self.name)

    def find(self, outgoing: Outgoing, since: datetime) -> Accepted | None:
        """The first message handed over since then under this id.

        Raises:
            CannotTell: Notify has forgotten it by now, whether it went or not.
            OSError: Notify does not answer.
        """
        if datetime.now(UTC) - since > _KEPT - SKEW:
            raise CannotTell("GOV.UK Notify forgets a message after a week: ask the family whether it came")
        try:
            found = self._notify.get_all_notifications(reference=outgoing.message_id)["notifications"]
            made = [(datetime.fromisoformat(each["created_at"]), str(each["id"])) for each in found]
            own = sorted((at, reference) for at, reference in made if at >= since - SKEW)
        except (APIError, RequestException, ValueError, KeyError, TypeError) as error:
            raise asked_in_vain(self.name) from error
        return Accepted(own[0][1]) if own else None

    def _unsendable(self, outgoing: Outgoing) -> Refused | None:
        if outgoing.channel in self._templates and not self._templates[outgoing.channel]:
            return Refused(
                f"GOV.UK Notify has no template for it: name one as govuk_notify.{outgoing.channel}_template",
                passing=True,
            )
        if outgoing.channel == "sms" and len(outgoing.text) > _LONGEST_TEXT:
            return Refused(f"the text is over {_LONGEST_TEXT} characters, more than Notify takes: shorten it")
        return None

    def _ready(self, outgoing: Outgoing) -> Callable[[], object] | Refused:
        """The call that hands it over, its words made up before anything can go wrong on the way."""
        to, words, reference = outgoing.to, outgoing.text, outgoing.message_id
        if outgoing.channel == "sms":
            template = self._templates["sms"]
            return partial(self._notify.send_sms_notification, to, template, {"body": words}, reference)
        if outgoing.channel == "email":
            cover, template = outgoing.cover or Cover("", ""), self._templates["email"]
            said = {"subject": flat(cover.title), "body": _markdown(words, cover.language)}
            return partial(self._notify.send_email_notification, to, template, said, reference)
        made = form(outgoing)
        if isinstance(made, Refused):
            return made
        paper = BytesIO(made.content)
        return partial(self._notify.send_precompiled_letter_notification, reference, paper, self._postage)


def _not_taken(error: APIError) -> Refused | Unsure:
    """What Notify's error says; one without an answer behind it is of the connection."""
    name = NotifyChannel.name
    if error.response is None:
        return unreached(name) if never_left(error) else cut_off(name)
    status, kind, said = error.status_code, str(error.status_code), error.message
    if isinstance(said, list) and said and isinstance(said[0], dict):
        field = str(said[0].get("message", "")).partition(" ")[0]
        kind = str(said[0].get("error") or kind) + (f"/{field}" if field in _FIELDS else "")
    return answered(name, status, kind, again_after(error.response.headers.get("Retry-After")))


def _markdown(text: str, language: str) -> str:
    """The words of an e-mail in Notify's markdown, which has no tables: a row becomes a line of a list."""
    return "\n\n".join(in_order(_said(block), language) for block in blocks(text))


def _said(block: Block) -> str:
    match block:
        case Heading(text):
            return f"## {text}"
        case Paragraph(text):
            return text
        case Items(items):
            return "\n".join(f"* {item}" for item in items)
        case _:
            rows = (zip(block.header, row, strict=True) for row in block.rows)
            return "\n".join("* " + ", ".join(f"{name}: {cell}" for name, cell in row) for row in rows)
