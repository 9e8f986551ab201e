"""days_missed: absence in days, two sessions a day.

Unit: days. Formula: absent sessions / 2; half a day counts as half. Source: Department for Education,
Pupil absence in schools in England: methodology (a session is half a day); families are told days, not
percentages (Department for Education, Attendance toolkit for schools).
"""

from __future__ import annotations

import numpy as np

from engine import codes
from engine.instants import Instants
from engine.measures.measure import Asked, Measure, Measured
from engine.snapshot import Snapshot

_SESSIONS_A_DAY = 2


def days_missed(snapshot: Snapshot, instants: Instants, asked: Asked) -> Measured:
    """Days of absence of each pupil in a window: the numerator counts sessions, the denominator is 2.

    >>> from engine.sample import school, AFTER
    >>> from engine.windows import Window
    >>> found = days_missed(school("II I/ //"), AFTER, Asked(Window.parse("year to date")))
    >>> found.numerator.tolist(), found.denominator.tolist()
    ([[3]], [[2]])
    """
    register = snapshot.register
    bounds = asked.over.bounds(snapshot.calendar, instants)
    absent = register.count("absent", codes.absent_marks(), bounds)
    missing = register.missing(bounds)
    sessions = register.at(codes.absent_marks(), bounds)
    two = np.full_like(absent, _SESSIONS_A_DAY)
    return Measured(absent, absent, absent + missing, missing, bounds, sessions, two, two)


MEASURE = Measure("days_missed", "days missed", "days", ("over",), days_missed)
