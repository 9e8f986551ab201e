"""`firstbell ledger`: verify the chain, show what it holds."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from adapters.cli.asked import Json, note, print_json, service

app = typer.Typer(
    help="The append-only record of what was decided and sent.", no_args_is_help=True, rich_markup_mode=None
)
_SHOWN = 20


@app.command("verify")
def verify(json: Json = False) -> None:
    """Check every link of every chain; exit 1 if one is broken, naming the entry."""
    with service() as firstbell, firstbell.store.reading() as unit:
        read, faults = unit.verify()
    if json:
        found = [{"school_id": f.school_id, "seq": f.seq, "what": f.what} for f in faults]
        print_json({"entries": read, "faults": found})
    else:
        sys.stdout.write(f"{read} entries read, {'all whole' if not faults else f'{len(faults)} broken'}\n")
        for fault in faults:
            note(f"{fault.school_id or 'daily heads'} entry {fault.seq}: {fault.what}")
    if faults:
        raise typer.Exit(1)


@app.command("show")
def show(
    school: Annotated[str, typer.Option("--school", metavar="ID", help="Only this school's chain.")] = "",
    last: Annotated[int, typer.Option("--last", help="How many; 0 is all.")] = _SHOWN,
    json: Json = False,
) -> None:
    """The latest entries, oldest first."""
    from adapters.cli.show_ledger import ledger_document, show_ledger
    from workflows.subjects import known_schools

    with service() as firstbell, firstbell.store.reading() as unit:
        known_schools((school,) if school else (), unit.school_ids())
        lines = unit.ledger(school or None, last or None)
    if json:
        print_json(ledger_document(lines))
    else:
        show_ledger(lines)
