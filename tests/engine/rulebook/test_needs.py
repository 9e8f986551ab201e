"""What a pack asks of the school: its rules wait for the answer, and its tests have their own."""

from __future__ import annotations

from engine.rulebook.lint.unheeded import unused_thresholds
from engine.rulebook.rulebook import Source, read_rulebook

ASKS = """pack: letters
needs:
  letter_by: {ask: "By when does the letter go out?", for_tests: 5 school days}
  writes: {ask: "Who writes it?", for_tests: office}
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
    """One answer of two is not enough, none is guessed; other rules stand; the school has the last word."""
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


def test_a_question_says_who_waits_and_where_to_answer() -> None:
    """The note of a check: where it is asked, what, how to answer, and what waits."""
    (letter_by, _) = read_rulebook([Source("trust", "asks.yaml", ASKS)]).needs
    assert str(letter_by) == (
        "needs: asks.yaml:3: By when does the letter go out? Say it under answers: {letter_by: ...}; "
        "until then letter waits"
    )


def test_tests_go_by_answers_of_their_own() -> None:
    """Whatever a school has answered, the tests of the pack try what the pack says for them."""
    answered = ("school", "pack: s\nanswers: {letter_by: 2 school days}")
    assert read(answered, for_tests=True) == (["call", "letter"], [], [])


def test_what_is_asked_or_answered_wrongly_is_told() -> None:
    """A name that nobody asked, one asked twice, an answer that cannot be: each at its line."""
    (unknown,) = read(("school", "pack: s\nanswers: {letter_bye: 2 school days}"))[2]
    assert unknown.startswith(
        "school.yaml:2:11: no pack needs an answer to 'letter_bye'; did you mean 'letter_by'?"
    )
    (twice,) = read(("school", "pack: s\nneeds: {writes: {ask: Who, for_tests: office}}"))[2]
    assert twice.startswith(
        "school.yaml:2:9: the need 'writes' stands already in asks.yaml:4; answer it under"
    )
    rules, _, impossible = read(("school", "pack: s\nanswers: {letter_by: soon, writes: office}"))
    assert rules == ["call"]
    assert "'soon'" in impossible[0]
    asked = ASKS.replace("due: same day", "due: needs someday")
    (odd,) = read(("school", "pack: s\nneeds: {when: {ask: When}}"))[2]
    assert odd.startswith("school.yaml:2:9: the key 'for_tests' is missing")
    (nothing,) = map(str, read_rulebook([Source("trust", "asks.yaml", asked)]).problems)
    assert nothing.startswith("asks.yaml:19:42: the pack asks nothing called 'someday'; add it under needs")


def test_a_duty_and_an_outcome_wait_too() -> None:
    """What comes round, and what a task can end as, wait for their own answers; no rule waits with them."""
    asks = """pack: weekly
needs:
  day: {ask: "On which day?", for_tests: every Monday at 09:00}
  visits: {ask: "Who visits?", for_tests: dsl}
duties:
  list: {title: The list, comes: needs day, task: {do: look, by: office, due: same day}}
triage:
  nobody-home: {title: Nobody, task: {do: visit, by: needs visits, due: same day}}
"""
    rule = Source("trust", "asks.yaml", ASKS.replace("needs letter_by", "same day"))
    waiting = read_rulebook([Source("trust", "weekly.yaml", asks), rule])
    assert (waiting.duties, waiting.triage) == ((), ())
    assert [(need.name, need.rules) for need in waiting.needs if need.rules] == [
        ("day", ("list",)), ("visits", ("nobody-home",)), ("writes", ("letter",)),
    ]  # fmt: skip
    answered = [Source("school", "s.yaml", "pack: s\nanswers: {day: every Friday at 09:00, visits: office}")]
    book = read_rulebook([Source("trust", "weekly.yaml", asks), *answered])
    assert [duty.comes.words for duty in book.duties] == ["every Friday at 09:00"]
    assert [outcome.task.by for outcome in book.triage if outcome.task] == ["office"]


def test_a_duty_that_waits_hides_no_mistake() -> None:
    """A rule that leans on another that is not there is told, whatever a duty still asks."""
    duty = "duties: {list: {title: L, comes: needs day, task: {do: look, by: office, due: same day}}}"
    asks = "needs: {day: {ask: When, for_tests: every Monday at 09:00}}"
    lost = ASKS.split("rules:")[1].replace("needs writes", "office").replace("needs letter_by", "same day")
    text = f"pack: w\n{asks}\n{duty}\nrules:" + lost.replace("then:", "waits_for: nobody\n    then:", 1)
    (problem,) = read_rulebook([Source("trust", "w.yaml", text)]).problems
    assert "waits_for names the rule 'nobody'" in str(problem)


def test_a_threshold_of_a_rule_that_waits_is_not_called_unused() -> None:
    """Who has not answered yet is told of the question, not of a threshold that the answer will use."""
    named = "thresholds: {many: {title: Many, unit: days, values: {always: 5}}}\n"
    asks = ASKS.replace("needs:", f"{named}needs:").replace("at_least: 5", "at_least: many")
    assert list(unused_thresholds(read_rulebook([Source("trust", "a.yaml", asks)]))) == []
    answered = (
        f"{asks.replace('at_least: many', 'above: 9')}answers: {{letter_by: same day, writes: office}}\n"
    )
    book = read_rulebook([Source("trust", "a.yaml", answered)])
    assert [problem.what for problem in unused_thresholds(book)] == ["nothing names the threshold 'many'"]
