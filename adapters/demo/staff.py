"""The staff who take up the day's work: each form, year and duty has somebody, and most have a deputy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from adapters.demo.names import POOLS, mailbox

if TYPE_CHECKING:
    from collections.abc import Iterable
    from random import Random

    from adapters.demo.calendar import Row
    from adapters.demo.places import Place

# staff_id, roles, covers, deputy
DESKS = {
    "secondary": (
        ("ao-lower", "attendance_officer", "7;8;9", "ao-upper"),
        ("ao-upper", "attendance_officer", "10;11", "ao-lower"),
        ("head", "headteacher;senior_leader", "", "slt-pastoral"),
        ("slt-pastoral", "senior_leader;attendance_champion", "", "slt-academic"),
        ("slt-academic", "senior_leader", "", "slt-pastoral"),
        ("dsl", "dsl;mental_health_lead", "", "slt-pastoral"),
        ("senco", "senco", "", "dsl"),
        ("office", "office", "", "ao-lower"),
        *((f"hoy-{year}", "head_of_year", str(year), "slt-pastoral") for year in range(7, 12)),
    ),
    "primary": (
        ("ao", "attendance_officer;office", "", "dsl"),
        ("head", "headteacher;senior_leader", "", "dsl"),
        ("dsl", "dsl;senior_leader;attendance_champion", "", "head"),
        ("senco", "senco;mental_health_lead", "", "dsl"),
        ("lead-infants", "head_of_year", "R;1;2", "dsl"),
        ("lead-juniors", "head_of_year", "3;4;5;6", "dsl"),
    ),
    "special": (
        ("ao", "attendance_officer;office", "", "dsl"),
        ("head", "headteacher;senior_leader", "", "dsl"),
        ("dsl", "dsl;senior_leader;attendance_champion", "", "head"),
        ("senco", "senco;mental_health_lead", "", "dsl"),
        ("lead-lower", "head_of_year", "1;2;3;4;5;6", "dsl"),
        ("lead-upper", "head_of_year", "7;8;9;10;11", "dsl"),
    ),
}


def desk(place: Place, name: str) -> str:
    """The staff id of a desk: ids are the trust's, so all but the first school's carry the school's id."""
    return name if place.number == 0 else f"{name}-{place.school_id}"


def staff_rows(rng: Random, place: Place, forms: Iterable[str]) -> list[Row]:
    """One row per desk of the school, and a tutor for each form."""
    desks = [*DESKS[place.phase]]
    desks += [(f"tutor-{form}", "form_tutor", form, _head_of(place, form)) for form in forms]
    rows = []
    for number, (name, roles, covers, deputy) in enumerate(desks, start=100):
        names = rng.choices(POOLS, [pool.weight for pool in POOLS])[0]
        first, last = rng.choice(names.female + names.male), rng.choice(names.last)
        rows.append(
            {
                "staff_id": desk(place, name),
                "school_id": place.school_id,
                "name": f"{first} {last}",
                "email": mailbox(first, last, number),
                "roles": roles,
                "covers": covers,
                "deputy": desk(place, deputy),
            }
        )
    return rows


def _head_of(place: Place, form: str) -> str:
    own = (
        name
        for name, roles, covers, _ in DESKS[place.phase]
        if form[:-1] in covers.split(";") and roles == "head_of_year"
    )
    return next(own, "dsl")


def name_key_adults(rng: Random, place: Place, pupils: Iterable[Row]) -> None:
    """Give a key adult to every child in care and to some with a plan or a social worker."""
    for row in pupils:
        if row["looked_after"] == "1" or (row["social_worker"] == "1" and rng.random() < 0.5):
            row["key_adult"] = desk(place, "dsl")
        elif row["sen"] == "E" and place.phase != "special" and rng.random() < 0.4:
            row["key_adult"] = desk(place, "senco")
