"""Who of a pupil's contacts is written to and how, and why each of the others was passed over."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Final

from messaging.blocked import Blocked
from messaging.email_addresses import Email, email
from messaging.envelope import address_lines, why_no_letter
from messaging.passed_over import PassedOver, PassedOverWhy, Why
from messaging.phones import Mobile, mobile, telephone
from messaging.relationships import PROFESSIONALS, Tie, tie
from messaging.wishes import About, Wishes, opted_out

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from engine.records import Contact

STATUTORY: Final = "statutory"
PURPOSES: Final = ("absence", "letters", "praise", STATUTORY)
CHANNEL_KINDS: Final = ("sms", "email", "letter", "call")
"""The kinds of words; a `call` is rung by staff, who read from them."""

_PARENTS: Final = frozenset({Tie.PARENT, Tie.CARER})
_OF_LOOKED_AFTER: Final = frozenset({Tie.SOCIAL_WORKER, Tie.VIRTUAL_SCHOOL})


_RESTRICTIONS: Final = {
    "no_contact": PassedOverWhy.NO_CONTACT,
    "court_order": PassedOverWhy.COURT_ORDER,
    "ask_dsl": PassedOverWhy.ASK_DSL,
}


@dataclass(frozen=True, slots=True)
class Reach:
    """What is known about reaching families beside their contacts: wishes, and addresses that bounced.

    `bounced` holds numbers as +44..., e-mail addresses in small letters, postal addresses a line each.
    """

    wishes: Wishes = field(default_factory=Wishes)
    bounced: Collection[str] = frozenset()


NOTHING_KNOWN: Final = Reach()


@dataclass(frozen=True, slots=True)
class Recipient:
    """One contact to write to: by which kind of channel, where (+44..., e-mail or postal address), and how.

    `language` is the one they asked for, else that of their record; `interpreter` the language that one is
    needed for, or empty.
    """

    contact: Contact
    channel: str
    address: str
    language: str = ""
    large_print: bool = False
    interpreter: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """Whom to write to, the first the most important; nobody: use the telephone, or ask a person."""

    chosen: tuple[Recipient, ...]
    passed_over: tuple[PassedOver, ...]


def choose(
    contacts: Sequence[Contact],
    purpose: str,
    kinds: Sequence[str] = ("sms",),
    reach: Reach = NOTHING_KNOWN,
    *,
    looked_after: bool = False,
) -> Choice:
    """Whom of one pupil's contacts to write to: of those who may and can be, the first by priority.

    Equal priorities: parental responsibility first, then contact_id. `kinds` are the kinds of channel that
    there are words for, the best first: for each contact the one that they asked for, else the first that
    works. A `call` may also be to an emergency contact, after all others. `passed_over` holds those who may
    not or cannot be written to, in the same order.

    A restriction is a hard block of the person and of whatever else would reach them: number, e-mail
    address, home. A statutory letter goes to every parent by name, whatever they wish. About a looked-after
    child it is who the child lives with, and letters go to social worker and virtual school as well.

    Raises:
        ValueError: a purpose or kind that there is none of, a statutory one that is no letter, or contacts of
            more than one pupil.
    """
    look = _look(contacts, purpose, kinds, reach, looked_after=looked_after)
    chosen: list[Recipient] = []
    passed_over: list[PassedOver] = []
    for contact in sorted(contacts, key=look.turn):
        found = look.at(contact)
        if not isinstance(found, Recipient):
            passed_over.append(PassedOver(contact.contact_id, found))
        elif purpose == STATUTORY or not chosen or look.gets_a_copy(contact, found):
            chosen.append(found)
    return Choice(tuple(chosen), tuple(passed_over))


def way_to(
    contact: Contact,
    contacts: Sequence[Contact],
    purpose: str,
    kind: str,
    reach: Reach = NOTHING_KNOWN,
    *,
    looked_after: bool = False,
) -> Recipient | PassedOver:
    """Whether one contact (of a pupil's `contacts`) may and can be written to by one kind of channel."""
    found = _look(contacts, purpose, (kind,), reach, looked_after=looked_after).at(contact)
    return found if isinstance(found, Recipient) else PassedOver(contact.contact_id, found)


@dataclass(frozen=True, slots=True)
class _Look:
    """One look at the contacts of a pupil for one message."""

    purpose: str
    kinds: tuple[str, ...]
    reach: Reach
    looked_after: bool
    blocked: Blocked

    def turn(self, contact: Contact) -> tuple[bool, bool, int, bool, str]:
        by_telephone = "call" in self.kinds and not _near(contact)
        elsewhere = self.looked_after and not contact.lives_with
        first = not contact.parental_responsibility
        return elsewhere, by_telephone, contact.priority, first, contact.contact_id

    def gets_a_copy(self, contact: Contact, found: Recipient) -> bool:
        """Whether a contact is written to beside the first: social worker and virtual school are."""
        return tie(contact.relationship) in PROFESSIONALS and found.channel != "call"

    def at(self, contact: Contact) -> Recipient | Why:
        """Where a contact is reached, or the first reason why not."""
        is_what = tie(contact.relationship)
        why = _restriction(contact) or self._barred(contact, is_what)
        if why is not None:
            return why
        asked_for = self.reach.wishes.word(contact.contact_id, About.CHANNEL)
        fit = sorted(filter(self._fits(contact, is_what), self.kinds), key=lambda kind: kind != asked_for)
        if not fit:
            by_work = is_what in PROFESSIONALS
            return PassedOverWhy.PROFESSIONAL if by_work else PassedOverWhy.EMERGENCY_ONLY
        ways = (self._by(contact, kind) for kind in fit)
        first = next(ways)
        if isinstance(first, Recipient):
            return first
        return next((each for each in ways if isinstance(each, Recipient)), first)

    def _barred(self, contact: Contact, is_what: Tie) -> PassedOverWhy | None:
        """Why a contact without a restriction gets nothing of this purpose, by whichever kind."""
        if self.purpose != STATUTORY and contact.may_receive and self.purpose not in contact.may_receive:
            return PassedOverWhy.NOT_FOR_PURPOSE
        if is_what in PROFESSIONALS:
            return None
        parent = contact.parental_responsibility or is_what is Tie.PARENT
        if self.looked_after and parent and not contact.lives_with:
            return PassedOverWhy.BIRTH_PARENT
        has_care = contact.lives_with and is_what in _PARENTS
        if self.purpose == STATUTORY and not (contact.parental_responsibility or has_care):
            return PassedOverWhy.NOT_A_PARENT
        return None

    def _fits(self, contact: Contact, is_what: Tie) -> Callable[[str], bool]:
        """Which kinds of channel are for a contact, by what they are to the child."""
        if is_what in PROFESSIONALS:
            if not (self.looked_after and is_what in _OF_LOOKED_AFTER):
                return lambda _: False
            written = self.purpose in {"letters", STATUTORY}
            return lambda kind: kind == "call" or (written and kind in {"letter", "email"})
        if _near(contact):
            return lambda _: True
        return lambda kind: kind == "call" and self.purpose == "absence"

    def _by(self, contact: Contact, kind: str) -> Recipient | Why:
        """Where a kind reaches a contact; a call is a person's, who may try what bounced, and hear a wish."""
        address, why = _address(contact, kind)
        why = why or self.blocked.by(contact, kind, address)
        if why is None and kind != "call":
            own = address if kind in {"sms", "email"} else ""
            if address in self.reach.bounced:
                why = PassedOverWhy.BOUNCED
            elif opted_out(self.reach.wishes, own, self.purpose, contact.contact_id):
                why = PassedOverWhy.WISH
        return self._to(contact, kind, address) if why is None else why

    def _to(self, contact: Contact, kind: str, address: str) -> Recipient:
        wished = partial(self.reach.wishes.word, contact.contact_id)
        return Recipient(
            contact,
            kind,
            address,
            language=wished(About.LANGUAGE) or contact.language,
            large_print=bool(wished(About.LARGE_PRINT)),
            interpreter=wished(About.INTERPRETER),
        )


def _look(
    contacts: Sequence[Contact], purpose: str, kinds: Sequence[str], reach: Reach, *, looked_after: bool
) -> _Look:
    if purpose not in PURPOSES:
        raise ValueError(f"{purpose!r} is no purpose of a message: use one of {', '.join(PURPOSES)}")
    if not kinds or not set(kinds) <= set(CHANNEL_KINDS):
        raise ValueError(f"{kinds!r} are no kinds of channel: use some of {', '.join(CHANNEL_KINDS)}")
    if purpose == STATUTORY and tuple(kinds) != ("letter",):
        raise ValueError("what is statutory goes by letter and in no other way")
    if len({contact.upn for contact in contacts}) > 1:
        raise ValueError("these contacts belong to more than one pupil: choose for one pupil at a time")
    return _Look(purpose, tuple(kinds), reach, looked_after, Blocked.of(contacts))


def _restriction(contact: Contact) -> PassedOverWhy | None:
    if contact.restriction == "none":
        return None
    return _RESTRICTIONS.get(contact.restriction, PassedOverWhy.OTHER_RESTRICTION)


def _near(contact: Contact) -> bool:
    return contact.parental_responsibility or contact.lives_with


def _address(contact: Contact, kind: str) -> tuple[str, Why | None]:
    """Where a kind of channel reaches a contact, or why it does not."""
    if kind == "letter":
        lines = address_lines(contact.address)
        nowhere = why_no_letter(contact.name, lines)
        return "\n".join(lines), PassedOverWhy.NO_ADDRESS if nowhere else None
    if kind == "email":
        found = email(contact.email)
        return (found.address, None) if isinstance(found, Email) else ("", found.why)
    if kind == "call":
        number = telephone(contact.phone)
        return (number, None) if isinstance(number, str) else ("", number.why)
    texted = mobile(contact.phone)
    return (texted.e164, None) if isinstance(texted, Mobile) else ("", texted.why)
