"""Stages in turn, reviews, and what becomes of open cases when the rules change."""

from __future__ import annotations

from datetime import date

import pytest

from engine.reasons import Reason
from engine.rulebook.rulebook import Source
from tests.workflows.story import Story, outcomes, pupil, reasons
from workflows.acting import CannotDo
from workflows.library import Kept, Library, SchoolSource
from workflows.open_cases import Ruled
from workflows.values import Task

PACK = """
pack: support
thresholds:
  concern: {title: Concern, unit: percent, values: {always: 8%s}}
meanings:
  improvement:
    title: Less absence in the last school week than in the one before
    when:
      all:
        - possible_sessions: {over: last 1 school weeks, at_least: 1}
        - possible_sessions: {over: the 1 school weeks before the last 1, at_least: 1}
        - absence_change: {over: last 1 school weeks, below: 0}
%s
rules:
  first:
    title: A worry
    because: "{absence_rate.numerator} of {absence_rate.denominator}"
    when:
      all:
        - possible_sessions: {over: year to date, at_least: 20}
        - absence_rate: {over: year to date, at_least: concern%s}
    ladder: support
    stage: 1
    episode: school year
    autonomy: send
    review_after: 1 school week
    then: [{task: {do: talk, by: form_tutor, due: 2 school days}}]
"""
BANDS = ", below: 20"
SECOND = """
  second:
    title: More than a worry
    because: "{absence_rate.numerator} of {absence_rate.denominator}"
    when:
      all:
        - possible_sessions: {over: year to date, at_least: 20}
        - absence_rate: {over: year to date, at_least: 20, below: 30}
    ladder: support
    stage: 2
    episode: school year
    autonomy: send
    then: [{task: {do: plan, by: head_of_year, due: 2 school days}}]
"""
THIRD = SECOND.replace("second", "third").replace("at_least: 20, below: 30", "at_least: 30")
THIRD = THIRD.replace("stage: 2", "stage: 3").replace("plan", "panel")
AFTER = """
  second:
    title: The talk brought nothing
    because: "{absence_rate.numerator} of {absence_rate.denominator}"
    when:
      all:
        - possible_sessions: {over: year to date, at_least: 20}
        - absence_rate: {over: year to date, at_least: concern}
        - not: improvement
    ladder: support
    stage: 2
    after: {stage: 1, done_for: 1 school week}
    episode: school year
    autonomy: send
    then: [{task: {do: plan, by: head_of_year, due: 2 school days}}]
"""
TEN_OF_40 = {"P1": "OO OO O/ // //"}  # 5 of the 40 sessions before the story: 12.5 %


OUTCOMES = "pack: outcomes\ntriage: {reached: {title: Spoke with the family}}\n"


def pack(more: str = "", *, values: str = "", bands: str = "", open_cases: str = "") -> Library:
    """One pack: a first stage, and what else is told."""
    ladders = f"ladders:\n  support: {{open_cases: {open_cases}}}" if open_cases else ""
    text = PACK % (values, ladders, bands) + more
    return library(text)


def library(text: str) -> Library:
    """These rules, and one way a task can end."""
    elsewhere = SECOND.replace("second", "elsewhere").replace("ladder: support", "ladder: elsewhere")
    other = "pack: elsewhere\nrules:\n" + elsewhere.replace("at_least: 20, below", "at_least: 29, below")
    said = (("support.yaml", text), ("outcomes.yaml", OUTCOMES), ("elsewhere.yaml", other))
    return Library(tuple(SchoolSource(Source("trust", file, words)) for file, words in said))


def told(tasks: list[Task]) -> list[tuple[str, str, int]]:
    """What is to be done, by which rule, on which stage."""
    return sorted((task.step, task.rule, task.stage) for task in tasks)


def week(story: Story, monday: int, marks: str = "//") -> Story:
    """A whole week's registers of P1 in November, the pupil marked so each day."""
    for day in range(monday, monday + 5):
        story.register(f"2025-11-{day}T09:15", P1=marks)
    return story


def begun(story: Story, library: Library) -> Task:
    """The talk is due, on Monday 10 November."""
    story.library = library
    assert library.for_school("S").problems == ()
    story.opens(pupil("P1"), before=TEN_OF_40).register("2025-11-10T09:15")
    story.run("2025-11-10T16:00")
    (task,) = story.tasks()
    assert (task.step, task.stage) == ("talk", 1)
    return task


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


