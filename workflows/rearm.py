"""When the last case on a ladder closed, for rules that wait after that (`rearm`)."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from engine.calendar import Calendar
from engine.instants import local
from engine.rulebook.rulebook import Rulebook
from engine.spans import Span
from workflows.ports import Unit


def closed_lately(
    unit: Unit, school_id: str, rulebook: Rulebook, calendar: Calendar, today: date
) -> dict[tuple[str, str], date]:
    """The day on which the last case of a subject on a ladder closed, where some rule there still waits.

    Where no rule waits after a case the store is not asked at all.
    """
    spans: dict[str, list[Span]] = defaultdict(list)
    for rule in rulebook.rules:
        if rule.patience.rearm:
            spans[rule.on_ladder].append(rule.patience.rearm)
    found = unit.last_closed(school_id, spans) if spans else {}
    closed = {(subject, ladder): local(at).date() for (subject, ladder), at in found.items()}
    return {
        (subject, ladder): day
        for (subject, ladder), day in closed.items()
        if any(span.after(calendar, day) > today for span in spans[ladder])
    }
