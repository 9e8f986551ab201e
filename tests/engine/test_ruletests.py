"""The tests that stand beside the rules: what they notice, and how they say it."""

from __future__ import annotations

import pytest

from engine.inference.agree import Inference
from engine.rulebook.model import Cap
from engine.rulebook.rulebook import Source, read_rulebook
from engine.ruletests import read_tests, run_test
from tests.engine import shipped
from tests.engine.small import rule

RULES = """pack: tried
rules:
  tried:
    title: Tried
    because: ill today
    when: {coded_sessions: {over: today, codes: [I], at_least: 2}}
    autonomy: send
    then: [{task: {do: look, by: office, due: same day}}]
  register:
    title: Register
    subject: class
    because: blanks
    when: {missing_marks: {over: today, at_least: 1}}
    autonomy: send
    then: [{task: {do: look, by: office, due: same day}}]
"""
TEST = """tests:
  - name: one
    calendar: hampshire-2025
    as_of: 2025-09-08T16:00
    marks: {2025-09-08: "II"}
    expect: {tried: matched}
"""


def run(tests: str) -> list[str]:
    """What the only test of a pack finds different."""
    source = Source("trust", "tried.yaml", RULES + tests)
    book = read_rulebook([source])
    (test,), problems = read_tests(source, book)
    assert not problems
    assert (test.name, test.line) == ("one", 17)
    return [str(each) for each in run_test(test, book, shipped.calendars(), Inference())]


@pytest.mark.parametrize(
    ("good", "bad", "said"),
    [
        ("expect", "expect", []),
        (
            '"II"',
            '"I/"',
            [("tried: expected matched, was not_matched (sessions: 1 sessions, the rule needs at least 2)")],
        ),
        ("matched", "unknown", ["tried: expected unknown, was matched (ill today)"]),
        ("matched", "{result: matched, outcome: propose}", []),  # most of the absence is illness
        ("matched", "{result: matched, outcome: act}", ["tried: expected outcome act, was propose"]),
        (
            '"II"}\n    expect: {tried: matched',
            '"I/"}\n    expect: {tried: {result: not_matched, short_by: 1}',
            [],
        ),
        (
            '"II"}\n    expect: {tried: matched',
            '"I/"}\n    expect: {tried: {result: not_matched, short_by: 2}',
            ["tried: expected short by 2, was short by [1.0]"],
        ),
        (
            '"II"}\n    expect: {tried: matched',
            '"I/"}\n    expect: {tried: {result: not_matched, outcome: act}',
            ["tried: expected outcome act, was none"],
        ),
        (
            "hampshire-2025",
            "hampshire",
            [("calendar: expected calendar 'hampshire', was not in rules/calendars 'hampshire-2025'?")],
        ),
        (
            "2025-09-08T16:00",
            "Monday",
            [
                (
                    "test: expected marks and a day that can be read, was 'Monday' is not an "
                    "instant; write 2025-11-10T09:20, or 2025-11-10 for the end of that day"
                )
            ],
        ),
        (
            '"II"',
            '"I"',
            [
                (
                    "test: expected marks and a day that can be read, was 'I' is not a day of marks; "
                    "write two codes such as // or C2,C2, - for none"
                )
            ],
        ),
        (
            '"II"',
            '"QQ,/"',
            [
                (
                    "test: expected marks and a day that can be read, was 'QQ' is "
                    "no attendance code on 2025-09-08"
                )
            ],
        ),
        (
            "matched",
            "{result: matched, outcome: propose, reasons: [health_absence, rule_holds]}",
            ["tried: expected reasons health_absence, rule_holds, was health_absence"],
        ),
        ("matched", "{result: matched, reasons: [health_absence]}", []),
        (
            '"II"}\n    expect: {tried: matched',
            '"I/"}\n    expect: {tried: {result: not_matched, reasons: [fuse]}',
            ["tried: expected reasons fuse, was none"],
        ),
        ("expect: {tried: matched}", "present_otherwise: false\n    expect: {register: not_matched}", []),
        (
            "as_of: 2025-09-08T16:00",
            "present_otherwise: false\n    as_of: 2025-09-09T16:00",
            ["tried: expected matched, was unknown (sessions cannot be told: 2 marks not taken)"],
        ),
        (
            "expect: {tried",
            (
                "pupil: {year_group: 9, form: '', left_on: 2025-09-07}\n    "
                "expect: {tried: not_applicable, register"
            ),
            ["register: expected matched, was not_applicable (nobody in this class is on roll on that day)"],
        ),
    ],
)
def test_a_test_says_what_it_finds_different(good: str, bad: str, said: list[str]) -> None:
    """Result, shortfall and outcome are compared; what cannot be read is a difference with its reason."""
    assert run(TEST.replace(good, bad)) == said


