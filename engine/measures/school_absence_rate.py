"""school_absence_rate: absent sessions of possible sessions of all pupils together, in percent.

Unit: percent. Formula: as absence_rate, both counts added up over every pupil on roll at the time, as the
Department for Education does for its own tables; no guard is needed where a whole school is counted. Source:
Department for Education, Pupil absence in schools in England: methodology.
"""

from __future__ import annotations

from engine import codes
from engine.instants import Instants
from engine.measures.measure import PERCENT, Asked, Measure, Measured
from engine.measures.members import added_up, sessions_of
from engine.snapshot import Snapshot


def school_absence_rate(snapshot: Snapshot, instants: Instants, asked: Asked) -> Measured:
    """Absent and possible sessions of the school in a window (one row).

    >>> from engine.sample import school, AFTER
    >>> from engine.windows import Window
    >>> asked = Asked(Window.parse("year to date"), subject="school")
    >>> found = school_absence_rate(school("I/ //", "// //"), AFTER, asked)
    >>> found.numerator.tolist(), found.denominator.tolist()
    ([[1]], [[8]])
    """
    register, about = snapshot.register, asked.subject
    bounds = asked.over.bounds(snapshot.calendar, instants)
    counts = (
        register.count("absent", codes.absent_marks(), bounds),
        register.count("possible", codes.possible_marks(), bounds),
        register.missing(bounds),
    )
    absent, possible, missing = (added_up(snapshot, each, about) for each in counts)
    sessions = sessions_of(snapshot, codes.absent_marks(), bounds, about)
    whole = possible + missing
    return Measured(absent, absent, absent + missing, missing, bounds, sessions, possible, whole)


MEASURE = Measure(
    "school_absence_rate",
    "absence of the whole school",
    PERCENT,
    ("over",),
    school_absence_rate,
    subjects=("school",),
)
