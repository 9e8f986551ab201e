"""The rulebook in force at one school: all packs from the state down to the school, typed and hashed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from engine.rulebook.authorities import check_schools
from engine.rulebook.code_sets import CodeSet, read_code_sets
from engine.rulebook.cohorts import Cohort, read_cohorts
from engine.rulebook.duties import read_duties, read_runs
from engine.rulebook.layered import LAYERS as LAYERS
from engine.rulebook.layered import NATIONAL
from engine.rulebook.lint.checks import WRONG, found
from engine.rulebook.meanings import read_ladders, read_meanings
from engine.rulebook.model import Duty, Ladder, Meaning, OpenCases, Rule, Schedule, Threshold, Triage
from engine.rulebook.needs import RULES, Asking, Need
from engine.rulebook.overrides import Overriding, Raw
from engine.rulebook.problems import Problem, nearest
from engine.rulebook.rules import read_rule
from engine.rulebook.shapes import PackShape
from engine.rulebook.thresholds import read_thresholds
from engine.rulebook.triage import read_triage
from engine.rulebook.typed import shaped
from engine.rulebook.yaml_source import Tree, read_yaml


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
    trees = [_tree(source) for source in ordered]
    packs = [shaped(tree, (), tree.data, PackShape) if tree.usable else None for tree in trees]
    for tree, pack in zip(trees, packs, strict=True):
        if pack is None:
            tree.problems[:] = [replace(problem, whole_file=True) for problem in tree.problems]
    read = [(tree, pack) for tree, pack in zip(trees, packs, strict=True) if pack]
    check_schools((tree, pack.schools) for tree, pack in read)
    asked = Asking.of([(tree, pack.needs, pack.answers) for tree, pack in read], for_tests=for_tests)
    read = [
        (
            tree,
            pack.model_copy(
                update={
                    RULES: asked.answered(tree, pack.rules),
                    "duties": asked.answered(tree, pack.duties, "duties"),
                    "triage": asked.answered(tree, pack.triage, "triage"),
                }
            ),
        )
        for tree, pack in read
    ]
    thresholds: dict[str, Threshold] = {}
    for tree, pack in read:
        thresholds = read_thresholds(tree, pack.thresholds, thresholds)
    triage: dict[str, Triage] = {}
    for tree, pack in read:
        triage = read_triage(tree, pack.triage, triage, thresholds)
    duties: dict[str, Duty] = {}
    runs: dict[str, Schedule] = {}
    cohorts: dict[str, Cohort] = {}
    code_sets: dict[str, CodeSet] = {}
    meanings: dict[str, Meaning] = {}
    ladders: dict[str, Ladder] = {}
    for tree, pack in read:
        duties = read_duties(tree, pack.duties, duties, thresholds, triage)
        runs = read_runs(tree, pack.runs, runs)
        cohorts = read_cohorts(tree, pack.cohorts, cohorts)
        code_sets = read_code_sets(tree, pack.code_sets, code_sets)
        meanings = read_meanings(tree, pack.meanings, meanings, thresholds, code_sets)
        ladders = read_ladders(tree, pack.ladders, ladders)
    rules: dict[str, Rule] = {}
    for tree, pack in read:
        _add_rules(tree, pack, thresholds, meanings, rules, code_sets)
    off = _override(read, thresholds, meanings, rules, code_sets, asked.rules)
    for tree, pack in read if not asked.rules else ():
        _check_ladders(tree, pack, rules)
    problems = [problem for tree in trees for problem in tree.problems]
    leaning = [problem for rule in rules.values() for problem in _leans(rules, rule)]
    if not asked.rules and not any(problem.rule or problem.whole_file for problem in problems):
        problems += leaning  # else what is not there may be what waits or could not be read, and that is told
    problems += _across(rules)
    broken = {(problem.file, problem.rule) for problem in (*problems, *leaning)}
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
        off,
        tuple(each for _, each in sorted(code_sets.items())),
        tuple(meaning for _, meaning in sorted(meanings.items())),
        tuple(
            Pack(pack.pack, pack.title, source.layer, source.file)
            for source, pack in zip(ordered, packs, strict=True)
            if pack
        ),
        asked.needs,
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
        tree = read_yaml(source.file, source.text)
        tree.layer = source.layer
        return tree
    do = "let the account under which Firstbell runs read it"
    return Tree(source.file, problems=[Problem(source.file, 1, 1, f"cannot be read: {source.unread}", do=do)])


def _override(
    read: Sequence[tuple[Tree, PackShape]],
    thresholds: dict[str, Threshold],
    meanings: dict[str, Meaning],
    rules: dict[str, Rule],
    code_sets: dict[str, CodeSet],
    waiting: Iterable[str],
) -> tuple[Rule, ...]:
    """Put what lower layers say otherwise into the rules; the rules that are off because of it."""

    def reread(tree: Tree, rule: Rule, data: Raw) -> Rule | None:
        return read_rule(tree, rule.pack, rule.id, data, thresholds, meanings, code_sets)

    raw: dict[str, Raw] = {name: {} for name in waiting}
    for _, pack in reversed(read):  # of two rules with one name the first one stands
        raw |= {name: data for name, data in pack.rules.items() if isinstance(data, dict)}
    overriding = Overriding(rules, raw, reread)
    for tree, pack in read:
        overriding.take(tree, pack.overrides)
    return overriding.settle()


def _add_rules(
    tree: Tree,
    pack: PackShape,
    thresholds: dict[str, Threshold],
    meanings: dict[str, Meaning],
    rules: dict[str, Rule],
    code_sets: dict[str, CodeSet],
) -> None:
    for name, data in pack.rules.items():
        if not name.strip():
            nameless = tree.problem(("rules", name), "a rule needs a name")
            tree.problems.append(replace(nameless, whole_file=True))  # no name tells what was left out
            continue
        if name in rules:
            said = f" ({rules[name].law})" if rules[name].law else ""
            what = f"the rule {name!r} stands already in {rules[name].place}{said}"
            do = "change its thresholds, say it under overrides, or give this rule another name"
            tree.problems.append(tree.problem(("rules", name), what, "", do))
            continue
        rule = read_rule(tree, pack.pack, name, data, thresholds, meanings, code_sets)
        if rule:
            rules[name] = replace(rule, layer=tree.layer)


def _across(rules: dict[str, Rule]) -> list[Problem]:
    """What only shows across rules: how they share a ladder, and that none waits for itself."""
    problems: list[Problem] = [*_above_the_law(rules)]
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
        if rule.id in (chain := _waits(rules, rule)):
            what = f"it would wait for ever: {' waits for '.join((rule.id, *chain))}"
            problems.append(_of_rule(rule, what, do="take one waits_for out"))
    return problems


def _leans(rules: dict[str, Rule], rule: Rule) -> Iterator[Problem]:
    """What a rule cannot do without and is not there: the stage before it, the rule it waits for."""
    before = rule.after and (rule.on_ladder, rule.after.stage)
    if before and before not in {(each.on_ladder, each.stage) for each in rules.values()}:
        what = f"after names stage {before[1]} of ladder {rule.on_ladder!r}, which has no rule"
        yield _of_rule(rule, what, do="name the stage of a rule that stands on this ladder")
    if rule.waits_for and rule.waits_for not in rules:
        what = f"waits_for names the rule {rule.waits_for!r}, which is not there"
        yield _of_rule(rule, what, nearest(rule.waits_for, rules))


def _above_the_law(rules: dict[str, Rule]) -> Iterator[Problem]:
    """Rules of a lower layer on a higher stage than one that a regulation asks for: it would not act."""
    legal = [rule for rule in rules.values() if rule.law]
    for rule in rules.values():
        below = (each for each in legal if each.on_ladder == rule.on_ladder and each.stage < rule.stage)
        under = next(below, None)
        if under and rule.layer != NATIONAL:
            what = (
                f"stage {rule.stage} of ladder {rule.on_ladder!r} would keep {under.id} ({under.place}) from "
                f"acting, which {under.law} asks for"
            )
            yield _of_rule(rule, what, do="give it a ladder of its own")


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
