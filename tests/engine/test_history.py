"""What was done before, as rules ask for it: by kind, outcome, window, and with its dates told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from engine.explain import explain
from engine.instants import Instants, read_instant
from engine.match import Judge
from engine.reasons import Result
from engine.records import Event
from tests.engine.small import rule, small

TERM = "    episode: school year\n"
MARKS = "OO O/ // /O OO"
PLAN = Event(
    "P1", "S", "plan", date(2025, 9, 9), date(2025, 9, 10), date(2025, 9, 11), outcome="not engaging"
)
MET = Event("P1", "S", "meeting", date(2025, 9, 8), outcome="missed")
OTHERS = Event("P2", "S", "meeting", date(2025, 9, 8))
STRANGER = Event("P9", "S", "meeting", date(2025, 9, 8))
EVERY = (PLAN, MET, OTHERS, STRANGER)


def said(when: str, as_of: str, events: tuple[Event, ...] = EVERY, because: str = "it holds") -> object:
    """What a rule says of P1."""
    judge = Judge(small(MARKS, "//", events=events), Instants.of([read_instant(as_of)]))
    return explain(judge, judge.judge(rule(when, TERM, because)), 0)


@pytest.mark.parametrize(
    ("when", "as_of", "expected"),
    [
        ("{events: {kinds: meeting, over: today, at_least: 1}}", "2025-09-08", Result.MATCHED),
        ("{events: {kinds: meeting, over: today, at_least: 1}}", "2025-09-09", Result.NOT_MATCHED),
        ("{events: {kinds: meeting, over: year to date, at_least: 1}}", "2025-09-07", Result.NOT_MATCHED),
        ("{events: {kinds: [meeting, plan], over: year to date, exactly: 2}}", "2025-09-12", Result.MATCHED),
        (
            "{events: {kinds: meeting, outcomes: held, over: today, at_least: 1}}",
            "2025-09-08",
            Result.NOT_MATCHED,
        ),
        (
            "{events: {kinds: meeting, outcomes: [missed], over: today, at_least: 1}}",
            "2025-09-08",
            Result.MATCHED,
        ),
        ("{days_since_event: {kinds: meeting, exactly: 4}}", "2025-09-12", Result.MATCHED),
        ("{days_since_event: {kinds: meeting, at_most: 4}}", "2025-09-07", Result.NOT_MATCHED),  # not yet
        ("{days_since_event: {kinds: contract, at_most: 4}}", "2025-09-12", Result.NOT_MATCHED),  # never
        ("{not: {days_since_event: {kinds: contract, at_least: 4}}}", "2025-09-12", Result.MATCHED),
        # from the 10th to the 11th: the session on the 11th in the afternoon
        ("{sessions_since_event: {kinds: plan, codes: [O], exactly: 1}}", "2025-09-12", Result.MATCHED),
        ("{sessions_since_event: {kinds: meeting, codes: [O], exactly: 4}}", "2025-09-12", Result.MATCHED),
        ("{sessions_since_event: {kinds: contract, codes: [O], exactly: 0}}", "2025-09-12", Result.MATCHED),
    ],
)
def test_history_is_counted_from_its_own_day(when: str, as_of: str, expected: Result) -> None:
    """Of this pupil alone, by kind and outcome, and not before it happened."""
    assert said(when, as_of).result is expected  # type: ignore[attr-defined]


def test_the_lines_that_a_rule_rests_on_are_its_evidence() -> None:
    """Kind, dates and outcome of each, in order; and a sentence may name them."""
    found = said(
        "{events: {kinds: [meeting, plan], over: year to date, at_least: 1}}",
        "2025-09-12",
        because="{events.codes}: {events.dates}",
    )
    assert found.because == "1 meeting, 1 plan: Mon 8 Sep, Tue 9 Sep"  # type: ignore[attr-defined]
    (part,) = found.evidence  # type: ignore[attr-defined]
    assert part["events"] == [
        {"kind": "meeting", "on": "2025-09-08", "from": None, "until": None, "outcome": "missed"},
        {
            "kind": "plan", "on": "2025-09-09", "from": "2025-09-10", "until": "2025-09-11",
            "outcome": "not engaging",
        },
    ]  # fmt: skip
    assert part["sessions"] == []


def test_without_an_event_there_is_no_number_to_be_short_of() -> None:
    """Nothing since is no number: it meets neither at least nor at most, and the sentence says so, once."""
    for needs, said_so in (("at_least: 3", "at least 3"), ("at_most: 3", "at most 3")):
        found = said(f"{{days_since_event: {{kinds: [plan], {needs}}}}}", "2025-09-12", ())
        (line,) = found.short_by  # type: ignore[attr-defined]
        assert (line["value"], line["needed"], line["by"]) == (None, 3, None)
        none = f"school days since the event: there is none, the rule needs {said_so}"
        assert found.because == none  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "measure",
    [
        "days_since_event: {kinds: [plan, meeting], ",
        "sessions_since_event: {kinds: [plan, meeting], codes: [O], ",
    ],
)
def test_since_an_event_means_since_the_latest(measure: str) -> None:
    """Only that line is the evidence; without one there is none."""
    when = f"{{{measure}at_least: 1}}}}"
    (part,) = said(when, "2025-09-12").evidence  # type: ignore[attr-defined]
    assert [line["kind"] for line in part["events"]] == ["plan"]
    (part,) = said(when, "2025-09-12", ()).evidence  # type: ignore[attr-defined]
    assert part["events"] == []


@pytest.mark.parametrize(
    ("events", "most"),
    [
        ((), 0),
        ((("C1", 8), ("C2", 9)), 1),  # one each
        ((("C1", 8), ("C1", 9), ("C2", 9)), 2),
        ((("C1", 8), ("", 9)), 2),  # to nobody by name: it may have been this parent
    ],
)
def test_notices_are_counted_for_each_parent(events: tuple[tuple[str, int], ...], most: int) -> None:
    """The parent who has had the most; one withdrawn, or from before the framework, does not count."""
    told = [Event("P1", "S", "penalty_notice", date(2025, 9, day), contact_id=who) for who, day in events]
    old = Event("P1", "S", "penalty_notice", date(2024, 8, 18), contact_id="C1")
    gone = replace(old, on=date(2025, 9, 8), outcome="withdrawn")
    when = "{notices_to_one_parent: {over: last 3 years, at_least: 1}}"
    (part,) = said(when, "2025-09-12", (*told, old, gone)).evidence  # type: ignore[attr-defined]
    assert (part["numerator"], len(part["events"])) == (most, len(events))
