"""sessions_towards_return: sessions of a code set that count towards a return to the local authority.

Unit: sessions. Formula: sessions of the set within compulsory school age (semantics 12). Source: School
Attendance (Pupil Registration) (England) Regulations 2024 (SI 2024/208), regulation 13 (sickness: 15 days
in a school year, consecutive or not); compulsory school age: engine/school_age.py.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine import codes
from engine.instants import Instants
from engine.measures.measure import Asked, Measure, Measured, count_of
from engine.snapshot import Snapshot


def sessions_towards_return(snapshot: Snapshot, instants: Instants, asked: Asked) -> Measured:
    """Sessions of each pupil in a window that count; without a date of birth perhaps none of them.

    >>> from engine.sample import school, AFTER
    >>> from engine.windows import Window
    >>> asked = Asked(Window.parse("year to date"), frozenset("I"))
    >>> sessions_towards_return(school("II I/ -/"), AFTER, asked).high.tolist()
    [[4]]
    """
    bounds = asked.over.bounds(snapshot.calendar, instants)
    name = f"of age {sorted(asked.codes)}"
    found = count_of(snapshot.register, name, codes.members(asked.codes), bounds, snapshot.of_age)
    return replace(found, low=np.where(snapshot.age_known[:, None], found.numerator, 0))


MEASURE = Measure(
    "sessions_towards_return",
    "sessions within compulsory school age",
    "sessions",
    ("over", "codes"),
    sessions_towards_return,
)
