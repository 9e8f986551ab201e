"""`firstbell outbox approve`, `hold`, `edit`, `retry`, `settle`: what people do about messages."""

from __future__ import annotations

import sys
from dataclasses import astuple
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from adapters.cli.asked import Json, Misasked, note, one_form, print_json, service

if TYPE_CHECKING:
    from collections.abc import Sequence

    from messaging.prices import Prices
    from workflows.outbox import Waiting
    from workflows.values import Message

By = Annotated[str, typer.Option("--by", metavar="STAFF", help="Who does it: a staff id, or part of a name.")]
Why = Annotated[str, typer.Option("--why", help="Why, in a few words; kept in the ledger.")]
Ids = Annotated[list[str], typer.Argument(metavar="ID...", help="Message ids.")]
Id = Annotated[str, typer.Argument(metavar="ID", help="A message's id.")]


def approve(
    by: Annotated[
        str, typer.Option("--by", metavar="STAFF", help="Who approves: a staff id, or part of a name.")
    ],
    ids: Annotated[list[str] | None, typer.Argument(metavar="[ID]...", help="Message ids.")] = None,
    all_: Annotated[
        bool, typer.Option("--all", help="Every message that waits, but those that need a look of their own.")
    ] = False,
    left: Annotated[
        list[str] | None,
        typer.Option("--except", metavar="ID", help="With --all: leave this one waiting; may repeat."),
    ] = None,
    why: Annotated[str, typer.Option("--why", help="A word on why, kept in the ledger.")] = "",
    json: Json = False,
) -> None:
    """Approve messages in your name; they are judged once more when they leave.

    One that is held back is released. Where the settings ask for two people, it waits for the second.
    """
    from adapters.bootstrap import now
    from adapters.cli.show_outbox import cost_of, with_cost
    from messaging.prices import in_words
    from workflows import outbox
    from workflows.values import MessageState

    with service() as firstbell:
        if all_ and ids:
            raise Misasked("name the messages to approve, or --all of them; --except leaves some")
        if left and not all_:
            raise Misasked("--except goes with --all: leave out the ids that are not to be approved")
        chosen = _all_but(left or (), outbox.approvable(firstbell.store, by)) if all_ else list(ids or ())
        if not chosen and not all_:
            raise Misasked("name the messages to approve, or --all; 'firstbell outbox list' shows them")
        with firstbell.store.reading() as unit:
            asked = unit.messages_named(chosen)
        if waiting := [message for message in asked if message.state in outbox.APPROVABLE]:
            note(f"to approve: {in_words(cost_of(waiting, firstbell.config.prices))}")
        two = firstbell.config.settings.two_people
        approved = outbox.approve(firstbell.store, chosen, by, why, now(), two)
    if json:
        print_json([with_cost(message, firstbell.config.prices) for message in approved])
        return
    sys.stdout.write(f"{len(approved)} approved by {by.strip()}\n")
    if first := sum(message.state is MessageState.AWAITING_APPROVAL for message in approved):
        sys.stdout.write(f"{first} of them wait for a second person: somebody else approves them too\n")


def hold(ids: Ids, by: By, why: Why, json: Json = False) -> None:
    """Hold messages back: no batch takes them along, only who approves one by its id releases it."""
    from adapters.bootstrap import now
    from workflows import outbox

    with service() as firstbell:
        held = outbox.hold(firstbell.store, ids, by, why, now())
    _tell(held, firstbell.config.prices, f"{len(held)} held back by {by.strip()}", json=json)


def edit(
    message_id: Id,
    by: By,
    why: Why,
    text: Annotated[str, typer.Option("--text", help="The words anew.")] = "",
    file: Annotated[Path | None, typer.Option("--file", help="A text file that holds them.")] = None,
    title: Annotated[str, typer.Option("--title", help="Another title of an e-mail or a letter.")] = "",
    json: Json = False,
) -> None:
    """Write a message's words anew: its approval is void, and somebody else approves it."""
    from adapters.bootstrap import now
    from adapters.cli.show_outbox import in_parts
    from adapters.text_file import read_text
    from workflows import rewording

    one_form(text=bool(text), file=file is not None)
    if not text and file is None:
        raise Misasked("write the words with --text, or name the --file that holds them")
    try:
        words = read_text(file) if file is not None else text
    except OSError as wrong:
        raise Misasked(f"{file}: it cannot be read: {wrong.strerror or wrong}") from wrong
    if "\ufffd" in words:
        raise Misasked(f"{file or '--text'}: this is not UTF-8 text: save the file as UTF-8")
    with service() as firstbell:
        done = rewording.edit(firstbell.store, message_id, by, why, now(), words, title)
    prices = firstbell.config.prices
    was, is_ = in_parts(done.before, prices), in_parts(done.after, prices)
    cost = is_ if was == is_ else f"{is_} (it was {was})"
    _tell([done.after], prices, f"{message_id} is worded anew and waits for approval: {cost}", json=json)
    if done.after.handed:
        note(
            f"{message_id} was handed over before, and its channel knew of none: should it have arrived, "
            "its receipt brings the words of then back, and these do not leave"
        )


def retry(ids: Ids, by: By, why: Why = "", json: Json = False) -> None:
    """Try messages again of which every try failed for a cause that may have passed."""
    from adapters.bootstrap import now
    from workflows import settling

    with service() as firstbell:
        queued = settling.retry(firstbell.store, ids, by, now(), why)
    _tell(queued, firstbell.config.prices, f"{len(queued)} queued again", json=json)


def settle(
    message_id: Id,
    by: By,
    why: Why,
    sent: Annotated[bool, typer.Option("--sent", help="It did reach the provider.")] = False,
    not_sent: Annotated[bool, typer.Option("--not-sent", help="It did not: queue it again.")] = False,
    json: Json = False,
) -> None:
    """Say what became of a message of which nobody could be asked whether it left."""
    from adapters.bootstrap import now
    from workflows import settling

    if sent == not_sent:
        raise Misasked("say which it is: --sent, or --not-sent")
    with service() as firstbell:
        settled = settling.settle(firstbell.store, message_id, by, why, now(), sent=sent)
    said = "settled as sent" if sent else "queued again"
    _tell(settled, firstbell.config.prices, f"{len(settled)} {said}", json=json)


def _all_but(left: Sequence[str], waiting: Waiting) -> list[str]:
    """The ids that may be approved at once, but these; says what else is left, and for whom."""
    unknown = set(left).difference(*astuple(waiting))
    if unknown:
        raise Misasked(
            f"--except {min(unknown)}: no such message waits for approval; 'firstbell outbox list "
            "--state awaiting_approval' shows them"
        )
    for ids, why in (
        (waiting.singly, "each needs a look of its own; approve it by its id"),
        (waiting.elsewhere, "the staff of their own school approves them"),
        (waiting.by_another, "you worded them, or are the first of two: somebody else approves them"),
    ):
        if more := set(ids).difference(left):
            note(f"{len(more)} left: {why}")
    return [message_id for message_id in waiting.together if message_id not in left]


def _tell(messages: Sequence[Message], prices: Prices, said: str, *, json: bool) -> None:
    """The messages as they stand now for other programs, or a line for people."""
    from adapters.cli.show_outbox import with_cost

    if json:
        print_json([with_cost(message, prices) for message in messages])
        return
    sys.stdout.write(f"{said}\n")
