"""A message as it goes to a channel: its words, and for an e-mail or a letter what stands around them."""

from __future__ import annotations

import json
from datetime import date

from messaging.channels.channel import Cover, Outgoing
from messaging.words import date_in_words
from workflows.values import Message
from workflows.voice import STATUTORY

TEXT = "sms"
LABEL = "A letter that the law asks the school to write"


def outgoing(message: Message, school: str, day: date, *, large_print: bool = False) -> Outgoing:
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
        large_print=large_print,
        label=LABEL if message.purpose == STATUTORY else "",
    )
    return Outgoing(message.message_id, message.channel, message.address, message.contact_id, words, cover)
