"""Messages as a screen and as JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from adapters.cli.listing import Column, Listing
from adapters.cli.screen import screen
from workflows.subjects import subject_fields
from workflows.values import Message

_COLUMNS = (
    Column("id"),
    Column("state", share=3),
    Column("pupil", share=3),
    Column("to"),
    Column("text", share=7),
)


def show_outbox(messages: Sequence[Message], names: Mapping[tuple[str, str], str]) -> None:
    """One line a message: where it stands, for whom, and its words."""
    console = screen()
    console.print(Listing(_COLUMNS, [_cells(message, names) for message in messages]))
    console.print(f"{len(messages)} messages")


def _cells(message: Message, names: Mapping[tuple[str, str], str]) -> tuple[str, ...]:
    said = message.state.value.replace("_", " ")
    if message.ended_because:
        said += f": {message.ended_because}"
    name = names.get((message.school_id, message.subject), message.subject)
    return message.message_id, said, name, message.address, message.text


def message_fields(message: Message) -> dict[str, object]:
    """One message for other programs."""
    return {
        "id": message.message_id,
        **subject_fields(message.subject),
        "school_id": message.school_id,
        "rule": message.rule,
        "contact_id": message.contact_id,
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
    }
