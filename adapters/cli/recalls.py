"""`firstbell outbox recall`: what left and was wrong, and the apology for it."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from adapters.cli.asked import Json, Misasked, print_json, service


def recall(
    ids: Annotated[
        list[str] | None,
        typer.Argument(metavar="[ID]...", help="Messages that were wrong, whatever the register says."),
    ] = None,
    none_needed: Annotated[
        bool, typer.Option("--none-needed", help="These are on the list, and need no apology.")
    ] = False,
    by: Annotated[
        str, typer.Option("--by", metavar="STAFF", help="Who says so: a staff id, or part of a name.")
    ] = "",
    why: Annotated[str, typer.Option("--why", help="What was wrong, or why nobody need say sorry.")] = "",
    json: Json = False,
) -> None:
    """Messages that left and that the register now contradicts, each with its apology; or add to them."""
    from adapters.cli.show_recalls import on_the_list_fields, show_recalls

    if ids and not by:
        raise Misasked("say with --by who says so, and with --why what was wrong")
    if (none_needed or by or why) and not ids:
        raise Misasked("name the messages; 'firstbell outbox recall' alone shows the list")
    with service() as firstbell:
        recalls = firstbell.recall_list
        recalls.look()
        if ids and none_needed:
            recalls.none_needed(ids, by, why)
        elif ids:
            recalls.add(ids, by, why)
        listed = recalls.on_it()
    if json:
        print_json([on_the_list_fields(each, firstbell.config.prices) for each in listed])
        return
    if ids:
        said = "settled without an apology" if none_needed else "put on the recall list"
        sys.stdout.write(f"{len(set(ids))} {said}\n")
        return
    show_recalls(listed)
