"""Every check, one line each: those that make a rule wrong, and those that are for a person to look at."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from engine.rulebook.lint import bands, dates, sense, stages, unheeded
from engine.rulebook.problems import Problem

if TYPE_CHECKING:
    from engine.rulebook.rulebook import Rulebook

Check = Callable[["Rulebook"], Iterator[Problem]]

WRONG: tuple[Check, ...] = (
    sense.never_matches,
    sense.always_matches,
    sense.clear_lines,
    dates.never_in_force,
    dates.taken_for_nought,
    unheeded.of_every_class,
    unheeded.waits_for_no_one,
)
"""A rule that one of these names is left out where the rulebook is read: it never runs."""

DOUBTFUL: tuple[Check, ...] = (
    sense.matches_never_from,
    dates.silent_at_first,
    dates.duties_of_nobody,
    bands.gaps,
    bands.overlaps,
    stages.never_acts,
    stages.offers_nothing,
    unheeded.unused_thresholds,
)
"""What these name stands and runs: `rules check` tells it."""


def found(rulebook: Rulebook, checks: tuple[Check, ...]) -> tuple[Problem, ...]:
    """What some checks find in a rulebook.

    >>> from engine.rulebook.lint.sample import book
    >>> found(book(), DOUBTFUL)
    ()
    """
    return tuple(problem for check in checks for problem in check(rulebook))
