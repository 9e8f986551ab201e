"""The measures that rules may name: one file each, one line here."""

from __future__ import annotations

from engine.measures import (
    absence_change,
    absence_rate,
    age_of_oldest,
    coded_rate,
    coded_sessions,
    consecutive_absent_days,
    days_missed,
    days_since_admission,
    days_since_event,
    days_to_leaving,
    days_towards_return,
    events,
    finished_absent_days,
    late_sessions,
    lessons_missed,
    mark_awaited,
    minutes_since_close,
    missing_marks,
    notices_to_one_parent,
    possible_sessions,
    projected_absence_rate,
    pupils_absent,
    school_absence_rate,
    school_days,
    sessions_since_event,
    sessions_towards_notice,
    sessions_towards_return,
    spells,
    weekday_pattern,
    weekday_sessions,
)
from engine.measures.measure import Asked, Measure, Measured

MEASURES: dict[str, Measure] = {
    measure.name: measure
    for measure in (
        absence_change.MEASURE,
        absence_rate.MEASURE,
        age_of_oldest.MEASURE,
        coded_rate.MEASURE,
        coded_sessions.MEASURE,
        consecutive_absent_days.MEASURE,
        days_missed.MEASURE,
        days_since_admission.MEASURE,
        days_since_event.MEASURE,
        days_to_leaving.MEASURE,
        days_towards_return.MEASURE,
        events.MEASURE,
        finished_absent_days.MEASURE,
        late_sessions.MEASURE,
        lessons_missed.MEASURE,
        mark_awaited.MEASURE,
        minutes_since_close.MEASURE,
        missing_marks.MEASURE,
        notices_to_one_parent.MEASURE,
        possible_sessions.MEASURE,
        projected_absence_rate.MEASURE,
        pupils_absent.MEASURE,
        school_absence_rate.MEASURE,
        school_days.MEASURE,
        sessions_since_event.MEASURE,
        sessions_towards_notice.MEASURE,
        sessions_towards_return.MEASURE,
        spells.MEASURE,
        weekday_pattern.MEASURE,
        weekday_sessions.MEASURE,
    )
}

__all__ = ["MEASURES", "Asked", "Measure", "Measured"]
