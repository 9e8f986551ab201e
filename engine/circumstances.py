"""What puts a person between a rule and a family (semantics 20), and what stops a message by itself."""

from __future__ import annotations

from datetime import date

import numpy as np
from numpy.typing import NDArray

from engine import codes
from engine.codes import CODE_SETS
from engine.match import Judge
from engine.measures import MEASURES, Asked
from engine.reasons import Circumstance
from engine.records import Event
from engine.rulebook.model import Rule
from engine.snapshot import Snapshot
from engine.windows import YEAR_TO_DATE, Window

BEREAVED = frozenset({"bereaved", "bereavement"})
MEDICAL = frozenset({"medical"})
_EVERY = tuple(Circumstance)


def circumstances(judge: Judge) -> NDArray[np.bool_]:
    """The circumstances of every pupil at the judge's first instant: P x 7, in the order of their enum.

    >>> from engine.sample import school, AFTER
    >>> among(circumstances(Judge(school("II"), AFTER))[0])
    (<Circumstance.HEALTH_ABSENCE: 'health_absence'>,)
    """
    snapshot = judge.snapshot
    people = snapshot.people
    recent, year = Window.parse("last 4 school weeks"), Window.parse(YEAR_TO_DATE)
    absent = _count(judge, Asked(year, CODE_SETS["absence"]))
    health = _count(judge, Asked(year, CODE_SETS["health or exclusion"]))
    stands = {
        Circumstance.HOLD: _held(snapshot, date.fromordinal(int(judge.instants.days[0]))),
        Circumstance.SOCIAL_WORKER: np.array([pupil.social_worker for pupil in people], dtype=np.bool_),
        Circumstance.LOOKED_AFTER: np.array([pupil.looked_after for pupil in people], dtype=np.bool_),
        Circumstance.BEREAVED: _flagged(snapshot, BEREAVED),
        Circumstance.MEDICAL: _flagged(snapshot, MEDICAL)
        | np.array([pupil.medical for pupil in people], dtype=np.bool_),
        Circumstance.PART_TIME: _count(judge, Asked(recent, CODE_SETS["part-time timetable"])) > 0,
        Circumstance.HEALTH_ABSENCE: 2 * health > absent,
    }
    return np.array([stands[circumstance] for circumstance in Circumstance], dtype=np.bool_).T


def among(flags: NDArray[np.bool_]) -> tuple[Circumstance, ...]:
    """The circumstances that one pupil's row of `circumstances` names."""
    return tuple(_EVERY[number] for number in np.flatnonzero(flags).tolist())


def on_site(judge: Judge, rule: Rule) -> NDArray[np.bool_]:
    """Whether the last mark of today is one that stops the rule's message, for every pupil."""
    snapshot = judge.snapshot
    closed = int(snapshot.calendar.closed(judge.instants)[0])
    if rule.message is None or not closed or snapshot.calendar.day[closed - 1] != judge.instants.days[0]:
        return np.zeros(len(snapshot.people), dtype=np.bool_)
    return codes.members(rule.message.unless_last_mark)[snapshot.register.marks[:, closed - 1]]


def _count(judge: Judge, asked: Asked) -> NDArray[np.int64]:
    return judge.measure(MEASURES["coded_sessions"], asked).numerator[:, 0]


def _flagged(snapshot: Snapshot, words: frozenset[str]) -> NDArray[np.bool_]:
    found = np.zeros(len(snapshot.people), dtype=np.bool_)
    for flag, who in snapshot.flagged.items():
        if flag.strip().lower() in words:
            found |= who
    return found


def _held(snapshot: Snapshot, day: date) -> NDArray[np.bool_]:
    found = np.zeros(len(snapshot.people), dtype=np.bool_)
    for event in snapshot.facts.events:
        if event.upn in snapshot.rows and is_hold(event, day):
            found[snapshot.rows[event.upn]] = True
    return found


def is_hold(event: Event, day: date) -> bool:
    """Whether a line of history is a hold that stands on a day.

    >>> is_hold(Event("A1", "S", "hold", date(2025, 9, 1), until=date(2025, 9, 5)), date(2025, 9, 8))
    False
    """
    begun = (event.from_ or event.on) <= day
    return event.kind == "hold" and begun and (event.until is None or day <= event.until)
