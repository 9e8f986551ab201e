"""days_towards_return: consecutive absent days that count towards a return to the local authority.

Unit: school days. Formula (semantics 8, 12): as finished_absent_days, of the sessions within compulsory
school age alone; others are passed over. Source: School Attendance (Pupil Registration) (England)
Regulations 2024 (SI 2024/208), regulation 13; compulsory school age: engine/school_age.py.
"""

from __future__ import annotations

from engine.instants import Instants
from engine.measures.finished_absent_days import finished
from engine.measures.measure import Asked, Measure, Measured
from engine.measures.runs import standing_run
from engine.snapshot import Snapshot


def days_towards_return(snapshot: Snapshot, instants: Instants, asked: Asked) -> Measured:
    """The run that counts at each instant; without a date of birth perhaps none of it does.

    >>> from engine.sample import school, AFTER
    >>> from engine.windows import Window
    >>> asked = Asked(Window.parse("whole register"), frozenset("GNOU"))
    >>> days_towards_return(school("// OU NN OO"), AFTER, asked).numerator.tolist()
    [[3]]
    """
    bounds = finished(snapshot.calendar, asked.over.bounds(snapshot.calendar, instants))
    return standing_run(snapshot, asked.codes, bounds, snapshot.of_age, snapshot.age_known)


MEASURE = Measure(
    "days_towards_return",
    "consecutive absent days within compulsory school age",
    "school days",
    ("codes",),
    days_towards_return,
    run=True,
)
