"""The rulebook in force at one school: all packs layered national < trust < school, typed and hashed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from engine.rulebook.cohorts import Cohort, read_cohorts
from engine.rulebook.duties import read_duties, read_runs
from engine.rulebook.lint.checks import WRONG, found
from engine.rulebook.meanings import read_ladders, read_meanings
from engine.rulebook.model import Duty, Ladder, Meaning, OpenCases, Rule, Schedule, Threshold, Triage
from engine.rulebook.problems import Problem, nearest
from engine.rulebook.rules import read_rule
from engine.rulebook.shapes import PackShape
from engine.rulebook.thresholds import read_thresholds
from engine.rulebook.triage import read_triage
from engine.rulebook.typed import shaped
from engine.rulebook.yaml_source import Tree, read_yaml

LAYERS = ("national", "trust", "school")


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
    """Rules and thresholds in force, the problems of what is not, and the hash that is its version."""

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
    meanings: tuple[Meaning, ...] = ()
    packs: tuple[Pack, ...] = ()

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
        """The same rulebook with only the rules not named (for `--rule`)."""
        left_out = frozenset(names)
        rules = tuple(rule for rule in self.rules if rule.id not in left_out)
        return replace(self, rules=rules)

    @property
    def unusable_files(self) -> tuple[Problem, ...]:
        """Problems that take a whole file away, not one part of it."""
        return tuple(problem for problem in self.problems if problem.whole_file)


def read_rulebook(sources: Sequence[Source]) -> Rulebook:
    """The rulebook of some sources. A rule that is broken or cannot be meant is left out and named.

    >>> read_rulebook([Source("trust", "a.yaml", "pack: a")]).rules
    ()
    """
    book = _as_written(sources)
    wrong = found(book, WRONG)
    left = book.without(problem.rule for problem in wrong)
    return replace(left, problems=tuple(sorted((*book.problems, *wrong))))


def _as_written(sources: Sequence[Source]) -> Rulebook:
    """The rulebook of what can be read, whatever it means."""
    ordered = sorted(sources, key=lambda source: (LAYERS.index(source.layer), source.file))
    trees = [_tree(source) for source in ordered]
    packs = [shaped(tree, (), tree.data, PackShape) if tree.usable else None for tree in trees]
    for tree, pack in zip(trees, packs, strict=True):
        if pack is None:
            tree.problems[:] = [replace(problem, whole_file=True) for problem in tree.problems]
    read = [(tree, pack) for tree, pack in zip(trees, packs, strict=True) if pack]
    thresholds: dict[str, Threshold] = {}
    for tree, pack in read:
        thresholds = read_thresholds(tree, pack.thresholds, thresholds)
    triage: dict[str, Triage] = {}
    for tree, pack in read:
        triage = read_triage(tree, pack.triage, triage, thresholds)
    duties: dict[str, Duty] = {}
    runs: dict[str, Schedule] = {}
    cohorts: dict[str, Cohort] = {}
    meanings: dict[str, Meaning] = {}
    ladders: dict[str, Ladder] = {}
    for tree, pack in read:
        duties = read_duties(tree, pack.duties, duties, thresholds, triage)
        runs = read_runs(tree, pack.runs, runs)
        cohorts = read_cohorts(tree, pack.cohorts, cohorts)
        meanings = read_meanings(tree, pack.meanings, meanings, thresholds)
        ladders = read_ladders(tree, pack.ladders, ladders)
    rules: dict[str, Rule] = {}
    for tree, pack in read:
        _add_rules(tree, pack, thresholds, meanings, rules)
    for tree, pack in read:
        _check_ladders(tree, pack, rules)
    problems = [problem for tree in trees for problem in tree.problems]
    problems += _across(rules)
    broken = {(problem.file, problem.rule) for problem in problems}
    return Rulebook(
        tuple(rule for _, rule in sorted(rules.items()) if (rule.place.file, rule.id) not in broken),
        tuple(threshold for _, threshold in sorted(thresholds.items())),
        tuple(sorted(problems)),
        version_of(ordered),
        tuple(ordered),
        tuple(outcome for _, outcome in sorted(triage.items())),
        tuple(duty for _, duty in sorted(duties.items())),
        tuple(run for _, run in sorted(runs.items())),
        tuple(ladder for _, ladder in sorted(ladders.items())),
        tuple(cohorts.values()),
        tuple(meaning for _, meaning in sorted(meanings.items())),
        tuple(
            Pack(pack.pack, pack.title, source.layer, source.file)
            for source, pack in zip(ordered, packs, strict=True)
            if pack
        ),
    )


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


def _check_ladders(tree: Tree, pack: PackShape, rules: dict[str, Rule]) -> None:
    """Whether each ladder that something is said of has a rule, here or in another pack."""
    there = {rule.on_ladder for rule in rules.values()}
    for name in pack.ladders:
        if name not in there and not any(problem.rule for problem in tree.problems):
            what = f"no rule stands on a ladder {name!r}"
            tree.problems.append(tree.problem(("ladders", name), what, nearest(name, there)))


def _tree(source: Source) -> Tree:
    if not source.unread:
        return read_yaml(source.file, source.text)
    do = "let the account under which Firstbell runs read it"
    return Tree(source.file, problems=[Problem(source.file, 1, 1, f"cannot be read: {source.unread}", do=do)])


def _add_rules(
    tree: Tree,
    pack: PackShape,
    thresholds: dict[str, Threshold],
    meanings: dict[str, Meaning],
    rules: dict[str, Rule],
) -> None:
    for name, data in pack.rules.items():
        if not name.strip():
            nameless = tree.problem(("rules", name), "a rule needs a name")
            tree.problems.append(replace(nameless, whole_file=True))  # no name tells what was left out
            continue
        if name in rules:
            what = f"the rule {name!r} stands already in {rules[name].place}"
            do = "change its thresholds, or give this rule another name"
            tree.problems.append(tree.problem(("rules", name), what, "", do))
            continue
        rule = read_rule(tree, pack.pack, name, data, thresholds, meanings)
        if rule:
            rules[name] = rule


def _across(rules: dict[str, Rule]) -> list[Problem]:
    """What only shows across rules: how they share a ladder, and whom they wait for."""
    problems: list[Problem] = []
    stages: dict[tuple[str, int], Rule] = {}
    lowest: dict[str, Rule] = {}
    for rule in rules.values():
        taken = stages.setdefault((rule.on_ladder, rule.stage), rule)
        if taken is not rule:
            what = f"stage {rule.stage} of ladder {rule.on_ladder!r} is taken by {taken.id} ({taken.place})"
            problems.append(_of_rule(rule, what))
        first = lowest.setdefault(rule.on_ladder, rule)
        if (first.episode, first.subject) != (rule.episode, rule.subject):
            what = (
                f"ladder {rule.on_ladder!r} has episode {first.episode.value!r} for a {first.subject} at "
                f"{first.place}, here {rule.episode.value!r} for a {rule.subject}"
            )
            problems.append(_of_rule(rule, what, do="a ladder's cases all stand on one kind of ground"))
        before = rule.after and (rule.on_ladder, rule.after.stage)
        if before and before not in {(each.on_ladder, each.stage) for each in rules.values()}:
            what = f"after names stage {before[1]} of ladder {rule.on_ladder!r}, which has no rule"
            problems.append(_of_rule(rule, what, do="name the stage of a rule that stands on this ladder"))
        if rule.waits_for and rule.waits_for not in rules:
            what = f"waits_for names the rule {rule.waits_for!r}, which is not there"
            problems.append(_of_rule(rule, what, nearest(rule.waits_for, rules)))
        elif rule.id in (chain := _waits(rules, rule)):
            what = f"it would wait for ever: {' waits for '.join((rule.id, *chain))}"
            problems.append(_of_rule(rule, what, do="take one waits_for out"))
    return problems


def _waits(rules: dict[str, Rule], rule: Rule) -> list[str]:
    """The rules that a rule waits for, one after the other, until the chain ends or comes round."""
    chain: list[str] = []
    while rule.waits_for in rules and rule.waits_for not in chain:
        chain.append(rule.waits_for)
        rule = rules[rule.waits_for]
    return chain


def _of_rule(rule: Rule, what: str, meant: str = "", do: str = "") -> Problem:
    place = rule.place
    return Problem(place.file, place.line, place.column, what, meant, do, rule.id)
