"""Who is so few sessions short of a rule, and by when it would hold: said only where it is sure.

A rule is looked at that is one count of sessions with some codes, or all of several conditions of which that
one alone fails. What is said of it has been tried: the register with so many of these marks more, on the very
next sessions, judged as the rule will be when the last of them closes (docs/decisions/025). Whatever could
stand in the way, a window that moves on, another threshold by then, a mark already taken, makes it silent.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from engine import codes
from engine.instants import Instants
from engine.match import FALSE, TRUE, Judge, Judgement, Weighed
from engine.rulebook.model import Clause, Rule
from engine.truth import SCALE, Comparison

_ADDS = {"coded_sessions", "late_sessions", "sessions_towards_notice", "sessions_towards_return"}
"""Measures that one more session with one of their codes makes greater by one."""
_STEPS_OVER = {Comparison.AT_LEAST: SCALE - 1, Comparison.EXACTLY: SCALE - 1, Comparison.ABOVE: SCALE}
"""What to add to a threshold (x 100) so that whole hundreds of it are the least number that meets it."""


@dataclass(frozen=True, slots=True)
class Near:
    """A pupil (by row) of whom a rule holds once `more` sessions carry one of `codes`.

    `session` is the last of them at the earliest: the calendar's place of the `more`-th session from now.
    """

    row: int
    rule: Rule
    clause: Clause
    more: int
    codes: tuple[str, ...]
    session: int


def nearest(judge: Judge, judgements: Iterable[Judgement], within: int) -> tuple[Near, ...]:
    """Who is at most `within` sessions short of which rule at the judge's one instant; the nearest first.

    >>> from engine.rulebook.lint.sample import book, rule
    >>> from engine.sample import AFTER, school
    >>> late = book(rule("late", "{late_sessions: {over: year to date, at_least: 3}}")).rule("late")
    >>> judge = Judge(school("L/ // // L/ --", "// // // L/ --"), AFTER)
    >>> [(each.row, each.more, each.session) for each in nearest(judge, [judge.judge(late)], 2)]
    [(0, 1, 8), (1, 2, 9)]
    """
    ahead = _Ahead(judge)
    found = [each for judgement in judgements for each in _of_rule(ahead, judgement, within)]
    return tuple(sorted(found, key=lambda near: (near.more, near.rule.id, near.row)))


@dataclass(frozen=True, slots=True)
class _Ahead:
    """The next sessions, from the first that has not closed: what would be if a code stood there."""

    judge: Judge
    _judges: dict[tuple[str, int], Judge] = field(default_factory=dict)

    @property
    def first(self) -> int:
        return int(self.judge.snapshot.calendar.closed(self.judge.instants)[0])

    def there(self, more: int) -> bool:
        """Whether the calendar has so many sessions more."""
        return self.first + more <= self.judge.snapshot.calendar.day.size

    def free(self, more: int) -> NDArray[np.bool_]:
        """Of whom the next sessions have no mark yet (P)."""
        marks = self.judge.snapshot.register.marks[:, self.first : self.first + more]
        free: NDArray[np.bool_] = np.logical_and.reduce(codes.missing_marks()[marks], axis=1)
        return free

    def hold(self, rule: Rule, code: str, more: int) -> NDArray[np.bool_]:
        """Of whom a rule certainly holds once the next sessions carry a code (P)."""
        if (code, more) not in self._judges:
            self._judges[code, more] = self._with(code, more)
        held: NDArray[np.bool_] = self._judges[code, more].said(rule)[0][:, 0] == TRUE
        return held

    def _with(self, code: str, more: int) -> Judge:
        snapshot, calendar = self.judge.snapshot, self.judge.snapshot.calendar
        here = slice(self.first, self.first + more)
        marks = snapshot.register.marks.copy()
        mark = codes.encode(np.full((1, more), code, dtype="S2"), calendar.day[here])
        marks[:, here] = np.where(codes.missing_marks()[marks[:, here]], mark, marks[:, here])
        closes = datetime.fromtimestamp(int(calendar.closes[here][-1]), UTC)
        then = replace(snapshot, register=snapshot.register.with_marks(marks))
        return Judge(then, Instants.of([closes]))


def _of_rule(ahead: _Ahead, judgement: Judgement, within: int) -> Iterator[Near]:
    rule, weighed = judgement.rule, judgement.weighed
    if rule.subject != "pupil" or not _plain(rule):
        return
    holding = np.array([each.truth[:, 0] == TRUE for each in weighed], dtype=np.bool_)
    for number, each in enumerate(weighed):
        if each.clause.measure.name not in _ADDS:
            continue
        alone = np.delete(holding, number, axis=0).all(axis=0) & (each.truth[:, 0] == FALSE)
        lacks = np.where(alone & (judgement.results[:, 0] == FALSE), _lacking(each), 0)
        coded = tuple(sorted(each.clause.asked.codes or codes.CODE_SETS["late"]))
        for more in range(1, within + 1):
            short = lacks == more
            if not short.any() or not ahead.there(more):
                continue
            short &= ahead.free(more)
            for code in coded:
                short &= ahead.hold(rule, code, more)
            for row in np.flatnonzero(short).tolist():
                yield Near(row, rule, each.clause, more, coded, ahead.first + more - 1)


def _plain(rule: Rule) -> bool:
    """Whether a rule is one condition, or all of several: no other, and none of a meaning with parts."""
    when = rule.when
    return isinstance(when, Clause) or (
        when.kind == "all" and all(isinstance(part, Clause) for part in when.parts)
    )


def _lacking(weighed: Weighed) -> NDArray[np.int64]:
    """How many more each pupil needs to come up to a clause; 0 and less of a clause without a least number.

    Whoever has none yet is not near: everybody who is in today would be a session short of absent.
    """
    floors = [
        (needed + _STEPS_OVER[test.comparison]) // SCALE
        for test, needed in weighed.needed_at(0)
        if test.comparison in _STEPS_OVER
    ]
    numerator = weighed.measured.numerator[:, 0]
    return np.where(numerator > 0, max(floors, default=0) - numerator, 0)
