"""The rulebook in force at one school: all packs from the state down to the school, typed and hashed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from engine.rulebook.across import across, check_ladders, leans
from engine.rulebook.authorities import check_schools
from engine.rulebook.code_sets import CodeSet, read_code_sets
from engine.rulebook.cohorts import Cohort, read_cohorts
from engine.rulebook.duties import read_duties, read_runs
from engine.rulebook.layered import LAYERS as LAYERS
from engine.rulebook.lint.checks import WRONG, found
from engine.rulebook.meanings import read_ladders, read_meanings
from engine.rulebook.model import Duty, Ladder, Meaning, OpenCases, Rule, Schedule, Threshold, Triage
from engine.rulebook.needs import RULES, Asking, Need
from engine.rulebook.overrides import Overriding, Raw
from engine.rulebook.problems import Problem
from engine.rulebook.rules import read_rule
from engine.rulebook.shapes import PackShape
from engine.rulebook.thresholds import read_thresholds
from engine.rulebook.triage import read_triage
from engine.rulebook.typed import shaped
from engine.rulebook.yaml_source import Tree, read_yaml

_Read = tuple[Tree, PackShape]
"""One file that could be read: where everything stands in it, and what it says."""
_Named = TypeVar("_Named")


@dataclass(frozen=True, slots=True)
class Source:
    """One rule file as text: its layer and the name that messages show.

    `unread` says why there is no text: the file could not be read.
    """

    layer: str
    file: str
    text: str
    unread: str = ""


@dataclass(frozen=True, slots=True)
class Pack:
    """What a file calls itself, and what it says it is about."""

    name: str
    title: str
    layer: str
    file: str


@dataclass(frozen=True, slots=True)
class Rulebook:
    """Rules and thresholds in force, the problems of what is not, and the hash that is its version.

    `off` are the rules that a lower layer turned off; the last of their overrides says who did. `needs` are
    the questions that packs ask, with the rules that wait for an answer.
    """

    rules: tuple[Rule, ...]
    thresholds: tuple[Threshold, ...]
    problems: tuple[Problem, ...]
    version: str
    sources: tuple[Source, ...]
    triage: tuple[Triage, ...] = ()
    duties: tuple[Duty, ...] = ()
    runs: tuple[Schedule, ...] = ()
    ladders: tuple[Ladder, ...] = ()
    cohorts: tuple[Cohort, ...] = ()
    off: tuple[Rule, ...] = ()
    code_sets: tuple[CodeSet, ...] = ()
    meanings: tuple[Meaning, ...] = ()
    packs: tuple[Pack, ...] = ()
    needs: tuple[Need, ...] = ()

    def open_cases(self, ladder: str) -> OpenCases:
        """What becomes of the open cases of a ladder when its rules change; as shipped, judged again."""
        said = [each.open_cases for each in self.ladders if each.name == ladder]
        return said[0] if said else OpenCases.JUDGE_AGAIN

    def rule(self, name: str) -> Rule:
        """A rule by its id; KeyError where there is none."""
        for rule in self.rules:
            if rule.id == name:
                return rule
        raise KeyError(name)

    def on_stage(self, ladder: str, stage: int) -> Rule | None:
        """The rule on a stage of a ladder, whichever rule it acted for; None where there is none."""
        return next((rule for rule in self.rules if (rule.on_ladder, rule.stage) == (ladder, stage)), None)

    def without(self, names: Iterable[str]) -> Rulebook:
        """The same rulebook with only the rules not named."""
        left_out = frozenset(names)
        return replace(self, rules=tuple(rule for rule in self.rules if rule.id not in left_out))

    @property
    def unusable_files(self) -> tuple[Problem, ...]:
        """Problems that take a whole file away, not one part of it."""
        return tuple(problem for problem in self.problems if problem.whole_file)


def read_rulebook(sources: Sequence[Source], *, for_tests: bool = False) -> Rulebook:
    """The rulebook of some sources. A rule that is broken or cannot be meant is left out and named.

    `for_tests` gives every need of a pack the answer that its tests go by.

    >>> read_rulebook([Source("trust", "a.yaml", "pack: a")]).rules
    ()
    """
    book = _as_written(sources, for_tests=for_tests)
    wrong = found(book, WRONG)
    left = book.without(problem.rule for problem in wrong)
    return replace(left, problems=tuple(sorted((*book.problems, *wrong))))


def _as_written(sources: Sequence[Source], *, for_tests: bool) -> Rulebook:
    """The rulebook of what can be read, whatever it means."""
    ordered = sorted(sources, key=lambda source: (LAYERS.index(source.layer), source.file))
    files = [_File.of(source) for source in ordered]
    read = [(each.tree, each.pack) for each in files if each.pack]
    check_schools((tree, pack.schools) for tree, pack in read)
    asked = Asking.of([(tree, pack.needs, pack.answers) for tree, pack in read], for_tests=for_tests)
    read = [(tree, _answered(tree, pack, asked)) for tree, pack in read]
    beside = _Beside.of(read)
    rules = _as_first_said(read, beside)
    off = _override(read, beside, rules, asked.rules)
    if not asked.rules:
        check_ladders(((tree, pack.ladders) for tree, pack in read), rules)
    problems, broken = _problems(files, rules, whole=not asked.rules)
    return Rulebook(
        rules=tuple(rule for _, rule in sorted(rules.items()) if (rule.place.file, rule.id) not in broken),
        thresholds=_by_name(beside.thresholds),
        problems=problems,
        version=version_of(ordered),
        sources=tuple(ordered),
        triage=_by_name(beside.triage),
        duties=_by_name(beside.duties),
        runs=_by_name(beside.runs),
        ladders=_by_name(beside.ladders),
        cohorts=tuple(beside.cohorts.values()),
        off=off,
        code_sets=_by_name(beside.code_sets),
        meanings=_by_name(beside.meanings),
        packs=tuple(each.about for each in files if each.about),
        needs=asked.needs,
    )


@dataclass(frozen=True, slots=True)
class _File:
    """One rule file as far as it can be read: no pack where it cannot."""

    source: Source
    tree: Tree
    pack: PackShape | None

    @classmethod
    def of(cls, source: Source) -> _File:
        tree = _tree(source)
        pack = shaped(tree, (), tree.data, PackShape) if tree.usable else None
        if pack is None:
            tree.problems[:] = [replace(problem, whole_file=True) for problem in tree.problems]
        return cls(source, tree, pack)

    @property
    def about(self) -> Pack | None:
        pack, source = self.pack, self.source
        return Pack(pack.pack, pack.title, source.layer, source.file) if pack else None


@dataclass(slots=True)
class _Beside:
    """What packs say beside their rules, by name: what a file adds is read in the light of those above it."""

    thresholds: dict[str, Threshold] = field(default_factory=dict)
    triage: dict[str, Triage] = field(default_factory=dict)
    duties: dict[str, Duty] = field(default_factory=dict)
    runs: dict[str, Schedule] = field(default_factory=dict)
    cohorts: dict[str, Cohort] = field(default_factory=dict)
    code_sets: dict[str, CodeSet] = field(default_factory=dict)
    meanings: dict[str, Meaning] = field(default_factory=dict)
    ladders: dict[str, Ladder] = field(default_factory=dict)

    @classmethod
    def of(cls, read: Sequence[_Read]) -> _Beside:
        """Thresholds first, of all files, then outcomes: what speaks of them may stand in a layer above."""
        said = cls()
        for tree, pack in read:
            said.thresholds = read_thresholds(tree, pack.thresholds, said.thresholds)
        for tree, pack in read:
            said.triage = read_triage(tree, pack.triage, said.triage, said.thresholds)
        for tree, pack in read:
            said.duties = read_duties(tree, pack.duties, said.duties, said.thresholds, said.triage)
            said.runs = read_runs(tree, pack.runs, said.runs)
            said.cohorts = read_cohorts(tree, pack.cohorts, said.cohorts)
            said.code_sets = read_code_sets(tree, pack.code_sets, said.code_sets)
            said.meanings = read_meanings(tree, pack.meanings, said.meanings, said.thresholds, said.code_sets)
            said.ladders = read_ladders(tree, pack.ladders, said.ladders)
        return said

    def rule(self, tree: Tree, pack: str, name: str, data: object) -> Rule | None:
        """One rule that may speak of all this; None with its problems added to the tree."""
        return read_rule(tree, pack, name, data, self.thresholds, self.meanings, self.code_sets)


def _answered(tree: Tree, pack: PackShape, asked: Asking) -> PackShape:
    """A pack with the school's answers in the place of its questions."""
    answers = {
        RULES: asked.answered(tree, pack.rules),
        "duties": asked.answered(tree, pack.duties, "duties"),
        "triage": asked.answered(tree, pack.triage, "triage"),
    }
    return pack.model_copy(update=answers)


