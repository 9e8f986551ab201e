"""Pupils in forms and families, drawn so that the trust looks like England's schools.

A family's children go to the schools of one town, most of them to the same one; about one pupil in three has
a brother or sister in the trust. Free school meals and special needs have the shares of their phase.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from adapters.demo import england
from adapters.demo.calendar import ADMITTED
from adapters.demo.families import care, family
from adapters.demo.names import POOLS, Names
from adapters.demo.places import AUTHORITY

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

    from adapters.demo.calendar import Row
    from adapters.demo.places import Place

CHECK_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
SAME_SCHOOL = 4  # how much likelier a sibling goes to the same school than to another of the town


@dataclass(frozen=True, slots=True)
class People:
    """Everybody at school and at home: rows as in pupils.csv and contacts.csv, and each pupil's name pool."""

    pupils: list[Row]
    contacts: list[Row]
    pools: dict[str, Names]


def check_letter(digits: str) -> str:
    """The letter that a unique pupil number starts with: its twelve digits weighted 2 to 13, modulo 23.

    >>> check_letter("801200001001")
    'H'
    """
    return CHECK_LETTERS[sum(weight * int(digit) for weight, digit in enumerate(digits, start=2)) % 23]


def upn(school: int, year: int, serial: int) -> str:
    """A well-formed pupil number of an authority and school that do not exist (999 4001 and on).

    >>> upn(0, 7, 12)
    'G999400118012'
    """
    digits = f"{AUTHORITY}{4001 + 5 * school + serial // 1000:04}{25 - year:02}{serial % 1000:03}"
    return check_letter(digits) + digits


def year_name(year: int) -> str:
    """A year group as the registers write it: R, then 1 and on."""
    return str(year) if year else "R"


def form_of(year: int, serial: int, in_year: int, form_size: int) -> str:
    """The form a pupil sits in; forms of a year are filled evenly, at most 26 forms.

    >>> form_of(7, 0, 240, 30), form_of(7, 239, 240, 30), form_of(0, 0, 12, 10)
    ('7A', '7H', 'RA')
    """
    forms = min(26, max(1, round(in_year / form_size)))
    return f"{year_name(year)}{chr(ord('A') + serial % forms)}"


def by_form(form: str) -> tuple[int, str]:
    """What forms are sorted by: year, then letter.

    >>> sorted(["10A", "7B", "RA"], key=by_form)
    ['RA', '7B', '10A']
    """
    year = form[:-1]
    return (0 if year == "R" else int(year), form)


def enrol(rng: Random, town: Sequence[Place]) -> People:
    """Draw the pupils of a town's schools and the people around them, by school, year, form and name."""
    seats = {
        (number, year): place.pupils // len(place.years)
        + (year - place.years[0] < place.pupils % len(place.years))
        for number, place in enumerate(town)
        for year in place.years
    }
    left = dict(seats)
    weights = [pool.weight for pool in POOLS]
    people = People([], [], {})
    household = 0
    while any(left.values()):
        household += 1
        number = town[0].number * 100_000 + household
        names = rng.choices(POOLS, weights)[0]
        surname = rng.choice(names.last)
        taken = _seats(rng, left, rng.choices((1, 2, 3), (156, 37, 7))[0])
        in_care = len(taken) == 1 and rng.random() < 0.008
        adults = care(rng, names, number) if in_care else family(rng, names, surname, number)
        phase = town[taken[0][0]].phase
        home = {"fsm": _one_in(rng, england.SHARE_FSM[phase]), "looked_after": "1" if in_care else "0"}
        home["social_worker"] = "1" if in_care or rng.random() < 0.025 else "0"
        birthday = rng.randrange(365)
        for school, year in taken:
            place, in_year = town[school], seats[school, year]
            serial = in_year - left[school, year]
            left[school, year] -= 1
            row = _pupil(rng, names, place, year, birthday) | home
            row["sen"] = _need(rng, england.SHARE_SEN[place.phase][int(row["fsm"])], place.phase)
            row["upn"] = upn(place.number, year, serial)
            row["last_name"] = rng.choice(names.last) if len(taken) > 1 and rng.random() < 0.06 else surname
            row["form"] = form_of(year, serial, in_year, place.form_size)
            people.pupils.append(row)
            people.contacts.extend(adult | {"upn": row["upn"]} for adult in adults)
            people.pools[row["upn"]] = names
    order = {place.school_id: place.number for place in town}
    people.pupils.sort(
        key=lambda row: (order[row["school_id"]], by_form(row["form"]), row["last_name"], row["upn"])
    )
    return people


def _seats(rng: Random, left: dict[tuple[int, int], int], size: int) -> list[tuple[int, int]]:
    """Seats for the children of one family, no two in the same year group; fewer where none is left."""
    taken: list[tuple[int, int]] = []
    for _ in range(size):
        years = {year for _, year in taken}
        chances = {
            seat: count * (SAME_SCHOOL if taken and seat[0] == taken[0][0] else 1)
            for seat, count in left.items()
            if count and seat[1] not in years
        }
        if chances:
            taken.append(rng.choices(list(chances), list(chances.values()))[0])
    return sorted(taken, key=lambda seat: seat[1])


def _one_in(rng: Random, chance: float) -> str:
    return "1" if rng.random() < chance else "0"


def _need(rng: Random, chance: float, phase: str) -> str:
    """N, K (support) or E (a plan): in a special school nearly all have a plan, elsewhere one in five."""
    if rng.random() >= chance:
        return "N"
    plan = 0.98 if phase == "special" else 0.2
    return "E" if rng.random() < plan else "K"


def _pupil(rng: Random, names: Names, place: Place, year: int, birthday: int) -> Row:
    sex = rng.choice("FM")
    day = min(364, max(0, birthday + rng.randint(-25, 25)))  # siblings a year apart are then ten months apart
    return {
        "upn": "",
        "school_id": place.school_id,
        "first_name": rng.choice(names.female if sex == "F" else names.male),
        "last_name": "",
        "date_of_birth": f"{date(2020 - year, 9, 1) + timedelta(days=day)}",
        "sex": sex,
        "year_group": year_name(year),
        "form": "",
        "admitted_on": f"{ADMITTED}",
        "left_on": "",
        "fsm": "",
        "sen": "",
        "eal": _one_in(rng, 0.75 if names.language != "en" else 0.02),
        "ethnicity": names.ethnicity,
        "looked_after": "",
        "social_worker": "",
        "young_carer": _one_in(rng, 0.02),
        "medical": _one_in(rng, 0.02),
        "flags": "bereavement" if rng.random() < 0.006 else "",
        "key_adult": "",
    }
