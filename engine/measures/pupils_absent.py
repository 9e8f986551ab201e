"""pupils_absent: how many pupils of a class, or of the school, have a session of a code set.

Unit: pupils. Formula: a count of pupils with at least one such session in the window. Source: Working
together to improve school attendance (groups of pupils, and what is common to them), such as an illness that
goes round a class.
"""

from __future__ import annotations

import numpy as np

from engine import codes
from engine.instants import Instants
from engine.measures.measure import Asked, Measure, Measured
from engine.measures.members import added_up, sessions_of
from engine.snapshot import Snapshot


def pupils_absent(snapshot: Snapshot, instants: Instants, asked: Asked) -> Measured:
    """The pupils of each class, or of the school; one with a blank mark and none of `codes` may be one more.

    >>> from engine.sample import school, AFTER
    >>> from engine.windows import Window
    >>> asked = Asked(Window.parse("last 2 school days"), frozenset("I"), subject="school")
    >>> found = pupils_absent(school("II I/", "// -/", "// //"), AFTER, asked)
    >>> found.low.tolist(), found.high.tolist()
    ([[1]], [[2]])
    """
    register, about = snapshot.register, asked.subject
    bounds = asked.over.bounds(snapshot.calendar, instants)
    flags = codes.members(asked.codes)
    absent = register.count(f"coded {sorted(asked.codes)}", flags, bounds) > 0
    blank = np.where(absent, 0, register.missing(bounds))
    counted, missing = (added_up(snapshot, each.astype(np.int64), about) for each in (absent, blank))
    high = counted + added_up(snapshot, (blank > 0).astype(np.int64), about)
    sessions = sessions_of(snapshot, flags, bounds, about)
    return Measured(counted, counted, high, missing, bounds, sessions)


MEASURE = Measure(
    "pupils_absent",
    "pupils absent",
    "pupils",
    ("over", "codes"),
    pupils_absent,
    subjects=("class", "school"),
)
