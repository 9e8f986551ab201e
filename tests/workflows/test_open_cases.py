"""Stages in turn, reviews, and what becomes of open cases when the rules change."""

from __future__ import annotations

from datetime import date

import pytest

from engine.reasons import Reason
from tests.workflows.one_ladder import (
    AFTER,
    BANDS,
    PACK,
    SECOND,
    TEN_OF_40,
    THIRD,
    begun,
    library,
    pack,
    told,
    week,
)
from tests.workflows.story import Story, outcomes, pupil, reasons


def test_the_second_stage_waits_until_the_first_was_done_and_brought_nothing(story: Story) -> None:
    """Held while the talk is open and for a week after it; then it acts, if nothing has improved."""
    talk = begun(story, pack(AFTER))
    run = story.run("2025-11-10T16:00")
    assert (outcomes(run)["second"], reasons(run, "second")) == ("hold", [Reason.STAGE_BEFORE.value])
    assert outcomes(run)["first"] == "suppress", "a stage that is too early keeps no lower one from acting"
    story.acts().done([talk.task_id], "tutor", "reached")
    week(story, 10)
    assert outcomes(story.run("2025-11-14T16:00"))["second"] == "hold"
    week(story, 17)
    assert outcomes(story.run("2025-11-17T16:00"))["second"] == "act"
    assert ("plan", "second", 2) in told(story.tasks())


def test_an_improvement_keeps_the_second_stage_away(story: Story) -> None:
    """A week of absence, then a week in school: better than before is an improvement."""
    talk = begun(story, pack(AFTER))
    story.acts().done([talk.task_id], "tutor", "reached")
    week(week(story, 10, "OO"), 17)
    assert "second" not in outcomes(story.run("2025-11-21T16:00"))


def test_a_dismissed_stage_was_not_done(story: Story) -> None:
    """Whoever said that the talk need not be has not done it: no later stage comes by itself."""
    talk = begun(story, pack(AFTER))
    story.acts().dismiss([talk.task_id], "tutor", "a mistake")
    week(week(story, 10), 17)
    assert outcomes(story.run("2025-11-21T16:00"))["second"] == "hold"


def test_a_review_comes_on_its_day_goes_on_when_it_lapses_and_ends_with_no_rule(story: Story) -> None:
    """A school week after the talk came; left undone it is another's; no correction takes it back."""
    begun(story, pack())
    assert [case.review_on for case in story.cases()] == ["2025-11-17"]
    week(week(story, 10), 17)
    story.run("2025-11-14T16:00")
    assert told(story.tasks()) == [("talk", "first", 1)]
    story.run("2025-11-17T08:00")
    (review,) = [task for task in story.tasks() if task.rule == "review/first"]
    assert (review.step, review.assignee, review.due.isoformat()) == (
        "review: talk",
        "tutor",
        "2025-11-17T15:30:00+00:00",
    )
    assert review.because == "time to look whether it helped: a worry"
    story.run("2025-11-17T16:00")
    (lapsed,) = [task for task in story.tasks() if task.rule == "review/first"]
    assert (lapsed.assignee, lapsed.first_owner) == ("ao", "tutor")
    for day in ("2025-10-06", "2025-10-07", "2025-10-08"):
        story.corrects("2025-11-18T10:00", "P1", day, "//")
    story.run("2025-11-18T16:00")
    assert told(story.tasks()) == [("review: talk", "review/first", 1)], (
        "the talk is withdrawn, the review is not"
    )
    (case,) = story.cases()
    assert (case.stage, case.review_on) == (0, "")
    assert [entry["task"] for entry in story.ledger("review")] == [review.task_id]


def test_a_case_that_is_over_is_not_reviewed(story: Story) -> None:
    """Everything it made was taken back before the day came."""
    begun(story, pack())
    for day in ("2025-10-06", "2025-10-07", "2025-10-08"):
        story.corrects("2025-11-11T10:00", "P1", day, "//")
    story.run("2025-11-11T16:00")
    assert [(case.review_on, case.stage) for case in story.cases()] == [("", 0)]
    week(week(story, 10), 17).run("2025-11-17T16:00")
    assert story.tasks() == []


@pytest.mark.parametrize("choice", ["judge again", "finish under the old", "never skip a stage"])
def test_rules_that_mean_the_same_change_nothing(story: Story, choice: str) -> None:
    """Another title, another rule elsewhere: an open case goes on as it was."""
    begun(story, pack(SECOND, bands=BANDS, open_cases=choice))
    stood = story.standing()
    words = pack(SECOND, bands=BANDS, open_cases=choice)
    text = words.files[0].source.text.replace("title: A worry", "title: Something to talk about")
    story.library = library(text)
    story.run("2025-11-10T16:30")
    assert story.standing() == stood


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        ("judge again", ("act", [("plan", "second", 2)])),
        ("finish under the old", ("suppress", [("talk", "first", 1)])),
    ],
)
def test_a_changed_threshold_speaks_for_open_cases_as_the_ladder_says(
    story: Story, choice: str, expected: tuple[str, list[tuple[str, str, int]]]
) -> None:
    """12.5 % was a worry; from now on it is more than one: at once, or not for a case that is open."""
    begun(story, pack(SECOND, bands=BANDS, open_cases=choice))
    tighter = SECOND.replace("at_least: 20", "at_least: 11")
    story.library = pack(tighter, bands=", below: 11", open_cases=choice)
    run = story.run("2025-11-10T16:30")
    assert (outcomes(run).get("second", outcomes(run).get("first")), told(story.tasks())) == expected


