"""Mistakes in what rules may say of history, code sets, scope and schools: each named at its line."""

from __future__ import annotations

import pytest

from engine.match import Judge
from engine.rulebook.rulebook import Rulebook, Source, read_rulebook
from engine.sample import AFTER, school

PACK = """pack: a
code_sets:
  away: {title: Away, codes: [G, illness], source: our policy}
rules:
  one:
    title: One
    because: one
    when: %s
    episode: school year
    autonomy: send
    then: [{task: {do: look, by: office, due: same day}}]
"""
LATE = "late_sessions: {over: today, at_least: 1}"


def read(when: str, more: str = "", pack: str = PACK) -> Rulebook:
    """A pack of one rule with this condition."""
    return read_rulebook([Source("trust", "a.yaml", pack % when + more)])


@pytest.mark.parametrize(
    ("when", "words"),
    [
        (f"{{at_least 3 of: [{LATE}, {LATE}]}}", "3 of 2 conditions can never hold; lower the number"),
        (f"{{at_least two of: [{LATE}]}}", "did you mean 'at_least 2 of'?"),
        ("{at_least 1 of: []}", "at_least 1 of needs a list of conditions"),
        ("{at_least 1 of: [nothing]}", "there is no meaning 'nothing'"),
        ("{events: {kinds: [metting], over: this term, at_least: 1}}", "did you mean 'meeting'?"),
        ("{events: {kinds: [], over: this term, at_least: 1}}", "a word, or a list of words, is expected"),
        ("{events: {kinds: [{}], over: this term, at_least: 1}}", "a word, or a list of words, is expected"),
        ("{events: {over: this term, at_least: 1}}", "events needs the key 'kinds'"),
        (
            "{weekday_pattern: {over: this term, codes: away, one_in: often, at_least: 1}}",
            "'often' is no whole number from 2 to 999999; write how rarely",
        ),
        ("{weekday_pattern: {over: this term, codes: away, one_in: [2], at_least: 1}}", "is no whole number"),
        ("{coded_sessions: {over: this term, codes: awy, at_least: 1}}", "did you mean 'away'?"),
        ("{coded_rate: {over: this term, codes: away, at_least: 1}}", "there is no guard"),
        ("{pupils_absent: {over: today, codes: away, at_least: 1}}", "speaks of a class or a school, this"),
        ("{absence_change: {over: this term, at_least: 1}}", "there is no window before 'this term'"),
    ],
)
def test_a_slip_in_a_condition_is_named(when: str, words: str) -> None:
    """The line, what is wrong, and what was probably meant."""
    (problem,) = read(when).problems
    assert str(problem).startswith("a.yaml:8:")
    assert words in str(problem)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ("    applies_to: {where: {sen: [E, X]}}", "no pupil's sen is 'X'; sen is one of: N, K, E"),
        ("    applies_to: {where: {fsm: ye}}", "no pupil's fsm is 'ye'; did you mean 'yes'?"),
        ("    applies_to: {where_not: {eal: []}}", "eal is asked for, and no value of it"),
        ("    applies_to: {where: {shoe_size: 9}}", "shoe_size"),
        ("    applies_to: {flagged: [a]}\n    subject: class", "applies_to asks for flagged of a class"),
        ("    rollout: [{from: 2026-01-12}]\n    subject: school", "a rule about a school knows none"),
    ],
)
def test_a_slip_in_whom_a_rule_speaks_of_is_named(more: str, words: str) -> None:
    """A scope that nobody could be in, or that only pupils have, takes the rule away."""
    book = read("{school_days: {over: this term, at_least: 1}}", more)
    assert words in "\n".join(map(str, book.problems))
    assert book.rules == ()


def test_a_message_that_rests_on_special_needs_waits_for_a_person() -> None:
    """It must be a proposal; the same rule with a task alone may act."""
    scope = "    applies_to: {where: {sen: [E]}}\n"
    message = "{message: {template: letter, channel: sms, purpose: letters}}"
    sends = PACK.replace("then: [", f"then: [{message}, ")
    (problem,) = read(f"{{{LATE}}}", scope, sends).problems
    assert "a.yaml:10:5: a message that rests on sen does not go without a person; write autonomy" in str(
        problem
    )
    assert read(f"{{{LATE}}}", scope, sends.replace("autonomy: send", "autonomy: propose")).problems == ()
    assert read(f"{{{LATE}}}", scope).problems == ()


def test_a_case_that_rests_on_no_session_says_when_it_ends() -> None:
    """Left at a day it would open anew every day; with a term, or beside a measure of sessions, it stands."""
    events = "events: {kinds: meeting, over: this term, at_least: 1}"
    daily = PACK.replace("    episode: school year\n", "")
    (problem,) = read(f"{{{events}}}", pack=daily).problems
    assert "nothing in when is about a session: with episode 'day' its case opens every day" in str(problem)
    assert read(f"{{all: [{events}, {LATE}]}}", pack=daily).problems == ()
    assert read(f"{{{events}}}").problems == ()


@pytest.mark.parametrize(
    ("name", "codes", "words"),
    [
        ("I", "[G]", "'I' is the name of a code; give this one another name"),
        ("illness", "[G]", "'illness' is the name of a set that is always there"),
        ("away", "[G]", "'away' is the name of a set in a.yaml:3"),
        ("other", "[QQ]", "'QQ' is no attendance code"),
        ("other", "[]", "the list of codes is empty"),
        ("other", "{}", "codes: a list is expected here"),
    ],
)
def test_a_slip_in_a_code_set_is_named(name: str, codes: str, words: str) -> None:
    """A name means one thing, and stands for codes that there are."""
    lower = f"pack: b\ncode_sets:\n  {name}: {{title: T, codes: {codes}}}\n"
    sources = [Source("trust", "a.yaml", PACK % f"{{{LATE}}}"), Source("school", "b.yaml", lower)]
    book = read_rulebook(sources)
    (problem,) = book.problems
    assert str(problem).startswith("b.yaml:3:")
    assert words in str(problem)
    assert [each.name for each in book.code_sets] == ["away"]


def test_a_code_set_stands_for_its_codes_wherever_codes_stand() -> None:
    """In a measure, in a meaning of a lower layer, and in what stops a message; sets may hold sets."""
    stops = "{template: t, channel: sms, purpose: absence, unless_last_mark: [away, U]}"
    upper = PACK.replace("then: [", f"then: [{{message: {stops}}}, ") % (
        "{coded_sessions: {over: today, codes: away, at_least: 1}}"
    )
    lower = (
        "pack: b\nmeanings:\n  gone:\n    title: G\n"
        "    when: {coded_sessions: {over: today, codes: [away, O], at_least: 1}}\n"
        "rules:\n  two: {title: T, because: b, when: gone, autonomy: send, "
        "then: [{task: {do: look, by: office, due: same day}}]}\n"
    )
    book = read_rulebook([Source("trust", "a.yaml", upper), Source("school", "b.yaml", lower)])
    assert book.problems == ()
    assert book.rule("one").message.unless_last_mark == {"G", "I", "U"}  # type: ignore[union-attr]
    pupils = Judge(school("GG", "II", "OO", "//"), AFTER)
    today = {name: pupils.judge(book.rule(name)).weighed[0].clause.asked.codes for name in ("one", "two")}
    assert today == {"one": {"G", "I"}, "two": {"G", "I", "O"}}
