"""What is due by the clock: which scheduled runs, and what becomes of those that were slept through.

The clock is looked at as often as anybody likes; what is due follows from the rulebook, the calendar and
the slots already taken, so a restart, a second process and a clock set back change nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from engine.cadence import Slot
from engine.calendar import Calendar
from engine.records import Term
from engine.rulebook.model import IfLate, Schedule
from workflows.library import Library
from workflows.ports import Store, Unit
from workflows.run_day import Run, RunDay
from workflows.values import DueSlot, Entry

ON_TIME = timedelta(minutes=5)
"""How long after its time a run counts as on time: a machine may be busy for a moment."""
LOOKS_BACK = timedelta(days=28)


@dataclass(frozen=True, slots=True)
class Turn:
    """One scheduled run of some schools: judged `as_of` an instant, or None where it is only skipped."""

    slot: DueSlot
    schools: tuple[str, ...]
    as_of: datetime | None


@dataclass(slots=True)
class Clockwork:
    """The scheduled runs of every school; `due` says which, `take` does one."""

    store: Store
    library: Library
    run_day: RunDay
    _calendars: dict[str, tuple[int, Calendar, tuple[Term, ...]]] = field(default_factory=dict)

    def due(self, now: datetime) -> list[Turn]:
        """What is due at an instant, in the order of their times, schools with the same bell together.

        A school that has never had a run of a schedule begins with the present: nothing is made up for.
        """
        turns: dict[tuple[datetime, str, datetime | None], list[str]] = defaultdict(list)
        with self.store.reading() as unit:
            for school_id in unit.school_ids():
                calendar, terms = self._calendar(unit, school_id)
                last = unit.last_slots(school_id, now)
                for schedule in self.library.for_school(school_id).runs:
                    since = max(last.get(schedule.name, now - ON_TIME), now - LOOKS_BACK)
                    slots = schedule.comes.slots(calendar, terms, since, now)
                    for slot, as_of in _settled(schedule, slots, now):
                        turns[slot.at, schedule.name, as_of].append(school_id)
        return [
            Turn(DueSlot(name, at), tuple(schools), as_of)
            for (at, name, as_of), schools in sorted(turns.items(), key=lambda turn: turn[0][:2])
        ]

    def take(self, turn: Turn) -> Run | None:
        """Do one turn; None where it was skipped."""
        if turn.as_of is not None:
            return self.run_day.run(turn.as_of, schools=turn.schools, slot=turn.slot)
        for school_id in turn.schools:
            with self.store.transaction() as unit:
                when = self.run_day.school.clock()
                if unit.claim_slot(school_id, turn.slot, when):
                    content: dict[str, object] = {
                        "schedule": turn.slot.schedule,
                        "due": turn.slot.due.isoformat(),
                        "because": "its time passed before a run could begin",
                    }
                    unit.append(school_id, when, [Entry("skipped", "", content)])
        return None

    def holds(self, unit: Unit, school_id: str, day: date) -> bool:
        """Whether a school has a session on a day."""
        calendar, _ = self._calendar(unit, school_id)
        return day.toordinal() in calendar.days

    def _calendar(self, unit: Unit, school_id: str) -> tuple[Calendar, tuple[Term, ...]]:
        """The calendar of a school, built again only after an import."""
        _, batch, _ = unit.version(school_id)
        kept = self._calendars.get(school_id)
        if kept is None or kept[0] != batch:
            school, days, terms = unit.frame(school_id)
            kept = self._calendars[school_id] = (batch, Calendar.build(school, days, terms), terms)
        return kept[1:]


def _settled(
    schedule: Schedule, slots: Sequence[Slot], now: datetime
) -> Iterator[tuple[Slot, datetime | None]]:
    """Each slot with the instant to judge as of; None for one that is skipped.

    On time, a slot is judged as of its own time. Late, as the schedule says: as of its own time each, or
    the latest alone as of now, or not at all.
    """
    for number, slot in enumerate(slots, start=1):
        if now - slot.at <= ON_TIME or schedule.if_late is IfLate.RUN_EACH:
            yield slot, slot.at
        elif schedule.if_late is IfLate.RUN_LATEST and number == len(slots):
            yield slot, now
        else:
            yield slot, None
