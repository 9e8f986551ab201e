"""What is said once for many rules: its slips are named, and take away only what rests on them."""

from __future__ import annotations

import pytest

from engine.rulebook.model import OpenCases
from engine.rulebook.rulebook import Rulebook, Source, read_rulebook

PACK = """
pack: a
meanings:
  seldom: {title: Seldom here, when: {coded_sessions: {over: today, codes: [I], at_least: 1}}}
ladders:
  support: {open_cases: never skip a stage}
rules:
  first:
    title: First
    because: "{coded_sessions.numerator}"
    when: seldom
    ladder: support
    stage: 1
    autonomy: send
    then: [{task: {do: talk, by: office, due: same day}}]
  second:
    title: Second
    because: "{coded_sessions.numerator}"
    when: {not: seldom}
    ladder: support
    stage: 2
    after: {stage: 1, done_for: 3 school days}
    review_after: 2 school weeks
    autonomy: send
    then: [{task: {do: meet, by: office, due: same day}}]
"""


def read(text: str, lower: str = "") -> Rulebook:
    """The rulebook of a trust's pack, with a school's below it."""
    sources = [Source("trust", "a.yaml", text)]
    return read_rulebook([*sources, *([Source("school", "s.yaml", lower)] if lower else [])])


def test_it_reads() -> None:
    """A meaning stands for its condition; the ladder, the stage before and the review are values."""
    book = read(PACK)
    assert book.problems == ()
    first, second = book.rules
    assert second.when.parts == (first.when,)  # type: ignore[union-attr]
    assert (
        second.after and second.after.done_for.count,
        second.review_after and second.review_after.weeks,
    ) == (
        3,
        True,
    )
    assert book.open_cases("support") is OpenCases.NEVER_SKIP
    assert book.open_cases("another") is OpenCases.JUDGE_AGAIN


def test_a_school_decides_what_becomes_of_its_open_cases() -> None:
    """The layer below says it anew."""
    lower = "pack: s\nladders: {support: {open_cases: finish under the old}}\n"
    assert read(PACK, lower).open_cases("support") is OpenCases.FINISH


@pytest.mark.parametrize(
    ("good", "bad", "says", "left"),
    [
        (
            "when: {not: seldom}",
            "when: {not: seldum}",
            "there is no meaning 'seldum'; did you mean 'seldom'?",
            1,
        ),
        ("codes: [I]", "codes: [II]", "'II' is no attendance code", 0),
        ("title: Seldom here, when", "title: Seldom here, wen", "unknown key 'wen'; did you mean 'when'?", 0),
        (
            "title: Seldom here,",
            "title: Seldom here, subject: class,",
            "coded_sessions speaks of a pupil, this rule of a class",
            0,
        ),
        ("  support: {", "  suport: {", "no rule stands on a ladder 'suport'; did you mean 'support'?", 2),
        ("never skip a stage", "never skip", "open_cases", 2),
        ("after: {stage: 1,", "after: {stage: 2,", "after names a lower stage of the same ladder", 1),
        ("done_for: 3 school days", "done_for: 3 days", "'3 days' is no stretch of school time", 1),
        ("review_after: 2 school weeks", "review_after: soon", "'soon' is no stretch of school time", 1),
        (
            "    stage: 1\n    aut",
            "    stage: 3\n    aut",
            "after names stage 1 of ladder 'support', which has",
            1,
        ),
    ],
)
def test_a_slip_is_named(good: str, bad: str, says: str, left: int) -> None:
    """The message says where and what; only what rests on it is left out."""
    assert PACK.count(good) == 1
    book = read(PACK.replace(good, bad))
    assert any(says in str(problem) for problem in book.problems), book.problems
    assert all(str(problem).startswith("a.yaml:") for problem in book.problems)
    assert len(book.rules) == left


def test_a_word_means_one_thing_in_every_school() -> None:
    """A school may not give a trust's word another meaning; a class's word is none for a pupil's rule."""
    lower = "pack: s\nmeanings: {seldom: {title: X, when: {late_sessions: {over: today, at_least: 1}}}}\n"
    (problem,) = read(PACK, lower).problems
    assert "the meaning 'seldom' stands already in a.yaml:4; change its thresholds" in str(problem)
    of_class = "subject: class, when: {missing_marks: {over: today, at_least: 1}}"
    more = PACK.replace("ladders:\n", f"  gaps: {{title: Gaps, {of_class}}}\nladders:\n")
    book = read(more.replace("when: seldom", "when: gaps"))
    assert "gaps speaks of a class, this rule of a pupil" in str(book.problems[0])
