"""What a rule requires and lacks is made a task: once on its ground, and the rule goes on waiting."""

from __future__ import annotations

import json
from datetime import date

import pytest

from adapters.cli.show_flow import ladders
from adapters.cli.show_rules import rules_document
from adapters.lists.flow import flow_svg
from engine.cases import CaseState
from engine.instants import read_instant
from engine.records import Event
from engine.rulebook.prose import prose
from tests.workflows.asked_for import LETTER, NO_SKIP, OFFER, REQUIRES, RUNS, TALK, rules, tells
from tests.workflows.story import Story, outcomes, pupil, reasons
from workflows.library import Library
from workflows.preview import Kind, preview

DAYS = ("2025-11-10", "2025-11-11", "2025-11-12", "2025-11-13", "2025-11-14")


@pytest.fixture
def asked(story: Story) -> Story:
    """Two sessions on Monday, nothing offered: the rule waits and the tutor is asked."""
    story.library = rules(LETTER + REQUIRES)
    story.opens(pupil("P1"), pupil("P2")).register(f"{DAYS[0]}T09:15", P1="OO")
    run = story.run(f"{DAYS[0]}T16:00")
    assert outcomes(run) == {"letter": "hold"}
    assert reasons(run, "letter") == ["requirement_missing"]
    return story


def test_what_is_missing_is_asked_for_once_however_often_the_rule_is_judged(asked: Story) -> None:
    """The same day again, the next days, after it was done: one task, one entry, one case, no stage."""
    (task,) = asked.tasks()
    assert (task.step, task.rule, task.stage, task.role, task.assignee, task.minutes, task.decide) == (
        OFFER,
        "required/letter",
        0,
        "form_tutor",
        "tutor",
        20,
        False,
    )
    assert task.due == read_instant("2025-11-13T15:30")
    assert task.because == "2 sessions; not yet: 'support was offered' is missing"
    assert task.script == "Ask first."
    asked.run(f"{DAYS[0]}T16:30")
    asked.register(f"{DAYS[1]}T09:15", P1="O/")
    asked.run(f"{DAYS[1]}T16:00")
    assert tells(asked) == [(OFFER, "required/letter", 0, "open")]
    asked.acts().done([task.task_id], "tutor", "reached")
    run = asked.run(f"{DAYS[2]}T16:00")
    assert reasons(run, "letter") == ["requirement_missing"], "the task is done; nothing is written down"
    assert tells(asked) == [(OFFER, "required/letter", 0, "done")]
    (entry,) = asked.ledger("required")
    assert (entry["rule"], entry["task"], entry["case"]) == ("letter", task.task_id, task.case_id)
    (case,) = asked.cases()
    assert (case.state, case.stage, case.anchor) == (CaseState.OPEN, 0, DAYS[0])


def test_once_it_is_there_the_rule_acts_on_the_same_case(asked: Story) -> None:
    """The offer is written down: the stage acts, and what was asked for stays whosever it is."""
    asked.learns(f"{DAYS[1]}T09:00", Event("P1", "S", "support_offered", date(2025, 11, 11)))
    run = asked.run(f"{DAYS[1]}T16:00")
    assert outcomes(run) == {"letter": "propose"}
    assert tells(asked) == [
        ("decide whether to write", "letter", 2, "open"),
        (OFFER, "required/letter", 0, "open"),
    ]
    assert "missed" not in asked.tasks(rule="letter")[0].because
    (case,) = asked.cases()
    assert case.stage == 2


def test_a_corrected_register_takes_it_back_and_the_mark_put_back_brings_it_again(asked: Story) -> None:
    """Withdrawn with its case; the same task is open again, none beside it."""
    before = asked.tasks()[0].task_id
    asked.corrects(f"{DAYS[1]}T08:00", "P1", DAYS[0], "//")
    run = asked.run(f"{DAYS[1]}T08:30")
    assert outcomes(run) == {"letter": "withdraw"}
    assert tells(asked) == [(OFFER, "required/letter", 0, "withdrawn")]
    assert [case.state for case in asked.cases()] == [CaseState.TAKEN_BACK]
    asked.corrects(f"{DAYS[1]}T09:00", "P1", DAYS[0], "OO")
    asked.run(f"{DAYS[0]}T18:00")
    (again,) = asked.tasks()
    assert again.task_id == before
    assert [case.state for case in asked.cases()] == [CaseState.OPEN]
    decisions = [line["outcome"] for line in asked.ledger("decision")]
    assert decisions == ["hold", "withdraw", "hold"], "what comes again is told again"


def test_a_case_that_clears_before_a_stage_acted_came_to_nothing(asked: Story) -> None:
    """A week later the line is reached: the case is over, the task stays, the next ground asks anew."""
    for day in ("2025-11-11", "2025-11-12", "2025-11-13", "2025-11-14", "2025-11-17"):
        asked.register(f"{day}T09:15")
    asked.run("2025-11-17T16:00")
    (case,) = asked.cases()
    assert (case.state, case.stage) == (CaseState.TAKEN_BACK, 0)
    assert case.closed_because == "the rule's clear line is reached"
    assert tells(asked) == [(OFFER, "required/letter", 0, "open")]
    asked.register("2025-11-18T09:15", P1="OO")
    asked.run("2025-11-18T16:00")
    assert tells(asked) == [(OFFER, "required/letter", 0, "open")] * 2
    assert [each.anchor for each in asked.cases()] == [DAYS[0], "2025-11-18"]