def test_what_finishes_under_the_old_is_judged_by_the_old_to_its_end(story: Story) -> None:
    """It rises by the old second stage, whose task rests on the old rulebook and thresholds for good."""
    begun(story, pack(SECOND, bands=BANDS, open_cases="finish under the old"))
    old = story.library.for_school("S").version
    gone = SECOND.replace("at_least: 20, below: 30", "at_least: 60")
    until = ", 2025-11-11: 50"
    story.library = pack(gone, bands=", below: 60", values=until, open_cases="finish under the old")
    week(story, 10, "O/")
    run = story.run("2025-11-14T16:00")
    assert outcomes(run)["second"] == "act", "10 of 50 sessions"
    (plan,) = story.tasks()
    assert (plan.step, plan.rulebook == old, plan.stage) == ("plan", True, 2)
    story.corrects("2025-11-14T17:00", "P1", "2025-11-13", "OO")
    story.run("2025-11-14T18:00")
    assert [task.task_id for task in story.tasks()] == [plan.task_id]
    for day in ("2025-11-11", "2025-11-12"):
        story.corrects("2025-11-14T18:30", "P1", day, "//")
    story.run("2025-11-14T19:00")
    assert story.tasks() == [], "9 of 50 are below the old 20 %"
    assert [case.stage for case in story.cases()] == [1]


def test_a_dated_value_is_the_one_of_the_day_a_case_opened(story: Story) -> None:
    """The same file, a value that changes on Tuesday: the case of Monday keeps Monday's."""
    begun(story, pack(values=", 2025-11-11: 50", open_cases="finish under the old"))
    week(story, 10)
    assert outcomes(story.run("2025-11-12T16:00")) == {"first": "suppress"}
    story.corrects("2025-11-12T17:00", "P1", "2025-10-08", "//")
    story.run("2025-11-12T18:00")
    assert told(story.tasks()) == [("talk", "first", 1)], "4 of 42 was more than Monday's 8 %"
    story.corrects("2025-11-12T18:10", "P1", "2025-10-07", "//")
    story.run("2025-11-12T19:00")
    assert told(story.tasks()) == [], "2 of 42 was not"
    story.corrects("2025-11-12T19:10", "P1", "2025-10-07", "OO")
    assert outcomes(story.run("2025-11-12T20:00")) == {}, "the case is over; another begins at 50 %"


def test_cases_of_two_days_keep_the_values_of_their_own(story: Story) -> None:
    """P1's case opened at 8 %, P2's a day later at 4 %: each is judged by its own, side by side."""
    story.library = pack(values=", 2025-11-11: 4, 2025-11-12: 50", open_cases="finish under the old")
    assert story.library.for_school("S").problems == ()
    story.opens(pupil("P1"), pupil("P2"), before={**TEN_OF_40, "P2": "OO O/ // // //"})
    story.register("2025-11-10T09:15").run("2025-11-10T16:00")
    assert [task.subject for task in story.tasks()] == ["P1"]
    story.register("2025-11-11T09:15").run("2025-11-11T16:00")
    assert [task.subject for task in story.tasks()] == ["P1", "P2"]
    run = story.register("2025-11-12T09:15").run("2025-11-12T16:00")
    assert [outcomes(run, upn) for upn in ("P1", "P2")] == [{"first": "suppress"}] * 2
    for upn in ("P1", "P2"):
        story.corrects("2025-11-12T17:00", upn, "2025-10-06", "//")
    story.run("2025-11-12T18:00")
    assert story.tasks() == [], "3 of 42 are below the 8 % of P1's day, 1 of 44 below the 4 % of P2's"


def test_a_rule_that_moved_between_two_ladders_that_finish_is_met_once(story: Story) -> None:
    """P1's case of each ladder has the rule under its own old rulebook: the ladder begun on later speaks."""
    begun(story, pack(open_cases="finish under the old"))
    moved = (PACK % ("", "", "") + SECOND).replace(
        "ladder: support\n    stage: 2", "ladder: help\n    stage: 1"
    )
    moved = moved.replace("ladder: support\n    stage: 1", "ladder: help\n    stage: 2")
    moved = moved.replace("at_least: 20, below: 30", "at_least: 9")
    moved = moved.replace("rules:", "ladders:\n  help: {open_cases: finish under the old}\nrules:", 1)
    story.library = library(moved)
    assert story.library.for_school("S").problems == ()
    story.run("2025-11-11T08:00")
    assert sorted((case.ladder, case.stage) for case in story.cases()) == [("help", 1), ("support", 1)]
    assert told(story.tasks()) == [("plan", "second", 1), ("talk", "first", 1)]
    story.library = library(moved.replace("at_least: 9", "at_least: 10"))
    run = story.run("2025-11-11T16:00")
    assert outcomes(run) == {"first": "act", "second": "suppress"}
    assert [task.stage for task in story.tasks(rule="first") if task.ladder == "help"] == [2]


