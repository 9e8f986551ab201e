"""Twilio's posts: signed over our public address and the form, by HMAC with the account's token.

Source: Twilio's "Webhooks security" and "Message resource"; a status is posted to the address that each text
was sent with, a reply to the address set for the number.
"""

from __future__ import annotations

from urllib.parse import parse_qs, parse_qsl, urlsplit

from starlette.datastructures import ImmutableMultiDict
from twilio.request_validator import SIGNATURE_HEADER, RequestValidator

from adapters.callbacks.posted import Forged, Posted, Unreadable, plain
from messaging.channels.provider_codes import Came, meaning
from workflows.heard import Receipt, Words
from workflows.known_by import number

NAME = "twilio"
KEY = "FIRSTBELL_TWILIO_AUTH_TOKEN"
NOTHING_TO_SAY = '<?xml version="1.0" encoding="UTF-8"?><Response></Response>'
"""What Twilio is answered to a text: no words of ours go back by themselves."""
_MOST_FIELDS = 200
_BY_ITS_HASH = "bodySHA256"
_FAILED = frozenset({"failed", "undelivered"})
Form = ImmutableMultiDict[str, str]


def verified(posted: Posted, token: str) -> Form:
    """The fields of a form that Twilio signed; Forged where it did not.

    Of a body that is no form Twilio signs the hash, in the address: genuine too, and without a field for us.
    """
    try:
        fields = parse_qsl(posted.text, keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except (ValueError, Unreadable) as wrong:
        raise Forged("no form that Twilio would send") from wrong
    form: Form = ImmutableMultiDict(fields)
    signature = posted.headers.get(SIGNATURE_HEADER.lower(), "")
    signed = posted.text if _BY_ITS_HASH in parse_qs(urlsplit(posted.address).query) else form
    if not RequestValidator(token).validate(posted.address, signed, signature):
        raise Forged("the signature does not fit")
    return form


def receipt(form: Form, message_id: str, posted: Posted) -> Receipt:
    """What became of the text of an id. Twilio gives no time of it, and repeats under the same names."""
    sid, status, error = (form.get(name, "") for name in ("MessageSid", "MessageStatus", "ErrorCode"))
    if not sid or not status:
        raise Unreadable("a status of Twilio's has a MessageSid and a MessageStatus")
    # An error says why a text failed; beside another status it is a warning.
    code = error if error and status in _FAILED else status
    found = meaning(NAME, code)
    outcome = found.outcome
    if status in _FAILED and outcome in {Came.NOTHING_NEW, Came.ACCEPTED}:
        outcome = meaning(NAME, status).outcome
    return Receipt(
        provider=NAME,
        event_id=f"{sid} {status} {error}".strip(),
        message_id=message_id,
        reference=sid,
        address=number(form.get("To", "")),
        outcome=outcome,
        at=None,
        code=code,
        why=found.sentence,
        of_address=found.of_address,
        opted_out=found.opted_out,
        received_at=posted.at,
    )


def words(form: Form, posted: Posted) -> Words:
    """What somebody texted. A picture without words is told of: it is to be looked at in Twilio's console."""
    sid, sender = form.get("MessageSid", ""), form.get("From", "")
    if not sid or not sender:
        raise Unreadable("a text to us has a MessageSid and a From")
    pictures = form.get("NumMedia", "0")
    shown = f"({pictures} attached: look at it in Twilio's console, message {sid})" if pictures > "0" else ""
    text = " ".join(filter(None, (plain(form.get("Body", "")), shown))) or "(nothing)"
    return Words(
        provider=NAME,
        event_id=sid,
        channel="sms",
        sender=number(sender),
        sent_to=number(form.get("To", "")),
        text=text,
        at=posted.at,
    )
