"""Schools and subjects by the names they have outside: what is asked for, and what is answered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from difflib import get_close_matches

import numpy as np

from engine.records import CLASS, SCHOOL, Pupil
from engine.rulebook.model import Rule
from engine.snapshot import Snapshot

Json = dict[str, object]
_NEAR = 3


class NotKnown(Exception):  # noqa: N818 - a sentence for a person
    """A pupil, rule, school or member of staff that is not there."""


def known_schools(asked: Sequence[str], there: Sequence[str]) -> tuple[str, ...]:
    """The schools asked for; NotKnown where one of them is not in the store."""
    if missing := [school for school in asked if school not in there]:
        raise NotKnown(f"there is no school {missing[0]!r} in the store; schools: {', '.join(there)}")
    return tuple(asked)


def known_rules(asked: Collection[str], there: Mapping[str, Sequence[Rule]]) -> dict[str, tuple[Rule, ...]]:
    """Of the rules of each school those asked for, all where none is; NotKnown where one is nowhere."""
    known = {rule.id for rules in there.values() for rule in rules}
    if unknown := [rule for rule in asked if rule not in known]:
        raise NotKnown(f"there is no rule {unknown[0]!r}; rules: {', '.join(sorted(known))}")
    return {
        school: tuple(rule for rule in rules if not asked or rule.id in asked)
        for school, rules in there.items()
    }


def did_you_mean(named: str, there: Mapping[str, Iterable[str]]) -> str:
    """Who was probably meant by words that fit nobody, to end a sentence with; empty where nobody was.

    `there` maps each as people are shown to the words they go by.

    >>> did_you_mean("Ada Exampel", {"Ada Example (P1)": ["Ada Example"], "Bo Other (P2)": ["Bo Other"]})
    '; did you mean Ada Example (P1)?'
    """
    wanted = named.strip().casefold()
    by_word: dict[str, list[str]] = defaultdict(list)
    for shown, words in there.items():
        for word in words:
            by_word[word.casefold()].append(shown)
    near = [word for word in by_word if wanted and wanted in word]
    near = near or get_close_matches(wanted, by_word, n=_NEAR)
    meant = dict.fromkeys(shown for word in near for shown in by_word[word])
    return f"; did you mean {' or '.join([*meant][:_NEAR])}?" if meant else ""


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
