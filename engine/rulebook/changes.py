"""What the layers below changed of what stood above, by whom, why, and until when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from engine.rulebook.layered import Changed, Place, Threshold, day_in_words
from engine.rulebook.model import percent_or_number
from engine.rulebook.problems import Problem
from engine.rulebook.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that a lower layer changed: `said` is what holds since, `instead_of` where it stood above."""

    of: str
    name: str
    said: str
    layer: str
    place: Place
    instead_of: Place
    changed: Changed | None

    def overdue(self, today: date) -> bool:
        """Whether the day on which somebody was to look at it again has passed."""
        review = self.changed.review if self.changed else None
        return review is not None and review < today


def changes(rulebook: Rulebook) -> Iterator[Change]:
    """Everything in force that a lower layer changed: thresholds, then rules, then the rules turned off.

    >>> from engine.rulebook.rulebook import read_rulebook
    >>> list(changes(read_rulebook([])))
    []
    """
    for threshold in rulebook.thresholds:
        yield from _of_threshold(threshold)
    for rule in (*rulebook.rules, *rulebook.off):
        above = rule.place
        for each in rule.overrides:
            for said in each.said:
                yield Change("rule", rule.id, said, each.layer, each.place, above, each.changed)
            above = each.place


def notes(rulebook: Rulebook, today: date) -> Iterator[Problem]:
    """A sentence for each change whose review date has passed. It is no mistake: the change stays in force.

    >>> from engine.rulebook.rulebook import read_rulebook
    >>> list(notes(read_rulebook([]), date(2026, 7, 2)))
    []
    """
    seen = set()
    for change in changes(rulebook):
        if change.overdue(today) and change.changed and change.changed.review and change.place not in seen:
            seen.add(change.place)
            by = day_in_words(change.changed.review)
            what = f"{change.name}: this change was to be looked at again by {by} ({change.changed.who})"
            do = "look whether it still fits, then give it a new review date or take it out"
            yield Problem(change.place.file, change.place.line, change.place.column, what, do=do)


def _of_threshold(threshold: Threshold) -> Iterator[Change]:
    """The values of a threshold that a lower layer set and that a still lower one did not take away."""
    for since, value in threshold.values:
        here = threshold.set_by(since)
        if here.above is not None:
            said = f"{percent_or_number(value)} {threshold.unit}{_from(since)}"
            yield Change(
                "threshold", threshold.name, said, here.layer, here.place, here.above.place, here.changed
            )


def _from(since: date) -> str:
    return "" if since == date.min else f" from {day_in_words(since)}"
