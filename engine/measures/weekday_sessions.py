"""weekday_sessions: how many sessions of one weekday carry a code of a set.

Unit: sessions. Formula: a count over the sessions of a window that fall on that weekday.
Source: Working together to improve school attendance (patterns, such as the same day every week).
"""

from __future__ import annotations

from engine import codes
from engine.instants import Instants
from engine.measures.measure import WEEKDAYS, Asked, Measure, Measured, count_of
from engine.snapshot import Snapshot


def weekday_sessions(snapshot: Snapshot, instants: Instants, asked: Asked) -> Measured:
    """Sessions of each pupil on the weekday `asked.on` whose mark is one of `codes`.

    >>> from engine.sample import school, AFTER
    >>> from engine.windows import Window
    >>> asked = Asked(Window.parse("year to date"), frozenset("I"), on="Monday")
    >>> weekday_sessions(school("II II -/"), AFTER, asked).high.tolist()
    [[2]]
    """
    calendar = snapshot.calendar
    bounds = asked.over.bounds(calendar, instants)
    there = (calendar.day - 1) % len(WEEKDAYS) == WEEKDAYS.index(asked.on)
    name = f"coded {sorted(asked.codes)} on {asked.on}"
    return count_of(snapshot.register, name, codes.members(asked.codes), bounds, there)


MEASURE = Measure(
    "weekday_sessions", "sessions on one weekday", "sessions", ("over", "codes", "on"), weekday_sessions
)
