"""consecutive_absent_days: the number of the present day in an unbroken run of absent days.

Unit: school days. Formula (semantics 7): a day is absent when every session of it that has closed and
is possible for the pupil has a code of the set, and there is at least one. Days without a session, and
days on which none was possible for this pupil, are passed over. Anything else ends the run: present,
late, on site after the register closed (U), leave. A day not begun is passed over, so that the run
stands overnight. Source: Department for Education, Attendance toolkit for schools (day 1, 2, 3).
"""

from __future__ import annotations

from engine.instants import Instants
from engine.measures.measure import Asked, Measure, Measured
from engine.measures.runs import standing_run
from engine.snapshot import Snapshot


def consecutive_absent_days(snapshot: Snapshot, instants: Instants, asked: Asked) -> Measured:
    """The run of absent days that stands at each instant: how long it is, and could be.

    >>> from engine.sample import school, AFTER
    >>> from engine.windows import Window
    >>> asked = Asked(Window.parse("whole register"), frozenset("IGNO"))
    >>> consecutive_absent_days(school("// II DD II"), AFTER, asked).numerator.tolist()
    [[2]]
    """
    return standing_run(snapshot, asked.codes, asked.over.bounds(snapshot.calendar, instants))


MEASURE = Measure(
    "consecutive_absent_days",
    "consecutive absent days",
    "school days",
    ("codes",),
    consecutive_absent_days,
    run=True,
)
