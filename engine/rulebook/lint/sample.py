"""Small rulebooks for the examples of the checks."""

from __future__ import annotations

from engine.rulebook.conditions import Conditions
from engine.rulebook.model import Clause
from engine.rulebook.rulebook import Rulebook, Source, read_rulebook
from engine.rulebook.yaml_source import Tree

_RULE = """
  {name}:
    title: {name}
    because: "{name}"
    when: {when}
    autonomy: send
    {more}
    then: [{{task: {{do: ring, by: office, due: {due}}}}}]
"""


def clause(measure: str, **asked: object) -> Clause:
    """One clause, as a rule writes it; a ValueError where it cannot be read.

    >>> clause("late_sessions", over="today", at_least=1).measure.name
    'late_sessions'
    """
    tree = Tree("sample.yaml")
    found = Conditions(tree, {}, "pupil").read({measure: asked}, ())
    if not isinstance(found, Clause):
        raise ValueError("; ".join(map(str, tree.problems)))  # noqa: TRY004 - a slip in words, not a type
    return found


def rule(name: str, when: str, *more: str, due: str = "same day") -> str:
    """One rule as YAML, with a line for each of `more`.

    >>> "  late:" in rule("late", "{late_sessions: {over: today, at_least: 1}}")
    True
    """
    lines = _RULE.format(name=name, when=when, more="\n    ".join(more), due=due).splitlines()
    return "\n".join(line for line in lines if line.strip())


def book(*rules: str, thresholds: str = "{}") -> Rulebook:
    """The rulebook of one pack with these rules.

    >>> book(rule("late", "{late_sessions: {over: today, at_least: 1}}")).problems
    ()
    """
    there = ["rules:", *rules] if rules else []
    text = "\n".join(["pack: sample", f"thresholds: {thresholds}", *there])
    return read_rulebook([Source("trust", "sample.yaml", text)])
