"""coded_sessions: how many sessions of a window carry a code of a set.

Unit: sessions. Formula: a count. Source: the code table (engine/codes.py).
"""

from __future__ import annotations

from engine import codes
from engine.instants import Instants
from engine.measures.measure import Asked, Measure, Measured, count_of
from engine.snapshot import Snapshot


def coded_sessions(snapshot: Snapshot, instants: Instants, asked: Asked) -> Measured:
    """Sessions of each pupil in a window whose mark is one of `codes`.

    >>> from engine.sample import school, AFTER
    >>> from engine.windows import Window
    >>> asked = Asked(Window.parse("today"), frozenset("N"))
    >>> coded_sessions(school("// // // N/"), AFTER, asked).numerator.tolist()
    [[1]]
    """
    coded, name = codes.members(asked.codes), f"coded {sorted(asked.codes)}"
    return count_of(snapshot.register, name, coded, asked.over.bounds(snapshot.calendar, instants))


MEASURE = Measure("coded_sessions", "sessions", "sessions", ("over", "codes"), coded_sessions)
