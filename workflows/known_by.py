"""Who is known by a number or an e-mail address, at whichever school."""

from __future__ import annotations

import re

from engine.records import Contact
from messaging.email_addresses import Email, email
from messaging.phones import telephone
from workflows.ports import Unit

_TAIL = 4  # so many last digits tell at a glance that a field does not hold a number


def links_at(unit: Unit, address: str) -> list[tuple[str, Contact]]:
    """Every link of a pupil to a contact who has a number (+44...) or an e-mail address, with its school.

    By school, pupil and contact, so that the first is always the same one.
    """
    found = [
        (school_id, contact)
        for school_id in unit.school_ids()
        for contact in unit.contacts(school_id)
        if _has(contact, address)
    ]
    return sorted(found, key=lambda each: (each[0], each[1].upn, each[1].contact_id))


def at_address(unit: Unit, address: str) -> list[tuple[str, str]]:
    """The contacts who have it, once each: school and contact."""
    return [*dict.fromkeys((school_id, contact.contact_id) for school_id, contact in links_at(unit, address))]


def number(written: str) -> str:
    """A number as providers write it, as +44...; one that is none of ours as it stands.

    >>> number("447700900123"), number("+1 415 867 5309")
    ('+447700900123', '+14158675309')
    """
    digits = re.sub(r"[^0-9+]", "", written)
    for candidate in (digits, f"+{digits}"):
        found = telephone(candidate)
        if isinstance(found, str):
            return found
    return digits


def _has(contact: Contact, address: str) -> bool:
    if "@" in address:
        found = email(contact.email) if address in contact.email.casefold() else None
        return isinstance(found, Email) and found.address == address
    alike = re.sub(r"\D", "", contact.phone)[-_TAIL:] == address[-_TAIL:]
    return alike and telephone(contact.phone) == address
