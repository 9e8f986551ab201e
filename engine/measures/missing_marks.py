"""missing_marks: marks not taken for sessions whose register has closed, of a class.

Unit: marks. Formula: blank marks of the pupils on roll in the class (form, or year group where there is
no form). A blank is a register to be finished, never an absence. Source: School Attendance (Pupil
Registration) (England) Regulations 2024, regulation 10: every pupil is marked at every session.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine import codes
from engine.instants import Instants
from engine.measures.measure import Asked, Measure, Measured
from engine.snapshot import Snapshot


def missing_marks(snapshot: Snapshot, instants: Instants, asked: Asked) -> Measured:
    """Blank marks of each class (rows follow `snapshot.classes`) in a window.

    >>> from engine.sample import school, AFTER
    >>> from engine.windows import Window
    >>> missing_marks(school("// -/"), AFTER, Asked(Window.parse("year to date"))).numerator.tolist()
    [[1]]
    """
    register = snapshot.register
    bounds = asked.over.bounds(snapshot.calendar, instants)
    blank = register.missing(bounds)
    counted = np.zeros((len(snapshot.classes), instants.days.size), dtype=np.int64)
    np.add.at(counted, snapshot.class_no, blank)

    def sessions(row: int, number: int) -> NDArray[np.int64]:
        first, last = int(bounds.lo[number]), int(bounds.hi[number])
        members = register.marks[snapshot.class_no == row, first:last]
        return first + np.flatnonzero((members == codes.MISSING).any(axis=0))

    nothing = np.zeros_like(counted)
    return Measured(counted, counted, counted, nothing, bounds, sessions)


MEASURE = Measure("missing_marks", "marks missing", "marks", ("over",), missing_marks, subjects=("class",))
