"""What families wrote back, as a screen and as JSON."""

from __future__ import annotations

from collections.abc import Sequence

from rich.table import Table
from rich.text import Text

from adapters.cli.listing import Column, Listing
from adapters.cli.screen import screen
from engine.instants import local
from workflows.replies import Listed

_COLUMNS = (
    Column("came"),
    Column("who reads it", share=3),
    Column("about", share=3),
    Column("from", share=3),
    Column("words", share=6),
    Column("may mean", share=4),
)
_SHOWN = 10
"""As much of an id as tells replies apart: `r-` and eight digits."""


def show_replies(found: Sequence[Listed], *, every: bool) -> None:
    """A line for each, its id below its time."""
    console = screen()
    if not found:
        console.print("Nobody has written." if every else "Nothing is unread.")
        return
    console.print(Listing(_COLUMNS, [_cells(each) for each in found]))
    unread = sum(each.unread for each in found)
    console.print(f"{unread} unread: firstbell replies read ID --by STAFF [--code CODE]")


def show_reply(found: Listed) -> None:
    """All that is known of one."""
    task = found.task
    lines = [
        ("from", found.wrote),
        ("about", found.about),
        ("school", found.school),
        ("came", _came(found)),
        ("words", found.reply.text),
        ("may mean", found.proposal),
        ("stands", _stands(found)),
        ("note", task.note if task else ""),
        ("task", task.task_id if task else ""),
        ("id", found.reply.reply_id),
    ]
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True, style="bold")
    table.add_column()
    for name, words in lines:
        if words:
            table.add_row(name, Text(words))
    screen().print(table)


def said(found: Listed) -> str:
    """That one was read, in a line, and what is left to do about it."""
    task = found.task
    note = f" {task.note}." if task and task.note else ""
    return f"{found.wrote}, {found.about}: {_stands(found)}.{note.replace('..', '.')}"


def replies_document(found: Sequence[Listed]) -> list[dict[str, object]]:
    """The same for other programs."""
    return [reply_fields(each) for each in found]


def reply_fields(found: Listed) -> dict[str, object]:
    """One reply for other programs."""
    reply, task = found.reply, found.task
    return {
        "reply_id": reply.reply_id,
        "school_id": reply.school_id or None,
        "subject": reply.subject or None,
        "about": found.about or None,
        "contact_id": reply.contact_id or None,
        "wrote": found.wrote,
        "from": reply.sender,
        "to": reply.sent_to,
        "channel": reply.channel,
        "text": reply.text,
        "at": local(reply.at).isoformat(),
        "message_id": reply.message_id or None,
        "task_id": reply.task_id or None,
        "owner": found.owner or None,
        "unread": found.unread,
        "proposed_code": found.code or None,
        "proposal": found.proposal or None,
        "ended_because": task.ended_because or None if task else None,
        "note": task.note or None if task else None,
    }


def _cells(found: Listed) -> tuple[str | Text, ...]:
    came = Text(f"{_came(found)}\n").append(found.reply.reply_id[:_SHOWN], style="not bold default")
    nobody = found.unread and not found.owner
    whose = (
        Text("unassigned", style="bold red") if nobody else found.owner if found.unread else _stands(found)
    )
    return (came, whose, found.about, found.wrote, found.reply.text, found.proposal)


def _came(found: Listed) -> str:
    at = local(found.reply.at)
    return f"{at:%a} {at.day} {at:%b %H:%M}"


def _stands(found: Listed) -> str:
    if found.task is None:
        return "nobody has to read it: what it asked for is done"
    if found.unread:
        return f"unread, {found.owner or 'nobody'} has it; about {found.about} nothing leaves meanwhile"
    return found.task.ended_because
