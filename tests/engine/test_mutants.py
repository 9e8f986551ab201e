"""What is changed in a rulebook, and that a keyword of tomorrow is changed without a line for it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from engine.measures.measure import Asked
from engine.mutants import _inside, mutants
from engine.rulebook.model import Clause, Place
from engine.rulebook.rulebook import Source, read_rulebook
from engine.spans import Span
from engine.windows import Window
from tests.engine import shipped
from tests.engine.small import book, rule

_HERE = Place("tried.yaml", 1, 1)


def changes(when: str, more: str = "") -> list[str]:
    """What is changed in a rule with such a condition."""
    return [mutant.change for mutant in mutants(book(when, more))]


@pytest.mark.parametrize(
    ("when", "said"),
    [
        (
            "{coded_sessions: {over: last 4 school weeks, codes: [I, O], at_least: 3}}",
            [
                "coded_sessions: at_least became above",
                "coded_sessions: at_least became exactly",
                "coded_sessions: at_least 3 became 2",
                "coded_sessions: at_least 3 became 4",
                "coded_sessions: over 'last 4 school weeks' became 'last 3 school weeks'",
                "coded_sessions: over 'last 4 school weeks' became 'last 5 school weeks'",
                "coded_sessions: code I was taken out",
                "coded_sessions: code O was taken out",
                "coded_sessions: code M was put in",
            ],
        ),
        (
            "{spells: {over: last 1 school days, codes: [I, O, M, C, L], below: 2}}",
            [
                "spells: below became at_most",
                "spells: below 2 became 1",
                "spells: below 2 became 3",
                "spells: over 'last 1 school days' became 'last 2 school days'",
                *(f"spells: code {code} was taken out" for code in "CILMO"),
            ],
        ),
        (
            "{weekday_sessions: {over: whole register, codes: [I], on: Sunday, above: 2}}",
            [
                "weekday_sessions: above became at_least",
                "weekday_sessions: above 2 became 1",
                "weekday_sessions: above 2 became 3",
                "weekday_sessions: over 'whole register' became 'last 2 school days'",
                "weekday_sessions: code I was taken out",
                "weekday_sessions: code O was put in",
                "weekday_sessions: on Sunday became Monday",
            ],
        ),
        (
            "{days_missed: {over: year to date, at_most: 1}}",
            [
                "days_missed: at_most became below",
                "days_missed: at_most became exactly",
                "days_missed: at_most 1 became 0",
                "days_missed: at_most 1 became 2",
                "days_missed: over 'year to date' became 'last 2 school days'",
                "days_missed: over 'year to date' became 'whole register'",
            ],
        ),
    ],
)
def test_numbers_comparisons_windows_codes_and_weekdays_change(when: str, said: list[str]) -> None:
    """One step down and up, a comparison to its neighbours, a window shorter or longer, a code out or in."""
    assert changes(when) == [*said, "autonomy send became propose", "episode 'day' became 'school year'"]


@pytest.mark.parametrize("ground", ["session", "school year", "term", "half-term"])
def test_the_ground_of_a_case_changes_to_another(ground: str) -> None:
    """A case of a session, a year or a term is tried on the ground of a day."""
    said = changes("{late_sessions: {over: today, at_least: 1}}", f"    episode: {ground}\n")
    assert said[-1] == f"episode {ground!r} became 'day'"


def test_the_history_that_a_rule_asks_for_changes() -> None:
    """Each kind and each outcome is left out, and a kind that was not asked for comes in."""
    said = changes(
        "{days_since_event: {kinds: [meeting, plan], outcomes: missed, at_most: 5}}",
        "    episode: school year\n",
    )
    assert [each for each in said if "word" in each] == [
        "days_since_event: word meeting was taken out",
        "days_since_event: word plan was taken out",
        "days_since_event: word letter was put in",
        "days_since_event: word missed was taken out",
    ]


def test_conditions_clear_lines_spans_and_whom_a_rule_speaks_of_change() -> None:
    """All becomes any, a clear line and what comes before are changed too, and so is each exception."""
    said = changes(
        "{all: [{late_sessions: {over: today, exactly: 1}}, "
        "{not: {any: [{days_missed: {over: today, above: 0}}]}}]}",
        """    ladder: one
    stage: 2
    after: {stage: 1, done_for: 1 school week}
    review_after: 2 school weeks
    applies_to: {unless_flagged: [bereaved]}
    clears_when: {late_sessions: {over: today, below: 1}}
    episode: until cleared
  first:
    title: First
    because: it holds
    when: {late_sessions: {over: last 5 school days, above: 2}}
    clears_when: {late_sessions: {over: last 5 school days, below: 1}}
    episode: until cleared
    ladder: one
    stage: 1
    autonomy: propose
    then: [{task: {do: look, by: office, due: same day}}]
