"""Of a slip of the pen in a shipped pack none is passed over: it is told, or it means something else."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass, replace

import pytest

from engine.measures import Measure
from engine.rulebook.model import Place
from engine.rulebook.rulebook import Rulebook, Source, read_rulebook
from engine.ruletests import read_tests
from tests.engine import shipped
from tests.rules.mutations import mutant
from tests.workflows.story import templates
from workflows.checking import checked

pytestmark = pytest.mark.uncounted


def meaning(value: object) -> object:
    """A value with what it says, and without where that stands."""
    if isinstance(value, Measure):
        return value.name
    if isinstance(value, Rulebook):
        value = replace(value, sources=(), version="", problems=())
    if is_dataclass(value) and not isinstance(value, type):
        parts = {each.name: getattr(value, each.name) for each in fields(value) if each.name != "line"}
        return {name: meaning(part) for name, part in parts.items() if not isinstance(part, Place)}
    if isinstance(value, (tuple, list)):
        return [meaning(each) for each in value]
    return value


def read(pack: Source, others: Iterable[Source]) -> tuple[list[str], object]:
    """What `rules check` says of a pack among others, and what they mean, its tests included."""
    rulebook = read_rulebook([pack, *others])
    tests, unread = read_tests(pack, rulebook)
    problems = [str(problem) for problem in (*checked(rulebook, templates()), *unread)]
    return problems, (meaning(rulebook), meaning(tests))


def passed_over(seed: int, count: int) -> Iterator[str]:
    """The slips of so many that nothing is said of and that change nothing."""
    packs = shipped.packs()
    bare = [replace(pack, text=pack.text.partition("\ntests:\n")[0]) for pack in packs]
    others = [(*bare[:at], *bare[at + 1 :]) for at in range(len(packs))]
    thresholds = frozenset(each.name for each in shipped.rulebook().thresholds)
    before = [read(pack, beside) for pack, beside in zip(packs, others, strict=True)]
    for number in range(count):
        chance = random.Random(f"{seed} {number}")  # noqa: S311 - slips, not secrets
        at = chance.randrange(len(packs))
        text, kind = mutant(packs[at].text, thresholds, chance)
        if read(replace(packs[at], text=text), others[at]) == before[at]:
            yield f"{number} {kind}: {_difference(packs[at], text)}"


def _difference(pack: Source, text: str) -> str:
    lines = zip(pack.text.splitlines(), text.splitlines(), strict=False)
    at, (old, new) = next((n, pair) for n, pair in enumerate(lines, start=1) if pair[0] != pair[1])
    return f"{pack.file}:{at}: {old!r} became {new!r}"


def test_what_means_the_same_is_seen_to_be_the_same() -> None:
    """A comment, an empty line and another way of quoting are no slip; a word of a test is one."""
    packs = shipped.packs()
    pack = next(each for each in packs if each.file.endswith("legal.yaml"))
    others = [each for each in packs if each is not pack]
    same = "# read by the head\n\n" + pack.text.replace("ladder: legal", 'ladder: "legal"')
    assert read(replace(pack, text=same), others) == read(pack, others)
    less = pack.text.replace(
        "expect: {penalty-notice-threshold: unknown}", "expect: {joint-enquiries: unknown}"
    )
    assert read(replace(pack, text=less), others) != read(pack, others)


def test_none_of_60_slips_is_passed_over() -> None:
    """Each is a problem of `rules check`, or another meaning of a rule or a test."""
    assert list(passed_over(1, 60)) == []


@pytest.mark.soak
def test_none_of_1000_slips_is_passed_over() -> None:
    """The same, for long."""
    assert list(passed_over(2, 1_000)) == []
