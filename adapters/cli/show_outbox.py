"""Messages as a screen and as JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich import box
from rich.table import Table
from rich.text import Text

from adapters.cli.screen import screen
from workflows.explaining import subject_fields
from workflows.values import Message


def show_outbox(messages: Sequence[Message], names: Mapping[tuple[str, str], str]) -> None:
    """One line a message: where it stands, for whom, and its words."""
    table = Table(box=box.SIMPLE_HEAD, expand=True, pad_edge=False)
    for name in ("id", "state", "pupil", "to"):
        table.add_column(name, no_wrap=name == "id")
    table.add_column("text", ratio=2)
    for message in messages:
        said = message.state.value.replace("_", " ")
        if message.ended_because:
            said += f": {message.ended_because}"
        name = names.get((message.school_id, message.subject), message.subject)
        table.add_row(message.message_id, said, Text(name), message.address, Text(message.text))
    console = screen()
    console.print(table)
    console.print(f"{len(messages)} messages")


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
        "approved_by": message.approved_by or None,
        "ended_because": message.ended_because,
    }
