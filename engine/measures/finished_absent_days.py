"""finished_absent_days: consecutive absent days, each counted once all its sessions have closed.

Unit: school days. Formula (semantics 8): as consecutive_absent_days, but a day of which a session has
not closed yet says nothing. Source: School Attendance (Pupil Registration) (England) Regulations 2024
(SI 2024/208), regulation 9: continuous absence of 20 school days, joint reasonable enquiries.
"""

from __future__ import annotations

import numpy as np

from engine.calendar import Calendar
from engine.instants import Instants
from engine.measures.measure import Asked, Measure, Measured
from engine.measures.runs import standing_run
from engine.snapshot import Snapshot
from engine.windows import Bounds


def finished_absent_days(snapshot: Snapshot, instants: Instants, asked: Asked) -> Measured:
    """The run of finished absent days that stands at each instant.

    >>> from engine.instants import read_instant
    >>> from engine.sample import school
    >>> from engine.windows import Window
    >>> noon = Instants.of([read_instant("2025-09-09T12:00")])
    >>> asked = Asked(Window.parse("whole register"), frozenset("O"))
    >>> finished_absent_days(school("OO OO"), noon, asked).numerator.tolist()
    [[1]]
    """
    bounds = finished(snapshot.calendar, asked.over.bounds(snapshot.calendar, instants))
    return standing_run(snapshot, asked.codes, bounds)


def finished(calendar: Calendar, bounds: Bounds) -> Bounds:
    """The same windows, ending with the last day of which every session has closed."""
    starts = np.searchsorted(calendar.day_no, np.arange(calendar.days.size + 1))
    whole = starts[np.searchsorted(starts, bounds.hi, side="right") - 1]
    return Bounds(np.minimum(bounds.lo, whole), whole)


MEASURE = Measure(
    "finished_absent_days",
    "consecutive absent days, their sessions closed",
    "school days",
    ("codes",),
    finished_absent_days,
    run=True,
)