def test_a_pupil_who_left_finishes_nothing(story: Story) -> None:
    """A case of somebody who is on no register any more is passed over."""
    begun(story, pack(open_cases="finish under the old"))
    story.library = pack(values=", 2025-11-01: 11", open_cases="finish under the old")
    story.learns("2025-11-11T08:00", pupil("P1", left_on=date(2025, 11, 10)))
    assert outcomes(story.run("2025-11-11T16:00")) == {}


@pytest.mark.parametrize("values", ["", ", 2025-11-11: 9"])
def test_cases_of_several_days_all_finish_under_their_own_rules(story: Story, values: str) -> None:
    """Monday's case and Tuesday's opened under one rulebook: the new one speaks of neither."""
    story.library = pack(SECOND, bands=BANDS, values=values, open_cases="finish under the old")
    story.opens(pupil("P1"), pupil("P2"), before=TEN_OF_40 | {"P2": "OO O/"}).register("2025-11-10T09:15")
    story.run("2025-11-10T16:00")
    story.register("2025-11-11T09:15", P2="OO").run("2025-11-11T16:00")
    assert len(story.cases()) == 2
    tighter = SECOND.replace("at_least: 20", "at_least: 10")
    story.library = pack(tighter, bands=", below: 10", values=values, open_cases="finish under the old")
    run = story.run("2025-11-11T16:30")
    assert [outcomes(run, upn) for upn in ("P1", "P2")] == [{"first": "suppress"}] * 2


def test_a_rule_that_moved_speaks_once_of_whom_finishes_under_it(story: Story) -> None:
    """The first rule stands on another ladder now: of P1 it speaks as it was, of P2 as it is."""
    story.library = pack(SECOND, open_cases="finish under the old")
    story.opens(pupil("P1"), pupil("P2"), before=TEN_OF_40).register("2025-11-10T09:15")
    story.run("2025-11-10T16:00")
    text = story.library.files[0].source.text
    story.library = library(text.replace("ladder: support\n    stage: 1", "ladder: talks\n    stage: 1"))
    assert story.library.for_school("S").problems == ()
    for upn in ("P1", "P2"):
        story.corrects("2025-11-10T16:10", upn, "2025-10-08", "OO")
    story.corrects("2025-11-10T16:10", "P2", "2025-10-09", "OO")
    run = story.run("2025-11-10T16:30")
    assert (outcomes(run), outcomes(run, "P2")) == ({"first": "suppress"}, {"first": "act"})
    assert sorted(case.ladder for case in story.cases()) == ["support", "talks"]


def test_a_stage_that_does_not_speak_of_a_pupil_never_acts_for_another(story: Story) -> None:
    """The second stage has not come to year 8 yet: the third is next for P1, and acts as itself."""
    talk = begun(story, pack(SECOND + THIRD, bands=BANDS, open_cases="never skip a stage"))
    story.acts().dismiss([talk.task_id], "tutor", "done on Friday")
    in_waves = "    rollout: [{from: 2026-01-12}]\n    ladder: support\n    stage: 2"
    tighter = (SECOND + THIRD).replace("at_least: 30", "at_least: 11").replace("below: 30", "below: 31")
    tighter = tighter.replace("    ladder: support\n    stage: 2", in_waves)
    story.library = pack(tighter, bands=", below: 11", open_cases="never skip a stage")
    assert story.library.for_school("S").problems == ()
    story.run("2025-11-10T16:30")
    assert told(story.tasks()) == [("panel", "third", 3)]


DATED = "  worry_by: {title: Worry by, unit: minutes after close, values: {always: 15}}\n"


def test_a_threshold_that_moved_in_its_file_means_the_same(story: Story) -> None:
    """Another line and another title of what a due time names: the old rules are those of today."""
    library_ = pack(open_cases="finish under the old")
    text = library_.files[0].source.text.replace("thresholds:\n", "thresholds:\n" + DATED)
    text = text.replace("due: 2 school days", "due: worry_by")
    begun(story, library(text))
    story.library = library("# a line more\n" + text.replace("Worry by", "A worry's time"))
    with story.store.reading() as unit:
        kept = Kept(unit, story.library, story.library.for_school("S"))
        ruled = Ruled(story.library.for_school("S"), kept)
        assert ruled.formers(story.cases(), date(2025, 11, 10)) == []


RUNS = """
pack: runs
ladders: {away: {open_cases: finish under the old}}
rules:
  away:
    title: Away
    because: "{consecutive_absent_days.numerator} days"
    when: {consecutive_absent_days: {codes: [N], at_least: 1}}
    ladder: away
    stage: 1
    episode: run of absence
    autonomy: send
    review_after: 1 school week
    then: [{task: {do: talk, by: form_tutor, due: 2 school days}}]
"""


