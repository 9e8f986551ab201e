"""The staff who take up the day's work: each form, year and duty has somebody, and most have a deputy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from adapters.demo.calendar import SCHOOL_ID
from adapters.demo.names import POOLS, mailbox

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from random import Random

    from adapters.demo.calendar import Row

# staff_id, roles, covers, deputy
DESKS = (
    ("ao-lower", "attendance_officer", "7;8;9", "ao-upper"),
    ("ao-upper", "attendance_officer", "10;11", "ao-lower"),
    ("head", "headteacher;senior_leader", "", "slt-pastoral"),
    ("slt-pastoral", "senior_leader;attendance_champion", "", "slt-academic"),
    ("slt-academic", "senior_leader", "", "slt-pastoral"),
    ("dsl", "dsl", "", "slt-pastoral"),
    ("senco", "senco", "", "dsl"),
    ("office", "office", "", "ao-lower"),
)


def staff_rows(rng: Random, forms: Iterable[str], years: Sequence[int]) -> list[Row]:
    """One row per desk: eight duties, a head for each year, a tutor for each form."""
    desks = [*DESKS]
    desks += [(f"hoy-{year}", "head_of_year", str(year), "slt-pastoral") for year in years]
    desks += [(f"tutor-{form}", "form_tutor", form, f"hoy-{form[:-1]}") for form in forms]
    rows = []
    for number, (staff_id, roles, covers, deputy) in enumerate(desks, start=100):
        names = rng.choices(POOLS, [pool.weight for pool in POOLS])[0]
        first, last = rng.choice(names.female + names.male), rng.choice(names.last)
        rows.append(
            {
                "staff_id": staff_id,
                "school_id": SCHOOL_ID,
                "name": f"{first} {last}",
                "email": mailbox(first, last, number),
                "roles": roles,
                "covers": covers,
                "deputy": deputy,
            }
        )
    return rows


def name_key_adults(rng: Random, pupils: Iterable[Row]) -> None:
    """Give a key adult to every child in care and to some with a plan or a social worker."""
    for row in pupils:
        if row["looked_after"] == "1" or (row["social_worker"] == "1" and rng.random() < 0.5):
            row["key_adult"] = "dsl"
        elif row["sen"] == "E" and rng.random() < 0.4:
            row["key_adult"] = "senco"
