"""A rule about the school as a whole: one task, taken back where a correction takes its ground away."""

from __future__ import annotations

from engine.instants import read_instant
from engine.records import Event
from engine.rulebook.rulebook import Source
from tests.workflows.story import Story, pupil, with_duties
from workflows.explaining import explained
from workflows.library import Library, SchoolSource
from workflows.values import TaskState

PACK = """pack: outbreak
rules:
  illness-everywhere:
    title: Illness is everywhere
    because: "{pupils_absent.numerator} pupils ill"
    subject: school
    when: {pupils_absent: {over: today, codes: illness, at_least: 2}}
    autonomy: send
    then:
      - task: {do: tell the public health team, by: senior_leader, due: same day}
  supported:
    title: Support and still ill
    because: "{events.codes} on {events.dates}"
    when:
      all:
        - events: {kinds: meeting, over: last 4 school weeks, at_least: 1}
        - coded_sessions: {over: today, codes: illness, at_least: 1}
    applies_to: {where: {sen: K}}
    autonomy: propose
    then:
      - task: {do: look again, by: senco, due: same day}
"""
RULE, NINE = "illness-everywhere", "2025-11-10T09:20"
MET = Event("P1", "S", "meeting", read_instant("2025-11-04T12:00").date())


def outbreak(story: Story) -> Story:
    """Two of three pupils ill this morning."""
    source = SchoolSource(Source("trust", "outbreak.yaml", PACK), None)
    story.library = Library((*with_duties().files, source))
    story.opens(pupil("P1", sen="K"), pupil("P2"), pupil("P3"), history=(MET,))
    return story.register("2025-11-10T09:15", P1="I/", P2="I/", P3="//")


def test_the_school_is_one_subject_with_one_task(story: Story) -> None:
    """It is made once, beside the duties of the day, and stands until somebody does it."""
    outbreak(story).run(NINE)
    (task,) = story.tasks(rule=RULE)
    assert (task.subject, task.because, task.assignee) == ("school:S", "2 pupils ill", "slt")
    story.run("2025-11-10T10:00")
    assert [again.task_id for again in story.tasks(rule=RULE)] == [task.task_id]
    assert any(each.rule.startswith("duty/") for each in story.tasks())


def test_a_corrected_mark_takes_the_task_back_and_leaves_the_duties(story: Story) -> None:
    """One of the two was there: what rested on both is withdrawn, what comes by the calendar is not."""
    outbreak(story).run(NINE)
    duties = [task.task_id for task in story.tasks() if task.rule.startswith("duty/")]
    story.register("2025-11-10T10:15", P1="I/", P2="//").run("2025-11-10T10:20")
    withdrawn = story.tasks(TaskState.WITHDRAWN)
    assert {task.subject for task in withdrawn} == {"school:S", "P2"}
    assert set(duties) <= {task.task_id for task in story.tasks(*TaskState)}
    assert not {task.task_id for task in withdrawn} & set(duties)


def test_whom_a_rule_speaks_of_stands_beside_what_it_decides(story: Story) -> None:
    """In what explain says of everybody, and in the ledger's decision; the events with their dates too."""
    outbreak(story).run(NINE)
    at = read_instant(NINE)
    lines = explained(story.store, story.library, at, story.now, rules=["supported", RULE])
    assert [(line["subject"], line["upn"], line["result"]) for line in lines] == [
        ("school", None, "matched"),
        ("pupil", "P1", "matched"),
        ("pupil", "P2", "not_applicable"),
        ("pupil", "P3", "not_applicable"),
    ]
    assert [line["scope"] for line in lines] == [{}, *[{"where": {"sen": ["K"]}}] * 3]
    (said,) = [each for each in story.ledger("decision") if each["rule"] == "supported"]
    assert (said["scope"], said["because"]) == ({"where": {"sen": ["K"]}}, "1 meeting on Tue 4 Nov")
