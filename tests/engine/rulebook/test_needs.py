"""What a pack asks of the school: its rules wait for the answer, and its tests have their own."""

from __future__ import annotations

from engine.rulebook.lint.unheeded import unused_thresholds
from engine.rulebook.rulebook import Source, read_rulebook

ASKS = """pack: letters
needs:
  letter_by: {ask: By when does the letter go out?, for_tests: 5 school days}
  writes: {ask: Who writes it?, for_tests: office}
rules:
  letter:
    title: A letter
    because: "{days_missed.numerator} days"
    when: {days_missed: {over: year to date, at_least: 5}}
    episode: school year
    autonomy: propose
    then: [{task: {do: write, by: needs writes, due: needs letter_by}}]
  call:
    title: A call
    because: "{days_missed.numerator} days"
    when: {days_missed: {over: year to date, at_least: 3}}
    episode: school year
    autonomy: propose
    then: [{task: {do: call, by: office, due: same day}}]
"""


def read(*more: tuple[str, str], for_tests: bool = False) -> tuple[list[str], list[str], list[str]]:
    """The rules in force, what still waits, and the problems, of the pack that asks and some others."""
    sources = [
        Source("trust", "asks.yaml", ASKS),
        *(Source(layer, f"{layer}.yaml", text) for layer, text in more),
    ]
    book = read_rulebook(sources, for_tests=for_tests)
    waits = [f"{need.name}: {', '.join(need.rules)}" for need in book.needs if need.rules]
    return [rule.id for rule in book.rules], waits, [str(problem) for problem in book.problems]


def test_a_rule_waits_until_all_it_needs_is_answered() -> None:
    """One answer of two is not enough; no answer is guessed; the other rules stand; the school has the last word."""
    assert read() == (["call"], ["letter_by: letter", "writes: letter"], [])
    some = ("trust", "pack: own\nanswers: {letter_by: 3 school days}")
    assert read(some) == (["call"], ["writes: letter"], [])
    book = read_rulebook(
        [
            Source("trust", "asks.yaml", ASKS),
            Source(
                "trust", "own.yaml", "pack: own\nanswers: {letter_by: 3 school days, writes: headteacher}"
            ),
            Source("school", "S.yaml", "pack: s\nanswers: {writes: office}"),
        ]
    )
    (task,) = book.rule("letter").tasks
    assert (task.by, task.due.words, book.problems) == ("office", "3 school days", ())


def test_tests_go_by_answers_of_their_own() -> None:
    """Whatever a school has answered, the tests of the pack try what the pack says for them."""
    answered = ("school", "pack: s\nanswers: {letter_by: 2 school days}")
    assert read(answered, for_tests=True) == (["call", "letter"], [], [])


def test_what_is_asked_or_answered_wrongly_is_told() -> None:
    """A name that nobody asked, one asked twice, an answer that cannot be: each at its line, with what to do."""
    _, _, unknown = read(("school", "pack: s\nanswers: {letter_bye: 2 school days}"))
    assert unknown == [
        "school.yaml:2:11: no pack needs an answer to 'letter_bye'; did you mean 'letter_by'?; "
        "needs are: letter_by, writes"
    ]
    _, _, twice = read(("school", "pack: s\nneeds: {writes: {ask: Who?, for_tests: office}}"))
    assert twice == [
        "school.yaml:2:9: the need 'writes' stands already in asks.yaml:4; answer it under answers, or give "
        "yours another name"
    ]
    rules, _, impossible = read(("school", "pack: s\nanswers: {letter_by: soon, writes: office}"))
    assert rules == ["call"]
    assert "'soon'" in impossible[0]
    asked = ASKS.replace("due: same day", "due: needs someday")
    (nothing,) = read_rulebook([Source("trust", "asks.yaml", asked)]).problems
    assert str(nothing) == (
        "asks.yaml:19:42: the pack asks nothing called 'someday'; add it under needs; there are: letter_by, writes"
    )


def test_a_threshold_that_only_a_waiting_rule_names_is_not_called_unused() -> None:
    """What names it comes with the answer; in the tests of the pack, where all is answered, one is missed."""
    many = "thresholds: {many: {title: Many, unit: days, values: {always: 5}}}\nneeds:"
    asks = ASKS.replace("needs:", many, 1)
    named = asks.replace("at_least: 5}}", "at_least: many}}")
    for text, for_tests, unused in ((named, False, 0), (named, True, 0), (asks, True, 1)):
        book = read_rulebook([Source("trust", "asks.yaml", text)], for_tests=for_tests)
        assert len(list(unused_thresholds(book))) == unused
