"""late_sessions: sessions at which the pupil came late, before or after the register closed.

Unit: sessions. Formula: a count of L and U. Source: Department for Education, Pupil attendance in
schools: definitions (late_sessions = L + U).
"""

from __future__ import annotations

from engine import codes
from engine.instants import Instants
from engine.measures.measure import Asked, Measure, Measured, count_of
from engine.snapshot import Snapshot


def late_sessions(snapshot: Snapshot, instants: Instants, asked: Asked) -> Measured:
    """Late sessions of each pupil in a window.

    >>> from engine.sample import school, AFTER
    >>> from engine.windows import Window
    >>> late_sessions(school("L/ U/ //"), AFTER, Asked(Window.parse("year to date"))).numerator.tolist()
    [[2]]
    """
    late = codes.members(codes.CODE_SETS["late"])
    return count_of(snapshot.register, "late", late, asked.over.bounds(snapshot.calendar, instants))


MEASURE = Measure("late_sessions", "late sessions", "sessions", ("over",), late_sessions)
