"""sessions_towards_return: sessions of a code set that count towards a return to the local authority.

Unit: sessions. Formula: sessions of the set within compulsory school age (semantics 12). Source: School
Attendance (Pupil Registration) (England) Regulations 2024 (SI 2024/208), regulation 13 (sickness: 15 days
in a school year, consecutive or not); compulsory school age: engine/school_age.py.
"""

from __future__ import annotations

import numpy as np

from engine import codes
from engine.instants import Instants
from engine.measures.measure import Asked, Measure, Measured, within
from engine.register import between
from engine.snapshot import Snapshot


def sessions_towards_return(snapshot: Snapshot, instants: Instants, asked: Asked) -> Measured:
    """Sessions of each pupil in a window that count; without a date of birth perhaps none of them.

    >>> from engine.sample import school, AFTER
    >>> from engine.windows import Window
    >>> asked = Asked(Window.parse("year to date"), frozenset("I"))
    >>> sessions_towards_return(school("II I/ -/"), AFTER, asked).high.tolist()
    [[4]]
    """
    register = snapshot.register
    bounds = asked.over.bounds(snapshot.calendar, instants)
    coded = codes.members(asked.codes)[register.marks] & snapshot.of_age
    blank = (register.marks == codes.MISSING) & snapshot.of_age
    counted = between(register.running(f"of age {sorted(asked.codes)}", coded), bounds)
    missing = between(register.running("missing of age", blank), bounds)
    low = np.where(snapshot.age_known[:, None], counted, 0)
    return Measured(counted, low, counted + missing, missing, bounds, within(coded, bounds))


MEASURE = Measure(
    "sessions_towards_return",
    "sessions within compulsory school age",
    "sessions",
    ("over", "codes"),
    sessions_towards_return,
)
