"""Messages as a screen and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from adapters.cli.listing import Column, Listing
from adapters.cli.screen import screen
from engine.instants import local
from messaging.prices import Cost, Prices, cost, in_money, in_words, total
from workflows.approval import OF_TWO, needs_two
from workflows.settings import TwoPeople
from workflows.subjects import subject_fields
from workflows.values import LEAVING, Message, MessageState

_MESSAGE, _WAITS, _TEXT = Column("message"), Column("waits for", share=4), Column("text", share=7)
_INSTANTS = (
    "made_as_of",
    "expires_at",
    "approved_at",
    "first_approved_at",
    "claimed_at",
    "try_after",
    "ended_at",
    "receipt_at",
    "contradicted_at",
)
_WORDS = (
    "reference",
    "via",
    "worker",
    "edited_by",
    "first_approved_by",
    "held_by",
    "contradicted_because",
    "contradicted_by",
    "apology_for",
    "handed",
)


@dataclass(frozen=True, slots=True)
class Known:
    """What is known around messages: names of pupils and of staff, prices, and what two people approve."""

    pupils: Mapping[tuple[str, str], str]
    staff: Mapping[str, str]
    prices: Prices
    two: TwoPeople


def show_outbox(messages: Sequence[Message], known: Known) -> None:
    """State by state, one row a message: for whom, what it waits for, cost and words; then what it costs."""
    console = screen()
    for state in MessageState:
        own = [message for message in messages if message.state is state]
        if not own:
            continue
        rows = [_cells(message, known) for message in own]
        console.print(f"{state.value.replace('_', ' ')}: {len(own):,}", style="bold")
        if any(waits for _, waits, _ in rows):
            console.print(Listing((_MESSAGE, _WAITS, _TEXT), rows))
        else:
            console.print(Listing((_MESSAGE, _TEXT), [(about, text) for about, _, text in rows]))
    console.print(f"{len(messages)} messages")
    waiting = [message for message in messages if message.state is MessageState.AWAITING_APPROVAL]
    if waiting:
        console.print(f"waiting for approval: {in_words(cost_of(waiting, known.prices))}")


def cost_of(messages: Iterable[Message], prices: Prices) -> Cost:
    """What some messages cost together."""
    return total(cost(message.channel, message.text, prices) for message in messages)


def in_parts(message: Message, prices: Prices) -> str:
    """How a message is sent, and what it costs."""
    costs = cost(message.channel, message.text, prices)
    sent_as = f"{costs.parts} part{'' if costs.parts == 1 else 's'}" if costs.parts else message.channel
    return f"{sent_as}, {in_money(costs.pence)}"


def _cells(message: Message, known: Known) -> tuple[str, str, str]:
    """Which message, whose and where to, line by line; what it waits for; its words."""
    name = known.pupils.get((message.school_id, message.subject), message.subject)
    about = (message.message_id, name, message.address, in_parts(message, known.prices))
    return "\n".join(about), "; ".join(_waits(message, known)), message.text


def _waits(message: Message, known: Known) -> Iterator[str]:
    """What a message waits for, or what came of it, as far as its state does not say so."""

    def name(staff_id: str) -> str:
        return known.staff.get(staff_id, staff_id)

    if message.apology_for:
        yield f"says sorry for {message.apology_for}"
    if message.held_by:
        yield f"held back by {name(message.held_by)}"
    if message.edited_by:
        yield f"worded by {name(message.edited_by)}"
    if message.state is MessageState.AWAITING_APPROVAL and needs_two(message, known.two):
        first = message.first_approved_by
        yield f"{OF_TWO}: {name(first)}" if first else "two people approve it"
    if message.try_after is not None and message.state is MessageState.QUEUED:
        tried = f"tried {message.attempts} times, " if message.attempts else ""
        yield f"{tried}again after {_hour(message.try_after)}"
    if message.claimed_at is not None and message.state in LEAVING:
        yield f"in hand since {_hour(message.claimed_at)}"
    if message.ended_because:
        yield message.ended_because
    if message.state is MessageState.RECALLED:
        yield f"recalled: {message.contradicted_because}"
    elif message.contradicted_at is not None:
        yield f"TO BE RECALLED since {_hour(message.contradicted_at)}: {message.contradicted_because}"


def _hour(at: datetime) -> str:
    return f"{local(at):%a %d %b %H:%M}"


def with_cost(message: Message, prices: Prices) -> dict[str, object]:
    """One message and what it costs for other programs; `pence` are before VAT."""
    costs = cost(message.channel, message.text, prices)
    return message_fields(message) | {"parts": costs.parts, "pence": float(costs.pence)}


def message_fields(message: Message) -> dict[str, object]:
    """One message for other programs; `note` is what whoever approves it should know."""
    said = json.loads(message.said)
    instants = {name: getattr(message, name) for name in _INSTANTS}
    return {
        "id": message.message_id,
        **subject_fields(message.subject),
        "school_id": message.school_id,
        "rule": message.rule,
        "contact_id": message.contact_id,
        "addressee": said.get("addressee", ""),
        "channel": message.channel,
        "address": message.address,
        "template": message.template,
        "template_version": message.template_version,
        "state": message.state.value,
        "text": message.text,
        "because": message.because,
        "language": message.language,
        "title": message.title,
        "purpose": message.purpose,
        "ref": message.ref,
        "told": message.told or None,
        "told_with": message.told_with or None,
        "approved_by": message.approved_by or None,
        "ended_because": message.ended_because,
        "note": said.get("note") or None,
        "attempts": message.attempts,
        **{name: at.isoformat() if at else None for name, at in instants.items()},
        **{name: getattr(message, name) or None for name in _WORDS},
    }
