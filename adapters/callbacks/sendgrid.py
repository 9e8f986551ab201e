"""SendGrid's events: a list, signed by ECDSA over a time and the body, with the key of the account.

Source: SendGrid's "Event Webhook reference" and "Security features"; an event carries the id that the e-mail
was sent with (custom_args).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from sendgrid.helpers.eventwebhook import EventWebhook, EventWebhookHeader

from adapters.callbacks.posted import Forged, Misset, Posted, Unreadable, instant_of, plain
from messaging.channels.provider_codes import meaning
from workflows.heard import Receipt

NAME = "sendgrid"
KEY = "FIRSTBELL_SENDGRID_WEBHOOK_KEY"
MESSAGE_ID = "message_id"
"""The custom argument that holds our own id."""
_REPEATS = timedelta(hours=25)
"""SendGrid repeats a failed post for a day; each event is kept once, so what is repeated changes nothing."""
_DETAIL = {"bounce": "bounce_classification", "dropped": "reason"}
_BLOCKED = "blocked"
Event = Mapping[str, Any]


def verified(posted: Posted, key: str) -> list[Event]:
    """The events of a post that SendGrid signed lately; Forged where it did not."""
    signature = posted.headers.get(EventWebhookHeader.SIGNATURE.lower(), "")
    timestamp = posted.headers.get(EventWebhookHeader.TIMESTAMP.lower(), "")
    try:
        webhook = EventWebhook(key)
    except ValueError as wrong:
        raise Misset(f"{KEY} is no public key: copy the verification key from SendGrid's settings") from wrong
    try:
        genuine = webhook.verify_signature(posted.text, signature, timestamp)
    except (ValueError, Unreadable) as wrong:
        raise Forged("the signature is none") from wrong
    if not genuine:
        raise Forged("the signature does not fit")
    signed = instant_of(int(timestamp)) if timestamp.isdecimal() else None
    if signed is None or abs(posted.at - signed) > _REPEATS:
        raise Forged("it was signed at another time: somebody repeats an old post, or our clock is wrong")
    return _events(posted)


def receipts(events: list[Event], posted: Posted) -> Iterator[Receipt]:
    """What became of e-mails, an event each; one that has no id of SendGrid's is left out."""
    for event in events:
        event_id, kind = _word(event, "sg_event_id"), _word(event, "event")
        if event_id and kind:
            yield _receipt(event, event_id, kind, posted)


def _events(posted: Posted) -> list[Event]:
    try:
        events = json.loads(posted.text)
    except (ValueError, RecursionError) as wrong:
        raise Unreadable("the body is no JSON") from wrong
    if not isinstance(events, list) or not all(isinstance(event, dict) for event in events):
        raise Unreadable("the body is no list of events")
    return events


def _receipt(event: Event, event_id: str, kind: str, posted: Posted) -> Receipt:
    code = _BLOCKED if kind == "bounce" and event.get("type") == _BLOCKED else kind
    detail = _word(event, _DETAIL.get(code, ""))
    code = f"{code}/{detail}" if detail else code
    found = meaning(NAME, code)
    return Receipt(
        provider=NAME,
        event_id=event_id,
        message_id=_word(event, MESSAGE_ID),
        reference=_word(event, "sg_message_id").partition(".")[0],
        address=_word(event, "email").casefold(),
        outcome=found.outcome,
        at=instant_of(event.get("timestamp")),
        code=code,
        why=found.sentence,
        of_address=found.of_address,
        opted_out=found.opted_out,
        received_at=posted.at,
    )


def _word(event: Event, name: str) -> str:
    return plain(event.get(name))
