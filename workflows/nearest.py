"""The use case "near": which pupils are so few sessions short of a rule, and when it could hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from engine.instants import Instants
from engine.match import Judge
from engine.near import Near, nearest
from engine.rulebook.in_prose import codes
from engine.rulebook.model import Rule
from engine.snapshot import Snapshot, class_of
from workflows.library import Library
from workflows.ports import Store
from workflows.subjects import Json, known_rules, known_schools


def near(
    store: Store,
    library: Library,
    as_of: datetime,
    known_at: datetime,
    within: int,
    rules: Sequence[str] = (),
    schools: Sequence[str] = (),
) -> list[Json]:
    """One object for each pupil and rule that at most `within` sessions are missing to, the nearest first.

    Raises NotKnown for a rule or a school that is nowhere.
    """
    with store.reading() as unit:
        wanted = known_schools(schools, there := unit.school_ids()) or there
        snapshots = {school: Snapshot.build(unit.facts(school, known_at)) for school in wanted}
    asked = known_rules(rules, {school: library.for_school(school).rules for school in wanted})
    out: list[Json] = []
    for school, snapshot in snapshots.items():
        out += _of_school(Judge(snapshot, Instants.of([as_of])), asked[school], within)
    return sorted(out, key=lambda line: (int(str(line["more"])), str(line["school_id"]), str(line["rule"])))


def _of_school(judge: Judge, rules: Sequence[Rule], within: int) -> Iterator[Json]:
    snapshot = judge.snapshot
    for each in nearest(judge, [judge.judge(rule) for rule in rules], within):
        pupil = snapshot.people[each.row]
        yield {
            "upn": pupil.upn,
            "who": f"{pupil.first_name} {pupil.last_name}",
            "class": class_of(pupil),
            "school_id": snapshot.facts.school.school_id,
            "rule": each.rule.id,
            "title": each.rule.title,
            **near_fields(snapshot, each),
        }


def near_fields(snapshot: Snapshot, near: Near) -> Json:
    """What is missing, by when it could be there at the earliest, and the sentence that says so."""
    day, half = snapshot.calendar.name(near.session)
    on, unit = date.fromisoformat(day), near.clause.measure.unit
    more = f"{near.more} more {unit if near.more > 1 else unit.removesuffix('s')}"
    what = f"{more} of {codes(frozenset(near.codes))}"
    return {
        "more": near.more,
        "unit": unit,
        "codes": list(near.codes),
        "earliest": {"date": day, "session": half},
        "sentence": f"{what}, at the earliest {on:%a} {on.day} {on:%b} {half}",
    }
