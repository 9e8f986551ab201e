"""`firstbell rules test`: boundary cases that no test tells yet, and changes that no test notices."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from adapters.cli.asked import Misasked, note
from adapters.cli.progress import Bar
from adapters.rule_files import pack_of, write_source
from engine.accepted import accepted
from engine.edges import Edges
from engine.inference.agree import Inference
from engine.mutants import Mutant
from engine.mutation import Score, Trial
from engine.rulebook.calendars import TestCalendar
from engine.rulebook.rulebook import Rulebook, Source
from engine.rulebook.shapes import TestShape
from engine.ruletests import RuleTest, read_tests
from engine.written_tests import NoPlace, written
from workflows.library import Library

Generated = dict[Source, list[TestShape]]
"""New tests by the rule file that they belong into."""
ENOUGH = 95
"""Percent of its changes that the tests of a pack notice, at least."""


@dataclass(frozen=True, slots=True)
class Packs:
    """The rule files asked about, each in the first rulebook it stands in, and the calendars for tests."""

    in_force: Mapping[Source, Rulebook]
    calendars: Mapping[str, TestCalendar]

    @classmethod
    def of(
        cls, library: Library, rulebooks: Iterable[Rulebook], calendars: Mapping[str, TestCalendar]
    ) -> Packs:
        """A pack that holds for several schools is looked at once, without the layers below it."""
        in_force: dict[Source, Rulebook] = {}
        for rulebook in rulebooks:
            new = [source for source in rulebook.sources if source not in in_force]
            in_force |= {source: library.down_to(source.layer, rulebook) for source in new}
        return cls(in_force, calendars)

    def and_those(self, others: Packs) -> Packs:
        """These and others."""
        return Packs({**self.in_force, **others.in_force}, self.calendars)

    def only(self, files: frozenset[str]) -> Packs:
        """These files alone, all where none is named."""
        kept = {source: book for source, book in self.in_force.items() if not files or source.file in files}
        return Packs(kept, self.calendars)

    def tests(self, rulebook: Rulebook) -> list[RuleTest]:
        """Every test that stands beside the rules of a rulebook."""
        return [test for source in rulebook.sources for test in read_tests(source, rulebook)[0]]


def named(
    words: Sequence[str], rulebooks: Iterable[Rulebook]
) -> tuple[list[Path], frozenset[str], frozenset[str]]:
    """What the words of a command name: rule files and folders, files by their pack, rules by their id."""
    rules = {rule.id for rulebook in rulebooks for rule in rulebook.rules}
    packs = {pack_of(source): source.file for rulebook in rulebooks for source in rulebook.sources}
    bare = {word for word in words if not Path(word).exists()}
    paths = [Path(word) for word in words if word not in bare & (rules | set(packs))]
    return paths, frozenset(packs[word] for word in bare & set(packs)), frozenset(bare & rules)


def edges(packs: Packs, rules: frozenset[str]) -> Generated:
    """The boundary cases of each rule of some packs, of these rules alone where any is named."""
    found: Generated = {}
    with Bar() as bar:
        for source, rulebook in packs.in_force.items():
            maker = Edges(rulebook, packs.calendars, packs.tests(rulebook), Inference.here())
            own = [rule for rule in rulebook.rules if rule.place.file == source.file]
            asked = [rule for rule in own if not rules or rule.id in rules]
            for number, rule in enumerate(asked, start=1):
                found.setdefault(source, []).extend(maker.of(rule))
                bar.show(source.file, number, len(asked))
    return {source: shapes for source, shapes in found.items() if shapes}


def mutate(packs: Packs) -> tuple[list[Score], dict[Mutant, TestShape]]:
    """The score of each pack, and for survivors a test that would notice them, as far as one was found."""
    scores: list[Score] = []
    noticing: dict[Mutant, TestShape] = {}
    with Bar() as bar:
        for rulebook in {book.version: book for book in packs.in_force.values()}.values():
            files = [
                source.file for source, book in packs.in_force.items() if book.version == rulebook.version
            ]
            tests = packs.tests(rulebook)
            scored = Trial.of(tests, rulebook, packs.calendars).scores(bar.show, files)
            survivors = [mutant for score in scored for mutant in score.survivors]
            noticing |= Edges(rulebook, packs.calendars, tests, Inference.here()).against(survivors, bar.show)
            scores += scored
    return scores, noticing


def by_file(packs: Packs, noticing: Mapping[Mutant, TestShape]) -> Generated:
    """The tests that notice survivors, each once, by the file of what was changed."""
    files = {source.file: source for source in packs.in_force}
    found: Generated = {}
    for mutant, shape in noticing.items():
        shapes = found.setdefault(files[mutant.place.file], [])
        if shape not in shapes:
            shapes.append(shape)
    return found


def accept(packs: Packs, generated: Generated) -> None:
    """Put the tests into their files; a file that would not hold with them stays as it is, and says why."""
    for source, shapes in generated.items():
        try:
            new = accepted(source, packs.in_force[source], shapes, packs.calendars, Inference.here())
        except NoPlace as wrong:
            raise Misasked(f"{source.file}: nothing was added: {wrong}") from wrong
        write_source(source, new)
        note(f"{source.file}: {len(shapes)} tests added")


def documents(generated: Generated) -> list[dict[str, object]]:
    """Generated tests for --json: the file, the name, and the lines of YAML."""
    return [
        {"file": source.file, "name": shape.name, "yaml": written(shape)}
        for source, shapes in generated.items()
        for shape in shapes
    ]


def scores_document(scores: Iterable[Score], noticing: Mapping[Mutant, TestShape]) -> list[dict[str, object]]:
    """Scores for --json, each survivor with a test that would notice it, or none found."""
    return [
        {
            "file": score.file,
            "tried": score.tried,
            "noticed": score.tried - len(score.survivors),
            "percent": round(score.percent, 1),
            "survivors": [
                {
                    "line": mutant.place.line,
                    "of": mutant.of,
                    "change": mutant.change,
                    "test": written(noticing[mutant]) if mutant in noticing else None,
                }
                for mutant in score.survivors
            ],
        }
        for score in scores
    ]
