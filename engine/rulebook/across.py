"""What only shows across rules: how they share a ladder, what they lean on, that none waits for itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from engine.rulebook.layered import NATIONAL
from engine.rulebook.model import Rule
from engine.rulebook.problems import Problem, nearest
from engine.rulebook.yaml_source import Tree


def check_ladders(said: Iterable[tuple[Tree, Iterable[str]]], rules: Mapping[str, Rule]) -> None:
    """Whether each ladder that a file says something of has a rule, there or in another pack.

    >>> check_ladders([(Tree("a.yaml"), [])], {})
    """
    there = {rule.on_ladder for rule in rules.values()}
    for tree, names in said:
        for name in names:
            if name not in there and not any(problem.rule for problem in tree.problems):
                what = f"no rule stands on a ladder {name!r}"
                tree.problems.append(tree.problem(("ladders", name), what, nearest(name, there)))


def across(rules: Mapping[str, Rule]) -> list[Problem]:
    """How rules share a ladder, and whether one waits for itself.

    >>> across({})
    []
    """
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


def leans(rules: Mapping[str, Rule], rule: Rule) -> Iterator[Problem]:
    """What a rule cannot do without and is not there: the stage before it, the rule it waits for.

    >>> from engine.rulebook.lint.sample import book, rule
    >>> late = rule("late", "{late_sessions: {over: last 5 school days, at_least: 1}}")
    >>> list(leans({}, book(late).rule("late")))
    []
    """
    before = rule.after and (rule.on_ladder, rule.after.stage)
    if before and before not in {(each.on_ladder, each.stage) for each in rules.values()}:
        what = f"after names stage {before[1]} of ladder {rule.on_ladder!r}, which has no rule"
        yield _of_rule(rule, what, do="name the stage of a rule that stands on this ladder")
    if rule.waits_for and rule.waits_for not in rules:
        what = f"waits_for names the rule {rule.waits_for!r}, which is not there"
        yield _of_rule(rule, what, nearest(rule.waits_for, rules))


def _above_the_law(rules: Mapping[str, Rule]) -> Iterator[Problem]:
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


def _waits(rules: Mapping[str, Rule], rule: Rule) -> list[str]:
    """The rules that a rule waits for, one after the other, until the chain ends or comes round."""
    chain: list[str] = []
    while rule.waits_for in rules and rule.waits_for not in chain:
        chain.append(rule.waits_for)
        rule = rules[rule.waits_for]
    return chain


def _of_rule(rule: Rule, what: str, meant: str = "", do: str = "") -> Problem:
    place = rule.place
    return Problem(place.file, place.line, place.column, what, meant, do, rule.id)
