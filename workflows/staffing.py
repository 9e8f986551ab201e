"""Who is there today: what an attendance lead says about it, and the list of everybody."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from engine.instants import local, local_instant
from engine.records import Staff
from workflows.acting import CannotDo, staff_member
from workflows.people import near, person
from workflows.ports import Clock, Store, Unit
from workflows.rota import Rota
from workflows.subjects import known_schools
from workflows.values import Entry, StaffOut, TaskState

LONGEST = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Said:
    """What was said, of whom, and how many tasks of those days others will get: each in a run of its day.

    `school_days` are the days of it, by the school's calendar, that have a session; of them `to_come` are
    not over yet. `undone` are the first days of later absences that somebody's being back takes back too.
    """

    said: StaffOut
    name: str
    tasks: int
    school_days: int = 0
    to_come: int = 0
    undone: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class Present:
    """One member of staff on one day: `out` is the last day on which they are out, None for who is there.

    `tasks` and `minutes` are what is due that day; `covering` names those whose work they have too.
    """

    staff: Staff
    deputy: str
    out: date | None
    tasks: int
    minutes: int
    covering: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Staffing:
    """What is said about who is out, and who is there; CannotDo says why something cannot be said.

    `who` and `by` are a staff id, or a part of a name that fits one person; `at` is when it is said
    (default now).
    """

    store: Store
    clock: Clock
    day_ends: time

    def out(
        self,
        who: str,
        by: str,
        days: tuple[date, date],
        because: str = "",
        at: datetime | None = None,
        schools: Sequence[str] = (),
    ) -> Said:
        """Say that somebody is out on the days from the first to the last."""
        first, last = days
        if last < first:
            raise CannotDo(f"--until {last} is before {first}: name the last day on which they are out")
        if last - first > LONGEST:
            raise CannotDo(f"from {first} to {last} is more than a year: name an earlier day")
        return self._say(who, by, days, because, at, schools, back=False)

    def back(
        self,
        who: str,
        by: str,
        first: date,
        because: str = "",
        at: datetime | None = None,
        schools: Sequence[str] = (),
    ) -> Said:
        """Say that somebody is back from a day on; what others got meanwhile stays theirs."""
        return self._say(who, by, (first, date.max), because, at, schools, back=True)

    def present(self, at: datetime, schools: Sequence[str] = ()) -> dict[str, list[Present]]:
        """Everybody on the day of an instant, by the name of the school: those who are out first."""
        with self.store.reading() as unit:
            there = unit.school_ids()
            wanted = known_schools(schools, there) or there
            return {unit.school_name(school_id): _present(unit, school_id, at) for school_id in wanted}

    def _say(
        self,
        who: str,
        by: str,
        days: tuple[date, date],
        because: str,
        at: datetime | None,
        schools: Sequence[str],
        *,
        back: bool,
    ) -> Said:
        first, last = days
        with self.store.transaction() as unit:
            there = unit.school_ids()
            found = _meant(unit, who, known_schools(schools, there) or there)
            school_id, staff_id = found.school_id, found.staff_id
            speaker = staff_member(unit, school_id, by)
            when = at or self.clock()
            rota = Rota((), unit.staff_out(school_id))
            if back and not rota.is_out_from(staff_id, first):
                raise CannotDo(f"{found.name} is not out on {first} or later: there is nothing to take back")
            said = StaffOut(school_id, staff_id, first, last, speaker.staff_id, when, because.strip(), back)
            unit.say_out(said)
            unit.append(school_id, when, [_entry(said)])
            if back:
                return Said(said, found.name, 0, undone=rota.begins_after(staff_id, first))
            held = {day.date for day in unit.days(school_id) if day.am or day.pm}
            within = [day for day in held if first <= day <= last]
            to_come = [day for day in within if local_instant(day, self.day_ends) > when]
            theirs = [
                task
                for task in unit.tasks(school_id, (TaskState.OPEN,))
                if task.assignee == staff_id and local(task.due).date() in to_come
            ]
        return Said(said, found.name, len(theirs), len(within), len(to_come))


def _present(unit: Unit, school_id: str, at: datetime) -> list[Present]:
    today, rota = local(at).date(), Rota.of(unit, school_id, at)
    out, names = rota.out(today), {each.staff_id: each.name for each in rota.staff}
    tasks: Counter[str] = Counter()
    minutes: Counter[str] = Counter()
    covering: dict[str, set[str]] = {each.staff_id: set() for each in rota.staff}
    for task in unit.tasks(school_id, (TaskState.OPEN,)):
        gone = task.expires_at is not None and task.expires_at <= at
        if local(task.due).date() != today or task.made_as_of > at or gone or task.assignee not in names:
            continue
        tasks[task.assignee] += 1
        minutes[task.assignee] += task.minutes
        if task.covering:
            covering[task.assignee].add(names.get(task.covering, task.covering))
    return [
        Present(
            staff=each,
            deputy=names.get(each.deputy, ""),
            out=rota.last_day_out(each.staff_id, today) if each.staff_id in out else None,
            tasks=tasks[each.staff_id],
            minutes=minutes[each.staff_id],
            covering=tuple(sorted(covering[each.staff_id])),
        )
        for each in sorted(rota.staff, key=lambda one: (one.staff_id not in out, one.name, one.staff_id))
    ]


def _meant(unit: Unit, named: str, schools: Sequence[str]) -> Staff:
    """The one person of these schools who is meant."""
    staff = [each for school_id in schools for each in unit.staff(school_id)]
    fits = person(named, staff)
    if len(fits) == 1:
        return fits[0]
    if fits:
        several = ", ".join(f"{one.name} ({one.staff_id}, {one.school_id})" for one in fits)
        raise CannotDo(f"{named!r} fits several people: {several}; give a staff id, or name the --school")
    meant = near(named, staff) or "; 'firstbell staff list' shows everybody"
    raise CannotDo(f"there is nobody {named!r} on the staff{meant}")


def _entry(said: StaffOut) -> Entry:
    content: dict[str, object] = {
        "action": "back" if said.back else "out",
        "staff": said.staff_id,
        "from": said.first.isoformat(),
        "by": said.by,
    }
    if not said.back:
        content["until"] = said.last.isoformat()
    if said.because:
        content["because"] = said.because
    return Entry("staff", said.staff_id, content)
