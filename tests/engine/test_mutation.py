"""Tests against changes: what counts as noticed, by which tests, and of which file."""

from __future__ import annotations

from engine.mutation import Score, Trial
from engine.rulebook.rulebook import Source, read_rulebook
from engine.ruletests import read_tests
from tests.engine import shipped

PACK = """pack: tried
rules:
  tried:
    title: Tried
    because: late today
    when: {late_sessions: {over: today, at_least: 1}}
    autonomy: send
    then: [{task: {do: look, by: office, due: same day}}]
tests:
  - name: late this morning
    calendar: hampshire-2025
    as_of: 2025-09-08T16:00
    marks: {2025-09-08: "L/"}
    expect: {tried: matched}
"""
BESIDE = """pack: beside
rules:
  beside:
    title: Beside
    because: it holds
    when: {late_sessions: {over: today, exactly: 2}}
    autonomy: send
    then: [{task: {do: look, by: office, due: same day}}]
"""
SPELL = """pack: tried
rules:
  tried:
    title: Ill for a while
    because: two sessions of illness in a spell
    when: {coded_sessions: {over: last 5 school days, codes: [I], at_least: 2}}
    episode: spell of absence
    autonomy: propose
    then: [{task: {do: look, by: office, due: same day}}]
tests:
  - name: ill from Monday afternoon to Tuesday morning
    calendar: hampshire-2025
    as_of: 2025-09-09T16:00
    marks: {2025-09-08: "/I", 2025-09-09: "I/"}
    expect: {tried: matched}
"""


def scores(text: str, *files: str) -> tuple[dict[str, Score], list[tuple[str, int, int]]]:
    """The scores of a pack and the one beside it, by file, and what was told on the way."""
    sources = [Source("trust", "tried.yaml", text), Source("trust", "beside.yaml", BESIDE)]
    book = read_rulebook(sources)
    assert not book.problems
    tests = [test for source in sources for test in read_tests(source, book)[0]]
    told: list[tuple[str, int, int]] = []
    found = Trial.of(tests, book, shipped.calendars()).scores(lambda *each: told.append(each), files)
    return {score.file: score for score in found}, told


def test_a_change_that_a_test_of_its_rule_sees_is_noticed_and_others_survive() -> None:
    """Two late sessions needed: the test of one fails; exactly one needed: nothing tells them apart."""
    found, told = scores(PACK)
    changes = {mutant.change for mutant in found["tried.yaml"].survivors}
    assert "late_sessions: at_least 1 became 2" not in changes
    assert "late_sessions: at_least became exactly" in changes
    assert len(found["beside.yaml"].survivors) == found["beside.yaml"].tried
    assert (found["beside.yaml"].percent, told[-1][1:]) == (0, (len(told), len(told)))


def test_a_spell_of_no_code_at_all_is_nobodys_and_is_noticed() -> None:
    """A rule about a spell that loses its only code: no school can write that, a change can."""
    score = scores(SPELL, "tried.yaml")[0]["tried.yaml"]
    assert "coded_sessions: code I was taken out" not in {each.change for each in score.survivors}
    assert "coded_sessions: code O was put in" in {each.change for each in score.survivors}


def test_only_the_files_named_are_changed() -> None:
    """A pack asked for alone is tried alone, with the tests of all."""
    assert list(scores(PACK, "tried.yaml")[0]) == ["tried.yaml"]


def test_tests_that_fail_or_cannot_be_set_notice_nothing() -> None:
    """A failing test would notice anything: it does not count, nor one of an unknown calendar or code."""
    for good, bad in (("matched", "unknown"), ("hampshire-2025", "nowhere"), ('"L/"', '"Q/"')):
        score = scores(PACK.replace(good, bad))[0]["tried.yaml"]
        assert len(score.survivors) == score.tried
