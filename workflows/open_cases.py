"""What becomes of open cases when the rules of their ladder change: as the ladder says.

A case keeps the rulebook it opened under. Its rules changed where those of that rulebook, at the
thresholds of the day it opened, mean something else than those of today. Then it is judged again by the
new ones; or finishes under the old; or is judged by the new, and no stage is skipped.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date

from engine.former import Former, alike, frozen, ladder_on
from engine.instants import local
from engine.rulebook.model import OpenCases, Rule
from engine.rulebook.rulebook import Rulebook
from workflows.values import AnyTask, Case, Message

RulebookOf = Callable[[str], Rulebook]


@dataclass(slots=True)
class Ruled:
    """By which rules each case, task and message of a school is judged; `kept` reads old rulebooks."""

    present: Rulebook
    kept: RulebookOf
    _same: dict[tuple[str, str, date, date], bool] = field(default_factory=dict)
    _choices: dict[str, OpenCases] = field(init=False)

    def __post_init__(self) -> None:
        ladders = {rule.on_ladder for rule in self.present.rules}
        self._choices = {ladder: self.present.open_cases(ladder) for ladder in ladders}

    def formers(self, cases: Iterable[Case], today: date) -> list[Former]:
        """The old rules that open cases finish under, with the subjects of each.

        Of two open cases of a subject on a ladder the later one says by which; the ladder that a case was
        begun on last comes first.
        """
        latest: dict[tuple[str, str], Case] = {}
        finishing = [case for case in cases if self._has_changed(case, OpenCases.FINISH, today)]
        for case in sorted(finishing, key=lambda one: (one.opened_at, one.episode)):
            latest[case.subject, case.ladder] = case
        subjects: dict[tuple[str, str, date], set[str]] = defaultdict(set)
        for case in latest.values():
            subjects[case.ladder, case.rulebook, _opened(case)].add(case.subject)
        same: dict[tuple[str, str, tuple[Rule, ...]], set[str]] = defaultdict(set)
        latest_first = sorted(subjects.items(), key=lambda each: (each[0][-1], each[0]), reverse=True)
        for (ladder, version, opened), names in latest_first:
            same[ladder, version, ladder_on(self.kept(version), ladder, opened)] |= names
        return [Former(*key, frozenset(names)) for key, names in same.items() if key[-1]]

    def stepwise(self, cases: Iterable[Case], today: date) -> frozenset[str]:
        """The ids of the open cases that the new rules lead on, without skipping a stage."""
        return frozenset(
            case.case_id for case in cases if self._has_changed(case, OpenCases.NEVER_SKIP, today)
        )

    def rule_of(self, version: str, name: str, frozen_on: date | None) -> Rule:
        """A rule as it was written, perhaps with the thresholds of one day for good."""
        rule = self.kept(version).rule(name)
        return frozen(rule, frozen_on) if frozen_on else rule

    def frozen_on(self, item: AnyTask | Message, case: Case) -> date | None:
        """The day whose thresholds an item is judged by, whatever its own day: of a case that finishes."""
        finishes = item.rulebook == case.rulebook and self._choice(case) is OpenCases.FINISH
        return _opened(case) if finishes else None

    def _has_changed(self, case: Case, choice: OpenCases, today: date) -> bool:
        """Whether this is what the ladder of an open case says, and its rules mean something else by now."""
        if case.closed_at is not None or not case.rulebook or self._choice(case) is not choice:
            return False
        key = (case.ladder, case.rulebook, _opened(case), today)
        if key not in self._same:
            old = ladder_on(self.kept(case.rulebook), case.ladder, _opened(case))
            self._same[key] = alike(old, ladder_on(self.present, case.ladder, today))
        return not self._same[key]

    def _choice(self, case: Case) -> OpenCases:
        """What is said of a case's ladder, by the rules of today; by its own where they have it no more."""
        return self._choices.get(case.ladder) or self.kept(case.rulebook).open_cases(case.ladder)


def _opened(case: Case) -> date:
    return local(case.opened_at).date()
