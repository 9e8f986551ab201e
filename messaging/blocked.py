"""What would reach a restricted contact too: their telephone, their e-mail, their front door."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from engine.records import Contact
from messaging.passed_over import PassedOverWhy
from messaging.postal import same_door

_NATIONAL = len("+44")


@dataclass(frozen=True, slots=True)
class Blocked:
    """The restricted contacts of one pupil, by all that is written of them.

    Their fields are looked into rather than read: a number with a note beside it is theirs all the same.
    """

    digits: tuple[str, ...]
    emails: tuple[str, ...]
    homes: tuple[str, ...]
    at_home: bool

    @classmethod
    def of(cls, contacts: Sequence[Contact]) -> Blocked:
        """Those among the contacts of a pupil who are restricted."""
        restricted = [contact for contact in contacts if contact.restriction != "none"]
        return cls(
            tuple(_digits(contact.phone) for contact in restricted),
            tuple(_plain(contact.email) for contact in restricted),
            tuple(contact.address for contact in restricted),
            any(contact.lives_with for contact in restricted),
        )

    def by(self, contact: Contact, kind: str, address: str) -> PassedOverWhy | None:
        """What keeps a kind of channel from going to an address of a contact; None where nothing does."""
        match kind:
            case "letter":
                theirs = any(same_door(address, home) for home in self.homes)
                shared = theirs or (self.at_home and contact.lives_with)
                return PassedOverWhy.SHARED_HOME if shared else None
            case "email":
                return PassedOverWhy.SHARED_EMAIL if any(address in each for each in self.emails) else None
            case _:
                national = address[_NATIONAL:]
                return PassedOverWhy.SHARED_NUMBER if any(national in each for each in self.digits) else None


def _digits(field: str) -> str:
    return "".join(str(unicodedata.digit(char)) for char in field if char.isdigit())


def _plain(text: str) -> str:
    """A field without the marks that nobody sees, in small letters."""
    kept = "".join(char for char in text if unicodedata.category(char) != "Cf")
    return unicodedata.normalize("NFKC", kept).casefold()
