"""Where a letter goes: the lines of an address, and whether a letter can be sent there at all.

Strict on purpose, like telephone numbers: an address that must be guessed at is asked for by the office.
A letter about somebody's child that a stranger opens is the worse mistake.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from messaging.variables import flat

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_LINES: Final = 6
"""Below the name: seven lines in all, as many as GOV.UK Notify lets into the window."""

_POSTCODE: Final = re.compile(r"([A-Z]{1,2}[0-9][0-9A-Z]?) ?([0-9][A-Z]{2})")
_POSTCODE_LAST: Final = re.compile(rf"^(.*?)[ ,]*\b{_POSTCODE.pattern}$", re.IGNORECASE)
_NUMBER_ALONE: Final = re.compile(r"[0-9]+[A-Za-z]?")
_NOWHERE: Final = re.compile(
    r"\b(unknown|not known|no fixed abode|nfa|withheld|confidential|tbc|n/a)\b", re.IGNORECASE
)
_NO_FIXED_ABODE: Final = "ZZ99"  # what the NHS writes where there is no home


def address_lines(field: str) -> tuple[str, ...]:
    r"""The lines of an address that stands in one field, its postcode on a line of its own.

    Lines end at line breaks, commas and semicolons; a house number is no line; too many lines are joined.

    >>> address_lines("12, Mill Lane, Southampton so141aa")
    ('12 Mill Lane', 'Southampton', 'SO14 1AA')
    """
    parts = [part for each in re.split(r"[\r\n,;]", field) if (part := flat(each))]
    if parts and (found := _POSTCODE_LAST.match(parts[-1])):
        before, outward, inward = found.groups()
        parts[-1:] = [*filter(None, [before]), f"{outward} {inward}".upper()]
    lines: list[str] = []
    for part in parts:
        if lines and _NUMBER_ALONE.fullmatch(lines[-1]):
            lines[-1] += f" {part}"
        else:
            lines.append(part)
    while len(lines) > MOST_LINES:
        lines[:2] = [", ".join(lines[:2])]
    return tuple(lines)


def why_no_letter(addressee: str, address: Sequence[str]) -> str:
    """The sentence for the office why no letter can go there; nothing where one can.

    >>> why_no_letter("Mrs Khan", ("12 Mill Lane", "Southampton", "SO14 1AA"))
    ''
    >>> why_no_letter("Mrs Khan", ())
    'no address for Mrs Khan is on record: ask where they live and have it entered, then send it again'
    """
    if not flat(addressee):
        return "the letter names nobody it goes to: enter the contact's name, then send it again"
    entered = "and have it entered, then send it again"
    if not address:
        return f"no address for {addressee} is on record: ask where they live {entered}"
    said = ", ".join(address)
    if _NOWHERE.search(said) or address[-1].startswith(_NO_FIXED_ABODE):
        return f"no letter reaches {addressee} at {said!r}: hand it over, or ask for an address {entered}"
    if not _POSTCODE.fullmatch(address[-1]):
        return (
            f"the address for {addressee}, {said!r}, does not end with a UK postcode: find it out {entered}"
        )
    if not 1 < len(address) <= MOST_LINES:
        return (
            f"the address for {addressee}, {said!r}, has {len(address)} lines: it needs "
            f"from 2 to {MOST_LINES}, a street, a place and a postcode; put it right {entered}"
        )
    return ""
