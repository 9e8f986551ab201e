"""absence_rate: absent sessions of possible sessions, in percent.

Unit: percent. Formula: (authorised + unauthorised) / possible, compared as integers (absent * 100 >=
possible * percent), so exactly 90.0 % attendance is 10 % absence. Source: Department for Education,
Pupil absence in schools in England: methodology; domain: the pupil's own possible sessions.
"""

from __future__ import annotations

from engine import codes
from engine.instants import Instants
from engine.measures.measure import PERCENT, Asked, Measure, Measured
from engine.snapshot import Snapshot


def absence_rate(snapshot: Snapshot, instants: Instants, asked: Asked) -> Measured:
    """Absent and possible sessions of each pupil in a window.

    >>> from engine.sample import school, AFTER
    >>> from engine.windows import Window
    >>> found = absence_rate(school("I/ // //"), AFTER, Asked(Window.parse("year to date")))
    >>> found.numerator.tolist(), found.denominator.tolist()
    ([[1]], [[6]])
    """
    register = snapshot.register
    bounds = asked.over.bounds(snapshot.calendar, instants)
    absent = register.count("absent", codes.absent_marks(), bounds)
    possible = register.count("possible", codes.possible_marks(), bounds)
    missing = register.missing(bounds)
    sessions, whole = register.at(codes.absent_marks(), bounds), possible + missing
    return Measured(absent, absent, absent + missing, missing, bounds, sessions, possible, whole)


MEASURE = Measure("absence_rate", "absence", PERCENT, ("over",), absence_rate, divides=lambda over: (over,))