@pytest.mark.parametrize(
    ("good", "bad", "words"),
    [
        (
            "expect: {tried",
            "expect: {tired",
            [("tried.yaml:21:14: there is no rule 'tired'; did you mean 'tried'?")],
        ),
        (
            "tried: matched",
            "tried: mached",
            [("tried.yaml:21:14: result: 'mached' is not one of: matched"), "did you mean 'matched'?"],
        ),
        (
            "tried: matched",
            "tried: {result: matched, reasons: [health_absense]}",
            ["tried.yaml:21:49: item 1: 'health_absense' is not one of: ", "did you mean 'health_absence'?"],
        ),
        ("tried: matched", "tried: {short_by: 1}", ["tried.yaml:21:14: the key 'result' is missing"]),
        ("expect: {tried: matched}", "expect: {}", ["tried.yaml:21:5: expect: at least one is needed here"]),
        ("    as_of: 2025-09-08T16:00\n", "", ["tried.yaml:17:5: the key 'as_of' is missing"]),
        (
            "2025-09-08: ",
            "8 September: ",
            ["tried.yaml:20:13: ", ("'8 September' is not a date; write it as 2025-09-08")],
        ),
        (
            "expect:",
            ("history: [{kind: hold, on: soon}]\n    expect:"),
            ["tried.yaml:21:28: on: 'soon' is not a date"],
        ),
        ("tests:\n", "tests:\n  - only words\n", ["tried.yaml:17:5: a mapping is expected here"]),
    ],
)
def test_a_test_that_cannot_be_read_is_named_at_its_line(good: str, bad: str, words: list[str]) -> None:
    """A slip in a test is said like a slip in a rule, and takes no rule away."""
    source = Source("trust", "tried.yaml", RULES + TEST.replace(good, bad))
    book = read_rulebook([source])
    said = "\n".join(map(str, read_tests(source, book)[1]))
    for each in words:
        assert each in said
    assert [rule.id for rule in book.rules] == ["register", "tried"]


def test_a_calendar_that_is_not_there_is_named_at_its_line() -> None:
    """Where the calendars are known; the test is still read, and nothing else is wrong with it."""
    source = Source("trust", "tried.yaml", RULES + TEST)
    book = read_rulebook([source])
    named = read_tests(source, book)[0][0].shape.calendar
    (problem,) = read_tests(source, book, {f"{named}5"})[1]
    assert str(problem) == (
        f"tried.yaml:18:5: there is no calendar {named!r} in rules/calendars; did you mean '{named}5'?; "
        f"calendars are: {named}5"
    )
    assert "calendars are: none" in str(read_tests(source, book, ())[1])
    assert read_tests(source, book, {named})[1] == ()


def test_a_file_that_cannot_be_read_has_no_tests_and_says_why() -> None:
    """Broken YAML is a problem of its tests too."""
    source = Source("trust", "tried.yaml", "tests: [")
    tests, problems = read_tests(source, read_rulebook([source]))
    assert (tests, len(problems)) == ((), 1)


@pytest.mark.parametrize(
    ("words", "cap"), [("40", Cap(40)), ("5 percent of roll", Cap(5, percent_of_roll=True))]
)
def test_a_cap_is_a_number_or_a_share_of_the_roll(words: str, cap: Cap) -> None:
    """Both forms of at_most."""
    assert (
        rule("{coded_sessions: {over: today, codes: [I], at_least: 2}}", f"    at_most: {words}").at_most
        == cap
    )
    assert (Cap(40).of(10), Cap(5, percent_of_roll=True).of(199)) == (40, 9)


def test_a_test_of_a_broken_rule_adds_no_second_complaint() -> None:
    """The rule's mistake is told where it stands; its tests do not say that there is no such rule."""
    source = Source("trust", "tried.yaml", RULES.replace("because: ill", "becuase: ill") + TEST)
    book = read_rulebook([source])
    ((test,), problems) = read_tests(source, book)
    assert {problem.rule for problem in book.problems} == {"tried"}
    assert (test.expect, problems) == ((), ())
