"""What every rule of a school says as of one instant, and on which grounds: before any case is known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from engine.former import Former
from engine.grounds import grounds_now
from engine.instants import Instants
from engine.match import NOT_APPLICABLE, TRUE, Judge, Judgement
from engine.rulebook.model import Rule
from engine.rulebook.rulebook import Rulebook
from engine.snapshot import Snapshot


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """One school judged once: the judgement of each rule by its id, and the ground of each that holds.

    `held` maps a rule to the rows it holds for, each with its ground as the register alone tells it: a
    rule that stands until it is cleared keeps the ground of an open case instead. `whole` says that no rule
    of the rulebook is broken. `former` are the judgements by the rules that some cases finish under: by
    subject and ladder, each with the version of its rulebook.
    """

    judge: Judge
    judgements: dict[str, Judgement]
    held: dict[str, dict[int, str]]
    whole: bool = True
    former: Mapping[tuple[str, str], tuple[str, tuple[Judgement, ...]]] = field(default_factory=dict)

    @classmethod
    def of(cls, snapshot: Snapshot, rulebook: Rulebook, as_of: datetime) -> Judged:
        """Every rule of a rulebook over one snapshot.

        >>> from engine.rulebook.rulebook import read_rulebook
        >>> from engine.sample import school, AFTER
        >>> Judged.of(school("//"), read_rulebook([]), AFTER.moments[0]).grounds
        frozenset()
        """
        judge = Judge(snapshot, Instants.of([as_of]))
        judgements = {rule.id: judge.judge(rule) for rule in rulebook.rules}
        held = {name: _held(judge, each) for name, each in judgements.items()}
        return cls(judge, judgements, held, whole=not rulebook.problems)

    def instead(self, rules: Iterable[Rule]) -> Judged:
        """The same with these rules in the place of those of their names: only they are judged again."""
        again = {rule.id: self.judge.judge(rule) for rule in rules}
        held = {name: _held(self.judge, each) for name, each in again.items()}
        return replace(self, judgements=self.judgements | again, held=self.held | held)

    def beside(self, formers: Iterable[Former]) -> Judged:
        """The same, where the cases that finish under former rules are judged by those alone.

        Those speak for the ladder, and for each of their rules that stands on another one by now: a subject
        meets a rule once. Where two of them have a rule of one name for a subject, the first speaks for it.
        """
        judgements, held, former = dict(self.judgements), dict(self.held), dict(self.former)
        met: dict[tuple[str, str], NDArray[np.bool_]] = {}
        for each in formers:
            kind, old_names = each.rules[0].subject, {rule.id for rule in each.rules}
            names = self.subjects(kind)
            rows = {name: row for row, name in enumerate(names) if name in each.subjects}
            theirs = np.isin(np.arange(len(names)), list(rows.values()))
            for name, present in judgements.items():
                meets = present.rule.on_ladder == each.ladder or name in old_names
                if meets and present.rule.subject == kind:
                    judgements[name] = _only(present, ~theirs)
                    held[name] = {row: ground for row, ground in held[name].items() if not theirs[row]}
            old = []
            for rule in each.rules:
                before = met.get((kind, rule.id), np.zeros_like(theirs))
                met[kind, rule.id] = before | theirs
                old.append(_only(self.judge.judge(rule), theirs & ~before))
                held[rule.id] = held.get(rule.id, {}) | _held(self.judge, old[-1])
            former |= {(name, each.ladder): (each.version, tuple(old)) for name in rows}
        return replace(self, judgements=judgements, held=held, former=former)

    @property
    def grounds(self) -> frozenset[str]:
        """Every ground that some rule holds on: a case elsewhere, if it is closed, does not matter now."""
        return frozenset(ground for rows in self.held.values() for ground in rows.values())

    @property
    def matched(self) -> dict[str, int]:
        """How many subjects each rule holds for."""
        return {name: len(rows) for name, rows in self.held.items()}

    def subjects(self, kind: str) -> tuple[str, ...]:
        """The names of the subjects of a kind, in the order of the rows: see `Snapshot.names`."""
        return self.judge.snapshot.names(kind)


def _held(judge: Judge, judgement: Judgement) -> dict[int, str]:
    rows = np.flatnonzero(judgement.results[:, 0] == TRUE).tolist()
    return dict(zip(rows, grounds_now(judge, judgement, rows), strict=True))


def _only(judgement: Judgement, rows: NDArray[np.bool_]) -> Judgement:
    """The judgement for these rows (a mask) alone; the rule does not speak of the others."""
    results = np.where(rows[:, None], judgement.results, NOT_APPLICABLE).astype(np.int8)
    return replace(judgement, results=results)
