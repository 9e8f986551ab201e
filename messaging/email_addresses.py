"""Whether what stands in an e-mail field is one address that a message can go to.

Only what is written is looked at: no name server is asked, so it is the same on any machine.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from engine.reasons import Sentenced
from messaging.fictional import is_fictional


class NotEmail(Sentenced):
    """Why no e-mail can go to what stands in an e-mail field."""

    EMPTY = "no_email", "no e-mail address is on record"
    NOT_AN_ADDRESS = "not_an_email", "the e-mail field does not hold one e-mail address and nothing else"


@dataclass(frozen=True, slots=True)
class Email:
    """An address an e-mail can go to, in small letters; `fictional` ones belong to nobody and never may."""

    address: str
    fictional: bool


@dataclass(frozen=True, slots=True)
class NoEmail:
    """No e-mail can go here, and `why`."""

    why: NotEmail


@lru_cache(maxsize=20_000)
def email(text: str) -> Email | NoEmail:
    """One e-mail address out of one field, or why there is none.

    >>> email(" Sam.Bell@Example.ORG ")
    Email(address='sam.bell@example.org', fictional=True)
    >>> email("sam@example.org, ada@example.org").why.sentence
    'the e-mail field does not hold one e-mail address and nothing else'
    """
    from email_validator import EmailNotValidError, validate_email  # a night that only texts needs none of it

    written = "".join(char for char in text if unicodedata.category(char) != "Cf").strip()
    if not written:
        return NoEmail(NotEmail.EMPTY)
    try:
        # Only ASCII before the @: hardly a provider takes more, and a £ there is a slip of the hand.
        found = validate_email(written, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        return NoEmail(NotEmail.NOT_AN_ADDRESS)
    # No provider tells capitals apart, and a wish said of an address has to find it again.
    address = found.normalized.lower()
    return Email(address, is_fictional(address))
