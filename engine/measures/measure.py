"""What a measure is, and what it answers: integers with bounds for what is missing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from engine import codes
from engine.instants import Instants
from engine.register import Register, Sessions
from engine.snapshot import Snapshot
from engine.windows import Bounds, Window

PERCENT = "percent"
POINTS = "percentage points"
AFTER_CLOSE = "minutes after close"
_WHOLE = frozenset({"sessions", "school days", "spells", "marks", "pupils", "events", "weekdays", "notices"})
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class Dated(Protocol):
    """A named number with dates: a threshold of the rulebook."""

    def on(self, day: date) -> int | None:
        """The value in force on a day, x 100; None where none is."""
        ...


@dataclass(frozen=True, slots=True)
class Asked:
    """What a rule asks a measure for, each where the measure takes it.

    `over` is a window, `codes` a set of codes, `on` a weekday, `until` a threshold in minutes after close,
    `kinds` and `outcomes` are of lines of history (any outcome, where none is named), `one_in` is how rarely
    chance alone may do. `subject` is what the rule speaks of.
    """

    over: Window
    codes: frozenset[str] = field(default_factory=frozenset)
    on: str = ""
    until: Dated | None = None
    kinds: frozenset[str] = field(default_factory=frozenset)
    outcomes: frozenset[str] = field(default_factory=frozenset)
    one_in: int = 1
    subject: str = "pupil"


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """The answer for R subjects and T instants; every array is R x T and integer.

    `numerator` is the number as far as the marks tell it; `missing` the marks not taken that could
    still change it; `low` and `high` its bounds over every way they may turn out. A ratio has a
    `denominator`, and in `whole` the denominator of `low` and `high`: every missing mark possible.
    `sessions(row, t)` are the session indices the numerator counts; `about`, where it is there, those a case
    is about, so that a blank filled in later does not make it another case. `run_values`, where a number
    can only take some of the values between its bounds, has bit n set for each n that is possible.
    `events(row, t)` are the lines of history that the number rests on, by their place among the school's.
    """

    numerator: NDArray[np.int64]
    low: NDArray[np.int64]
    high: NDArray[np.int64]
    missing: NDArray[np.int64]
    bounds: Bounds
    sessions: Sessions
    denominator: NDArray[np.int64] | None = None
    whole: NDArray[np.int64] | None = None
    run_values: NDArray[np.uint64] | None = None
    about: Sessions | None = None
    events: Sessions | None = None


@dataclass(frozen=True, slots=True)
class Measure:
    """A number about a pupil, a class or the school, as rules name it.

    `takes` lists what it asks for (the fields of Asked, by name), `may_take` what it can do without, `unit`
    is the unit of thresholds and of shortfalls, `subjects` are what it can speak of. `divides` lists the
    windows it divides by: each needs a guard on possible sessions. `run` says that it counts a run of
    absent days; `early`, that it reads a session before its register closes, which only time-anchored rules
    may; `guard`, that it counts what there was to attend, so that what is kept of a decision need not list
    its sessions; `of_sessions`, that it can say which sessions it counts;
    `can_lack`, that where there is nothing to measure it has no number, which meets no threshold.
    """

    name: str
    title: str
    unit: str
    takes: tuple[str, ...]
    of: Callable[[Snapshot, Instants, Asked], Measured]
    subjects: tuple[str, ...] = ("pupil",)
    window: str = "whole register"
    divides: Callable[[Window], tuple[Window, ...]] = lambda over: ()
    run: bool = False
    early: bool = False
    guard: bool = False
    may_take: tuple[str, ...] = ()
    of_sessions: bool = True
    can_lack: bool = False

    @property
    def whole(self) -> bool:
        """Whether it only takes whole numbers: more than 5 is 6."""
        return self.unit in _WHOLE

    @property
    def in_percent(self) -> bool:
        """Whether its ratio is read in hundredths."""
        return self.unit in {PERCENT, POINTS}


def certain(
    number: NDArray[np.int64],
    bounds: Bounds,
    there: NDArray[np.int64] | None = None,
    events: Sessions | None = None,
) -> Measured:
    """A number that no mark can change, and that rests on no session: of days, or of lines of history.

    `there` (R x T) is 0 where there is nothing to measure, else 1; `events` are the lines that it rests on.
    """
    nothing = np.zeros_like(number)
    return Measured(number, number, number, nothing, bounds, _no_sessions, there, there, events=events)


def _no_sessions(row: int, number: int) -> NDArray[np.int64]:
    return np.zeros(0, dtype=np.int64)


def count_of(
    register: Register,
    name: str,
    flags: NDArray[np.bool_],
    bounds: Bounds,
    only: NDArray[np.bool_] | None = None,
) -> Measured:
    """A plain count of flagged sessions over a window; every missing mark there could be one more.

    `only` says which sessions (S, or P x S) count at all; the name stands for both.
    """
    counted = register.count(name, flags, bounds, only)
    blank = "missing" if only is None else f"missing of {name}"
    missing = register.count(blank, codes.missing_marks(), bounds, only)
    return Measured(counted, counted, counted + missing, missing, bounds, register.at(flags, bounds, only))
