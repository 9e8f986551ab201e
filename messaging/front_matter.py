"""The `key: value` lines above the words of a template, between two lines of ---."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Final

from messaging.faults import Fault, TemplateError
from messaging.recipients import PURPOSES
from messaging.variables import CIRCUMSTANCES

FENCE: Final = "---"
STATUTORY: Final = "statutory"
ALL_PURPOSES: Final = tuple(dict.fromkeys((*PURPOSES, STATUTORY)))
MENTIONS: Final = ("percent", "law", "health")
TITLED: Final = ("email", "letter")

NEEDED: Final = ("purpose", "stage", "owner", "version", "when", "variables")
ENGLISH_ONLY: Final = ("reading_age",)
TRANSLATED_ONLY: Final = ("translates", "awaiting")
OWN: Final = ("author", "date")
LISTS: Final = {"may_mention": MENTIONS, "same_for": CIRCUMSTANCES}
KEYS: Final = ("title", *NEEDED, *ENGLISH_ONLY, *LISTS, *TRANSLATED_ONLY, *OWN)

_NUMBER: Final = re.compile(r"[1-9][0-9]{0,3}")
_VERSION: Final = re.compile(r"[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What was read: each key's value and line, and the line on which the words begin."""

    values: Mapping[str, str]
    stands: tuple[tuple[str, int], ...]
    body_starts: int

    def word(self, key: str) -> str:
        """The value of a key; empty where it is left out."""
        return self.values.get(key, "")

    def words(self, key: str) -> tuple[str, ...]:
        """The items of a list; none where it is left out."""
        return _items(self.word(key))

    def number(self, key: str) -> int:
        """A whole number; 0 where it is left out."""
        return int(self.word(key) or 0)


def front_matter(
    path: Path, lines: list[str], channel: str, language: str, *, variant: bool = False
) -> FrontMatter:
    """The keys of a template for this channel and language; of a `variant` author and date too.

    Raises:
        TemplateError: everything that is wrong with them.
    """
    if not lines or lines[0].strip() != FENCE:
        raise TemplateError(Fault(path, 1, f"a template begins with a line {FENCE}, then {_listed(NEEDED)}"))
    end = next((at for at, line in enumerate(lines[1:], start=2) if line.strip() == FENCE), 0)
    if not end:
        sentence = f"a second line {FENCE} must end the list of keys: add it"
        raise TemplateError(Fault(path, len(lines), sentence))
    values: dict[str, str] = {}
    stands: dict[str, int] = {}
    faults: list[Fault] = []
    for number, line in enumerate(lines[1 : end - 1], start=2):
        key, colon, value = (piece.strip() for piece in line.partition(":"))
        wrong = _wrong_key(key, values)
        if not wrong and not (colon and value):
            wrong = f"{key} says nothing: write `{key}: ...` on one line"
        if wrong:
            faults.append(Fault(path, number, wrong))
        if key in KEYS:
            values.setdefault(key, value)
            stands.setdefault(key, number)
    faults += [Fault(path, stands[key], wrong) for key, wrong in _wrong_values(values)]
    missing = [key for key in _wanted(channel, language, variant=variant) if key not in values]
    if missing:
        faults.append(Fault(path, end, f"{_listed(missing)} is missing above this line: add it"))
    faults += [Fault(path, stands[key], wrong) for key, wrong in _unwanted(values, channel, language)]
    if faults:
        raise TemplateError(*sorted(faults))
    return FrontMatter(values, tuple(stands.items()), end + 1)


def _wanted(channel: str, language: str, *, variant: bool) -> Iterator[str]:
    """The keys that must be there."""
    if channel in TITLED:
        yield "title"
    yield from NEEDED
    yield from ENGLISH_ONLY if language == "en" else TRANSLATED_ONLY[:1]
    if variant:
        yield from OWN


def _unwanted(values: Mapping[str, str], channel: str, language: str) -> Iterator[tuple[str, str]]:
    """Keys that say nothing here."""
    if channel == "sms" and "title" in values:
        yield "title", "a text has no title: take it out"
    if language == "en":
        for key in set(TRANSLATED_ONLY).intersection(values):
            yield key, f"{key} is for wordings in other languages: take it out"
    else:
        for key in set(ENGLISH_ONLY).intersection(values):
            yield key, f"{key} is measured of English only: take it out"


def _wrong_key(key: str, before: Mapping[str, str]) -> str:
    if key in before:
        return f"{key} stands here for the second time: keep one"
    if key not in KEYS:
        near = get_close_matches(key, KEYS, 1)
        meant = f"was {near[0]!r} meant?" if near else f"the keys are {_listed(KEYS)}"
        return f"{key!r} is no key of a template: {meant}"
    return ""


def _wrong_values(values: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    purpose = values.get("purpose")
    if purpose and purpose not in ALL_PURPOSES:
        yield "purpose", f"purpose {purpose!r} is not known: use {_listed(ALL_PURPOSES)}"
    for key, known in LISTS.items():
        for item in _items(values.get(key, "")):
            if item not in known:
                yield key, f"{key} cannot say {item!r}: use {_listed(known)}"
    for key in ("version", "reading_age"):
        if values.get(key) and not _NUMBER.fullmatch(values[key]):
            yield key, f"{key} {values[key]!r} is no whole number: write {key}: 11, say"
    if values.get("translates") and not _VERSION.fullmatch(values["translates"]):
        said = values["translates"]
        yield "translates", f"{said!r} is no version: `firstbell templates list` shows that of the English"
    if values.get("date"):
        try:
            date.fromisoformat(values["date"])
        except ValueError:
            yield "date", f"{values['date']!r} is not a date: write it as 2025-11-14"


def _items(text: str) -> tuple[str, ...]:
    return tuple(item.strip() for item in text.split(",") if item.strip())


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)
