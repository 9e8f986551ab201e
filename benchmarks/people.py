"""The people of a school of the synthetic trust: pupils in forms, families of two adults, staff by role."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from engine.records import Contact, Pupil, Staff

FORM = 30
FIRST = ("Aisha", "Ben", "Chloe", "Daniel", "Emma", "Femi", "Grace", "Hamza", "Isla", "Jack", "Kasia", "Leo")
LAST = ("Ahmed", "Brown", "Clarke", "Davies", "Evans", "Fraser", "Green", "Hughes", "Iqbal", "Jones", "Khan")
ADMITTED = date(2025, 9, 3)
DESKS = (
    ("ao-1", "attendance_officer"), ("head", "headteacher"), ("slt-1", "senior_leader"), ("dsl", "dsl"),
    ("senco", "senco"), ("champion", "attendance_champion"), ("office", "office"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class People:
    """Everybody of one school; `families[row]` is the family of a pupil, `classes[row]` the form's number."""

    pupils: tuple[Pupil, ...]
    contacts: tuple[Contact, ...]
    staff: tuple[Staff, ...]
    families: tuple[str, ...]
    classes: tuple[int, ...]


def people_of(
    draw: np.random.Generator, school_id: str, number: int, roll: int, years: tuple[str, ...]
) -> People:
    """Draw a school's people: forms of thirty, a third of the pupils with a sibling in school."""
    pupils: list[Pupil] = []
    families: list[str] = []
    classes: list[int] = []
    forms: dict[str, int] = {}
    chances = draw.random((roll, 8))
    for row in range(roll):
        year = years[row * len(years) // roll]
        form = f"{year}{chr(ord('A') + row // FORM % 26)}"
        sibling = row > 0 and chances[row, 0] < 0.18
        families.append(families[-1] if sibling else f"f{number:02}{row:04}")
        classes.append(forms.setdefault(form, len(forms)))
        pupils.append(
            _pupil(chances[row].tolist(), school_id, f"A999{4001 + number}{row:05}", year, form, draw)
        )
    return People(
        tuple(pupils),
        tuple(
            _adult(family, which, pupil.upn, row)
            for row, (pupil, family) in enumerate(zip(pupils, families, strict=True))
            for which in (1, 2)
        ),
        tuple(_staff(school_id, years, tuple(forms))),
        tuple(families),
        tuple(classes),
    )


def _pupil(
    chance: list[float], school_id: str, upn: str, year: str, form: str, draw: np.random.Generator
) -> Pupil:
    age = 4 if year == "R" else int(year) + 4
    born = date(2025 - age - 1, 9, 1) + timedelta(days=int(draw.integers(365)))
    came = ADMITTED + timedelta(days=int(draw.integers(20, 200))) if chance[1] < 0.02 else ADMITTED
    left = ADMITTED + timedelta(days=int(draw.integers(210, 280))) if chance[2] < 0.01 else None
    return Pupil(
        upn=upn,
        school_id=school_id,
        first_name=FIRST[int(draw.integers(len(FIRST)))],
        last_name=LAST[int(draw.integers(len(LAST)))],
        year_group=year,
        admitted_on=came,
        left_on=left,
        date_of_birth=None if chance[3] < 0.002 else born,
        form=form,
        fsm=chance[4] < 0.26,
        sen="E" if chance[5] < 0.04 else "K" if chance[5] < 0.17 else "N",
        looked_after=chance[6] < 0.008,
        social_worker=chance[6] < 0.03,
        medical=chance[7] < 0.02,
        flags=("bereavement",) if chance[7] > 0.994 else (),
    )


def _adult(family: str, which: int, upn: str, row: int) -> Contact:
    return Contact(
        contact_id=f"{family}-{which}",
        upn=upn,
        name=f"{FIRST[(row + which) % len(FIRST)]} {LAST[row % len(LAST)]}",
        relationship="mother" if which == 1 else "father",
        parental_responsibility=True,
        lives_with=which == 1 or row % 4 > 0,
        priority=which,
        phone=f"07700 900{row % 1000:03}",
        language="en",
        may_receive=("absence", "letters"),
    )


def _staff(school_id: str, years: tuple[str, ...], forms: tuple[str, ...]) -> list[Staff]:
    desks = [(staff_id, role, "") for staff_id, role in DESKS]
    desks += [(f"hoy-{year}", "head_of_year", year) for year in years]
    desks += [(f"tutor-{form}", "form_tutor", form) for form in forms]
    return [
        Staff(
            staff_id=staff_id,
            school_id=school_id,
            name=f"{FIRST[row % len(FIRST)]} {LAST[row % len(LAST)]}",
            roles=(role,),
            covers=(covers,) if covers else (),
            deputy="" if role == "headteacher" else "head",
        )
        for row, (staff_id, role, covers) in enumerate(desks)
    ]
