"""The adult whom a family knows: one person for all its children (docs/decisions/015)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from engine.records import Pupil, Staff
from workflows.people import owner

REMEMBERS = timedelta(weeks=8)
"""How far back a conversation still makes somebody the one whom the family knows."""
_YEARS = {year: at for at, year in enumerate(("N1", "N2", "R", *map(str, range(1, 15))))}


class Why(StrEnum):
    """Why a family's calls are somebody's, as the ledger keeps it."""

    STANDS = "has the family's calls already"
    KEY_ADULT = "is the key adult"
    SPOKEN = "has spoken with the family most often"
    ROLE = "has the role for the youngest"
    MINUTES = "has the minutes"


@dataclass(frozen=True, slots=True)
class Choice:
    """Whose a family's calls are, for whom they cover (or empty), and why."""

    adult: str
    covering: str
    why: Why


def known_best(
    spoken: Iterable[tuple[str, str, datetime]], family: Mapping[str, str]
) -> dict[str, tuple[str, ...]]:
    """Who has spoken with each family, by its key: most often first, then last, then by staff id.

    `spoken` is subject, staff id and time (`Unit.spoken`); `family` maps a pupil to the family's key.
    """
    times: dict[str, dict[str, list[datetime]]] = defaultdict(lambda: defaultdict(list))
    for subject, staff_id, at in spoken:
        times[family.get(subject, subject)][staff_id].append(at)
    return {
        key: tuple(sorted(by, key=lambda who: (-len(by[who]), -max(by[who]).timestamp(), who)))
        for key, by in times.items()
    }


def siblings(pupils: Iterable[Pupil], family: Mapping[str, str], day: date) -> dict[str, list[Pupil]]:
    """The pupils of each family who are on roll on a day, by the family's key."""
    found: dict[str, list[Pupil]] = defaultdict(list)
    for pupil in pupils:
        if pupil.admitted_on <= day and (pupil.left_on is None or pupil.left_on >= day):
            found[family.get(pupil.upn, pupil.upn)].append(pupil)
    return found


def choose(
    children: Sequence[Pupil],
    role: str,
    callers: Collection[str],
    known: Sequence[str],
    staff: Sequence[Staff],
    out: Collection[str],
) -> Choice:
    """The adult for the calls of some siblings, passing over who is `out`.

    A key adult of one of them, the one who knows the family best where there are several; else of the
    `callers` (staff ids of those who make such calls) who has spoken with them most; else whose the role is
    for the youngest, who will be at the school the longest.
    """
    usual, why = _first(children, role, callers, known, staff, ())
    if usual not in out:
        return Choice(usual, "", why)
    adult, why = _first(children, role, callers, known, staff, out)
    return Choice(adult, usual, why)


def _first(
    children: Sequence[Pupil],
    role: str,
    callers: Collection[str],
    known: Sequence[str],
    staff: Sequence[Staff],
    out: Collection[str],
) -> tuple[str, Why]:
    here = {each.staff_id for each in staff}.difference(out)
    youngest_first = sorted(children, key=_age)
    key_adults = {child.key_adult: None for child in youngest_first if child.key_adult in here}
    if key_adults:
        return next((each for each in known if each in key_adults), next(iter(key_adults))), Why.KEY_ADULT
    spoken = next((each for each in known if each in here and each in callers), "")
    if spoken:
        return spoken, Why.SPOKEN
    return owner(role, next(iter(youngest_first), None), staff, out=out), Why.ROLE


def _age(child: Pupil) -> tuple[int, str]:
    return _YEARS.get(child.year_group, len(_YEARS)), child.upn
