"""possible_sessions: how many sessions the pupil could have attended.

Unit: sessions. Formula: present + approved educational activity + absent; D, Q, X, Y, Y1-Y7, Z and #
are outside. A guard against judging a rate on too little: the Department's own absence bandings list
only pupils with at least 20 possible sessions (Monitor your school attendance: user guide).
"""

from __future__ import annotations

from engine import codes
from engine.instants import Instants
from engine.measures.measure import Asked, Measure, Measured, count_of
from engine.snapshot import Snapshot


def possible_sessions(snapshot: Snapshot, instants: Instants, asked: Asked) -> Measured:
    """Possible sessions of each pupil in a window.

    >>> from engine.sample import school, AFTER
    >>> from engine.windows import Window
    >>> found = possible_sessions(school("D/ // -/"), AFTER, Asked(Window.parse("year to date")))
    >>> found.low.tolist(), found.high.tolist()
    ([[4]], [[5]])
    """
    bounds = asked.over.bounds(snapshot.calendar, instants)
    return count_of(snapshot.register, "possible", codes.possible_marks(), bounds)


MEASURE = Measure(
    "possible_sessions", "possible sessions", "sessions", ("over",), possible_sessions, guard=True
)
