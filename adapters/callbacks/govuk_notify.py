"""GOV.UK Notify's posts: JSON, with a bearer token that we chose in its settings.

Source: Notify's documentation of its callbacks. A receipt has no id of its own: it is told from others by the
notification and its status. A letter that came back is posted to the address for receipts as well.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from adapters.callbacks.posted import Forged, Posted, Unreadable, plain
from messaging.channels.provider_codes import meaning
from workflows.heard import Receipt, Words
from workflows.known_by import number

NAME = "govuk_notify"
KEY = "FIRSTBELL_NOTIFY_CALLBACK_TOKEN"
_BEARER = "bearer "
_RETURNED = "returned"
Fields = Mapping[str, Any]


def verified(posted: Posted, token: str) -> Fields:
    """The fields of a post that carries our token; Forged where it does not."""
    said = posted.headers.get("authorization", "")
    given = said[len(_BEARER) :] if said.casefold().startswith(_BEARER) else ""
    if not hmac.compare_digest(given.encode(), token.encode()):
        raise Forged("the bearer token is not ours")
    try:
        fields = json.loads(posted.text)
    except (ValueError, RecursionError) as wrong:
        raise Unreadable("the body is no JSON") from wrong
    if not isinstance(fields, dict):
        raise Unreadable("the body is no JSON object")
    return fields


def receipt(fields: Fields, posted: Posted) -> Receipt:
    """What became of a text, an e-mail or a letter; our id is its reference."""
    came_back = "notification_id" in fields
    notification = _word(fields, "notification_id" if came_back else "id")
    status = _RETURNED if came_back else _word(fields, "status")
    if not notification or not status:
        raise Unreadable("a receipt of Notify's has an id and a status")
    found = meaning(NAME, status)
    return Receipt(
        provider=NAME,
        event_id=f"{notification} {status}",
        message_id=_word(fields, "reference"),
        reference=notification,
        address=_address(_word(fields, "to")),
        outcome=found.outcome,
        at=_instant(fields.get("completed_at")),
        code=status,
        why=found.sentence,
        of_address=found.of_address,
        opted_out=found.opted_out,
        received_at=posted.at,
    )


def words(fields: Fields, posted: Posted) -> Words:
    """What somebody texted to the number that Notify keeps for us."""
    notification, sender = _word(fields, "id"), _word(fields, "source_number")
    if not notification or not sender:
        raise Unreadable("a text to us has an id and a source_number")
    return Words(
        provider=NAME,
        event_id=notification,
        channel="sms",
        sender=number(sender),
        sent_to=number(_word(fields, "destination_number")),
        text=_word(fields, "message") or "(nothing)",
        at=_instant(fields.get("date_received")) or posted.at,
    )


def _word(fields: Fields, name: str) -> str:
    return plain(fields.get(name))


def _address(to: str) -> str:
    return to.casefold() if "@" in to else number(to)


def _instant(text: object) -> datetime | None:
    try:
        found = datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
    return found.astimezone(UTC) if found and found.tzinfo else None
