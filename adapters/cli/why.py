"""`firstbell why`: what to answer a family that asks why it got a message."""

from __future__ import annotations

from typing import Annotated

import typer

from adapters.cli.asked import Json, print_json, service


def why(
    ref: Annotated[str, typer.Argument(metavar="REF", help="The reference that stands on the message.")],
    by: Annotated[
        str, typer.Option("--by", metavar="STAFF", help="Who asks, for the ledger: a staff id or a name.")
    ] = "",
    json: Json = False,
) -> None:
    """Answer "why did I get this?": the rule in plain words, the dates, whom to talk to, how to object."""
    from adapters.bootstrap import now
    from adapters.cli.show_why import show_why, why_fields
    from workflows.why import why as answer

    with service() as firstbell:
        found = answer(firstbell.store, firstbell.library, ref, by.strip(), now())
    if json:
        print_json(why_fields(found))
    else:
        show_why(found)
