"""A message as it goes to a channel: its words, and for an e-mail or a letter what stands around them."""

from __future__ import annotations

import json
from datetime import date

from messaging.channels.channel import Cover, Outgoing
from messaging.recipients import STATUTORY
from messaging.words import date_in_words
from workflows.drafting import TEXT
from workflows.values import Message

LABEL = "A letter that the law asks the school to write"


def outgoing(message: Message, school: str, day: date) -> Outgoing:
    """What a channel gets to send on a day; `school` is the name in the letterhead."""
    words = message.told or message.text
    if message.channel == TEXT:
        return Outgoing(message.message_id, message.channel, message.address, message.contact_id, words)
    said: dict[str, str] = json.loads(message.said)
    cover = Cover(
        title=message.title,
        school=school,
        language=message.language,
        addressee=said.get("addressee", ""),
        date=date_in_words(day),
        ref=message.ref,
        large_print=said.get("large_print") == "yes",
        label=LABEL if message.purpose == STATUTORY else "",
    )
    return Outgoing(message.message_id, message.channel, message.address, message.contact_id, words, cover)
