"""The use case "explain": what every rule says of every subject, also where it does not hold."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from engine.explain import explain
from engine.instants import Instants
from engine.judged import CLASS, SCHOOL
from engine.match import Judge
from engine.snapshot import Snapshot
from workflows.library import Library
from workflows.ports import Store

Json = dict[str, object]


class NotKnown(Exception):  # noqa: N818 - a sentence for a person
    """A pupil, rule or school that is not there."""


def explained(
    store: Store,
    library: Library,
    as_of: datetime,
    known_at: datetime,
    upns: Sequence[str] = (),
    rules: Sequence[str] = (),
    schools: Sequence[str] = (),
) -> list[Json]:
    """One object for each subject and rule: result, reason, evidence, and by how much it falls short.

    Named pupils leave out the classes. Raises NotKnown for a name that is nowhere.
    """
    with store.reading() as unit:
        there = unit.school_ids()
        wanted = known_schools(schools, there) or there
        snapshots = {school: Snapshot.build(unit.facts(school, known_at)) for school in wanted}
    known_rules = {rule.id for school in wanted for rule in library.for_school(school).rules}
    if unknown := [rule for rule in rules if rule not in known_rules]:
        raise NotKnown(f"there is no rule {unknown[0]!r}; rules: {', '.join(sorted(known_rules))}")
    known_upns = {upn for snapshot in snapshots.values() for upn in snapshot.register.upns}
    if strangers := [upn for upn in upns if upn not in known_upns]:
        raise NotKnown(f"there is no pupil {strangers[0]!r} at {', '.join(wanted) or 'any school'}")
    out: list[Json] = []
    for school, snapshot in snapshots.items():
        out.extend(_school(school, snapshot, library, as_of, frozenset(upns), frozenset(rules)))
    return out


def known_schools(asked: Sequence[str], there: Sequence[str]) -> tuple[str, ...]:
    """The schools asked for; NotKnown where one of them is not in the store."""
    if missing := [school for school in asked if school not in there]:
        raise NotKnown(f"there is no school {missing[0]!r} in the store; schools: {', '.join(there)}")
    return tuple(asked)


def _school(
    school_id: str,
    snapshot: Snapshot,
    library: Library,
    as_of: datetime,
    upns: frozenset[str],
    rules: frozenset[str],
) -> list[Json]:
    judge = Judge(snapshot, Instants.of([as_of]))
    out: list[Json] = []
    for rule in library.for_school(school_id).rules:
        if (rules and rule.id not in rules) or (upns and rule.subject != "pupil"):
            continue
        judgement = judge.judge(rule)
        names = snapshot.register.upns if rule.subject == "pupil" else snapshot.classes
        for row, name in enumerate(names):
            if upns and name not in upns:
                continue
            found = explain(judge, judgement, row)
            out.append(
                {
                    **subject_fields(name if rule.subject == "pupil" else CLASS + name),
                    "school_id": school_id,
                    "rule": rule.id,
                    "result": found.result.value,
                    "because": found.because,
                    "evidence": list(found.evidence),
                    "short_by": list(found.short_by),
                }
            )
    return sorted(out, key=lambda line: (str(line["upn"] or ""), str(line["class"] or ""), str(line["rule"])))


def subject_fields(subject: str) -> Json:
    """A subject as the outside names it: what it is, and its UPN or class."""
    if subject.startswith(CLASS):
        return {"subject": "class", "upn": None, "class": subject.removeprefix(CLASS)}
    if subject.startswith(SCHOOL):
        return {"subject": "school", "upn": None, "class": None}
    return {"subject": "pupil", "upn": subject, "class": None}
