"""What must be so before a rule that holds may act: for how long it held, and what it requires.

Everything here is arrays: R subjects x T instants, judged as the rule itself is, so that what a correction
takes away is seen wherever a rule is judged again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engine.instants import Instants
from engine.reasons import Reason
from engine.rulebook.model import clauses
from engine.truth import FALSE, TRUE, UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.match import Judge, Weighed
    from engine.rulebook.model import Rule, TaskStep
    from engine.rulebook.patience import Requirement


@dataclass(frozen=True, slots=True, eq=False)
class Precondition:
    """One thing that must be so before a rule acts: its truth (R x T of 0, 1, 2) and its trace.

    `reason` is why the rule waits where it is not so; `lacks` says it of this one, `doubt` where it cannot be
    told. `task` is the work that is made of it where it is certainly not so.
    """

    reason: Reason
    lacks: str
    doubt: str
    truth: NDArray[np.int8]
    weighed: tuple[Weighed, ...] = ()
    task: TaskStep | None = None

    def sentence(self, row: int, number: int = 0) -> str:
        """Why it keeps the rule from acting for one subject at one instant."""
        return self.doubt if self.truth[row, number] == UNKNOWN else self.lacks


def preconditions(judge: Judge, rule: Rule) -> tuple[Precondition, ...]:
    """What must be so before a rule acts, for every subject at every instant of the judge.

    >>> from engine.match import Judge
    >>> from engine.rulebook.rulebook import Source, read_rulebook
    >>> from engine.sample import AFTER, school
    >>> text = (
    ...     "{pack: a, rules: {late: {title: Late, because: late, autonomy: send, hold_for: 1 school day,"
    ...     " when: {coded_sessions: {over: today, codes: [L], at_least: 1}},"
    ...     " then: [{task: {do: ask, by: office, due: same day}}]}}}"
    ... )
    >>> late = read_rulebook([Source("trust", "a.yaml", text)]).rule("late")
    >>> [found] = preconditions(Judge(school("// // L/ L/", "// // // L/"), AFTER), late)
    >>> found.truth.tolist(), found.sentence(1)
    ([[2], [0]], 'it did not hold at the close of the school day before')
    """
    patience = rule.patience
    held = (_held(judge, rule, patience.hold_for),) if patience.hold_for else ()
    return (*held, *(_required(judge, each) for each in patience.requires))


def waits(found: Sequence[Precondition], row: int, number: int = 0) -> list[Precondition]:
    """Of some preconditions those that are not certainly so for one subject at one instant.

    >>> so = Precondition(Reason.REQUIREMENT_MISSING, "'x' is missing", "", np.array([[TRUE], [FALSE]]))
    >>> [[each.sentence(row) for each in waits([so], row)] for row in (0, 1)]
    [[], ["'x' is missing"]]
    """
    return [each for each in found if each.truth[row, number] != TRUE]


def asked_for(found: Sequence[Precondition], row: int, number: int = 0) -> tuple[TaskStep, ...]:
    """The tasks of those preconditions that are certainly not so for one subject at one instant.

    >>> asked_for([Precondition(Reason.REQUIREMENT_MISSING, "'x' is missing", "", np.array([[FALSE]]))], 0)
    ()
    """
    return tuple(each.task for each in found if each.task and each.truth[row, number] == FALSE)


def _held(judge: Judge, rule: Rule, days: int) -> Precondition:
    """Whether it held at the close of each of so many school days before that of the last closed session.

    One judgement at all those closes at once; of a day before the calendar begins nothing is certain.
    """
    calendar = judge.snapshot.calendar
    day_no = np.append(calendar.day_no, -1)[calendar.closed(judge.instants) - 1]
    wanted = day_no[:, None] - np.arange(1, days + 1)
    there = np.unique(wanted[wanted >= 0])
    closes = calendar.closes[np.searchsorted(calendar.day_no, there, side="right") - 1].tolist()
    then = judge.at(Instants.of([datetime.fromtimestamp(close, UTC) for close in closes]))
    results = then.said(rule)[0]
    # A rule that did not speak of a subject then did not hold either; the last column is no day at all.
    said = np.pad(np.where(results > TRUE, FALSE, results), ((0, 0), (0, 1)))
    column = np.where(wanted < 0, there.size, np.searchsorted(there, wanted))
    before = "the school day before" if days == 1 else f"each of the {days} school days before"
    return Precondition(
        Reason.NOT_LONG_ENOUGH,
        f"it did not hold at the close of {before}",
        f"whether it held at the close of {before} cannot be told",
        said[:, column].min(axis=2).astype(np.int8),
    )


def _required(judge: Judge, required: Requirement) -> Precondition:
    """Whether what is required is so; where one of its thresholds has no value, it is not."""
    trace: list[Weighed] = []
    held = judge.hold(required.when, trace)
    in_force = [all(clause.in_force(day) for clause in clauses(required.when)) for day in judge.days]
    truth = np.where(np.array(in_force, dtype=np.bool_), held, FALSE).astype(np.int8)
    lacks, doubt = f"{required.title!r} is missing", f"whether {required.title!r} cannot be told"
    return Precondition(Reason.REQUIREMENT_MISSING, lacks, doubt, truth, tuple(trace), required.task)
