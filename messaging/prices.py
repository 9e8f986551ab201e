"""What messages cost, in pence before VAT: told before anybody approves them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from messaging.sms import sms_parts

_POUND: Final = 100
_TENTH: Final = Decimal("0.1")
_WHOLE: Final = Decimal(1)
_PENNY: Final = Decimal("0.01")
_NOTHING: Final = Decimal(0)


@dataclass(frozen=True, slots=True)
class Prices:
    """Pence before VAT: of one part of a text, of one letter, of one e-mail.

    The values are GOV.UK Notify's from 1 April 2025 (its source, github.com/alphagov/notifications-api,
    migrations 0491 and 0492): a text past the yearly free allowance, a second class letter of one sheet.
    """

    sms_part: Decimal = Decimal("2.33")
    letter: Decimal = Decimal(68)
    email: Decimal = _NOTHING


@dataclass(frozen=True, slots=True)
class Cost:
    """How many messages there are of each kind, in how many SMS parts, and the pence before VAT."""

    texts: int = 0
    parts: int = 0
    letters: int = 0
    emails: int = 0
    pence: Decimal = _NOTHING

    def __add__(self, other: Cost) -> Cost:
        return Cost(
            self.texts + other.texts,
            self.parts + other.parts,
            self.letters + other.letters,
            self.emails + other.emails,
            self.pence + other.pence,
        )


def cost(channel: str, text: str, prices: Prices) -> Cost:
    """What one message costs. A letter counts as one sheet; a call, which nobody sends, as nothing.

    >>> cost("sms", "a" * 161, Prices())
    Cost(texts=1, parts=2, letters=0, emails=0, pence=Decimal('4.66'))
    """
    match channel:
        case "sms":
            parts = sms_parts(text)
            return Cost(texts=1, parts=parts, pence=parts * prices.sms_part)
        case "letter":
            return Cost(letters=1, pence=prices.letter)
        case "email":
            return Cost(emails=1, pence=prices.email)
        case _:
            return Cost()


def total(costs: Iterable[Cost]) -> Cost:
    """What they cost together."""
    return sum(costs, Cost())


def in_money(pence: Decimal) -> str:
    """Pence as people say them: below a pound to a tenth of a penny.

    >>> in_money(Decimal("4.66")), in_money(Decimal(68)), in_money(Decimal("1234.5"))
    ('4.7p', '68p', '£12.35')
    """
    if pence < _POUND:
        shown = pence.quantize(_TENTH, ROUND_HALF_UP)
        return f"{shown.quantize(_WHOLE) if shown == shown.to_integral_value() else shown}p"
    return f"£{(pence / _POUND).quantize(_PENNY, ROUND_HALF_UP)}"


def in_words(cost: Cost) -> str:
    """What there is, and what it costs.

    >>> in_words(Cost(texts=2, parts=3, letters=1, pence=Decimal("74.99")))
    '2 texts in 3 parts, 1 letter: 75p before VAT'
    """
    said = [_of(cost.texts, "text") + f" in {_of(cost.parts, 'part')}"] if cost.texts else []
    said += [
        _of(number, thing) for number, thing in ((cost.letters, "letter"), (cost.emails, "e-mail")) if number
    ]
    return f"{', '.join(said) or 'nothing to send'}: {in_money(cost.pence)} before VAT"


def _of(number: int, thing: str) -> str:
    return f"{number:,} {thing}{'' if number == 1 else 's'}"
