"""Schools and subjects by the names they have outside: what is asked for, and what is answered."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.records import CLASS, SCHOOL, Pupil
from engine.snapshot import Snapshot

Json = dict[str, object]


class NotKnown(Exception):  # noqa: N818 - a sentence for a person
    """A pupil, rule, school or member of staff that is not there."""


def known_schools(asked: Sequence[str], there: Sequence[str]) -> tuple[str, ...]:
    """The schools asked for; NotKnown where one of them is not in the store."""
    if missing := [school for school in asked if school not in there]:
        raise NotKnown(f"there is no school {missing[0]!r} in the store; schools: {', '.join(there)}")
    return tuple(asked)


def subject_fields(subject: str) -> Json:
    """A subject as the outside names it: what it is, and its UPN or class."""
    if subject.startswith(CLASS):
        return {"subject": "class", "upn": None, "class": subject.removeprefix(CLASS)}
    if subject.startswith(SCHOOL):
        return {"subject": "school", "upn": None, "class": None}
    return {"subject": "pupil", "upn": subject, "class": None}


def member(snapshot: Snapshot, subject: str) -> Pupil | None:
    """The pupil that a subject is; for a class the first of its pupils, for a school or nobody None."""
    row = snapshot.rows.get(subject)
    if row is None and (name := subject.removeprefix(CLASS)) != subject and name in snapshot.classes:
        row = int(np.flatnonzero(snapshot.class_no == snapshot.classes.index(name))[0])
    return None if row is None else snapshot.people[row]
