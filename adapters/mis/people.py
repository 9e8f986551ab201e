"""Cells about people: what is misread here may put a child at risk, so each falls to the careful side."""

from __future__ import annotations

import re

from adapters.mis import parse
from adapters.mis.parse import REFUSE, Misread, shown, yes_no
from engine.records import YEAR_GROUPS

RESTRICTIONS = ("none", "no_contact", "court_order", "ask_dsl")

_YEAR_GROUP = re.compile(r"(?:year|yr|y)?\s*0?(\d{1,2})", re.IGNORECASE)
_FIRST_YEARS = {"reception": "R", "nursery 1": "N1", "nursery 2": "N2"}
_UPN = re.compile(r"[A-Z]\d{11}[0-9A-Z]")
_UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"


def protective(cell: str) -> bool:
    """A boolean that puts a person between a rule and the family: anything that is not a no is a yes.

    What stands there may be about somebody's health, so no warning repeats it.
    """
    try:
        return yes_no(cell)
    except Misread as fault:
        if fault.instead is not REFUSE:
            raise
        raise Misread("neither 0 nor 1 but words, not repeated here", instead=True, kind="words") from None


def year_group(cell: str) -> str:
    """A year group: N1, N2, R, 1 to 14.

    >>> year_group("Year 7"), year_group("07"), year_group("Reception")
    ('7', '7', 'R')
    """
    if cell.upper() in YEAR_GROUPS:
        return cell.upper()
    found = _YEAR_GROUP.fullmatch(cell)
    group = found[1] if found else _FIRST_YEARS.get(cell.lower(), "")
    if group not in YEAR_GROUPS:
        raise Misread(f"{shown(cell)} is no year group: write N1, N2, R or 1 to 14")
    return group


def restriction(cell: str) -> str:
    """What stands between a contact and a message; anything unknown asks the safeguarding lead."""
    word = cell.lower()
    if word not in RESTRICTIONS:
        raise Misread(f"not one of {', '.join(RESTRICTIONS)}", instead="ask_dsl")
    return word


def sen(cell: str) -> str:
    """Special educational needs: N, K or E; what else stands there is not repeated."""
    if cell.upper() not in {"N", "K", "E"}:
        raise Misread("neither N, K nor E")
    return cell.upper()


def upn(cell: str) -> str:
    """A pupil's identifier: any text is taken; what looks like a UPN with a wrong check letter is a warning.

    The letter stands for the digits times 2 to 13, added up, modulo 23; a temporary UPN ends in a letter.

    >>> upn("B123456789012")
    Traceback (most recent call last):
    ...
    adapters.mis.parse.Misread: the check letter of B123456789012 should be A
    """
    if cell.startswith("class:"):  # the name of a class among the subjects of rules
        raise Misread("no pupil's id begins with class:")
    parse.name(cell)
    if _UPN.fullmatch(cell):
        digits = [int(c) if c.isdigit() else _UPN_LETTERS.find(c) for c in cell[1:]]
        letter = _UPN_LETTERS[sum(weight * digit for weight, digit in enumerate(digits, 2)) % 23]
        if cell[0] != letter:
            raise Misread(f"the check letter of {cell} should be {letter}", instead=cell)
    return cell
