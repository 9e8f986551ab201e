"""Somebody writes the words of a message anew before it leaves: approvals are void, the old words kept."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import dataclass, replace
from datetime import datetime

from messaging.blocks import NotLaidOut, blocks
from messaging.channels.channel import unfit
from messaging.sms import with_look_alikes
from workflows.acting import CannotDo
from workflows.approval import unapproved
from workflows.drafting import TEXT
from workflows.outbox import NotInOutbox, chosen, entry, keep, must_say, said
from workflows.outgoing import outgoing
from workflows.ports import Store
from workflows.values import UNSENT, Message, MessageState


@dataclass(frozen=True, slots=True)
class Reworded:
    """A message before and after its words were written anew."""

    before: Message
    after: Message


def edit(
    store: Store, message_id: str, by: str, why: str, at: datetime, text: str, title: str = ""
) -> Reworded:
    """Write a message's words anew in a person's name; it waits for approval, by somebody else.

    `title` is that of an e-mail or a letter; empty leaves it as it is. The template no longer answers for the
    words, so they are looked at: they name the child, and can be sent and laid out. The ledger keeps what
    they were. Raises NotInOutbox or CannotDo.
    """
    must_say(why, "say what was not right, for whoever approves it")
    with store.transaction() as unit:
        ((before, who),) = chosen(unit, [message_id], by)
        if before.state not in UNSENT:
            raise NotInOutbox(f"{message_id} is {said(before)}: its words can be changed no more")
        words = _as_it_goes(text, before.channel)
        after = replace(
            unapproved(before),
            state=MessageState.AWAITING_APPROVAL,
            text=words,
            title=title.strip() or before.title,
            told="",
            told_with="",
            edited_by=who.staff_id,
            held_by="",
            ended_because="",
            try_after=None,
        )
        _look_at(before, after, title)
        was = {"was": before.text, "title_was": before.title, "text": after.text, "title": after.title}
        line = entry("edit", after, who, why, **was, held_by=before.held_by, approved_by=before.approved_by)
        keep(unit, [after], [line], at)
    return Reworded(before, after)


def _look_at(before: Message, after: Message, title: str) -> None:
    """CannotDo where the words cannot stand in the place of those before."""
    if title and before.channel == TEXT:
        raise CannotDo(f"{before.message_id} is a text, which has no title: leave --title out")
    if (after.text, after.title) == (before.text, before.title):
        raise CannotDo(f"these are the words that {before.message_id} has already: nothing was changed")
    child = _as_it_goes(json.loads(before.said).get("child", ""), before.channel)
    if child not in after.text:
        raise CannotDo(
            f"the words do not name {child}: a family with several children must know of whom it reads"
        )
    if refused := unfit(outgoing(after, "", before.made_as_of.date()), real=False):
        raise CannotDo(f"it could not be sent so: {refused.why}")
    if before.channel != TEXT:
        try:
            blocks(after.text)
        except NotLaidOut as wrong:
            raise CannotDo(f"it cannot be laid out: {wrong}") from wrong


def _as_it_goes(words: str, channel: str) -> str:
    """Words as they are sent: composed letters, and of a text one line in what plain SMS has."""
    composed = unicodedata.normalize("NFC", words.strip())
    return with_look_alikes(" ".join(composed.split())) if channel == TEXT else composed
