"""`firstbell families`: what families wish, what bounced, and who would get what."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from adapters.cli.asked import AsOf, Json, Misasked, School, instant, print_json, service

if TYPE_CHECKING:
    from collections.abc import Mapping

    from messaging.wishes import About

Who = Annotated[str, typer.Argument(metavar="CONTACT", help="A contact's id, or part of a name.")]
By = Annotated[
    str, typer.Option("--by", metavar="STAFF", help="Who writes it down: a staff id, or part of a name.")
]
At = Annotated[str, typer.Option("--as-of", metavar="ISO", help="When it was said; default now.")]
Wanted = bool | None
_CHANNELS = ("sms", "email", "letter")
app = typer.Typer(
    help="What families wish, and who would get what.", no_args_is_help=True, rich_markup_mode=None
)


@app.command("wish")
def wish(
    who: Who,
    by: By,
    why: Annotated[str, typer.Option("--why", metavar="WORDS", help="What they said, in their own words.")],
    how: Annotated[
        str, typer.Option("--how", metavar="WORDS", help="How they said it: by telephone, at the gate, ...")
    ] = "",
    texts: Annotated[Wanted, typer.Option("--texts/--no-texts", help="Texts to their number.")] = None,
    emails: Annotated[Wanted, typer.Option("--emails/--no-emails", help="E-mails to their address.")] = None,
    letters: Annotated[
        Wanted, typer.Option("--letters/--no-letters", help="Messages about attendance as a pattern.")
    ] = None,
    praise: Annotated[Wanted, typer.Option("--praise/--no-praise", help="Praise.")] = None,
    messages: Annotated[
        Wanted, typer.Option("--messages/--no-messages", help="All of these at once.")
    ] = None,
    letters_by: Annotated[
        str,
        typer.Option("--letters-by", metavar="WAY", help="Best by: sms, email, letter; any takes it back."),
    ] = "",
    large_print: Annotated[
        Wanted, typer.Option("--large-print/--no-large-print", help="Letters in large print.")
    ] = None,
    language: Annotated[
        str, typer.Option("--language", metavar="LANGUAGE", help="The language to write in, as they call it.")
    ] = "",
    interpreter: Annotated[
        str, typer.Option("--interpreter", metavar="LANGUAGE", help="An interpreter is needed; no: none is.")
    ] = "",
    school: School = None,
    as_of: At = "",
    json: Json = False,
) -> None:
    """Write down what a family wishes about how it is written to; the last word said holds."""
    from messaging.wishes import OPT_OUTS, STILL, About, in_words

    yes_or_no = {
        About.ALL: messages,
        About.LETTERS: letters,
        About.PRAISE: praise,
        About.SMS: texts,
        About.EMAIL: emails,
        About.LARGE_PRINT: large_print,
    }
    words = {About.CHANNEL: _channel(letters_by), About.LANGUAGE: language, About.INTERPRETER: interpreter}
    matters = _matters(yes_or_no, words)
    with service() as firstbell:
        at = instant(as_of) if as_of else None
        person, told = firstbell.families.wish(who, by, matters, why, how, at, tuple(school or ()))
    if json:
        from adapters.cli.show_families import wish_fields

        print_json([wish_fields(each) for each in told])
        return
    asked = "; ".join(dict.fromkeys(map(in_words, told)))
    sys.stdout.write(f"{person.name} ({person.contact_id}): {asked}\n")
    if reached := sorted({each.address for each in told} - {""}):
        sys.stdout.write(f"That holds for {' and '.join(reached)}, whoever has it and at every school.\n")
    if any(each.about in OPT_OUTS for each in told):
        sys.stdout.write(f"{STILL}\n")


@app.command("works")
def works(
    who: Who,
    by: By,
    why: Annotated[str, typer.Option("--why", metavar="WORDS", help="How you know.")],
    school: School = None,
    as_of: At = "",
    json: Json = False,
) -> None:
    """Say that a number or address that a message bounced from works after all."""
    with service() as firstbell:
        at = instant(as_of) if as_of else None
        person, again = firstbell.families.works(who, by, why, at, tuple(school or ()))
    if json:
        print_json({"contact_id": person.contact_id, "works": list(again)})
    else:
        one_line = [address.replace("\n", ", ") for address in again]
        sys.stdout.write(
            f"{person.name} ({person.contact_id}): {' and '.join(one_line)} is written to again\n"
        )


@app.command("show")
def show(
    who: Annotated[
        str, typer.Argument(metavar="UPN|CONTACT", help="A pupil, or a contact: all their children.")
    ],
    as_of: AsOf = "",
    school: School = None,
    json: Json = False,
) -> None:
    """Who would get what, and why the others would not: nothing is sent."""
    from adapters.cli.show_families import families_document, show_families
    from workflows.gets_what import gets_what

    with service() as firstbell:
        found = gets_what(firstbell.store, who, instant(as_of), tuple(school or ()))
    if json:
        print_json(families_document(found))
    else:
        show_families(found)


def _matters(yes_or_no: Mapping[About, Wanted], words: Mapping[About, str]) -> dict[About, str]:
    from messaging.wishes import NO, YES

    said = {about: YES if wanted else NO for about, wanted in yes_or_no.items() if wanted is not None}
    return said | {about: word for about, word in words.items() if word.strip()}


def _channel(way: str) -> str:
    from messaging.wishes import NO

    if way == "any":
        return NO
    if way and way not in _CHANNELS:
        raise Misasked(f"{way!r} is no way to be written to: --letters-by {', '.join(_CHANNELS)}, or any")
    return way
