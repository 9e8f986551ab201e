"""Whether a condition can hold at all: its quantities are tried, one number for every stretch of each.

Quantities are taken to be free of one another, so what is found impossible is impossible indeed; what two
measures can never be together may pass as possible.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from engine.rulebook.lint.quantities import Quantity, numbers_of, quantity
from engine.rulebook.model import Clause, Condition, Group, Test, clauses
from engine.truth import Comparison

Given = Mapping[Quantity, float]
_MOST_QUANTITIES = 12
_MOST_WEIGHED = 20_000
_HOLDS: dict[Comparison, Callable[[float, float], bool]] = {
    Comparison.AT_LEAST: lambda number, needed: number >= needed,
    Comparison.ABOVE: lambda number, needed: number > needed,
    Comparison.AT_MOST: lambda number, needed: number <= needed,
    Comparison.BELOW: lambda number, needed: number < needed,
    Comparison.EXACTLY: lambda number, needed: number == needed,
}


def possible(condition: Condition, day: date, given: Given | None = None) -> bool:
    """Whether some numbers make a condition true on a day; True also where there are too many to try.

    >>> from engine.rulebook.lint.sample import clause
    >>> possible(clause("late_sessions", over="today", at_least=2, below=1), date(2026, 1, 5))
    False
    """
    numbers = numbers_of(condition, day)
    search = _Search(condition, day, numbers, _MOST_WEIGHED // max(1, sum(1 for _ in clauses(condition))))
    return len(numbers) > _MOST_QUANTITIES or search.finds(dict(given or {}))


def holds(condition: Condition, day: date, given: Given) -> bool | None:
    """Whether a condition holds of some numbers on a day; None where that hangs on one not given.

    >>> from engine.rulebook.lint.sample import clause
    >>> holds(clause("late_sessions", over="today", at_least=2), date(2026, 1, 5), {}) is None
    True
    """
    if isinstance(condition, Clause):
        number = given.get(quantity(condition))
        return None if number is None else all(_met(test, number, day) for test in condition.tests)
    parts = [holds(part, day, given) for part in condition.parts]
    if condition.kind == "not":
        return None if parts[0] is None else not parts[0]
    least = {"all": len(parts), "any": 1, "at_least": condition.least}.get(condition.kind)
    if least is None:
        return None
    sure = parts.count(True)
    if sure >= least:
        return True
    return None if sure + parts.count(None) >= least else False


def never(condition: Condition) -> Group:
    """A condition turned round: what holds where it does not."""
    return Group("not", (condition,))


def _met(test: Test, number: float, day: date) -> bool:
    needed = test.needed(day)
    return needed is not None and _HOLDS[test.comparison](number, needed)


@dataclass(slots=True)
class _Search:
    """One search, a quantity at a time, which turns back where the answer is plain already."""

    condition: Condition
    day: date
    numbers: dict[Quantity, tuple[float, ...]]
    most: int
    tried: int = 0

    def finds(self, given: dict[Quantity, float]) -> bool:
        """Whether the condition can become true from here."""
        self.tried += 1
        held = holds(self.condition, self.day, given)
        free = next((each for each in self.numbers if each not in given), None)
        if held is not None or free is None or self.tried > self.most:
            return held is not False
        return any(self.finds({**given, free: number}) for number in self.numbers[free])
