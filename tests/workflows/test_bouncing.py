"""A pupil who goes up and down around a line for six weeks gets one letter, not one a fortnight."""

from __future__ import annotations

from collections import Counter
from datetime import date
from random import Random

import pytest

from engine.reasons import Reason
from tests.workflows.one_ladder import library
from tests.workflows.story import SCHOOL_DAYS, Story, outcomes, pupil, reasons
from workflows.values import TaskState

PACK = """
pack: bouncing
rules:
  around-the-line:
    title: Two sessions in a week
    because: "{coded_sessions.numerator} sessions"
    when: {coded_sessions: {over: last 5 school days, codes: [O], at_least: 2}}
    clears_when: {coded_sessions: {over: last 5 school days, codes: [O], below: 2}}
    episode: until cleared
    autonomy: send
    %s
    then:
      - task: {do: ask how it goes, by: form_tutor, due: 2 school days}
      - message: {template: attendance-concern, channel: sms, purpose: letters}
"""
PATIENT = "hold_for: 1 school day\n    rearm: 6 school weeks"
UPNS = tuple(f"P{number}" for number in range(1, 7))
SIX_WEEKS = tuple(day for day in SCHOOL_DAYS if day >= date(2025, 11, 10))


def letters(story: Story, seed: int, waits: str) -> Counter[str]:
    """Six weeks in which everybody is now above the line, now below it; how many letters each family got."""
    random = Random(seed)  # noqa: S311 - repeatable on purpose
    story.library = library(PACK % waits)
    assert story.library.for_school("S").problems == ()
    story.opens(*map(pupil, UPNS))
    for day in SIX_WEEKS:
        told = {upn: random.choice(("O/", "//", "//", "OO", "//", "//")) for upn in UPNS}
        story.register(f"{day}T09:15", **told).run(f"{day}T16:00")
    return Counter(message.subject for message in story.messages())


def test_bouncing_for_six_weeks_is_one_letter(story: Story) -> None:
    """Whoever crossed the line for long enough got one, and nobody a second, whatever the marks."""
    got = letters(story, 1, PATIENT)
    assert set(got.values()) == {1}
    assert len(SIX_WEEKS) == 30
    assert len(story.cases("around-the-line")) == len(got), "what waits opens no case"
    assert {str(case.closed_because) for case in story.cases()} == {"the rule's clear line is reached"}


def test_without_waiting_it_would_be_many(story: Story) -> None:
    """The same six weeks, and each crossing a letter: what the test above is worth."""
    assert min(letters(story, 1, "source: somebody").values()) > 1


def test_a_ladder_is_armed_again_when_its_time_is_over(story: Story) -> None:
    """Held, and nothing made, to the day before; then a new case; a case taken back does not count."""
    story.library = library(PACK % "rearm: 1 school week")
    story.opens(pupil("P1"))
    for day in ("10", "12"):
        story.register(f"2025-11-{day}T09:15", f"2025-11-{day}", P1="OO").run(f"2025-11-{day}T16:00")
        if day == "10":
            story.corrects("2025-11-10T17:00", "P1", "2025-11-10", "//").run("2025-11-10T18:00")
            assert [case.stage for case in story.cases()] == [0]
    assert len(story.tasks()) == 1, "on the 12th it acts: what was taken back is no case that closed"
    for day in ("13", "14", "17", "18", "19"):
        run = story.register(f"2025-11-{day}T09:15", f"2025-11-{day}").run(f"2025-11-{day}T16:00")
    assert [bool(case.closed_at) for case in story.cases()] == [True, True]
    held = story.register("2025-11-20T09:15", P1="OO").run("2025-11-20T16:00")
    assert outcomes(held) == {"around-the-line": "hold"}
    assert reasons(held, "around-the-line") == [Reason.CLOSED_LATELY.value]
    (line,) = [line for line in story.ledger("decision") if line["reasons"] == [Reason.CLOSED_LATELY.value]]
    assert line["because"] == "2 sessions"
    assert len(story.cases()) == 2
    story.register("2025-11-25T09:15", P1="OO")
    assert outcomes(story.run("2025-11-25T16:00")) == {"around-the-line": "hold"}
    run = story.run("2025-11-26T16:00")
    assert outcomes(run) == {"around-the-line": "act"}, "a school week after it closed on Wednesday the 19th"
    assert [task.state for task in story.tasks(*TaskState) if task.state is TaskState.OPEN]


def test_a_case_that_closes_in_this_very_run_counts(story: Story) -> None:
    """No run for a week: its case is over, and a new line is crossed, in one run; the new one waits."""
    text = PACK.replace("episode: until cleared", "episode: spell of absence") % "rearm: 3 school days"
    story.library = library("\n".join(line for line in text.splitlines() if "clears_when" not in line))
    assert story.library.for_school("S").problems == ()
    story.opens(pupil("P1")).register("2025-11-10T09:15", P1="OO").run("2025-11-10T16:00")
    story.register("2025-11-11T09:15").register("2025-11-12T09:15", P1="OO")
    assert outcomes(story.run("2025-11-12T16:00")) == {"around-the-line": "hold"}
    assert [case.closed_because for case in story.cases()] == ["the spell of absence is over"]
    for day in ("13", "14", "17"):
        story.register(f"2025-11-{day}T09:15", P1="OO")
    assert outcomes(story.run("2025-11-14T16:00")) == {"around-the-line": "hold"}
    assert outcomes(story.run("2025-11-17T16:00")) == {"around-the-line": "act"}


@pytest.mark.parametrize(("day", "stands"), [("2025-11-11", False), ("2025-11-07", True)])
def test_what_it_waited_for_is_judged_again_too(story: Story, day: str, stands: bool) -> None:  # noqa: FBT001
    """Corrected, the line was not crossed for long enough the day before: nothing made of it stands."""
    story.library = library(PACK % "hold_for: 1 school day")
    story.opens(pupil("P1"), before={"P1": "// " * 19 + "O/"})
    story.register("2025-11-10T09:15").register("2025-11-11T09:15", P1="OO")
    story.run("2025-11-11T16:00")
    assert story.tasks() == []
    story.register("2025-11-12T09:15", P1="O/").run("2025-11-12T16:00")
    assert len(story.tasks()) == 1
    story.corrects("2025-11-12T17:00", "P1", day, "//").run("2025-11-12T18:00")
    assert bool(story.tasks()) is stands
