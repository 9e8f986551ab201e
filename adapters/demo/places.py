"""The trust's schools: what they are called, how large, when their registers close, who goes there.

Ashgrove Academy comes first, always, and plays the planted stories; a primary and a special school follow,
and then as many further primaries and secondaries as are asked for, in towns of three.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import count, cycle, islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from adapters.demo.calendar import Row

ASHGROVE = "ashgrove"
AUTHORITY = "999"  # an authority that does not exist
TOWN = 3
LEAST_FOR_STORIES = 300
_LEAST = 4
_NATURAL = {"primary": 420, "secondary": 1200, "special": 120}
_FORM_SIZE = {"primary": 30, "secondary": 30, "special": 10}
_YEARS = {"primary": range(7), "secondary": range(7, 12), "special": range(1, 12)}
# am_opens, am_closes, pm_opens, pm_closes; and the school's own day of staff training
_HOURS = {
    "primary": ("08:45", "09:15", "13:00", "13:10"),
    "secondary": ("08:40", "09:10", "13:00", "13:15"),
    "special": ("08:50", "09:15", "12:55", "13:15"),
}
_OWN_INSET = {"primary": date(2025, 11, 3), "secondary": date(2025, 10, 17), "special": date(2025, 10, 24)}
_STEMS = (
    "Thornbury",
    "Holmwood",
    "Larkfield",
    "Millbrook",
    "Fernhill",
    "Westcott",
    "Oakhanger",
    "Brambleside",
    "Kestrel",
    "Copperfield",
    "Saltmarsh",
    "Hazelwell",
    "Ravensmoor",
    "Birchgate",
    "Eastmere",
    "Quarrybank",
    "Swanholt",
    "Tillingbrook",
    "Underwood",
    "Wickstead",
)
_SIDES = ("", "North ", "South ", "Upper ", "Lower ")
_KINDS = {"primary": "Primary School", "secondary": "High School", "special": "School"}


@dataclass(frozen=True, slots=True)
class Place:
    """One school of the trust: its number in the trust, its phase (primary, secondary, special), its size."""

    number: int
    school_id: str
    name: str
    phase: str
    pupils: int

    @property
    def row(self) -> Row:
        """Its row of schools.csv."""
        hours = zip(("am_opens", "am_closes", "pm_opens", "pm_closes"), _HOURS[self.phase], strict=True)
        own = {"school_id": self.school_id, "name": self.name, "phase": self.phase, "la": AUTHORITY}
        return own | {"lessons_per_day": "5"} | dict(hours)

    @property
    def years(self) -> range:
        """Its year groups as numbers, Reception being 0."""
        return _YEARS[self.phase]

    @property
    def form_size(self) -> int:
        """How many pupils sit in a form, about."""
        return _FORM_SIZE[self.phase]

    @property
    def inset(self) -> date:
        """The training day that is this school's own."""
        return _OWN_INSET[self.phase]


class TooFew(ValueError):  # noqa: N818 - a sentence for a person
    """Too few pupils for the schools or the stories asked for; the sentence names the least number."""


def open_schools(schools: int, pupils: int | None, *, stories: bool) -> tuple[Place, ...]:
    """`schools` places that share `pupils` in their natural proportion (None: their natural sizes).

    >>> [(place.school_id, place.pupils) for place in open_schools(3, None, stories=True)]
    [('ashgrove', 1200), ('thornbury', 420), ('holmwood', 120)]
    >>> open_schools(3, 12, stories=True)
    Traceback (most recent call last):
    adapters.demo.places.TooFew: 12 pupils are too few for the planted stories: 3 schools need 434 at least

    Raises:
        TooFew: see its sentence.
    """
    phases = list(islice(_phases(), schools))
    natural = [_NATURAL[phase] for phase in phases]
    needed = [LEAST_FOR_STORIES if stories else _LEAST, *[_LEAST] * (schools - 1)]
    sizes = natural if pupils is None else _shared(pupils, natural)
    if any(size < need for size, need in zip(sizes, needed, strict=True)):
        least = next(total for total in count(1) if _enough(_shared(total, natural), needed))
        what = "for the planted stories: " if stories else "to go round: "
        raise TooFew(
            f"{pupils} pupils are too few {what}{schools} school{'s need' if schools > 1 else ' needs'} "
            f"{least} at least"
        )
    return tuple(_place(number, phase, sizes[number]) for number, phase in enumerate(phases))


def fill(phase: str, pupils: int, first: int) -> tuple[Place, ...]:
    """As many schools of one phase and about their natural size as some pupils fill, numbered on.

    >>> [place.pupils for place in fill("primary", 1000, 7)]
    [500, 500]
    """
    schools = max(1, round(pupils / _NATURAL[phase]))
    sizes = _shared(pupils, [1] * schools)
    return tuple(_place(first + number, phase, size) for number, size in enumerate(sizes))


def _phases() -> Iterator[str]:
    yield from ("secondary", "primary", "special")
    yield from cycle(("primary", "primary", "secondary"))


def _enough(sizes: list[int], needed: list[int]) -> bool:
    return all(size >= need for size, need in zip(sizes, needed, strict=True))


def _shared(pupils: int, natural: list[int]) -> list[int]:
    """A number of pupils in proportion; what rounding leaves goes to the first schools, one each."""
    whole = sum(natural)
    sizes = [pupils * size // whole for size in natural]
    left = pupils - sum(sizes)
    return [size + (number < left) for number, size in enumerate(sizes)]


def _place(number: int, phase: str, pupils: int) -> Place:
    if number == 0:
        school_id, name = ASHGROVE, "Ashgrove Academy"
    else:
        turn, stem = divmod(number - 1, len(_STEMS))
        again, side = divmod(turn, len(_SIDES))
        called = f"{_SIDES[side]}{_STEMS[stem]}{f' {again + 1}' if again else ''}"
        school_id, name = called.lower().replace(" ", "-"), f"{called} {_KINDS[phase]}"
    return Place(number, school_id, name, phase, pupils)
