"""minutes_since_close: how long ago today's morning register closed.

Unit: minutes after close. Formula: whole minutes from the close of the register of today's morning session to
as-of, negative before it; no number at all, which meets no threshold, on a day without a morning session.
Source: schools' own first-day procedures, which go by the clock (Wainstalls: 08:55, 10:00, 11:00).
"""

from __future__ import annotations

import numpy as np

from engine.instants import Instants
from engine.measures.measure import AFTER_CLOSE, Asked, Measure, Measured, certain
from engine.snapshot import Snapshot
from engine.windows import TODAY

_MINUTE = 60


def minutes_since_close(snapshot: Snapshot, instants: Instants, asked: Asked) -> Measured:
    """The minutes at each instant, the same for everybody; the denominator is 0 where there is no morning.

    >>> from engine.instants import read_instant
    >>> from engine.sample import school
    >>> from engine.windows import Window
    >>> at = Instants.of([read_instant("2025-09-08T08:45"), read_instant("2025-09-08T10:00")])
    >>> minutes_since_close(school("N/"), at, Asked(Window.parse("today"))).numerator.tolist()
    [[-30, 45]]
    """
    calendar = snapshot.calendar
    first = np.searchsorted(calendar.day, instants.days, side="left")
    closes = np.append(calendar.closes, 0)[first]
    there = (np.append(calendar.day, 0)[first] == instants.days) & (np.append(calendar.half, 1)[first] == 0)
    passed = np.where(there, (instants.seconds - closes) // _MINUTE, 0)
    shape = (snapshot.subjects(asked.subject), first.size)
    minutes, whole = (np.broadcast_to(each, shape).astype(np.int64) for each in (passed, there))
    bounds = asked.over.bounds(calendar, instants)
    return certain(minutes, bounds, whole)


MEASURE = Measure(
    "minutes_since_close",
    "minutes since the morning register closed",
    AFTER_CLOSE,
    (),
    minutes_since_close,
    subjects=("pupil", "class", "school"),
    window=TODAY,
    of_sessions=False,
    can_lack=True,
)
