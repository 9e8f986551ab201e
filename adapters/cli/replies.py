"""`firstbell replies`: what families wrote back, and reading it."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from adapters.cli.asked import Json, School, instant, print_json, service

Which = Annotated[str, typer.Argument(metavar="ID", help="A reply's id, or as much as tells it apart.")]
app = typer.Typer(
    help="What families wrote back, and reading it.", no_args_is_help=True, rich_markup_mode=None
)


@app.command("list")
def list_(
    every: Annotated[bool, typer.Option("--all", help="Those that were read as well.")] = False,
    school: School = None,
    json: Json = False,
) -> None:
    """What nobody has read yet, newest first; about those children no message leaves."""
    from adapters.cli.show_replies import replies_document, show_replies

    with service() as firstbell:
        found = firstbell.replies.listed(tuple(school or ()), unread=not every)
    if json:
        print_json(replies_document(found))
    else:
        show_replies(found, every=every)


@app.command("show")
def show(which: Which, json: Json = False) -> None:
    """One reply in full: who wrote, what it answers, and what it may mean."""
    from adapters.cli.show_replies import reply_fields, show_reply

    with service() as firstbell:
        found = firstbell.replies.one(which)
    if json:
        print_json(reply_fields(found))
    else:
        show_reply(found)


@app.command("read")
def read(
    which: Which,
    by: Annotated[str, typer.Option("--by", metavar="STAFF", help="Who read it: a staff id, or a name.")],
    code: Annotated[
        str, typer.Option("--code", metavar="CODE", help="The attendance code you accept for what it says.")
    ] = "",
    why: Annotated[str, typer.Option("--why", metavar="WORDS", help="What you found, or agreed.")] = "",
    as_of: Annotated[str, typer.Option("--as-of", metavar="ISO", help="When; default now.")] = "",
    json: Json = False,
) -> None:
    """Say that it was read: its task is done, and what waited for it goes on."""
    from adapters.cli.show_replies import reply_fields, said

    with service() as firstbell:
        found = firstbell.replies.read(which, by, code, why, instant(as_of) if as_of else None)
    if json:
        print_json(reply_fields(found))
    else:
        sys.stdout.write(f"{said(found)}\n")
