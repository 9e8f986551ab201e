"""Whether two postal addresses, as schools write them, are the same door."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

_POSTCODE: Final = re.compile(r"\b([a-z]{1,2}[0-9][a-z0-9]?) ?([0-9][a-z]{2})\b")
_WORD: Final = re.compile(r"[a-z0-9]+")
_LINE: Final = re.compile(r"[\n\r,;]+")
_SHORT: Final = 3  # rd, st, ave: said in full or not, they tell no two doors apart


@dataclass(frozen=True, slots=True)
class _Door:
    postcode: str
    numbers: frozenset[str]
    first: frozenset[str]
    words: frozenset[str]


def same_door(one: str, other: str) -> bool:
    """Whether two addresses may well be one door. In doubt they are: that only asks a person.

    Different postcodes or different numbers are two doors. Where there is no number, neighbours of one
    postcode are not told apart.

    >>> same_door("12 Larch Rd, Ashgrove AB1 2CD", "12, Larch Road, AB12CD")
    True
    >>> same_door("Flat 2, 12 Larch Road, Ashgrove", "Flat 3, 12 Larch Road, Ashgrove")
    False
    """
    here, there = _door(one), _door(other)
    if not (here.words and there.words):
        return False
    if here.postcode and there.postcode:
        alike = here.numbers <= there.numbers or there.numbers <= here.numbers
        return here.postcode == there.postcode and alike
    if here.numbers != there.numbers:
        return False
    return bool(here.words & there.words if here.numbers else here.first & there.first)


@lru_cache(maxsize=20_000)
def _door(text: str) -> _Door:
    plain = text.casefold()
    postcode = _POSTCODE.search(plain)
    rest = _POSTCODE.sub(" ", plain)
    tokens = _WORD.findall(rest)
    numbers = frozenset(token for token in tokens if any(char.isdigit() for char in token))
    return _Door(
        postcode="".join(postcode.groups()) if postcode else "",
        numbers=numbers,
        first=_long(_WORD.findall(next(filter(str.strip, _LINE.split(rest)), ""))),
        words=_long(tokens) or numbers,
    )


def _long(tokens: list[str]) -> frozenset[str]:
    return frozenset(token for token in tokens if len(token) > _SHORT and token.isalpha())
