"""`firstbell letters`: what is approved, on paper."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from adapters.cli.asked import Json, Misasked, instant, note, print_json, service

if TYPE_CHECKING:
    from messaging.letters import PrintRun

app = typer.Typer(help="Letters: a run for the printer.", no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def letters() -> None:
    """Letters for the printer."""


@app.command("print")
def print_(
    to: Annotated[Path, typer.Option("--to", metavar="FOLDER", help="Where the document and its list go.")],
    single_sided: Annotated[
        bool,
        typer.Option("--single-sided", help="No blank pages between letters: printed on one side."),
    ] = False,
    add: Annotated[
        bool, typer.Option("--add", help="Add to the run in that folder: nothing of it is posted yet.")
    ] = False,
    as_of: Annotated[
        str, typer.Option("--as-of", metavar="ISO", help="The moment of sending; default now.")
    ] = "",
    json: Json = False,
) -> None:
    """Put every approved letter on paper: one document by postcode, and a list of whose each page is.

    Each is judged again first, and is then sent: print and post what is there. Cut off, do it again with the
    same folder. A folder is for one run.
    """
    from messaging.channels import by_kind
    from messaging.channels.print_run import DOCUMENT, PrintRunChannel
    from workflows.values import LEAVING, MessageState

    if to.exists() and not to.is_dir():
        raise Misasked(f"{to} is a file: name a folder, it need not be there yet")
    with service() as firstbell:
        with firstbell.store.reading() as unit:
            states = (MessageState.QUEUED, *LEAVING)
            queued = [each.message_id for each in unit.messages(None, states) if each.channel == "letter"]
            left = [each for each in unit.messages(None, states[1:]) if each.channel == "letter"]
        channel = PrintRunChannel(to, duplex=not single_sided)
        if (to / DOCUMENT).exists() and not add and not all(map(channel.took, queued)):
            raise Misasked(
                f"{to} holds a finished run: what is new would be printed with it again; name another "
                "folder, or say --add if nothing of that run is posted yet"
            )
        deliver = firstbell.deliver_by(by_kind(channel))
        done = deliver.deliver(instant(as_of) if as_of else None, queued) if queued else None
    try:
        run = channel.print()
    except OSError as error:
        raise Misasked(
            f"{to} cannot be written: {error.strerror or error}; nothing is lost, try again"
        ) from error
    held = [each for each in (done.messages if done else ()) if each.state is not MessageState.SENT]
    if json:
        print_json(_document(run, to, [each.message_id for each in held]))
    else:
        _say(run, to)
    for each in left:
        if each.state is not MessageState.CLAIMED and each.via not in {"", channel.name}:
            note(f"{each.message_id} was taken on by another run ({each.via}): print that folder again first")
    for _, why in run.refused:
        note(f"not printed: {why}")
    for each in held:
        note(f"{each.message_id} is {each.state.value.replace('_', ' ')}: {each.ended_because}")


def _say(run: PrintRun, to: Path) -> None:
    if not run.printed:
        sys.stdout.write("No letter is approved and waiting: 'firstbell outbox list' shows what there is.\n")
        return
    pages = run.printed[-1].last_page
    sys.stdout.write(
        f"{len(run.printed)} letters on {pages} pages: {to / 'letters.pdf'}\n"
        f"Whose each page is: {to / 'manifest.csv'}\n"
    )


def _document(run: PrintRun, to: Path, held: list[str]) -> dict[str, object]:
    return {
        "folder": str(to),
        "letters": [
            {
                "message": each.posting.message_id,
                "ref": each.posting.letter.ref,
                "addressee": each.posting.letter.addressee,
                "first_page": each.first_page,
                "last_page": each.last_page,
            }
            for each in run.printed
        ],
        "not_sent": held,
    }
