"""The numbers that conditions speak of: which values each can take, one number for every stretch of them.

A quantity is a measure with what it is asked for (its window, codes, weekday): two clauses about the same
quantity are held by the same number. Numbers are x 100 as everywhere; one between two may be no whole one.
"""

from __future__ import annotations

import itertools
import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from engine.measures import Asked
from engine.measures.measure import PERCENT, POINTS
from engine.measures.runs import LONGEST
from engine.rulebook.model import Clause, Condition, clauses
from engine.truth import SCALE
from engine.windows import TODAY, Window

Quantity = tuple[str, Asked]
_WHOLE = 100 * SCALE
_SESSIONS_A_DAY = 2
_DAYS_OF = {TODAY: 1, "days": 1, "weeks": 7, "school days": 1, "school weeks": 7}
"""The days that one of a window's unit holds at most; of other units nothing is said."""
_OF_WINDOW = {"sessions": _SESSIONS_A_DAY, "spells": _SESSIONS_A_DAY, "days": 1}
"""How many of a unit a day of a window holds at most."""


def quantity(clause: Clause) -> Quantity:
    """What a clause measures, whatever it is held against."""
    return clause.measure.name, clause.asked


@dataclass(frozen=True, slots=True)
class Reach:
    """The values that a quantity can take: from `low` to `high` (None: without end), or only whole ones."""

    low: int = 0
    high: int | None = None
    whole: bool = False

    @classmethod
    def of(cls, clause: Clause) -> Reach:
        """The reach of what a clause measures: a share has its ends, a window holds so many sessions.

        >>> from engine.rulebook.lint.sample import clause
        >>> Reach.of(clause("coded_sessions", over="last 5 school days", codes=["I"], at_least=1)).high
        1000
        """
        measure = clause.measure
        if measure.unit in {PERCENT, POINTS}:
            return cls(0 if measure.unit == PERCENT else -_WHOLE, _WHOLE)
        days = _days(clause.asked.over) if "over" in measure.takes else None
        most = _OF_WINDOW.get(measure.unit)
        held = days * most * SCALE if days and most else None
        return cls(0, LONGEST * SCALE if measure.run else held, measure.whole)

    def numbers(self, cuts: Iterable[int]) -> tuple[float, ...]:
        """One number for each stretch that some cuts divide the reach into, and each cut, ascending.

        >>> Reach(0, 1000).numbers([300])
        (0, 150.0, 300, 650.0, 1000)
        >>> Reach(whole=True).numbers([250])
        (0, 100, 200, 300)
        """
        within = sorted({self.low, *(cut for cut in cuts if self._holds(cut))})
        if self.whole:
            floors = {cut // SCALE * SCALE for cut in within}
            return tuple(sorted(filter(self._holds, floors | {floor + SCALE for floor in floors})))
        ends = [*within, within[-1] + SCALE] if self.high is None else sorted({*within, self.high})
        between = [(one + other) / 2 for one, other in itertools.pairwise(ends)]
        return tuple(sorted([*ends, *between]))

    def _holds(self, number: int) -> bool:
        return number >= self.low and (self.high is None or number <= self.high)


def _days(window: Window) -> int | None:
    """How many days a window holds at most; None where that is not said."""
    of_one = _DAYS_OF.get(window.unit)
    return of_one and (window.count or 1) * of_one


def numbers_of(condition: Condition, day: date) -> dict[Quantity, tuple[float, ...]]:
    """For each quantity of a condition one number for every stretch that its thresholds of a day cut it into.

    >>> from engine.rulebook.lint.sample import clause
    >>> list(numbers_of(clause("late_sessions", over="today", at_least=1), date(2026, 1, 5)).values())
    [(0, 100, 200)]
    """
    reach: dict[Quantity, Reach] = {}
    cuts: dict[Quantity, set[int]] = defaultdict(set)
    lacking: dict[Quantity, tuple[float]] = {}
    for clause in clauses(condition):
        key = quantity(clause)
        reach[key] = Reach.of(clause)
        cuts[key].update(test.needed(day) or 0 for test in clause.tests)
        lacking.update({key: (math.nan,)} if clause.measure.can_lack else {})
    return {key: (*reach[key].numbers(cuts[key]), *lacking.get(key, ())) for key in reach}
