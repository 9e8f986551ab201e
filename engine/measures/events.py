"""events: how many lines of a pupil's history, of some kinds, lie in a window.

Unit: events. Formula: a count of the lines of history.csv whose day (`on`) lies in the window, of the kinds
asked for and, where `outcomes` are named, with one of those. Nothing is ever in doubt: what is not written
down did not happen. Source: Working together to improve school attendance (support first, and its record).
"""

from __future__ import annotations

from engine.instants import Instants
from engine.measures.measure import Asked, Measure, Measured, certain
from engine.snapshot import Snapshot


def events(snapshot: Snapshot, instants: Instants, asked: Asked) -> Measured:
    """The lines of each pupil's history in a window.

    >>> from dataclasses import replace
    >>> from datetime import date
    >>> from engine.records import Event
    >>> from engine.sample import school, AFTER
    >>> from engine.windows import Window
    >>> facts = school("// //").facts
    >>> met = Event("P1", "S", "meeting", date(2025, 9, 9), outcome="missed")
    >>> asked = Asked(Window.parse("last 2 school weeks"), kinds=frozenset({"meeting", "plan"}))
    >>> events(Snapshot.build(replace(facts, events=(met,))), AFTER, asked).numerator.tolist()
    [[1]]
    """
    history = snapshot.history
    lines = history.among(asked.kinds, asked.outcomes)
    which = history.within(lines, asked.over.days(snapshot.calendar, instants))
    counted = history.per_pupil(lines, which, len(snapshot.people))
    bounds = asked.over.bounds(snapshot.calendar, instants)
    return certain(counted, bounds, events=history.places(lines, which))


MEASURE = Measure(
    "events",
    "events",
    "events",
    ("over", "kinds"),
    events,
    may_take=("outcomes",),
    of_sessions=False,
)
