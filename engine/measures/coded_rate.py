"""coded_rate: sessions of a code set of possible sessions, in percent.

Unit: percent. Formula: sessions of the set / possible sessions, compared as integers. Source: Department for
Education, Pupil absence in schools in England: methodology (the unauthorised, the authorised and the illness
absence rate are each such a rate).
"""

from __future__ import annotations

from engine import codes
from engine.instants import Instants
from engine.measures.measure import PERCENT, Asked, Measure, Measured
from engine.snapshot import Snapshot


def coded_rate(snapshot: Snapshot, instants: Instants, asked: Asked) -> Measured:
    """Sessions of `codes` and possible sessions of each pupil in a window; only possible ones are counted.

    >>> from engine.sample import school, AFTER
    >>> from engine.windows import Window
    >>> found = coded_rate(school("O/ I/ //"), AFTER, Asked(Window.parse("year to date"), frozenset("O")))
    >>> found.numerator.tolist(), found.denominator.tolist()
    ([[1]], [[6]])
    """
    register = snapshot.register
    bounds = asked.over.bounds(snapshot.calendar, instants)
    flags = codes.members(asked.codes) & codes.possible_marks()
    coded = register.count(f"possible, coded {sorted(asked.codes)}", flags, bounds)
    possible = register.count("possible", codes.possible_marks(), bounds)
    missing = register.missing(bounds)
    sessions, whole = register.at(flags, bounds), possible + missing
    return Measured(coded, coded, coded + missing, missing, bounds, sessions, possible, whole)


MEASURE = Measure(
    "coded_rate",
    "share of possible sessions",
    PERCENT,
    ("over", "codes"),
    coded_rate,
    divides=lambda over: (over,),
)
