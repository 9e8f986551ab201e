"""The boundary cases of a rule, told as tests: `firstbell rules test --edges`, and what kills a survivor.

What a case expects is what the rules say today: a person reads it before it is accepted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from engine.around import Case, around
from engine.homes import home
from engine.inference.agree import Inference
from engine.instants import local, read_instant
from engine.mutants import Mutant
from engine.mutation import Told
from engine.rulebook.calendars import TestCalendar
from engine.rulebook.model import Rule, percent_or_number
from engine.rulebook.rulebook import Rulebook
from engine.rulebook.shapes import TestShape
from engine.ruletests import RuleTest
from engine.scenes import NONE, Scene, Seen
from engine.truth import SCALE

_ALWAYS = (
    "on the threshold",
    "a minute before the register closes",
    "the minute the register closes",
    "the session after",
    "the school day after",
    "one session fewer",
    "one session more, before",
    "a mark corrected to present",
    "the last of the marks was not taken",
    "joined last week",
    "last day of term",
    "first day of term",
    "first day after the clocks change",
)
_MOST_BASES = 3
_MATCHED = "matched"
_FEWER, _SHORT = "one session fewer", "one session short of the threshold"
Expected = dict[str, object]


@dataclass(frozen=True, slots=True)
class Edges:
    """What finds boundary cases: a rulebook, the calendars, and the tests there are."""

    rulebook: Rulebook
    calendars: Mapping[str, TestCalendar]
    tests: Sequence[RuleTest]
    inference: Inference

    def of(self, rule: Rule) -> Iterator[TestShape]:
        """The boundary cases of a rule that no test tells yet; none where it was found to match nothing."""
        bases = self._bases(rule)
        if not bases:
            return
        there = [_told(test.shape) for test in self.tests if rule.id in test.rules]
        scene = self.scene(bases[0])
        for case in (Case("on the threshold", bases[0]), *around(scene, rule)):
            if case.name in _ALWAYS and _told(case.shape) not in there and self._readable(case.shape):
                there.append(_told(case.shape))
                yield self._test(self._in_words(case, rule), rule)

    def against(self, survivors: Iterable[Mutant], told: Told) -> dict[Mutant, TestShape]:
        """For each survivor a test that notices it, as far as one was found."""
        left: dict[str, list[Mutant]] = {}
        for mutant in survivors:
            left.setdefault(mutant.rules[0].id, []).append(mutant)
        found: dict[Mutant, TestShape] = {}
        for number, (name, theirs) in enumerate(left.items()):
            told("tests that would notice", number, len(left))
            found |= self._against(self.rulebook.rule(name), theirs)
        return found

    def _against(self, rule: Rule, survivors: list[Mutant]) -> dict[Mutant, TestShape]:
        found: dict[Mutant, TestShape] = {}
        near = replace(self, rulebook=_beside(self.rulebook, survivors))
        for base in self._bases(rule)[:_MOST_BASES]:
            for case in (Case("as it is", base), *around(near.scene(base), rule)):
                left = [mutant for mutant in survivors if mutant not in found]
                if not left:
                    return found
                for mutant in self.noticed(case.shape, near.noticed(case.shape, left)):
                    found[mutant] = self._test(case, rule, [each.id for each in mutant.rules])
        return found

    def noticed(self, shape: TestShape, mutants: Iterable[Mutant]) -> list[Mutant]:
        """Those mutants under which the pupil of a test meets something else."""
        try:
            scene = self.scene(shape)
        except ValueError:  # a code of another year
            return []
        return [
            mutant
            for mutant in mutants
            if self._expected(scene, mutant.rules) != self._expected(scene.under(mutant.rules), mutant.rules)
        ]

    def _readable(self, shape: TestShape) -> bool:
        try:
            self.scene(shape)
        except ValueError:  # a code of another year
            return False
        return True

    def _in_words(self, case: Case, rule: Rule) -> Case:
        """A case of one session fewer by what that means, where it is the one that matters."""
        missed = self._expected(self.scene(case.shape), [rule])[rule.id]["result"] == "not_matched"
        return Case(_SHORT, case.shape) if case.name == _FEWER and missed else case

    def _bases(self, rule: Rule) -> list[TestShape]:
        """Tests that the rule matches, its own pack's first, then those beside; one made up if there is none.

        Of a rule that a clear line ends, each once more with its case open for a week.
        """
        own = [
            (wanted.result != _MATCHED, test.file != rule.place.file, test.shape)
            for test in self.tests
            for name, wanted in test.expect
            if name == rule.id and test.shape.calendar in self.calendars
        ]
        made = [] if any(not beside for beside, _, _ in own) else [home(rule, self.rulebook, self.calendars)]
        bases = [*filter(None, made), *(shape for _, _, shape in sorted(own, key=lambda each: each[:2]))]
        if rule.clears_when is None:
            return bases
        return [each for base in bases for each in (base, _with_case(base, rule))]

    def scene(self, shape: TestShape) -> Scene:
        """The scene that a test tells; a ValueError where a mark means nothing on its day."""
        return Scene.of(shape, self.calendars[shape.calendar], self.rulebook)

    def _expected(self, scene: Scene, rules: Iterable[Rule]) -> dict[str, Expected]:
        seen = scene.seen([rule.id for rule in rules], self.inference)
        return {name: expectation(self.rulebook.rule(name), each) for name, each in seen.items()}

    def _test(self, case: Case, rule: Rule, names: Sequence[str] = ()) -> TestShape:
        wanted = [self.rulebook.rule(name) for name in names or (rule.id,)]
        said = self._expected(self.scene(case.shape), wanted)
        expect = {name: short(each) for name, each in said.items()}
        return case.shape.model_copy(update={"name": _name(rule, case), "expect": expect})


def _beside(rulebook: Rulebook, survivors: Iterable[Mutant]) -> Rulebook:
    """A rulebook of the changed rules, those on their ladders, and those they wait for: quick to judge."""
    changed = [rule for mutant in survivors for rule in mutant.rules]
    ladders, waits = {rule.on_ladder for rule in changed}, {rule.waits_for for rule in changed}
    near = tuple(rule for rule in rulebook.rules if rule.on_ladder in ladders or rule.id in waits)
    return replace(rulebook, rules=near)


def expectation(rule: Rule, seen: Seen) -> Expected:
    """What a test of a rule would expect to see what was seen: all that there is to say of it."""
    said: Expected = {"result": seen.result}
    if len(seen.short_by) == 1 and seen.short_by[0]:
        said["short_by"] = percent_or_number(round(seen.short_by[0] * SCALE))
    if seen.outcome not in {NONE, seen.result}:
        said["outcome"] = seen.outcome
    if seen.makes_something:
        said |= {"stage": seen.stage} if seen.stage and rule.ladder and not rule.beside else {}
        said |= {"ground": seen.ground, "tasks": [{"by": task.by, "due": task.due} for task in seen.tasks]}
    if seen.makes_something and rule.message:
        said |= {"message": seen.message} | ({"sent": seen.sent} if seen.sent != NONE else {})
    if seen.case != NONE:
        said["case"] = seen.case
    return said


def short(said: Expected) -> object:
    """An expectation in one word, where the result says it all."""
    return said["result"] if len(said) == 1 else said


def _name(rule: Rule, case: Case) -> str:
    """What a test of a case is called: the rule's title, then what is different."""
    held = ", its case open for a week" if rule.on_ladder in case.shape.done else ""
    return f"{rule.title}, {case.name}{held}"


def _with_case(shape: TestShape, rule: Rule) -> TestShape:
    """A test in which the rule's stage was done a week before, and its case is open."""
    done = {rule.on_ladder: {rule.stage: local(read_instant(shape.as_of)).date() - timedelta(days=7)}}
    return shape.model_copy(update={"done": done})


def _told(shape: TestShape) -> TestShape:
    """A test without what it is called and expects: what it tells of the pupil."""
    return shape.model_copy(update={"name": "", "expect": {}})
