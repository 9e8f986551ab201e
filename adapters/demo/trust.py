"""The trust, whole: a base import, then lived school days of four imports each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from adapters.demo import england
from adapters.demo.calendar import (
    LIVED_MONDAY,
    calendar_rows,
    entry_moment,
    moment_at,
    pupil_days,
    term_rows,
)
from adapters.demo.kept import MOMENTS, KeptRegister
from adapters.demo.people import People, by_form
from adapters.demo.places import open_schools
from adapters.demo.pupils_year import array_stream, enrolled, stream, years_of
from adapters.demo.rows import MarkRows
from adapters.demo.staff import name_key_adults, staff_rows
from adapters.demo.staging import NO_PLAY, staged

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from datetime import date, datetime

    from adapters.demo.calendar import Row
    from adapters.demo.places import Place
    from adapters.demo.staging import Play
    from adapters.demo.stories import Story

WHAT = (
    "The morning registers.",
    "Late corrections of the morning.",
    "The afternoon registers.",
    "Corrections at the end of the day, of earlier days too.",
)


@dataclass(frozen=True, slots=True)
class Delivery:
    """One import of a lived day: when (local time), what it is, and its rows by file."""

    at: datetime
    what: str
    files: dict[str, Collection[Row]]


@dataclass(frozen=True, slots=True)
class DemoTrust:
    """The demo's facts as CSV rows: `base` up to the first lived day, then `deliveries` in order."""

    places: tuple[Place, ...]
    base: dict[str, Collection[Row]]
    deliveries: tuple[Delivery, ...]
    stories: tuple[Story, ...]


def build(
    *,
    seed: int = 1,
    schools: int = 3,
    pupils: int | None = None,
    days: int = 5,
    since: date = LIVED_MONDAY,
    stories: bool = True,
) -> DemoTrust:
    """The trust for these arguments: the same ones give the same trust, row for row.

    `pupils` are shared among the schools in natural proportion (None: natural sizes); `days` school days
    are lived from `since` on, the first school's counted; `stories` plays the planted ones there.

    Raises:
        ValueError: too few pupils for the schools or the stories, or more days than the year has left.
    """
    places = open_schools(schools, pupils, stories=stories)
    lived = _lived(places[0], since, days)
    people = _everybody(seed, places)
    by_school: dict[str, list[Row]] = {place.school_id: [] for place in places}
    for row in people.pupils:
        by_school[row["school_id"]].append(row)
    years = {
        place: year
        for phase in england.PHASES
        for place, year in years_of(
            seed,
            phase,
            {place: by_school[place.school_id] for place in places if place.phase == phase},
            england.ABSENCE_2024_25[phase],
        )
    }
    forms = {place: sorted({r["form"] for r in by_school[place.school_id]}, key=by_form) for place in places}
    play = staged(stream(seed, "stories"), people, forms[places[0]]) if stories else NO_PLAY
    kept = [
        KeptRegister.of(
            array_stream(seed, f"entries {place.school_id}"),
            place,
            by_school[place.school_id],
            years[place],
            play.sheets,
        )
        for place in places
    ]
    history = list(play.history)
    for register in kept:
        own = register.place.school_id
        for session, form, until in _slips(seed, register, forms[register.place], lived, play):
            register.withhold(form, session, until)
        name_key_adults(stream(seed, f"key adults {own}"), register.place, register.pupils)
        cast = set(play.sheets)
        history += register.history(array_stream(seed, f"history {own}"), register.day(since), cast)
    base: dict[str, Collection[Row]] = {
        "schools": [place.row for place in places],
        "calendar": [row for place in places for row in calendar_rows(place)],
        "terms": [row for place in places for row in term_rows(place)],
        "staff": [
            row
            for place in places
            for row in staff_rows(stream(seed, f"staff {place.school_id}"), place, forms[place])
        ],
        "pupils": people.pupils,
        "contacts": people.contacts,
        "history": sorted(history, key=lambda row: (row["on"], row["upn"])),
        "marks": MarkRows(tuple(register.before(register.day(since)) for register in kept)),
    }
    return DemoTrust(places, base, tuple(_deliveries(kept, lived)), play.stories)


def _lived(first: Place, since: date, days: int) -> tuple[date, date]:
    """The first and the last day lived, by the first school's calendar."""
    left = [day for day in pupil_days(first.inset) if day >= since]
    if days > len(left):
        raise ValueError(
            f"{days} school days are too many: from {since} the school year has {len(left)} left"
        )
    return left[0], left[days - 1]


def _everybody(seed: int, places: Sequence[Place]) -> People:
    everybody = People([], [], {})
    for _, people in enrolled(seed, places):
        everybody.pupils.extend(people.pupils)
        everybody.contacts.extend(people.contacts)
        everybody.pools.update(people.pools)
    return everybody


def _slips(
    seed: int, register: KeptRegister, forms: Sequence[str], lived: tuple[date, date], play: Play
) -> Iterator[tuple[int, str, int]]:
    """In each week lived one form's register comes late, on some morning, and is there by half past ten.

    The play has slips of its own in its week, in the first school: sessions, forms, and until when.
    """
    chance = stream(seed, f"late registers {register.place.school_id}")
    staged_here = play.slips if register.place.number == 0 else ()
    weeks: dict[date, list[int]] = {}
    for number, day in enumerate(register.days):
        if lived[0] <= day <= lived[1]:
            weeks.setdefault(day - timedelta(days=day.weekday()), []).append(number)
    for monday, numbers in weeks.items():
        session, form = 2 * chance.choice(numbers), chance.choice(forms)
        if not (staged_here and monday == LIVED_MONDAY):
            yield session, form, entry_moment(session) + 1
    yield from staged_here


def _deliveries(kept: Sequence[KeptRegister], lived: tuple[date, date]) -> Iterator[Delivery]:
    days = sorted({day for register in kept for day in register.days if lived[0] <= day <= lived[1]})
    for day in days:
        there = [register for register in kept if day in register.days]
        for moment in range(MOMENTS):
            marks = MarkRows(tuple(register.at(register.day(day), moment) for register in there))
            yield Delivery(moment_at(day, moment), WHAT[moment], {"marks": marks})
