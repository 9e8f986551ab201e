"""One ladder of two or three stages, and a case begun on it: what tests of changing rules are told with."""

from __future__ import annotations

from engine.rulebook.rulebook import Source
from tests.workflows.story import Story, pupil
from workflows.library import Library, SchoolSource
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
