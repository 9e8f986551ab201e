"""`when` and `clears_when`: all, any, not, at least n of, and clauses of one measure each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal, InvalidOperation

from engine.measures import MEASURES, Asked, Measure
from engine.measures.measure import AFTER_CLOSE, PERCENT, POINTS, WEEKDAYS
from engine.measures.runs import LONGEST
from engine.records import EVENTS
from engine.rulebook.code_sets import CodeSet, read_codes
from engine.rulebook.model import (
    Clause,
    Condition,
    Group,
    Meaning,
    Place,
    Test,
    Threshold,
    percent_or_number,
)
from engine.rulebook.problems import nearest
from engine.rulebook.yaml_source import Path, Tree
from engine.truth import SCALE, Comparison
from engine.windows import Window

_GROUPS = ("all", "any", "not", "at_least 2 of")
_RARE = re.compile(r"[2-9]|[1-9][0-9]{1,5}")
_SOME = re.compile(r"at_least ([1-9][0-9]?) of")
_COMPARISONS = tuple(comparison.value for comparison in Comparison)
_TOO_LARGE = 1_000_000
_WHOLE = 100 * SCALE
SHARES = frozenset({PERCENT, POINTS})
SIGNED = frozenset({POINTS, AFTER_CLOSE})
"""Units in which a number may be negative: fewer points, before the close."""


def scaled(number: Decimal) -> int | None:
    """A number x 100 as an integer; None where it has more than two decimals, or a million and more.

    >>> scaled(Decimal("7.5")), scaled(Decimal("0.001")), scaled(Decimal("Infinity"))
    (750, None, None)
    """
    if not number.is_finite() or number.copy_abs() >= _TOO_LARGE:
        return None
    times = number * SCALE
    return int(times) if times == times.to_integral_value() else None


def beyond(number: int, unit: str) -> str:
    """Why a number (x 100) cannot be meant in a unit; empty where it can.

    >>> beyond(10_800, "percent"), beyond(10_800, "sessions")
    ('108 percent cannot be reached: a share goes from 0 to 100', '')
    """
    if unit not in SHARES or abs(number) <= _WHOLE:
        return ""
    return f"{percent_or_number(number)} {unit} cannot be reached: a share goes from 0 to 100"


class Conditions:
    """Reads the conditions of one file against the thresholds in force."""

    def __init__(
        self,
        tree: Tree,
        thresholds: Mapping[str, Threshold],
        subject: str,
        meanings: Mapping[str, Meaning] | None = None,
        code_sets: Mapping[str, CodeSet] | None = None,
    ) -> None:
        self.tree = tree
        self.thresholds = thresholds
        self.subject = subject
        self.meanings = meanings or {}
        self.code_sets = code_sets or {}

    def read(self, data: object, path: Path) -> Condition | None:
        """A condition, or None with the problems added to the tree."""
        if isinstance(data, str):
            return self._meant(data, path)
        if not isinstance(data, dict) or len(data) != 1:
            example = "for example 'absence_rate: {over: year to date, at_least: 10}'"
            what = "a condition is one line: all, any, not, at_least 2 of, a meaning, or one measure"
            self._wrong(path, what, do=example)
            return None
        ((key, value),) = data.items()
        here = (*path, key)
        if key in {"all", "any"}:
            return self._group(key, value, here)
        if some := _SOME.fullmatch(key):
            return self._some(int(some[1]), value, here)
        if key == "not":
            part = self.read(value, here)
            return Group("not", (part,)) if part else None
        if key not in MEASURES:
            words = (*_GROUPS, *MEASURES)
            do = f"measures are: {', '.join(MEASURES)}"
            self._wrong(here, f"there is no measure {key!r}", nearest(key, words), do)
            return None
        return self._clause(MEASURES[key], value, here)

    def _meant(self, name: str, path: Path) -> Condition | None:
        """The condition that a name of `meanings` stands for."""
        found = self.meanings.get(name)
        if name in MEASURES:
            self._wrong(
                path, f"{name} stands alone", do=f"write '{name}: {{...}}' with what it is held against"
            )
        elif found is None:
            do = f"meanings are: {', '.join(sorted(self.meanings)) or 'none yet'}"
            self._wrong(path, f"there is no meaning {name!r}", nearest(name, self.meanings), do)
        elif found.subject != self.subject:
            self._wrong(path, f"{name} speaks of a {found.subject}, this rule of a {self.subject}")
        else:
            return found.when
        return None

    def _group(self, kind: str, data: object, path: Path) -> Condition | None:
        if not isinstance(data, list) or not data:
            self._wrong(path, f"{path[-1]} needs a list of conditions (lines that begin with '- ')")
            return None
        parts = [self.read(part, (*path, number)) for number, part in enumerate(data)]
        whole = tuple(part for part in parts if part is not None)
        return Group(kind, whole) if len(whole) == len(parts) else None

    def _some(self, least: int, data: object, path: Path) -> Condition | None:
        """At least so many of some conditions."""
        group = self._group("at_least", data, path)
        if not isinstance(group, Group):
            return None
        if least > len(group.parts):
            what = f"{least} of {len(group.parts)} conditions can never hold"
            self._wrong(path, what, do="lower the number, or list more conditions")
        return replace(group, least=least)

    def _clause(self, measure: Measure, data: object, path: Path) -> Condition | None:
        before = len(self.tree.problems)
        if not isinstance(data, dict):
            self._wrong(path, f"{measure.name} needs a mapping such as {{at_least: 10}}")
            return None
        if self.subject not in measure.subjects:
            of = " or a ".join(measure.subjects)
            self._wrong(path, f"{measure.name} speaks of a {of}, this rule of a {self.subject}")
        allowed = (*measure.takes, *measure.may_take, *_COMPARISONS)
        for key in data:
            if key not in allowed:
                do = f"{measure.name} takes: {', '.join(allowed)}"
                self._wrong((*path, key), f"unknown key {key!r}", nearest(key, allowed), do)
        for key in measure.takes:
            if key not in data:
                self._wrong(path, f"{measure.name} needs the key {key!r}")
        asked = Asked(
            self._window(measure, data, path),
            read_codes(self.tree, (*path, "codes"), data["codes"], self.code_sets)
            if "codes" in data
            else frozenset(),
            self._weekday(data["on"], (*path, "on")) if "on" in data else "",
            self._until(data["until"], (*path, "until")) if "until" in data else None,
            self._kinds(data["kinds"], (*path, "kinds")) if "kinds" in data else frozenset(),
            self._words(data["outcomes"], (*path, "outcomes")) if "outcomes" in data else frozenset(),
            self._one_in(data["one_in"], (*path, "one_in")) if "one_in" in data else 1,
            self.subject,
        )
        tests = [
            test
            for key in data
            if key in _COMPARISONS and (test := self._test(measure, key, data[key], path))
        ]
        if not any(key in _COMPARISONS for key in data):
            self._wrong(
                path, f"{measure.name} is compared with nothing", do=f"add one of: {', '.join(_COMPARISONS)}"
            )
        line, column = self.tree.place(path)
        if len(self.tree.problems) > before:
            return None
        return Clause(measure, asked, tuple(tests), Place(self.tree.file, line, column))

    def _window(self, measure: Measure, data: dict[str, object], path: Path) -> Window:
        words = data.get("over", measure.window)
        try:
            window = Window.parse(str(words))
            measure.divides(window)  # a measure that looks back needs a window that has one before it
            return window
        except ValueError as wrong:
            self._wrong((*path, "over"), str(wrong))
            return Window.parse(measure.window)

    def _weekday(self, data: object, path: Path) -> str:
        if data not in WEEKDAYS:
            self._wrong(path, f"{data!r} is not a weekday", nearest(str(data), WEEKDAYS))
            return WEEKDAYS[0]
        return str(data)

    def _until(self, data: object, path: Path) -> Threshold | None:
        found = self.thresholds.get(str(data))
        if found is None or found.unit != AFTER_CLOSE:
            fitting = [name for name, each in self.thresholds.items() if each.unit == AFTER_CLOSE]
            do = f"name a threshold in {AFTER_CLOSE}: {', '.join(sorted(fitting)) or 'none yet'}"
            self._wrong(path, f"{data!r} is no such threshold", nearest(str(data), fitting), do)
            return None
        return found

    def _kinds(self, data: object, path: Path) -> frozenset[str]:
        kinds = self._words(data, path)
        for kind in sorted(kinds - set(EVENTS)):
            do = f"kinds of history are: {', '.join(EVENTS)}"
            self._wrong(path, f"there is no kind of history {kind!r}", nearest(kind, EVENTS), do)
        return kinds

    def _words(self, data: object, path: Path) -> frozenset[str]:
        listed = data if isinstance(data, list) else [data]
        if not listed or not all(isinstance(word, str) and word for word in listed):
            self._wrong(path, "a word, or a list of words, is expected here")
            return frozenset()
        return frozenset(listed)

    def _one_in(self, data: object, path: Path) -> int:
        if not isinstance(data, str) or not _RARE.fullmatch(data):
            do = "write how rarely chance alone may be taken for a pattern: 1000 is one pupil in a thousand"
            self._wrong(path, f"{data!r} is no whole number from 2 to 999999", do=do)
            return 1
        return int(data)

    def _test(self, measure: Measure, key: str, value: object, path: Path) -> Test | None:
        here = (*path, key)
        if isinstance(value, str) and value in self.thresholds:
            threshold = self.thresholds[value]
            if threshold.unit != measure.unit:
                what = f"{value!r} is in {threshold.unit}, {measure.name} in {measure.unit}"
                self._wrong(here, what)
            self._countable(measure, (number for _, number in threshold.values), here)
            return Test(Comparison(key), threshold)
        try:
            number = scaled(Decimal(str(value)))
        except InvalidOperation:
            do = f"thresholds are: {', '.join(sorted(self.thresholds)) or 'none yet'}"
            self._wrong(here, f"there is no threshold {value!r}", nearest(str(value), self.thresholds), do)
            return None
        if number is None or (number < 0 and measure.unit not in SIGNED):
            least = "" if measure.unit in SIGNED else " of 0 or more"
            self._wrong(here, f"{value!r} must be a number{least} with at most two decimals")
            return None
        if why := beyond(number, measure.unit):
            self._wrong(here, why)
        self._countable(measure, (number,), here)
        return Test(Comparison(key), number)

    def _countable(self, measure: Measure, numbers: Iterable[int], path: Path) -> None:
        if measure.run and max(numbers) > LONGEST * SCALE:
            self._wrong(path, f"runs are counted up to {LONGEST} days")

    def _wrong(self, path: Path, what: str, meant: str = "", do: str = "") -> None:
        self.tree.problems.append(self.tree.problem(path, what, meant, do))
