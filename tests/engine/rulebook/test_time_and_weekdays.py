"""A rule of one weekday is read; one that looks ahead of the register says that its work can be missed."""

from __future__ import annotations

from engine.rulebook.model import clauses
from engine.rulebook.rulebook import Rulebook, Source, read_rulebook

PACK = """pack: a
thresholds:
  ends: {title: E, unit: minutes after close, values: {always: 0}}
rules:
  one:
    title: One
    because: one
    when: {%s}
    autonomy: send
    then: [{task: {do: look, by: office, due: %s}}]
"""


def _read(when: str, due: str = "same day", more: str = "") -> Rulebook:
    return read_rulebook([Source("trust", "a.yaml", PACK % (when, due) + more)])


def test_a_weekday_is_kept_as_it_is_written() -> None:
    """Friday, and only Friday."""
    book = _read("weekday_sessions: {over: last 4 school weeks, codes: [I], on: Friday, at_least: 3}")
    assert [clause.asked.on for clause in clauses(book.rule("one").when)] == ["Friday"]


def test_only_time_anchored_rules_look_ahead_of_the_register() -> None:
    """Without the word the rule is left out; with it, and a minute that ends its work, it stands."""
    ahead = "mark_awaited: {until: ends, at_least: 1}"
    (problem,) = _read(ahead).problems
    assert "a.yaml:8:5: mark_awaited looks at a session before its register closes; add" in str(problem)
    book = _read(ahead, "ends", "    time_anchored: true\n")
    assert (book.problems, book.rule("one").time_anchored) == ((), True)
