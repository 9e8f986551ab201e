"""absence_change: how many points more (or, negative, fewer) of absence than in the window before.

Unit: percentage points. Formula: absent / possible in the window, minus the same in the window of equal
length just before it (semantics 11), as one exact fraction: (a x p0 - a0 x p) / (p x p0).
Source: Department for Education, Pupil absence in schools in England: methodology (the rate);
Working together to improve school attendance (spotting a pattern early).
"""

from __future__ import annotations

from engine import codes
from engine.instants import Instants
from engine.measures.measure import POINTS, Asked, Measure, Measured
from engine.snapshot import Snapshot


def absence_change(snapshot: Snapshot, instants: Instants, asked: Asked) -> Measured:
    """The rise in absence of each pupil, from the window before to this one.

    At most: every missing mark now absent, before present; at least: the other way round. `sessions` are
    the absences of the later window.

    >>> from engine.sample import school, AFTER
    >>> from engine.windows import Window
    >>> found = absence_change(school("// II // I/"), AFTER, Asked(Window.parse("last 1 school days")))
    >>> found.numerator.tolist(), found.denominator.tolist()
    ([[2]], [[4]])
    """
    register, calendar = snapshot.register, snapshot.calendar
    later = asked.over.bounds(calendar, instants)
    earlier = asked.over.before.bounds(calendar, instants)
    absent, before = (register.count("absent", codes.absent_marks(), at) for at in (later, earlier))
    possible, base = (register.count("possible", codes.possible_marks(), at) for at in (later, earlier))
    blank, older = register.missing(later), register.missing(earlier)
    most, most_before = possible + blank, base + older
    return Measured(
        numerator=absent * base - before * possible,
        low=absent * most_before - (before + older) * most,
        high=(absent + blank) * most_before - before * most,
        missing=blank + older,
        bounds=later,
        sessions=register.at(codes.absent_marks(), later),
        denominator=possible * base,
        whole=most * most_before,
    )


MEASURE = Measure(
    "absence_change",
    "change in absence",
    POINTS,
    ("over",),
    absence_change,
    divides=lambda over: (over, over.before),
)