def test_what_former_rules_open_rests_on_their_rulebook(story: Story) -> None:
    """A day's case finishes under the old; what the old rules open the next day is of the old too."""
    text = (PACK % ("", "ladders:\n  support: {open_cases: finish under the old}", "")).replace(
        "episode: school year", "episode: day"
    )
    begun(story, library(text))
    old = story.library.for_school("S").version
    story.library = library(text.replace("always: 8", "always: 60"))
    story.register("2025-11-11T09:15").run("2025-11-11T16:00")
    first, second = sorted(story.cases(), key=lambda case: case.episode)
    assert (first.rulebook, second.rulebook) == (old, old)
    assert {task.rulebook for task in story.tasks()} == {old}
    story.run("2025-11-11T17:00")
    assert [task.state.value for task in story.tasks()] == ["open", "open"]


def test_no_stage_is_skipped(story: Story) -> None:
    """The new rules lead past the second stage: its work comes first, and the third waits for it."""
    talk = begun(story, pack(SECOND + THIRD, bands=BANDS, open_cases="never skip a stage"))
    story.acts().dismiss([talk.task_id], "tutor", "done on Friday")
    tighter = (SECOND + THIRD).replace("at_least: 20, below: 30", "at_least: 10, below: 11")
    story.library = pack(
        tighter.replace("at_least: 30", "at_least: 11"), bands=", below: 10", open_cases="never skip a stage"
    )
    assert story.library.for_school("S").problems == ()
    run = story.run("2025-11-10T16:30")
    assert (outcomes(run), reasons(run, "third")) == (
        {"third": "act"},
        [Reason.RULE_HOLDS.value, Reason.STAGE_BEFORE.value],
    )
    (plan,) = story.tasks()
    assert (plan.step, plan.rule, plan.stage) == ("plan", "third", 2)
    run = story.run("2025-11-10T17:00")
    assert (outcomes(run), told(story.tasks())) == ({"third": "hold"}, [("plan", "third", 2)])
    story.acts().dismiss([plan.task_id], "hoy", "done")
    story.run("2025-11-10T17:30")
    assert told(story.tasks()) == [("panel", "third", 3)]


def test_nothing_rises_while_a_task_of_the_present_stage_is_open(story: Story) -> None:
    """The talk of the old rules is still open: the new second stage waits for it."""
    begun(story, pack(SECOND, bands=BANDS, open_cases="never skip a stage"))
    story.library = pack(
        SECOND.replace("at_least: 20", "at_least: 11"), bands=", below: 11", open_cases="never skip a stage"
    )
    assert outcomes(story.run("2025-11-10T16:30")) == {"second": "hold"}


def test_a_ladder_that_is_gone_ends_its_cases_but_not_for_a_slip(story: Story) -> None:
    """While a rule is broken nothing ends; once the rules are whole without the ladder, its case does."""
    begun(story, pack())
    story.library = library("pack: broken\nrules: {x: {title: X}}\n")
    story.run("2025-11-10T16:30")
    assert [case.closed_because for case in story.cases()] == [""]
    story.library = library("pack: other\n")
    story.run("2025-11-10T17:00")
    assert [case.closed_because for case in story.cases()] == ["its ladder is no longer in the rules"]
    assert told(story.tasks()) == [("talk", "first", 1)], "what people have to do stays theirs"


def test_a_ladder_that_is_gone_goes_on_where_its_cases_finish(story: Story) -> None:
    """Its own rulebook said so; the review comes too."""
    begun(story, pack(open_cases="finish under the old"))
    story.library = library("pack: other\n")
    week(week(story, 10), 17).run("2025-11-17T16:00")
    assert [case.closed_at for case in story.cases()] == [None]
    assert ("review: talk", "review/first", 1) in told(story.tasks())


def test_a_pupil_who_left_is_not_reviewed(story: Story) -> None:
    """The day comes, and the child is at another school: nobody is asked to look."""
    begun(story, pack())
    story.learns("2025-11-11T08:00", pupil("P1", left_on=date(2025, 11, 10)))
    story.run("2025-11-17T16:00")
    assert [(case.review_on, case.closed_at) for case in story.cases()] == [("", None)]
    assert story.ledger("review") == []


def test_a_pupil_who_left_finishes_nothing(story: Story) -> None:
    """A case of somebody who is on no register any more is passed over."""
    begun(story, pack(open_cases="finish under the old"))
    story.library = pack(values=", 2025-11-01: 11", open_cases="finish under the old")
    story.learns("2025-11-11T08:00", pupil("P1", left_on=date(2025, 11, 10)))
    assert outcomes(story.run("2025-11-11T16:00")) == {}
