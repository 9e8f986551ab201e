"""Who would get what, as a screen and as JSON."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from rich import box
from rich.table import Table
from rich.text import Text

from adapters.cli.screen import screen
from engine.instants import local
from engine.records import Contact
from messaging.phones import as_read
from messaging.recipients import STATUTORY, Recipient
from messaging.wishes import Wish, in_words
from workflows.gets_what import GetsWhat

_PURPOSES = {
    "absence": "first day",
    "letters": "attendance",
    "praise": "praise",
    STATUTORY: "legal",
}
_KINDS = {"sms": "text", "email": "e-mail", "letter": "letter", "call": "call"}


def show_families(found: Sequence[GetsWhat]) -> None:
    """For each child its contacts with their wishes, who gets what, and who is left out of what, and why."""
    console = screen()
    for child in found:
        pupil = child.pupil
        title = f"{pupil.first_name} {pupil.last_name} ({pupil.upn}), {child.school}"
        console.print(Text(title + (", looked after" if pupil.looked_after else ""), style="bold"))
        contacts = sorted(child.contacts, key=lambda each: (each.priority, each.contact_id))
        people = _table("contact", "who", "their wishes")
        for contact in contacts:
            wishes = ", ".join(map(_dated, child.wishes[contact.contact_id]))
            people.add_row(
                Text(f"{contact.name} ({contact.contact_id})"), Text(_who(contact)), Text(wishes or "·")
            )
        console.print(people)
        gets, before = _table("message", "by", "goes to"), ""
        for (purpose, kind), choice in child.choices.items():
            goes = "\n".join(f"{each.contact.name}, {_where(each)}" for each in choice.chosen)
            to = Text(goes) if goes else Text("nobody", style="bold red")
            gets.add_row(Text(_PURPOSES[purpose] if purpose != before else ""), Text(_KINDS[kind]), to)
            before = purpose
        console.print(gets)
        left_out = _table("left out", "of", "because")
        for contact in contacts:
            name = contact.name
            for because, of in _left_out(child, contact).items():
                left_out.add_row(Text(name), Text(of), Text(because))
                name = ""
        if left_out.row_count:
            console.print(left_out)


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


def _left_out(child: GetsWhat, contact: Contact) -> dict[str, str]:
    """What a contact does not get, by the reason."""
    of: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for (purpose, kind), choice in child.choices.items():
        for each in choice.passed_over:
            if each.contact_id == contact.contact_id:
                of[each.why.sentence][purpose].append(_KINDS[kind])
    return {
        because: "; ".join(f"{_PURPOSES[purpose]} by {', '.join(kinds)}" for purpose, kinds in said.items())
        for because, said in of.items()
    }


def _table(*columns: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in columns:
        table.add_column(name)
    return table
