"""What every rule of a school says as of one instant, and on which grounds: before any case is known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np

from engine.grounds import grounds_now
from engine.instants import Instants
from engine.match import TRUE, Judge, Judgement
from engine.records import CLASS
from engine.rulebook.rulebook import Rulebook
from engine.snapshot import Snapshot


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """One school judged once: the judgement of each rule by its id, and the ground of each that holds.

    `held` maps a rule to the rows it holds for, each with its ground as the register alone tells it: a
    rule that stands until it is cleared keeps the ground of an open case instead.
    """

    judge: Judge
    judgements: dict[str, Judgement]
    held: dict[str, dict[int, str]]

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
        held: dict[str, dict[int, str]] = {}
        for name, each in judgements.items():
            rows = [int(row) for row in np.flatnonzero(each.results[:, 0] == TRUE)]
            held[name] = dict(zip(rows, grounds_now(judge, each, rows), strict=True))
        return cls(judge, judgements, held)

    @property
    def grounds(self) -> frozenset[str]:
        """Every ground that some rule holds on: a case elsewhere, if it is closed, does not matter now."""
        return frozenset(ground for rows in self.held.values() for ground in rows.values())

    @property
    def matched(self) -> dict[str, int]:
        """How many subjects each rule holds for."""
        return {name: len(rows) for name, rows in self.held.items()}

    def subjects(self, kind: str) -> tuple[str, ...]:
        """The names of the subjects of a kind, in the order of the rows: UPNs, or `class:<name>`."""
        snapshot = self.judge.snapshot
        return snapshot.register.upns if kind == "pupil" else tuple(CLASS + name for name in snapshot.classes)
