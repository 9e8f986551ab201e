"""The use case "explain": what every rule says of every subject, also where it does not hold."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from engine.explain import explain
from engine.instants import Instants
from engine.match import Judge
from engine.near import nearest
from engine.rulebook.model import Rule
from engine.snapshot import Snapshot
from workflows.cases_then import CasesThen
from workflows.library import Library
from workflows.nearest import near_fields
from workflows.ports import Store
from workflows.subjects import Json, NotKnown, did_you_mean, known_rules, known_schools, subject_fields

_AHEAD = 4
"""For so many sessions ahead, two school days, it is tried out whether a rule would hold."""


def explained(
    store: Store,
    library: Library,
    as_of: datetime,
    known_at: datetime,
    upns: Sequence[str] = (),
    rules: Sequence[str] = (),
    schools: Sequence[str] = (),
) -> list[Json]:
    """One object for each subject and rule: result, reason, evidence, what is short, and how near it is.

    Named pupils leave out the classes and the school. Raises NotKnown for a name that is nowhere.
    """
    with store.reading() as unit:
        there = unit.school_ids()
        wanted = known_schools(schools, there) or there
        snapshots = {school: Snapshot.build(unit.facts(school, known_at)) for school in wanted}
        cases = {
            school: CasesThen.of(unit, school, library.for_school(school).rules, as_of) for school in wanted
        }
    asked = known_rules(rules, {school: library.for_school(school).rules for school in wanted})
    known_upns = {upn for snapshot in snapshots.values() for upn in snapshot.register.upns}
    if strangers := [upn for upn in upns if upn not in known_upns]:
        people = [pupil for snapshot in snapshots.values() for pupil in snapshot.people]
        names = ((pupil.upn, f"{pupil.first_name} {pupil.last_name}") for pupil in people)
        meant = did_you_mean(strangers[0], {f"{name} ({upn})": (name, *name.split()) for upn, name in names})
        where = ", ".join(wanted) or "any school"
        raise NotKnown(f"there is no pupil with UPN {strangers[0]!r} at {where}{meant}")
    out: list[Json] = []
    for school, snapshot in snapshots.items():
        judge = Judge(snapshot, Instants.of([as_of]))
        out.extend(_school(school, judge, asked[school], cases[school], frozenset(upns)))
    return out


def _school(
    school_id: str, judge: Judge, rules: Sequence[Rule], cases: CasesThen, upns: frozenset[str]
) -> list[Json]:
    out: list[Json] = []
    judged = [judge.judge(rule) for rule in rules if rule.subject == "pupil" or not upns]
    near = {(each.rule.id, each.row): each for each in nearest(judge, judged, _AHEAD)}
    for judgement in judged:
        rule = judgement.rule
        for row, name in enumerate(judge.snapshot.names(rule.subject)):
            if upns and name not in upns:
                continue
            found = explain(judge, judgement, row, past=cases.sentences(judge, judgement, row, name))
            out.append(
                {
                    **subject_fields(name),
                    "school_id": school_id,
                    "rule": rule.id,
                    "result": found.result.value,
                    "because": found.because,
                    "evidence": list(found.evidence),
                    "short_by": list(found.short_by),
                    "scope": found.scope,
                    "nearest": near_fields(judge.snapshot, told)
                    if (told := near.get((rule.id, row)))
                    else None,
                }
            )
    return sorted(out, key=lambda line: (str(line["upn"] or ""), str(line["class"] or ""), str(line["rule"])))
