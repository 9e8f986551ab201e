"""Tests that a person accepted, put into the file of their rule: only where the file holds with them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from engine.inference.agree import Inference
from engine.rulebook.calendars import TestCalendar
from engine.rulebook.rulebook import Rulebook, Source, read_rulebook
from engine.rulebook.shapes import TestShape
from engine.ruletests import read_tests, run_test
from engine.written_tests import NoPlace, with_tests


def accepted(
    source: Source,
    rulebook: Rulebook,
    shapes: Sequence[TestShape],
    calendars: Mapping[str, TestCalendar],
    inference: Inference,
) -> Source:
    """A rule file of a rulebook with some tests more, each under a name that no other has.

    Raises:
        NoPlace: nothing can be added to the file, or it would not hold with them.
    """
    there = [test.name for test in read_tests(source, rulebook)[0]]
    new = replace(source, text=with_tests(source.text, _named(shapes, there)))
    after = read_rulebook([new if each == source else each for each in rulebook.sources])
    tests, problems = read_tests(new, after)
    wrong = [*map(str, problems), *(str(each) for each in after.problems if each not in rulebook.problems)]
    wrong += [
        f"{test.name}: {each}" for test in tests[len(there) :] for each in run_test(test, after, calendars, inference)
    ]
    if wrong or len(tests) != len(there) + len(shapes):
        raise NoPlace("; ".join(wrong) or "the tests in the file are not read as they were written")
    return new


def _named(shapes: Iterable[TestShape], there: Iterable[str]) -> list[TestShape]:
    taken = set(there)
    named = []
    for shape in shapes:
        names = (shape.name, *(f"{shape.name}, case {number}" for number in range(2, len(taken) + 3)))
        name = next(name for name in names if name not in taken)
        taken.add(name)
        named.append(shape.model_copy(update={"name": name}))
    return named
