"""Pupils in forms and families, drawn so that the school looks like an English secondary.

About one pupil in three has a sibling in school; a quarter are eligible for free school meals.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from adapters.demo.calendar import ADMITTED, SCHOOL, SCHOOL_ID
from adapters.demo.families import care, family
from adapters.demo.names import POOLS, Names

if TYPE_CHECKING:
    from random import Random

    from adapters.demo.calendar import Row

YEARS = (7, 8, 9, 10, 11)
FORM_SIZE = 30
CHECK_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"


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


def upn(year: int, serial: int) -> str:
    """A well-formed pupil number of an authority and school that do not exist (999 4001 and on).

    >>> upn(7, 12)
    'G999400118012'
    """
    digits = f"{SCHOOL['la']}{4001 + serial // 1000}{25 - year:02}{serial % 1000:03}"
    return check_letter(digits) + digits


def form_of(year: int, serial: int, in_year: int) -> str:
    """The form a pupil sits in; forms of a year are filled evenly, about thirty each, at most 26 forms.

    >>> form_of(7, 0, 240), form_of(7, 239, 240)
    ('7A', '7H')
    """
    forms = min(26, max(1, round(in_year / FORM_SIZE)))
    return f"{year}{chr(ord('A') + serial % forms)}"


def enrol(rng: Random, count: int) -> People:
    """Draw `count` pupils and the people around them, in order of year, form and name."""
    in_year = {year: count // 5 + (year - 7 < count % 5) for year in YEARS}
    taken = dict.fromkeys(YEARS, 0)
    people = People([], [], {})
    number = 0
    while open_years := [year for year in YEARS if taken[year] < in_year[year]]:
        number += 1
        names = rng.choices(POOLS, [pool.weight for pool in POOLS])[0]
        surname = rng.choice(names.last)
        size = min(len(open_years), rng.choices((1, 2, 3), (156, 37, 7))[0])
        in_care = size == 1 and rng.random() < 0.008
        adults = care(rng, names, number) if in_care else family(rng, names, surname, number)
        home = {"fsm": "1" if rng.random() < 0.27 else "0", "looked_after": "1" if in_care else "0"}
        home["social_worker"] = "1" if in_care or rng.random() < 0.025 else "0"
        birthday = rng.randrange(365)
        for year in sorted(rng.sample(open_years, size)):
            serial = taken[year]
            taken[year] += 1
            row = _pupil(rng, names, year, birthday) | home
            row["upn"] = upn(year, serial)
            row["last_name"] = rng.choice(names.last) if size > 1 and rng.random() < 0.06 else surname
            row["form"] = form_of(year, serial, in_year[year])
            people.pupils.append(row)
            people.contacts.extend(adult | {"upn": row["upn"]} for adult in adults)
            people.pools[row["upn"]] = names
    people.pupils.sort(key=lambda row: (int(row["year_group"]), row["form"], row["last_name"], row["upn"]))
    return people


def _pupil(rng: Random, names: Names, year: int, birthday: int) -> Row:
    def one_in(chance: float) -> str:
        return "1" if rng.random() < chance else "0"

    sex = rng.choice("FM")
    day = min(364, max(0, birthday + rng.randint(-25, 25)))  # siblings a year apart are then ten months apart
    return {
        "upn": "",
        "school_id": SCHOOL_ID,
        "first_name": rng.choice(names.female if sex == "F" else names.male),
        "last_name": "",
        "date_of_birth": f"{date(2020 - year, 9, 1) + timedelta(days=day)}",
        "sex": sex,
        "year_group": str(year),
        "form": "",
        "admitted_on": f"{ADMITTED}",
        "left_on": "",
        "fsm": "",
        "sen": rng.choices("NKE", (83, 13, 4))[0],
        "eal": one_in(0.75) if names.language != "en" else one_in(0.02),
        "ethnicity": names.ethnicity,
        "looked_after": "",
        "social_worker": "",
        "young_carer": one_in(0.02),
        "medical": one_in(0.02),
        "flags": "bereavement" if rng.random() < 0.006 else "",
        "key_adult": "",
    }
