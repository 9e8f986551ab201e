"""`firstbell outbox hold`, `edit`, `retry`, `settle`: what people do about messages one by one."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from adapters.cli.asked import Json, Misasked, one_form, print_json, service

if TYPE_CHECKING:
    from collections.abc import Sequence

    from messaging.prices import Prices
    from workflows.values import Message

By = Annotated[str, typer.Option("--by", metavar="STAFF", help="Who does it: a staff id, or part of a name.")]
Why = Annotated[str, typer.Option("--why", help="Why, in a few words; kept in the ledger.")]
Ids = Annotated[list[str], typer.Argument(metavar="ID...", help="Message ids.")]
Id = Annotated[str, typer.Argument(metavar="ID", help="A message's id.")]


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


def _tell(messages: Sequence[Message], prices: Prices, said: str, *, json: bool) -> None:
    """The messages as they stand now for other programs, or a line for people."""
    from adapters.cli.show_outbox import with_cost

    if json:
        print_json([with_cost(message, prices) for message in messages])
        return
    sys.stdout.write(f"{said}\n")