def away(story: Story) -> Story:
    """Away on Monday, seen to, back on Tuesday, away on Wednesday: a second case."""
    story.library = library(RUNS)
    assert story.library.for_school("S").problems == ()
    story.opens(pupil("P1"))
    for day, mark in (("10", "NN"), ("11", "//"), ("12", "NN")):
        story.register(f"2025-11-{day}T09:15", P1=mark).run(f"2025-11-{day}T16:00")
        if mark == "NN":
            story.acts().done([story.tasks()[0].task_id], "tutor", "reached")
    assert [(case.anchor, case.closed_at is None) for case in story.cases()] == [
        ("2025-11-10", False),
        ("2025-11-12", True),
    ]
    return story


def test_a_closed_case_on_whose_ground_only_the_old_rules_hold_is_found(story: Story) -> None:
    """Tuesday was an absence after all: one run since Monday, and Monday's case goes on."""
    away(story).library = library(RUNS.replace("at_least: 1", "at_least: 9"))
    story.corrects("2025-11-12T17:00", "P1", "2025-11-11", "NN")
    assert outcomes(story.run("2025-11-12T18:00")) == {"away": "suppress"}
    assert [(case.anchor, case.closed_at is None) for case in story.cases()] == [
        ("2025-11-10", True),
        ("2025-11-12", False),
    ]


def test_a_case_that_goes_on_keeps_the_day_of_its_review(story: Story) -> None:
    """It was over for a day by mistake: somebody looks whether it helped all the same, and not twice."""
    away(story).corrects("2025-11-12T17:00", "P1", "2025-11-11", "NN").run("2025-11-12T18:00")
    story.register("2025-11-13T09:15", P1="NN").register("2025-11-14T09:15", P1="NN")
    story.register("2025-11-17T09:15", P1="NN").run("2025-11-17T16:00")
    assert [task.rule for task in story.tasks(rule="review/away")] == ["review/away"]


def test_a_legal_step_that_acts_for_a_higher_stage_is_its_roles_alone(story: Story) -> None:
    """The third stage holds and acts by itself; the second acts for it, and that is the head's to decide."""
    legal = SECOND.replace("autonomy: send", "autonomy: propose").replace(
        "by: head_of_year", "by: headteacher"
    )
    talk = begun(story, pack(legal + THIRD, bands=BANDS, open_cases="never skip a stage"))
    story.acts().dismiss([talk.task_id], "tutor", "done on Friday")
    tighter = (legal + THIRD).replace("at_least: 20, below: 30", "at_least: 10, below: 11")
    story.library = pack(
        tighter.replace("at_least: 30", "at_least: 11"), bands=", below: 10", open_cases="never skip a stage"
    )
    story.run("2025-11-10T16:30")
    (plan,) = story.tasks()
    assert (plan.step, plan.assignee, plan.decide) == ("plan", "head", True)
    with pytest.raises(CannotDo, match="decision of the headteacher"):
        story.acts().dismiss([plan.task_id], "hoy", "not needed")


def test_a_text_of_a_stage_that_acts_for_a_higher_one_leaves_by_its_own_terms(story: Story) -> None:
    """The second stage's text is not sent once the child is on site, whatever the third says of texts."""
    text = (
        "message: {template: attendance-concern, channel: sms, purpose: letters, unless_last_mark: [present]}"
    )
    texts = SECOND.replace("due: 2 school days}}]", "due: 2 school days}}, {" + text + "}]")
    talk = begun(story, pack(texts + THIRD, bands=BANDS, open_cases="never skip a stage"))
    story.acts().dismiss([talk.task_id], "tutor", "done on Friday")
    tighter = (texts + THIRD).replace("at_least: 20, below: 30", "at_least: 10, below: 11")
    story.library = pack(
        tighter.replace("at_least: 30", "at_least: 11"), bands=", below: 10", open_cases="never skip a stage"
    )
    story.corrects("2025-11-10T16:10", "P1", "2025-11-10", "NN")
    story.run("2025-11-10T16:30")
    assert [(one.rule, one.stage, one.state.value) for one in story.messages()] == [("third", 2, "queued")]
    story.corrects("2025-11-10T16:40", "P1", "2025-11-10", "N/")
    story.send("2025-11-10T16:45")
    assert [message.state.value for message in story.messages()] == ["withdrawn"]
