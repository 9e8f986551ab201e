"""The recall list as a screen and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from adapters.cli.listing import Column, Listing
from adapters.cli.screen import screen
from adapters.cli.show_outbox import with_cost
from engine.instants import local

if TYPE_CHECKING:
    from messaging.prices import Prices
    from workflows.recall_list import OnTheList

_COLUMNS = (Column("message"), Column("was told", share=5), Column("what is wrong, and the apology", share=5))


def show_recalls(listed: Sequence[OnTheList]) -> None:
    """One row a message, and what to do next."""
    console = screen()
    if not listed:
        console.print("Nothing that left is contradicted by the register.")
        return
    console.print(Listing(_COLUMNS, [_cells(each) for each in listed]))
    console.print(f"{len(listed)} on the recall list")
    if any(each.apology and each.apology.state.value == "awaiting_approval" for each in listed):
        console.print("Approve an apology by its id: firstbell outbox approve ID --by STAFF")
    console.print("Where none is needed: firstbell outbox recall ID --none-needed --by STAFF --why ...")


def on_the_list_fields(each: OnTheList, prices: Prices) -> dict[str, object]:
    """One message on the list for other programs, with its apology."""
    return {
        "message": with_cost(each.message, prices),
        "child": each.child,
        "to": each.to,
        "apology": with_cost(each.apology, prices) if each.apology else None,
    }


def _cells(each: OnTheList) -> tuple[str, str, str]:
    """Which message, whom it told and when, line by line; its words; what is wrong and what follows."""
    message, sorry = each.message, each.apology
    when = f"{local(message.ended_at):%a %d %b %H:%M}" if message.ended_at else ""
    about = (message.message_id, each.child, each.to, f"{message.channel} {when}")
    follows = (
        f"apology {sorry.message_id} {sorry.state.value.replace('_', ' ')}"
        if sorry
        else "there are no words for an apology: write to the family"
    )
    return "\n".join(about), message.text, f"{message.contradicted_because}; {follows}"
