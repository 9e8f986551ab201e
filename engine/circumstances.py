"""What puts a person between a rule and a family (semantics 20)."""

from __future__ import annotations

from datetime import date

from engine.codes import CODE_SETS
from engine.match import Judge
from engine.measures import MEASURES, Asked
from engine.reasons import Circumstance
from engine.snapshot import Snapshot
from engine.windows import YEAR_TO_DATE, Window

BEREAVED = frozenset({"bereaved", "bereavement"})


def circumstances(judge: Judge, row: int) -> tuple[Circumstance, ...]:
    """The circumstances of one pupil at the judge's first instant."""
    pupil = judge.snapshot.people[row]
    day = date.fromordinal(int(judge.instants.days[0]))
    recent, year = Window.parse("last 4 school weeks"), Window.parse(YEAR_TO_DATE)
    absent = _count(judge, row, Asked(year, CODE_SETS["absence"]))
    health = _count(judge, row, Asked(year, CODE_SETS["health or exclusion"]))
    stands = {
        Circumstance.HOLD: _held(judge.snapshot, pupil.upn, day),
        Circumstance.SOCIAL_WORKER: pupil.social_worker,
        Circumstance.LOOKED_AFTER: pupil.looked_after,
        Circumstance.BEREAVED: bool(BEREAVED & {flag.strip().lower() for flag in pupil.flags}),
        Circumstance.MEDICAL: pupil.medical or "medical" in {flag.strip().lower() for flag in pupil.flags},
        Circumstance.PART_TIME: _count(judge, row, Asked(recent, CODE_SETS["part-time timetable"])) > 0,
        Circumstance.HEALTH_ABSENCE: 2 * health > absent,
    }
    return tuple(circumstance for circumstance, holds in stands.items() if holds)


def _count(judge: Judge, row: int, asked: Asked) -> int:
    return int(judge.measure(MEASURES["coded_sessions"], asked).numerator[row, 0])


def _held(snapshot: Snapshot, upn: str, day: date) -> bool:
    return any(
        event.kind == "hold"
        and event.upn == upn
        and (event.from_ or event.on) <= day
        and (event.until is None or day <= event.until)
        for event in snapshot.facts.events
    )