def _problems(
    files: Sequence[_File], rules: Mapping[str, Rule], *, whole: bool
) -> tuple[tuple[Problem, ...], set[tuple[str, str]]]:
    """Every problem of what was read, and which rules (by file and name) are broken by one.

    What a rule leans on and is not there is told where the rules are `whole`, and nothing else is wrong:
    else it may be what waits for an answer or could not be read, and that is told.
    """
    problems = [problem for each in files for problem in each.tree.problems]
    leaning = [problem for rule in rules.values() for problem in leans(rules, rule)]
    told = leaning if whole and not any(each.rule or each.whole_file for each in problems) else []
    problems = [*problems, *told, *across(rules)]
    broken = {(problem.file, problem.rule) for problem in (*problems, *leaning)}
    return tuple(sorted(problems)), broken


def _by_name(values: Mapping[str, _Named]) -> tuple[_Named, ...]:
    return tuple(value for _, value in sorted(values.items()))


def version_of(sources: Sequence[Source]) -> str:
    """The content hash of some sources: any change of any file is another version.

    Where the files lie does not count, only their layer, their own name and their text.

    >>> len(version_of([]))
    64
    """
    parts = sorted(
        (each.layer, each.file.rsplit("/", 1)[-1], each.text, *filter(None, (each.unread,)))
        for each in sources
    )
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def _tree(source: Source) -> Tree:
    if not source.unread:
        tree = read_yaml(source.file, source.text)
        tree.layer = source.layer
        return tree
    do = "let the account under which Firstbell runs read it"
    return Tree(source.file, problems=[Problem(source.file, 1, 1, f"cannot be read: {source.unread}", do=do)])


