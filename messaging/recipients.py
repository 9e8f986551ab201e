"""Who of a pupil's contacts gets a text, and why each of the others was passed over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from engine.reasons import Sentenced
from messaging.phones import Mobile, NotMobile, mobile

if TYPE_CHECKING:
    from collections.abc import Sequence
    from collections.abc import Set as AbstractSet

    from engine.records import Contact

PURPOSES: Final = ("absence", "letters", "praise")


class PassedOverWhy(Sentenced):
    """Why a contact is not texted; what is wrong with a number is a `NotMobile`."""

    NO_CONTACT = "no_contact", "no contact is allowed with this person"
    COURT_ORDER = "court_order", "a court order stands: this person is not contacted"
    ASK_DSL = "ask_dsl", "the safeguarding lead decides whether this person is contacted"
    OTHER_RESTRICTION = "other_restriction", "a restriction of an unknown kind stands: a person decides"
    NOT_FOR_PURPOSE = "not_for_purpose", "this person is not to receive messages of this kind"
    EMERGENCY_ONLY = (
        "emergency_only",
        "neither parental responsibility nor the child's home: telephoned, never texted",
    )
    SHARED_NUMBER = "shared_number", "the number is also that of a restricted contact: a person decides"


_RESTRICTIONS: Final = {
    "no_contact": PassedOverWhy.NO_CONTACT,
    "court_order": PassedOverWhy.COURT_ORDER,
    "ask_dsl": PassedOverWhy.ASK_DSL,
}


@dataclass(frozen=True, slots=True)
class PassedOver:
    """One contact who is not texted, and why; `why.sentence` is for people."""

    contact_id: str
    why: PassedOverWhy | NotMobile


@dataclass(frozen=True, slots=True)
class Choice:
    """Whom to text and where. Contact and mobile are both there or both None (use the telephone)."""

    contact: Contact | None
    mobile: Mobile | None
    passed_over: tuple[PassedOver, ...]


def choose(contacts: Sequence[Contact], purpose: str) -> Choice:
    """The one contact to text: of those who may and can be, the first by priority.

    Equal priorities: parental responsibility first, then contact_id. `passed_over` holds those
    who may not or cannot be texted, in that same order. A restriction is a hard block, of the
    person and of the number: a text to a shared handset reaches both.

    Raises:
        ValueError: the purpose is not one of PURPOSES, or the contacts are not all of one pupil.
    """
    if purpose not in PURPOSES:
        raise ValueError(f"{purpose!r} is no purpose of a message: use one of {', '.join(PURPOSES)}")
    if len({contact.upn for contact in contacts}) > 1:
        raise ValueError("these contacts belong to more than one pupil: choose for one pupil at a time")
    blocked = {_number(contact) for contact in contacts if contact.restriction != "none"}
    chosen: tuple[Contact, Mobile] | None = None
    passed_over: list[PassedOver] = []
    for contact in sorted(contacts, key=_turn):
        answer = _usable(contact, purpose, blocked)
        if not isinstance(answer, Mobile):
            passed_over.append(PassedOver(contact.contact_id, answer))
        elif chosen is None:
            chosen = (contact, answer)
    first, where = chosen or (None, None)
    return Choice(first, where, tuple(passed_over))


def _turn(contact: Contact) -> tuple[int, bool, str]:
    return contact.priority, not contact.parental_responsibility, contact.contact_id


def _number(contact: Contact) -> Mobile | None:
    found = mobile(contact.phone)
    return found if isinstance(found, Mobile) else None


def _usable(
    contact: Contact, purpose: str, blocked: AbstractSet[Mobile | None]
) -> Mobile | PassedOverWhy | NotMobile:
    if contact.restriction != "none":
        return _RESTRICTIONS.get(contact.restriction, PassedOverWhy.OTHER_RESTRICTION)
    if contact.may_receive and purpose not in contact.may_receive:
        return PassedOverWhy.NOT_FOR_PURPOSE
    if not (contact.parental_responsibility or contact.lives_with):
        return PassedOverWhy.EMERGENCY_ONLY
    found = mobile(contact.phone)
    if not isinstance(found, Mobile):
        return found.why
    return PassedOverWhy.SHARED_NUMBER if found in blocked else found
