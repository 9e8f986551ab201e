"""hold_for, rearm, grace and requires as read: values, slips named at their line, meaning kept."""

from __future__ import annotations

from datetime import date

import pytest

from engine.former import alike, frozen
from engine.rulebook.model import Clause, clauses
from engine.rulebook.rulebook import Rulebook, Source, read_rulebook

PACK = """pack: a
thresholds:
  few: {title: Few, unit: sessions, values: {always: 20, 2026-01-05: 10}}
rules:
  slow:
    title: Slow
    because: "{coded_sessions.numerator}"
    when: {coded_sessions: {over: last 5 school days, codes: [I], at_least: 1}}
    clears_when: {coded_sessions: {over: last 10 school days, codes: [I], below: 1}}
    episode: until cleared
    hold_for: 2 school days
    rearm: 4 school weeks
    grace: 1 school day
    requires:
      - title: some weeks
        when: {possible_sessions: {over: year to date, at_least: few}}
    autonomy: send
    then: [{task: {do: look, by: office, due: same day}}]
"""
TEXT = "message: {template: first-day-absence, channel: sms, purpose: absence, urgent: true}"
SAME_DAY = (
    "a.yaml:11:5: a rule of the same day waits for nothing, and this one has hold_for; leave hold_for out"
)


def read(text: str) -> Rulebook:
    """The rulebook of one pack."""
    return read_rulebook([Source("trust", "a.yaml", text)])


def test_it_reads() -> None:
    """Numbers of school days, a span, a condition; grace is in every window of when and clears_when."""
    book = read(PACK)
    assert book.problems == ()
    slow = book.rule("slow")
    assert slow.patience.words == (
        "held for 2 school days",
        "4 school weeks after the last case",
        "without the last 1 school day",
        "requires: some weeks",
    )
    conditions = (slow.when, slow.clears_when, slow.patience.requires[0].when)
    windows = [clause.asked.over for each in conditions if each for clause in clauses(each)]
    assert [(window.words, window.grace) for window in windows] == [
        ("last 5 school days, but the last school day", 1),
        ("last 10 school days, but the last school day", 1),
        ("year to date", 0),
    ]


@pytest.mark.parametrize(
    ("good", "bad", "says"),
    [
        ("2 school days", "2 days", "a.yaml:11:5: '2 days' is no stretch of school time"),
        ("2 school days", "2 school weeks", "a.yaml:11:5: '2 school weeks' is told in school days here"),
        ("4 school weeks", "a month", "a.yaml:12:5: 'a month' is no stretch of school time"),
        ("1 school day\n", "1 school week\n", "a.yaml:13:5: '1 school week' is told in school days here"),
        (
            "over: last 5 school days",
            "over: today",
            "a.yaml:13:5: coded_sessions looks at today, which grace",
        ),
        ("at_least: few", "at_least: fwe", "a.yaml:16:56: there is no threshold 'fwe'; did you mean 'few'?"),
        ("title: some weeks", "titel: some weeks", "a.yaml:15:9: unknown key 'titel'; did you mean 'title'?"),
        (
            "{possible_sessions: {over: year to date, at_least: few}}",
            "{absence_rate: {over: year to date, at_least: 10}}",
            "a.yaml:16:9: a percentage of very few sessions says nothing: there is no guard",
        ),
        (
            "{possible_sessions: {over: year to date, at_least: few}}",
            "{mark_awaited: {until: soon, at_least: 1}}",
            "a.yaml:16:9: mark_awaited looks at a session before its register closes",
        ),
        ("    autonomy", "    time_anchored: true\n    autonomy", SAME_DAY),
        ("[{task", f"[{{{TEXT}}}, {{task", SAME_DAY),
    ],
)
def test_a_slip_is_named(good: str, bad: str, says: str) -> None:
    """The message says where and what, and the rule is left out."""
    assert PACK.count(good) == 1
    text = PACK.replace(good, bad)
    soon = "  soon: {title: Soon, unit: minutes after close, values: {always: 5}}\n"
    book = read(text.replace("rules:\n", f"{soon}rules:\n") if "soon" in bad else text)
    said = [str(problem) for problem in book.problems]
    assert any(
        each.startswith(says if "soon" not in bad else says.replace(":16:", ":17:")) for each in said
    ), said
    assert book.rules == ()


def test_each_way_to_wait_is_refused_on_the_same_day() -> None:
    """All four are named: where a child may be missing nothing waits."""
    said = [
        str(each)
        for each in read(PACK.replace("    autonomy", "    time_anchored: true\n    autonomy")).problems
    ]
    for key in ("hold_for", "rearm", "grace", "requires"):
        assert any(f"and this one has {key}" in each for each in said)


def test_a_requirement_keeps_its_value_when_frozen_and_its_words_do_not_count() -> None:
    """A case that finishes under the old keeps what was required; only another meaning is a change."""
    slow = read(PACK).rule("slow")
    autumn, spring = frozen(slow, date(2025, 11, 10)), frozen(slow, date(2026, 1, 12))
    (required,) = autumn.patience.requires
    assert isinstance(required.when, Clause)
    assert [test.threshold for test in required.when.tests] == [2000]
    assert not alike([autumn], [spring])
    renamed = read(PACK.replace("title: some weeks", "title: weeks")).rule("slow")
    assert alike([autumn], [frozen(renamed, date(2025, 11, 10))])
    for old, new in (
        ("2 school days", "3 school days"),
        ("4 school weeks", "5 school weeks"),
        ("grace: 1", "grace: 2"),
    ):
        other = read(PACK.replace(old, new)).rule("slow")
        assert not alike([autumn], [frozen(other, date(2025, 11, 10))])
