"""Who would get what, as a screen and as JSON."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from rich import box
from rich.table import Table
from rich.text import Text

from adapters.cli.screen import screen
from engine.instants import local
from engine.records import Contact
from messaging.phones import as_read
from messaging.recipients import STATUTORY, Choice, Recipient
from messaging.wishes import Wish, in_words
from workflows.gets_what import GetsWhat

_PURPOSES = {
    "absence": "first day of an absence",
    "letters": "attendance",
    "praise": "praise",
    STATUTORY: "what the law asks for",
}
_KINDS = {"sms": "text", "email": "e-mail", "letter": "letter", "call": "call"}


def show_families(found: Sequence[GetsWhat]) -> None:
    """For each child the contacts with their wishes, then each kind of message: who gets it, who does not."""
    console = screen()
    for child in found:
        names = {each.contact_id: each.name for each in child.contacts}
        pupil = child.pupil
        title = f"{pupil.first_name} {pupil.last_name} ({pupil.upn}), {child.school}"
        console.print(Text(title + (", looked after" if pupil.looked_after else ""), style="bold"))
        people = Table(box=box.SIMPLE_HEAD, pad_edge=False)
        for name in ("contact", "who", "their wishes"):
            people.add_column(name)
        for contact in sorted(child.contacts, key=lambda each: (each.priority, each.contact_id)):
            wishes = ", ".join(_dated(wish) for wish in child.wishes[contact.contact_id])
            people.add_row(
                Text(f"{contact.name} ({contact.contact_id})"), Text(_who(contact)), Text(wishes or "·")
            )
        console.print(people)
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
        for name in ("about", "by", "goes to", "does not go to"):
            table.add_column(name)
        before = ""
        for (purpose, kind), choice in child.choices.items():
            about = _PURPOSES[purpose] if purpose != before else ""
            before = purpose
            goes = "\n".join(f"{each.contact.name}, {_where(each)}" for each in choice.chosen)
            style = "" if goes else "bold red"
            table.add_row(
                Text(about),
                Text(_KINDS[kind]),
                Text(goes or "nobody", style=style),
                Text(_others(choice, names)),
            )
        console.print(table)


def families_document(found: Sequence[GetsWhat]) -> list[dict[str, object]]:
    """The same for other programs."""
    return [
        {
            "school_id": child.school_id,
            "upn": child.pupil.upn,
            "looked_after": child.pupil.looked_after,
            "contacts": [
                {
                    "contact_id": each.contact_id,
                    "name": each.name,
                    "relationship": each.relationship,
                    "wishes": [wish_fields(wish) for wish in child.wishes[each.contact_id]],
                }
                for each in child.contacts
            ],
            "gets": [
                {
                    "purpose": purpose,
                    "channel": kind,
                    "to": [
                        {"contact_id": each.contact.contact_id, "address": each.address}
                        for each in choice.chosen
                    ],
                    "passed_over": [
                        {"contact_id": each.contact_id, "why": each.why.value, "because": each.why.sentence}
                        for each in choice.passed_over
                    ],
                }
                for (purpose, kind), choice in child.choices.items()
            ],
        }
        for child in found
    ]


def wish_fields(wish: Wish) -> dict[str, object]:
    """One wish for other programs."""
    return {
        "contact_id": wish.contact_id,
        "address": wish.address or None,
        "about": wish.about.value,
        "value": wish.value,
        "by": wish.by,
        "at": local(wish.at).isoformat(),
        "how": wish.how or None,
        "words": wish.words,
    }


def _dated(wish: Wish) -> str:
    said = local(wish.at)
    return f"{in_words(wish)} ({said.day} {said:%b %Y})"


def _who(contact: Contact) -> str:
    said = [contact.relationship or "no word on who"]
    said += ["parental responsibility"] if contact.parental_responsibility else []
    said += ["lives with the child"] if contact.lives_with else []
    said += [contact.restriction.replace("_", " ")] if contact.restriction != "none" else []
    return ", ".join(said)


def _where(to: Recipient) -> str:
    return as_read(to.address) if to.channel in {"sms", "call"} else to.address.replace("\n", ", ")


def _others(choice: Choice, names: dict[str, str]) -> str:
    """Who is passed over, by the reason: a reason that several share is told once."""
    return "\n".join(f"{', '.join(who)}: {why}" for why, who in _by_reason(choice, names))


def _by_reason(choice: Choice, names: dict[str, str]) -> Iterator[tuple[str, list[str]]]:
    who: dict[str, list[str]] = defaultdict(list)
    for each in choice.passed_over:
        who[each.why.sentence].append(names[each.contact_id])
    yield from who.items()
