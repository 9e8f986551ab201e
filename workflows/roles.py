"""Who does what: every role that rules, duties and outcomes name, and who holds it in each school."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from engine.records import Pupil, Staff
from engine.rulebook.model import Place
from engine.rulebook.problems import Problem, nearest
from engine.rulebook.rulebook import Rulebook
from engine.snapshot import class_of
from workflows.library import Library
from workflows.people import owner
from workflows.ports import Store, Unit
from workflows.subjects import known_schools

_FEW = 3


@dataclass(frozen=True, slots=True)
class Work:
    """One thing that a role is there for: `kind` is rule, duty or outcome; `of_pupils`, about pupils."""

    kind: str
    name: str
    do: str
    place: Place
    of_pupils: bool


@dataclass(frozen=True, slots=True)
class RoleHeld:
    """One role of one school: what it is there for, who holds it, and the classes of which nobody does.

    `instead` is who gets its tasks where nobody holds it: empty where nobody would.
    """

    school_id: str
    school: str
    role: str
    work: tuple[Work, ...]
    holders: tuple[Staff, ...]
    deputies: tuple[str, ...]
    uncovered: tuple[str, ...]
    instead: str


def work_by_role(rulebook: Rulebook, phase: str) -> dict[str, list[Work]]:
    """Everything that a school of a phase asks of each role: first rules, then duties, then outcomes."""
    found: dict[str, list[Work]] = defaultdict(list)
    for rule in rulebook.rules:
        if not rule.applies_to.phases or phase in rule.applies_to.phases:
            for step in rule.work:
                found[step.by].append(Work("rule", rule.id, step.do, rule.place, rule.subject == "pupil"))
    for duty in rulebook.duties:
        if not duty.phases or phase in duty.phases:
            found[duty.task.by].append(Work("duty", duty.name, duty.task.do, duty.place, of_pupils=False))
            if duty.each:
                found[duty.each.by].append(Work("duty", duty.name, duty.each.do, duty.place, of_pupils=True))
    for outcome in rulebook.triage:
        if outcome.task:
            step = outcome.task
            found[step.by].append(Work("outcome", outcome.name, step.do, outcome.place, of_pupils=True))
    return found


def roles_held(store: Store, library: Library, today: date, schools: Sequence[str] = ()) -> list[RoleHeld]:
    """Each role that is asked for in each school, by name, as staff and pupils stand now."""
    with store.reading() as unit:
        there = unit.school_ids()
        return [
            held
            for school_id in known_schools(schools, there) or there
            for held in _of_school(unit, school_id, library.for_school(school_id), today)
        ]


def of_no_school(store: Store, library: Library) -> Iterator[Problem]:
    """Every pack for a school that is not in the store, its own or one that its authority's names."""
    with store.reading() as unit:
        there = unit.school_ids()
    for file in library.files:
        if file.school_id is not None and file.school_id not in there:
            what = f"there is no school {file.school_id!r} in the store, so this pack holds nowhere"
            do = f"name the file after its school: {', '.join(there) or 'none is imported yet'}"
            if file.source.layer == "authority":
                what = f"there is no school {file.school_id!r} in the store, so this pack does not hold there"
                do = f"write your schools under schools: {', '.join(there) or 'none is imported yet'}"
            yield Problem(file.source.file, 1, 1, what, nearest(file.school_id, there), do)


def gaps(held: RoleHeld) -> Iterator[Problem]:
    """What is wrong with a role: nobody has it, or nobody for some classes. Nothing is stopped by that."""
    some = f"{held.work[0].name} and {len(held.work) - 1} more" if held.work[1:] else held.work[0].name
    goes = f"{held.instead} gets its tasks" if held.instead else "its tasks have no owner"
    if not held.holders:
        what = f"{held.school}: nobody is {held.role}, whose work is {some}; {goes}"
        do = f"write {held.role} into the column roles of a line of staff.csv for {held.school_id}"
    elif held.uncovered:
        more = f" and {len(held.uncovered) - _FEW} more" if held.uncovered[_FEW:] else ""
        named = ", ".join(held.uncovered[:_FEW]) + more
        what = f"{held.school}: no {held.role} covers {named}: {some}"
        do = "add them to the column covers of staff.csv; until then a deputy or the attendance officer acts"
    else:
        return
    place = held.work[0].place
    yield Problem(place.file, place.line, place.column, what, "", do)


def _of_school(unit: Unit, school_id: str, rulebook: Rulebook, today: date) -> Iterator[RoleHeld]:
    school, _, _ = unit.frame(school_id)
    staff = unit.staff(school_id)
    names = {person.staff_id: person.name for person in staff}
    classes = {class_of(pupil): pupil for pupil in unit.pupils(school_id) if _on_roll(pupil, today)}
    for role, work in sorted(work_by_role(rulebook, school.phase).items()):
        holders = tuple(sorted((p for p in staff if role in p.roles), key=lambda person: person.name))
        about_pupils = any(each.of_pupils for each in work)
        instead = owner(role, None, [person for person in staff if person not in holders], key_adult=False)
        yield RoleHeld(
            school_id,
            school.name,
            role,
            tuple(work),
            holders,
            tuple(dict.fromkeys(names[p.deputy] for p in holders if p.deputy in names)),
            tuple(_uncovered(holders, classes)) if about_pupils else (),
            names.get(instead, ""),
        )


def _on_roll(pupil: Pupil, today: date) -> bool:
    return pupil.admitted_on <= today and (pupil.left_on is None or today <= pupil.left_on)


def _uncovered(holders: Sequence[Staff], classes: dict[str, Pupil]) -> Iterator[str]:
    """The classes that none of these people covers, each of whom covers something."""
    if not holders or any(not person.covers for person in holders):
        return
    covered = {each for person in holders for each in person.covers}
    for name, pupil in sorted(classes.items()):
        if not covered & {pupil.form, pupil.year_group}:
            yield name
