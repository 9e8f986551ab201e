"""What families have said about how the school writes to them, and what holds of it now.

What was said is never changed; of two things said about one matter the later holds. Two kinds of message no
wish keeps away: the first contact about an absence, and what the law has a school send (domain 6.6).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

YES, NO = "yes", "no"
EXCEPTED: Final = ("absence", "statutory")
"""The purposes that no wish keeps away."""
STILL: Final = "The first contact about an absence, and what the law has a school send, still come."


class About(StrEnum):
    """A matter that a wish is about: purposes, ways to be written to, and how."""

    ALL = "all"
    LETTERS = "letters"
    PRAISE = "praise"
    SMS = "sms"
    EMAIL = "email"
    CHANNEL = "channel"
    LARGE_PRINT = "large_print"
    LANGUAGE = "language"
    INTERPRETER = "interpreter"


OPT_OUTS: Final = (About.ALL, About.LETTERS, About.PRAISE, About.SMS, About.EMAIL)
"""What is answered with yes or no, and holds for a number or an e-mail address at every school."""


_THINGS: Final = {
    About.ALL: "messages",
    About.LETTERS: "messages about attendance",
    About.PRAISE: "praise",
    About.SMS: "texts",
    About.EMAIL: "e-mails",
}
_ASKED: Final = {
    About.CHANNEL: "by {}",
    About.LARGE_PRINT: "large print",
    About.LANGUAGE: "in {}",
    About.INTERPRETER: "an interpreter for {}",
}


@dataclass(frozen=True, slots=True)
class Wish:
    """One thing that a family said, as a member of staff wrote it down.

    It is `contact_id`'s of a school, and, where an `address` (+447..., or an e-mail address) stands there,
    that of whoever else is reached by it. `value` is yes or no, or a word: the channel, the language.
    `how` is how it was said (by telephone, by text), `words` what was said, in the family's own.
    """

    school_id: str
    contact_id: str
    address: str
    about: About
    value: str
    by: str
    at: datetime
    how: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Wishes:
    """All wishes as one school sees them; make it with `of`."""

    _of_contact: Mapping[tuple[str, About], tuple[int, Wish]] = field(default_factory=dict)
    _of_address: Mapping[tuple[str, About], tuple[int, Wish]] = field(default_factory=dict)

    @classmethod
    def of(cls, said: Iterable[Wish], school_id: str) -> Wishes:
        """What was said, in that order: to this school by its contacts, and of an address to any school."""
        of_contact, of_address = {}, {}
        for place, wish in enumerate(said):
            if wish.contact_id and wish.school_id == school_id:
                of_contact[wish.contact_id, wish.about] = place, wish
            if wish.address:
                of_address[wish.address, wish.about] = place, wish
        return cls(of_contact, of_address)

    def last(self, contact_id: str, addresses: Iterable[str], *matters: About) -> Wish | None:
        """The last thing said about any of these matters, by a contact or of one of these addresses."""
        keys = [(self._of_contact, contact_id), *((self._of_address, address) for address in addresses)]
        found = [wishes[key, about] for about in matters for wishes, key in keys if (key, about) in wishes]
        return max(found, key=lambda each: each[0])[1] if found else None

    def in_force(self, contact_id: str, addresses: Iterable[str]) -> tuple[Wish, ...]:
        """What holds of all that a contact said, or was said of their addresses: one wish a matter."""
        own = tuple(addresses)
        return tuple(
            wish
            for about in About
            if (wish := self.last(contact_id, own, about))
            and not (about in OPT_OUTS and wish != self.last(contact_id, own, about, About.ALL))
        )

    def word(self, contact_id: str, about: About) -> str:
        """What a contact asked for in a matter that takes a word, or large print; empty where nothing."""
        _, wish = self._of_contact.get((contact_id, about), (0, None))
        return "" if wish is None or wish.value == NO else wish.value


def opted_out(wishes: Wishes, address: str, purpose: str, contact_id: str = "") -> Wish | None:
    """The wish that keeps messages of a purpose from an address (of a contact); None where none does.

    Never one of EXCEPTED. What a number was asked to be left out of holds whoever of a household said it.

    >>> from datetime import UTC
    >>> stop = Wish("S", "C1", "+447700900001", About.SMS, NO, "ao", datetime(2025, 11, 10, tzinfo=UTC))
    >>> wishes = Wishes.of([stop], "another school")
    >>> opted_out(wishes, "+447700900001", "praise") == stop, opted_out(wishes, "+447700900001", "absence")
    (True, None)
    """
    if purpose in EXCEPTED:
        return None
    own = (address,) if address else ()
    ways = [About.EMAIL if "@" in each else About.SMS for each in own]
    said = [wishes.last(contact_id, own, About.ALL, matter) for matter in (About(purpose), *ways)]
    return next((wish for wish in said if wish is not None and wish.value == NO), None)


def in_words(wish: Wish) -> str:
    """What a wish asks for, in few words.

    >>> from datetime import UTC
    >>> in_words(Wish("S", "C1", "", About.PRAISE, NO, "ao", datetime(2025, 11, 10, tzinfo=UTC)))
    'no praise'
    """
    if wish.about in _THINGS:
        return f"no {_THINGS[wish.about]}" if wish.value == NO else f"{_THINGS[wish.about]} again"
    if wish.value == NO:
        return f"no {wish.about.value.replace('_', ' ')}"
    return _ASKED[wish.about].format(wish.value)