""",
    )
    for each in (
        "all became any",
        "late_sessions: exactly became at_most",
        "late_sessions: below became at_most",
        "'1 school week' became '2 school week'",
        "bereaved was taken out",
        "episode 'until cleared' became 'school year'",
        "autonomy propose became send",
        "stage 1 changed places with stage 2, tried",
    ):
        assert said.count(each) >= 1, each
    assert not [
        each for each in said if "any became" in each or "'0 school" in each or "2 school weeks'" in each
    ]


def test_a_threshold_changes_in_every_rule_that_names_it_and_stands_where_it_is_set() -> None:
    """One mutant of a shared number, with all rules as they are under it; of one that no rule names none."""
    text = """pack: tried
thresholds:
  many: {title: Many, unit: sessions, values: {always: 3, 2026-01-05: 4}}
  alone: {title: Alone, unit: sessions, values: {always: 3}}
rules:
"""
    for name in ("one", "two"):
        text += f"""  {name}:
    title: {name}
    because: it holds
    when: {{all: [{{late_sessions: {{over: last 9 school days, at_least: many}}}}]}}
    autonomy: send
    then: [{{task: {{do: look, by: office, due: same day}}}}]
"""
    source = Source("trust", "tried.yaml", text)
    found = [mutant for mutant in mutants(read_rulebook([source])) if mutant.of in {"many", "alone"}]
    assert [str(mutant) for mutant in found] == [
        f"tried.yaml:3: many: {change}" for change in ("3 became 2", "3 became 4", "4 became 3", "4 became 5")
    ]
    assert [[each.id for each in mutant.rules] for mutant in found] == [["one", "two"]] * 4


def test_who_decides_matters_where_there_is_a_message() -> None:
    """Approve and send differ only in what leaves by itself."""
    told = [str(mutant) for mutant in mutants(shipped.rulebook()) if "autonomy approve" in mutant.change]
    assert len(told) == 4
    assert sum("near-persistent-absence" in each for each in told) == 1
    text = book("{late_sessions: {over: today, at_least: 1}}").sources[0].text
    silent = read_rulebook(
        [Source("trust", "tried.yaml", text.replace("autonomy: send", "autonomy: approve"))]
    )
    assert silent.rule("tried").autonomy == "approve"
    assert not [mutant for mutant in mutants(silent) if "autonomy" in mutant.change]


@dataclass(frozen=True, slots=True)
class Tomorrow:
    """A keyword that nobody has thought of yet."""

    hold_for: Span
    at_least: int
    never: int = 0
    strict: bool = True


def test_a_keyword_of_tomorrow_is_changed_by_what_it_is_made_of() -> None:
    """Walked as values: a stretch of time and a count change, a switch and a nought stay."""
    found = list(_inside(Tomorrow(Span.parse("2 school days"), 3), _HERE))
    assert [change for _, change, _ in found] == [
        "'2 school days' became '1 school days'",
        "'2 school days' became '3 school days'",
        "3 became 2",
        "3 became 4",
    ]


def test_only_what_a_measure_takes_is_changed() -> None:
    """A window that a measure does not look at would survive every test."""
    clause = rule("{consecutive_absent_days: {codes: [I], exactly: 2}}").when
    assert isinstance(clause, Clause)
    asked = replace(clause, asked=Asked(Window.parse("last 5 school days"), clause.asked.codes))
    assert not [change for _, change, _ in _inside(asked, _HERE) if "over" in change]


def test_every_change_of_the_shipped_packs_is_another_rulebook() -> None:
    """No mutant is the rulebook as it is, and none is told twice."""
    own = {rule.id: rule for rule in shipped.rulebook().rules}
    found = list(mutants(shipped.rulebook()))
    assert all(rule != own[rule.id] for mutant in found for rule in mutant.rules)
    assert len({(mutant.place, str(mutant), mutant.rules) for mutant in found}) == len(found) > 200


def test_who_said_otherwise_is_no_judgement() -> None:
    """An override is tried as the rule that it makes; that it is one changes nothing."""
    trust = book("{late_sessions: {over: today, at_least: 1}}").sources
    said = "pack: own\noverrides: {tried: {autonomy: propose, changed_by: {who: A, why: b}}}"
    whole = read_rulebook([*trust, Source("school", "own.yaml", said)])
    assert [each.place.file for each in whole.rule("tried").overrides] == ["own.yaml"]
    assert [mutant.change for mutant in mutants(whole) if mutant.place.file == "own.yaml"] == []
