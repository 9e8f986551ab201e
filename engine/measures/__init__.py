"""The measures that rules may name: one file each, one line here."""

from __future__ import annotations

from engine.measures import (
    absence_rate,
    age_of_oldest,
    coded_sessions,
    consecutive_absent_days,
    missing_marks,
    possible_sessions,
    sessions_towards_notice,
)
from engine.measures.measure import Asked, Measure, Measured

MEASURES: dict[str, Measure] = {
    measure.name: measure
    for measure in (
        absence_rate.MEASURE,
        age_of_oldest.MEASURE,
        coded_sessions.MEASURE,
        consecutive_absent_days.MEASURE,
        missing_marks.MEASURE,
        possible_sessions.MEASURE,
        sessions_towards_notice.MEASURE,
    )
}

__all__ = ["MEASURES", "Asked", "Measure", "Measured"]
