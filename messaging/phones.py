"""Whether what stands in a telephone field is one UK mobile that a text can reach, or a number to ring.

Strict on purpose: a number that must be guessed at goes to the telephone list, where a person
looks at it. A text to a stranger about somebody's child is the worse mistake.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from phonenumbers import (
    NumberParseException,
    PhoneNumberFormat,
    PhoneNumberType,
    format_number,
    is_valid_number,
    number_type,
    parse,
)

from engine.reasons import Sentenced
from messaging.fictional import is_fictional


class NotMobile(Sentenced):
    """Why no text can go to what stands in a telephone field."""

    EMPTY = "empty", "no telephone number is on record"
    NOT_A_NUMBER = "not_a_number", "the telephone field does not hold one telephone number and nothing else"
    NOT_VALID = "not_valid", "the telephone number has too few or too many digits, or is not in use in the UK"
    NOT_UK = "not_uk", "the telephone number is not a UK one"
    LANDLINE = "landline", "the telephone number is a landline"
    OTHER_SERVICE = "other_service", "the telephone number is a pager, 070 or service number, not a mobile"


@dataclass(frozen=True, slots=True)
class Mobile:
    """A mobile that can be texted, as +447...; `fictional` ones reach nobody and never may."""

    e164: str
    fictional: bool


@dataclass(frozen=True, slots=True)
class Unusable:
    """No text can go here, and `why`."""

    why: NotMobile


_UK: Final = 44
_WRITTEN: Final = re.compile(r"\+?[0-9 ()-]*[0-9][0-9 ()-]*")


@lru_cache(maxsize=20_000)
def mobile(text: str) -> Mobile | Unusable:
    """One UK mobile out of one telephone field, or why there is none.

    Jersey, Guernsey and the Isle of Man share the UK's mobile numbers and count as UK.

    >>> mobile("+44 (0)7700 900123")
    Mobile(e164='+447700900123', fictional=True)
    >>> mobile("020 7946 0991").why.sentence
    'the telephone number is a landline'
    """
    written = _plain(text)
    if not written:
        return Unusable(NotMobile.EMPTY)
    if not _WRITTEN.fullmatch(written):
        return Unusable(NotMobile.NOT_A_NUMBER)
    try:
        number = parse(written, "GB")
    except NumberParseException as error:
        foreign = error.error_type == NumberParseException.INVALID_COUNTRY_CODE
        return Unusable(NotMobile.NOT_UK if foreign else NotMobile.NOT_VALID)
    if number.country_code != _UK:
        return Unusable(NotMobile.NOT_UK)
    e164 = format_number(number, PhoneNumberFormat.E164)
    if is_fictional(e164):
        return Mobile(e164, fictional=True)
    if not is_valid_number(number):
        return Unusable(NotMobile.NOT_VALID)
    match number_type(number):
        case PhoneNumberType.MOBILE:
            return Mobile(e164, fictional=False)
        case PhoneNumberType.FIXED_LINE:
            return Unusable(NotMobile.LANDLINE)
        case _:
            return Unusable(NotMobile.OTHER_SERVICE)


@lru_cache(maxsize=20_000)
def telephone(text: str) -> str | Unusable:
    """One UK number that a person can ring, mobile or landline, as +44...; or why there is none.

    >>> telephone("020 7946 0991")
    '+442079460991'
    """
    found = mobile(text)
    if isinstance(found, Mobile):
        return found.e164
    if found.why is NotMobile.LANDLINE:
        return format_number(parse(_plain(text), "GB"), PhoneNumberFormat.E164)
    return found


def as_read(e164: str) -> str:
    """A number as people read it out.

    >>> as_read("+447700900123"), as_read("+442079460991")
    ('07700 900123', '020 7946 0991')
    """
    return format_number(parse(e164), PhoneNumberFormat.NATIONAL)


def _plain(text: str) -> str:
    """Spreadsheets bring invisible marks, odd spaces and seven kinds of dash: none is part of a number."""
    kept = []
    for char in unicodedata.normalize("NFKC", text):
        category = unicodedata.category(char)
        if category == "Pd" or char == "\N{MINUS SIGN}":
            kept.append("-")
        elif category != "Cf":
            kept.append(char)
    return " ".join("".join(kept).split())