def _as_first_said(read: Sequence[_Read], beside: _Beside) -> dict[str, Rule]:
    """Each rule as the file says it that has it first."""
    rules: dict[str, Rule] = {}
    for tree, pack in read:
        for name, data in pack.rules.items():
            if not name.strip():
                nameless = tree.problem(("rules", name), "a rule needs a name")
                tree.problems.append(replace(nameless, whole_file=True))  # no name tells what was left out
            elif name in rules:
                said = f" ({rules[name].law})" if rules[name].law else ""
                what = f"the rule {name!r} stands already in {rules[name].place}{said}"
                do = "change its thresholds, say it under overrides, or give this rule another name"
                tree.problems.append(tree.problem(("rules", name), what, "", do))
            elif rule := beside.rule(tree, pack.pack, name, data):
                rules[name] = replace(rule, layer=tree.layer)
    return rules


def _override(
    read: Sequence[_Read], beside: _Beside, rules: dict[str, Rule], waiting: Iterable[str]
) -> tuple[Rule, ...]:
    """Put what lower layers say otherwise into the rules; the rules that are off because of it."""

    def reread(tree: Tree, rule: Rule, data: Raw) -> Rule | None:
        return beside.rule(tree, rule.pack, rule.id, data)

    raw: dict[str, Raw] = {name: {} for name in waiting}
    for _, pack in reversed(read):  # of two rules with one name the first one stands
        raw |= {name: data for name, data in pack.rules.items() if isinstance(data, dict)}
    overriding = Overriding(rules, raw, reread)
    for tree, pack in read:
        overriding.take(tree, pack.overrides)
    return overriding.settle()
