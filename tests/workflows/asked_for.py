"""Rules that ask for what they require: a talk, a letter that needs support first, and runs of absence."""

from __future__ import annotations

from engine.rulebook.rulebook import Source
from tests.workflows.story import Story
from workflows.library import Library, SchoolSource
from workflows.values import TaskState

OFFER = "offer support"
REQUIRES = """    requires:
      - title: support was offered
        when: {events: {kinds: support_offered, over: last 12 months, at_least: 1}}
        task: {do: offer support, by: form_tutor, due: 3 school days, minutes: 20, script: Ask first.}
"""
LETTER = """
  letter:
    title: Two sessions without leave
    because: "{coded_sessions.numerator} sessions"
    when: {coded_sessions: {over: last 5 school days, codes: [O], at_least: 2}}
    clears_when: {coded_sessions: {over: last 5 school days, codes: [O], below: 1}}
    episode: until cleared
    ladder: letters
    stage: 2
    autonomy: propose
    then: [{task: {do: decide whether to write, by: head_of_year, due: 5 school days}}]
"""
TALK = """
  talk:
    title: One session without leave
    because: "{coded_sessions.numerator} sessions"
    when: {coded_sessions: {over: last 5 school days, codes: [O], at_least: 1, below: 2}}
    clears_when: {coded_sessions: {over: last 5 school days, codes: [O], below: 1}}
    episode: until cleared
    ladder: letters
    stage: 1
    autonomy: send
    then: [{task: {do: talk, by: form_tutor, due: 2 school days}}]
"""
AWAY = """
  {name}:
    title: Away
    because: "{{consecutive_absent_days.dates}}"
    when: {{consecutive_absent_days: {{codes: [O], {how}: {days}}}}}
    episode: run of absence
    ladder: {ladder}
    stage: {days}
    autonomy: send
    then: [{{task: {{do: step {days}, by: form_tutor, due: 2 school days}}}}]
"""
RUNS = (
    AWAY.format(name="first", how="exactly", days=1, ladder="away"),
    AWAY.format(name="second", how="at_least", days=2, ladder="away") + REQUIRES,
    AWAY.format(name="alone", how="at_least", days=1, ladder="alone") + REQUIRES,
)
EVERY = tuple(TaskState)
NO_SKIP = "ladders: {letters: {open_cases: never skip a stage}}\n"


def rules(*parts: str, more: str = "") -> Library:
    """A pack of these rules, and the ways in which a task can end."""
    triage = "triage: {reached: {title: Spoke with the family}}\n"
    text = f"pack: letters\n{more}{triage}rules:{''.join(parts)}"
    library = Library((SchoolSource(Source("trust", "letters.yaml", text)),))
    assert library.for_school("S").problems == ()
    return library


def tells(story: Story, upn: str = "P1") -> list[tuple[str, str, int, str]]:
    """Every task of a pupil: what, by which rule, on which stage, and what became of it."""
    found = [task for task in story.tasks(*EVERY) if task.subject == upn]
    return sorted((task.step, task.rule, task.stage, task.state.value) for task in found)
