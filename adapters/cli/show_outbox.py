"""Messages as a screen and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence

from adapters.cli.listing import Column, Listing
from adapters.cli.screen import screen
from messaging.prices import Cost, Prices, cost, in_money, in_words, total
from workflows.subjects import subject_fields
from workflows.values import Message, MessageState

_COLUMNS = (
    Column("id"),
    Column("state", share=3),
    Column("pupil", share=3),
    Column("to, for"),
    Column("text", share=7),
)


def show_outbox(messages: Sequence[Message], names: Mapping[tuple[str, str], str], prices: Prices) -> None:
    """One line a message: where it stands, for whom, cost and words; then what waits for approval costs."""
    console = screen()
    console.print(Listing(_COLUMNS, [_cells(message, names, prices) for message in messages]))
    console.print(f"{len(messages)} messages")
    waiting = [message for message in messages if message.state is MessageState.AWAITING_APPROVAL]
    if waiting:
        console.print(f"waiting for approval: {in_words(cost_of(waiting, prices))}")


def cost_of(messages: Iterable[Message], prices: Prices) -> Cost:
    """What some messages cost together."""
    return total(cost(message.channel, message.text, prices) for message in messages)


def _cells(message: Message, names: Mapping[tuple[str, str], str], prices: Prices) -> tuple[str, ...]:
    said = message.state.value.replace("_", " ")
    if message.ended_because:
        said += f": {message.ended_because}"
    name = names.get((message.school_id, message.subject), message.subject)
    costs = cost(message.channel, message.text, prices)
    sent_as = f"{costs.parts} part{'' if costs.parts == 1 else 's'}" if costs.parts else message.channel
    to = f"{message.address}\n{sent_as}, {in_money(costs.pence)}"
    return message.message_id, said, name, to, message.text


def with_cost(message: Message, prices: Prices) -> dict[str, object]:
    """One message and what it costs for other programs; `pence` are before VAT."""
    costs = cost(message.channel, message.text, prices)
    return message_fields(message) | {"parts": costs.parts, "pence": float(costs.pence)}


def message_fields(message: Message) -> dict[str, object]:
    """One message for other programs; `note` is what whoever approves it should know."""
    said = json.loads(message.said)
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
    }