def test_a_ladder_that_goes_leaves_what_people_have_to_do(asked: Story) -> None:
    """The rule is in no pack any more: the case came to nothing, its task is still the tutor's."""
    asked.library = rules(TALK.replace("letters", "talks"))
    asked.run(f"{DAYS[1]}T16:00")
    (case,) = asked.cases("letters")
    assert (case.state, case.closed_because) == (
        CaseState.TAKEN_BACK,
        "its ladder is no longer in the rules",
    )
    assert tells(asked) == [(OFFER, "required/letter", 0, "open")]


def test_on_a_ladder_it_hangs_on_the_case_and_counts_as_no_stage(story: Story) -> None:
    """The talk acted, the letter asks for support; that done, no stage is."""
    after = "    after: {stage: 1, done_for: 1 school day}\n"
    story.library = rules(TALK, LETTER + REQUIRES)
    story.opens(pupil("P1")).register(f"{DAYS[0]}T09:15", P1="O/")
    story.run(f"{DAYS[0]}T09:20")
    story.register(f"{DAYS[1]}T09:15", P1="O/")
    story.run(f"{DAYS[1]}T16:00")
    assert tells(story) == [(OFFER, "required/letter", 0, "open"), ("talk", "talk", 1, "open")]
    assert len({task.case_id for task in story.tasks()}) == 1
    asked = next(task for task in story.tasks() if task.step == OFFER)
    story.library = rules(TALK, LETTER + after)
    story.acts().done([asked.task_id], "tutor", "reached")
    story.register(f"{DAYS[2]}T09:15")
    assert reasons(story.run(f"{DAYS[2]}T16:00"), "letter") == ["stage_before"], "no stage was done"


def test_the_talk_taken_back_leaves_what_a_higher_stage_asked_for(story: Story) -> None:
    """One mark was wrong: the stage that acted is gone, the case stands before any, nothing comes twice."""
    story.library = rules(TALK, LETTER + REQUIRES)
    story.opens(pupil("P1")).register(f"{DAYS[0]}T09:15", P1="O/")
    story.run(f"{DAYS[0]}T16:00")
    story.register(f"{DAYS[1]}T09:15", P1="OO")
    story.run(f"{DAYS[1]}T16:00")
    story.corrects(f"{DAYS[1]}T17:00", "P1", DAYS[0], "//")
    story.run(f"{DAYS[1]}T17:30")
    assert tells(story) == [(OFFER, "required/letter", 0, "open"), ("talk", "talk", 1, "withdrawn")]
    (case,) = story.cases()
    assert (case.state, case.stage) == (CaseState.OPEN, 0)
    story.run(f"{DAYS[1]}T18:00")
    assert len(story.cases()) == 1


HELD = LETTER + REQUIRES + "    hold_for: 1 school day\n"
CAPPED = LETTER + REQUIRES + "    at_most: 0\n"
FIRST = TALK.replace("    ladder: letters\n    stage: 1\n", "").replace(", below: 2", "")
CALLED = LETTER + REQUIRES + "    waits_for: talk\n"
PERHAPS = LETTER + REQUIRES.replace(
    "{events: {kinds: support_offered, over: last 12 months, at_least: 1}}",
    "{coded_sessions: {over: last 5 school days, codes: [M], at_least: 1}}",
)


@pytest.mark.parametrize(
    ("library", "tuesday", "why"),
    [
        (rules(HELD), "", ["not_long_enough", "requirement_missing"]),
        (rules(CAPPED), "", ["fuse"]),
        (rules(FIRST, CALLED), "", ["first_contact_open", "requirement_missing"]),
        (rules(PERHAPS), "--", ["requirement_missing"]),
    ],
)
def test_nothing_is_asked_for_while_something_else_is_in_the_way(
    story: Story, library: Library, tuesday: str, why: list[str]
) -> None:
    """Not held long enough, a fuse, a call that is open, a mark not taken: the rule would not act anyhow."""
    story.library = library
    story.opens(pupil("P1")).register(f"{DAYS[0]}T09:15", P1="OO")
    if tuesday:
        story.register(f"{DAYS[1]}T09:15", P1=tuesday)
    run = story.run(f"{DAYS[1 if tuesday else 0]}T16:00")
    assert reasons(run, "letter") == why
    assert [task.step for task in story.tasks() if task.step == OFFER] == []
    assert story.ledger("required") == []


