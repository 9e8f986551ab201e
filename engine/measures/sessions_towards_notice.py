"""sessions_towards_notice: unauthorised sessions that count towards a penalty notice.

Unit: sessions. Formula: sessions coded G, N, O or U within compulsory school age and not covered by an
earlier notice that stands. Source: Education (Penalty Notices) (England) (Amendment) Regulations 2024
(SI 2024/210) and the national framework in Working together to improve school attendance; compulsory
school age: engine/school_age.py; paid-for sessions are not counted twice (semantics 12).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine import codes
from engine.instants import Instants
from engine.measures.measure import Asked, Measure, Measured, count_of
from engine.snapshot import Snapshot


def sessions_towards_notice(snapshot: Snapshot, instants: Instants, asked: Asked) -> Measured:
    """Sessions of each pupil in a window that count towards a notice.

    Where the date of birth is missing every such session is in doubt: the count is then bounded below
    by 0. A missing mark on a session that could not count changes nothing.

    >>> from engine.sample import school, AFTER
    >>> from engine.windows import Window
    >>> asked = Asked(Window.parse("last 10 school weeks"), frozenset("GNOU"))
    >>> sessions_towards_notice(school("OO U/ -/"), AFTER, asked).high.tolist()
    [[4]]
    """
    register, notices = snapshot.register, snapshot.notices
    bounds = asked.over.bounds(snapshot.calendar, instants)
    of_age, name = snapshot.of_age, f"of age {sorted(asked.codes)}"
    coded, blank = codes.members(asked.codes), codes.missing_marks()
    found = count_of(register, name, coded, bounds, of_age)
    counted = found.numerator - notices.covered(instants, register, coded, bounds, of_age)
    missing = found.missing - notices.covered(instants, register, blank, bounds, of_age)
    low = np.where(snapshot.age_known[:, None], counted, 0)

    def sessions(row: int, number: int) -> NDArray[np.int64]:
        return notices.free(row, int(instants.days[number]), found.sessions(row, number))

    return Measured(counted, low, counted + missing, missing, bounds, sessions)


MEASURE = Measure(
    "sessions_towards_notice",
    "unauthorised sessions not covered by a notice",
    "sessions",
    ("over", "codes"),
    sessions_towards_notice,
)
