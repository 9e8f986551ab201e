"""Rules that change under open cases, where that meets something else."""

from __future__ import annotations

from datetime import date

import pytest

from tests.workflows.one_ladder import BANDS, SECOND, TEN_OF_40, THIRD, begun, library, pack, told
from tests.workflows.story import Story, outcomes, pupil
from workflows.acting import CannotDo
from workflows.library import Kept
from workflows.open_cases import Ruled


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
