"""The measures that rules may name: one file each, one line here."""

from __future__ import annotations

from engine.measures import (
    absence_change,
    absence_rate,
    age_of_oldest,
    coded_sessions,
    consecutive_absent_days,
    days_missed,
    days_towards_return,
    finished_absent_days,
    late_sessions,
    lessons_missed,
    mark_awaited,
    missing_marks,
    possible_sessions,
    projected_absence_rate,
    sessions_towards_notice,
    sessions_towards_return,
    spells,
    weekday_sessions,
)
from engine.measures.measure import Asked, Measure, Measured

MEASURES: dict[str, Measure] = {
    measure.name: measure
    for measure in (
        absence_change.MEASURE,
        absence_rate.MEASURE,
        age_of_oldest.MEASURE,
        coded_sessions.MEASURE,
        consecutive_absent_days.MEASURE,
        days_missed.MEASURE,
        days_towards_return.MEASURE,
        finished_absent_days.MEASURE,
        late_sessions.MEASURE,
        lessons_missed.MEASURE,
        mark_awaited.MEASURE,
        missing_marks.MEASURE,
        possible_sessions.MEASURE,
        projected_absence_rate.MEASURE,
        sessions_towards_notice.MEASURE,
        sessions_towards_return.MEASURE,
        spells.MEASURE,
        weekday_sessions.MEASURE,
    )
}

__all__ = ["MEASURES", "Asked", "Measure", "Measured"]
