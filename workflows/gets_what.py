"""Who would get what, and why not the others: to be read before anybody worries, or anything is sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from engine.instants import local
from engine.records import Contact, Pupil
from messaging.recipients import Choice, Reach, choose
from messaging.wishes import Wish
from workflows.ports import Store
from workflows.subjects import NotKnown, known_schools
from workflows.unreachable import reach_of
from workflows.wishes import Person, person_meant

KINDS = (
    ("absence", "sms"),
    ("absence", "email"),
    ("absence", "call"),
    ("letters", "sms"),
    ("letters", "email"),
    ("letters", "letter"),
    ("praise", "sms"),
    ("praise", "letter"),
    ("statutory", "letter"),
)
"""The kinds of message that are shown: what they are for, and how they come."""


@dataclass(frozen=True, slots=True)
class GetsWhat:
    """One child of a school: who would get each kind of message now, and what each contact wishes."""

    school_id: str
    school: str
    pupil: Pupil
    contacts: tuple[Contact, ...]
    choices: Mapping[tuple[str, str], Choice]
    wishes: Mapping[str, tuple[Wish, ...]]


def gets_what(store: Store, who: str, at: datetime, schools: Sequence[str] = ()) -> tuple[GetsWhat, ...]:
    """One line for a pupil, by UPN (two where they are on two rolls), or one for each child of a contact.

    As of an instant: those on roll on its day, and what was said by then. NotKnown where there is nobody.
    """
    today = local(at).date()
    with store.reading() as unit:
        there = known_schools(schools, unit.school_ids()) or unit.school_ids()
        on_roll = [
            pupil
            for school_id in there
            for pupil in unit.pupils(school_id)
            if pupil.admitted_on <= today and (pupil.left_on is None or today <= pupil.left_on)
        ]
        meant = [pupil for pupil in on_roll if pupil.upn == who.strip()]
        if not meant:
            person = person_meant(unit, who, schools)
            children = {link.upn for link in person.links}
            meant = [each for each in on_roll if each.school_id == person.school_id and each.upn in children]
        if not meant:
            raise NotKnown(f"no child of {who!r} is on roll today: nothing would be sent")
        return tuple(
            _of(
                unit.school_name(pupil.school_id),
                pupil,
                tuple(each for each in unit.contacts(pupil.school_id) if each.upn == pupil.upn),
                reach_of(unit, pupil.school_id, at),
            )
            for pupil in meant
        )


def _of(school: str, pupil: Pupil, contacts: tuple[Contact, ...], reach: Reach) -> GetsWhat:
    choices = {
        (purpose, kind): choose(contacts, purpose, (kind,), reach, looked_after=pupil.looked_after)
        for purpose, kind in KINDS
    }
    wishes = {
        each.contact_id: reach.wishes.in_force(each.contact_id, Person(pupil.school_id, (each,)).addresses)
        for each in contacts
    }
    return GetsWhat(pupil.school_id, school, pupil, contacts, choices, wishes)
