"""lessons_missed: absence in lessons, at the school's lessons a day.

Unit: lessons. Formula: absent sessions x lessons a day / 2; 0 where the school gives no lessons a day.
Source: Department for Education, Attendance toolkit for schools (days and lessons, not percentages);
`lessons_per_day` of schools.csv.
"""

from __future__ import annotations

from dataclasses import replace

from engine.instants import Instants
from engine.measures.days_missed import days_missed
from engine.measures.measure import Asked, Measure, Measured
from engine.snapshot import Snapshot


def lessons_missed(snapshot: Snapshot, instants: Instants, asked: Asked) -> Measured:
    """Lessons of absence of each pupil in a window: the numerator counts half-lessons, the denominator is 2.

    >>> from engine.sample import school, AFTER
    >>> from engine.windows import Window
    >>> lessons_missed(school("II I/ //"), AFTER, Asked(Window.parse("year to date"))).numerator.tolist()
    [[0]]
    """
    days = days_missed(snapshot, instants, asked)
    each = snapshot.facts.school.lessons_per_day or 0
    return replace(days, numerator=days.numerator * each, low=days.low * each, high=days.high * each)


MEASURE = Measure("lessons_missed", "lessons missed", "lessons", ("over",), lessons_missed)