def test_what_did_not_hold_long_enough_was_not_asked_for_either(story: Story) -> None:
    """A correction shows that it did not hold the day before: the task loses its ground with the rule."""
    story.library = rules(HELD)
    story.opens(pupil("P1")).register(f"{DAYS[0]}T09:15", P1="OO")
    story.register(f"{DAYS[1]}T09:15", P1="OO")
    story.run(f"{DAYS[1]}T16:00")
    assert tells(story) == [(OFFER, "required/letter", 0, "open")]
    story.corrects(f"{DAYS[1]}T17:00", "P1", DAYS[0], "//")
    story.run(f"{DAYS[1]}T17:30")
    assert tells(story) == [(OFFER, "required/letter", 0, "withdrawn")]


def test_a_rule_tightened_in_mid_year_asks_for_what_the_next_stage_requires(story: Story) -> None:
    """The third stage holds, the second is the next: its requirement is what somebody is asked for."""
    third = LETTER.replace("letter:", "panel:").replace("stage: 2", "stage: 3").replace("write", "meet")
    never = LETTER.replace("at_least: 2", "at_least: 9") + REQUIRES
    story.library = rules(TALK, never, third.replace("at_least: 2", "at_least: 8"), more=NO_SKIP)
    story.opens(pupil("P1")).register(f"{DAYS[0]}T09:15", P1="O/")
    story.run(f"{DAYS[0]}T16:00")
    (talk,) = story.tasks()
    story.acts().done([talk.task_id], "tutor", "reached")
    story.library = rules(TALK, never, third, more=NO_SKIP)
    story.register(f"{DAYS[1]}T09:15", P1="OO")
    run = story.run(f"{DAYS[1]}T16:00")
    assert reasons(run, "panel") == ["requirement_missing"]
    assert tells(story) == [(OFFER, "required/panel", 0, "open"), ("talk", "talk", 1, "done")]


def test_explain_rules_show_and_prose_tell_of_the_task(asked: Story) -> None:
    """Whoever asks what the rule waits for reads whose work that is."""
    said = asked.explain(f"{DAYS[0]}T16:00", "P1", "letter")["because"]
    assert said == (
        "2 sessions; not yet: 'support was offered' is missing (there is a task for that: offer support)"
    )
    book = asked.library.for_school("S")
    assert book.rule("letter").patience.words == (
        "requires: support was offered (else offer support: form_tutor, 3 school days)",
    )
    assert [step.do for step in book.rule("letter").work] == [OFFER, "decide whether to write"]
    told = [each.text for each in prose(book) if each.about == "requires"]
    there = "the number of events of the kind support offered in the last 12 months is at least 1"
    by = "within 3 school days, about 20 minutes"
    assert told == [
        f"It waits until this is so: support was offered ({there}).",
        f"While only such a thing is missing: The form tutor has a task ({by}): offer support.",
    ]


def test_what_people_see_of_the_rules_has_the_task(asked: Story) -> None:
    """`rules show --json`, the table of the flowchart, the picture."""
    book = asked.library.for_school("S")
    (shown,) = json.loads(json.dumps(rules_document(book, date(2025, 11, 10))))["rules"]
    task = "offer support (form_tutor, 3 school days)"
    assert shown["requires"] == [{"title": "support was offered", "task": task}]
    assert ["(else offer support: form_tutor, 3 school days)" in each.when for each in ladders(book)] == [
        True
    ]
    without = rules(LETTER + REQUIRES.rpartition("        task:")[0]).for_school("S")
    drawn, plain = (flow_svg(each, "Letters").partition(b"</desc>")[2] for each in (book, without))
    assert len(drawn) > len(plain), "one more line of work stands in the picture"


def test_a_preview_shows_the_task_under_its_rule(story: Story) -> None:
    """With the task in the changed rules something else follows for the pupil; nothing is written."""
    story.library = rules(LETTER + REQUIRES.rpartition("        task:")[0])
    story.opens(pupil("P1")).register(f"{DAYS[0]}T09:15", P1="OO")
    story.run(f"{DAYS[0]}T16:00")
    found = preview(story.run_day().school, rules(LETTER + REQUIRES), "S", story.now)
    (one,) = found.differences
    assert (one.kind, one.rule, one.now and [task.step for task in one.now.tasks]) == (
        Kind.OTHERWISE,
        "letter",
        [OFFER],
    )
    assert story.tasks() == []


def test_a_case_that_had_closed_goes_on_where_its_ground_did_after_all(story: Story) -> None:
    """Back on Tuesday, and then not: the run goes on, and what the second day requires is asked for."""
    story.library = rules(*RUNS[:2])
    story.opens(pupil("P1")).register(f"{DAYS[0]}T09:15", P1="OO")
    story.run(f"{DAYS[0]}T16:00")
    story.register(f"{DAYS[1]}T09:15")
    story.run(f"{DAYS[1]}T16:00")
    assert [case.state for case in story.cases()] == [CaseState.CLOSED]
    story.corrects(f"{DAYS[1]}T17:00", "P1", DAYS[1], "OO")
    story.run(f"{DAYS[1]}T17:30")
    assert [case.state for case in story.cases()] == [CaseState.OPEN]
    assert (OFFER, "required/second", 0, "open") in tells(story)
