"""One clause of a rule for one subject: its number, what it could be, whether it holds, its evidence.

Three truth values: 0 no, 1 cannot be told, 2 yes.
"""

from __future__ import annotations

import operator
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from tests.term.known import Row, Session, Slot

NO, UNKNOWN, YES = 0, 1, 2
HUNDREDFOLD = ("percent", "percentage points")
_COMPARES = {
    "at_least": operator.ge,
    "above": operator.gt,
    "at_most": operator.le,
    "below": operator.lt,
    "exactly": operator.eq,
}
Json = dict[str, object]
Bounds = dict[str, int]
Size = Fraction | int


@dataclass(frozen=True)
class Number:
    """What a measure found.

    `could_be` holds at least the lowest and the highest number that the missing marks and facts allow,
    and None where they could leave nothing to divide by; of a run of days it holds every length. Where
    it is not `there` nothing is counted from (no such line, no last day): it meets no bound and has no size.
    """

    numerator: int
    could_be: frozenset[Size | None]
    missing: int
    window: Sequence[Session]
    sessions: Sequence[Slot]
    denominator: int | None = None
    events: Sequence[Row] | None = None
    there: bool = True

    @property
    def value(self) -> Size:
        """The number as the marks tell it; nothing of nothing is shown as 0."""
        if self.denominator is None:
            return self.numerator
        return Fraction(self.numerator, self.denominator) if self.denominator else 0

    @cached_property
    def shown(self) -> Json:
        """What the evidence of every clause about this number says of it."""
        lines = {} if self.events is None else {"events": [_line(row) for row in self.events]}
        return lines | {
            "numerator": self.numerator,
            "denominator": self.denominator,
            "missing": self.missing,
            "sessions": [
                {"date": slot.day, "session": slot.half, "code": slot.code} for slot in self.sessions
            ],
        }


@dataclass(frozen=True)
class Clause:
    """A measure, its window, and one or two comparisons that must both hold."""

    measure: str
    over: str
    unit: str
    number: Number
    tests: Bounds

    @property
    def times(self) -> int:
        """100 where the number is read in hundredths."""
        return 100 if self.unit in HUNDREDFOLD else 1

    @cached_property
    def truth(self) -> int:
        """Whether the clause holds, judged at every number it could be."""
        return min(self._held(word, bound) for word, bound in self.tests.items())

    @cached_property
    def evidence(self) -> Json:
        """The clause as `firstbell explain --json` shows it."""
        window = self.number.window
        ends = (window[0], window[-1]) if window else (None, None)
        first, last = (end and {"date": end.day, "session": end.half} for end in ends)
        return self.number.shown | {
            "measure": self.measure,
            "window": {"over": self.over, "first": first, "last": last},
            "threshold": dict(self.tests),
            "unit": self.unit,
        }

    def short_by(self) -> Iterator[tuple[str, Size | None, str]]:
        """Measure, distance and unit of each comparison that the number does not meet."""
        value = self.number.value * self.times
        for word, bound in self.tests.items():
            if not self.number.there:
                yield self.measure, None, self.unit
            elif not meets(value, word, bound):
                whole = 0 if self.unit in HUNDREDFOLD else 1  # of whole things, more than 5 is 6
                enough = bound + {"above": whole, "below": -whole}.get(word, 0)
                yield self.measure, max(value - enough, enough - value), self.unit

    def _held(self, word: str, bound: int) -> int:
        answers = {
            value is not None and meets(value * self.times, word, bound) for value in self.number.could_be
        }
        return UNKNOWN if len(answers) > 1 else YES if True in answers else NO


@dataclass(frozen=True)
class Requirement:
    """What must be so before a rule that holds acts: its title, its truth, and the clauses it rests on.

    `work` is what somebody is asked to do where it is not so.
    """

    title: str
    truth: int
    clauses: Sequence[Clause]
    work: str = ""

    @property
    def unmet(self) -> str:
        """What the reason says of it; nothing where it is so."""
        said = {NO: f"{self.title!r} is missing", UNKNOWN: f"whether {self.title!r} cannot be told"}
        return said.get(self.truth, "")


def waits_for(requirements: Sequence[Requirement]) -> str:
    """What the reason says that a rule waits for, and whose work that is; nothing where all is so."""
    work = "; ".join(each.work for each in requirements if each.work and each.truth == NO)
    unmet = ", ".join(each.unmet for each in requirements if each.unmet)
    return f"{unmet} (there is a task for that: {work})" if work else unmet


def _line(row: Row) -> Json:
    return {
        "kind": row["kind"],
        "on": row["on"],
        "from": row["from"] or None,
        "until": row["until"] or None,
        "outcome": row["outcome"],
    }


def meets(value: Size, word: str, bound: int) -> bool:
    """Whether a number is on the right side of a bound."""
    held: bool = _COMPARES[word](value, bound)
    return held
