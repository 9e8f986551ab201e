"""Rules tightened in mid-year over open cases: nobody reaches a stage without the one before it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from random import Random

import pytest

from adapters.store import open_store
from tests.workflows.one_ladder import library
from tests.workflows.story import SCHOOL_DAYS, Story, pupil
from workflows.library import Library

pytestmark = pytest.mark.uncounted

STAGE = """
  stage-{stage}:
    title: Stage {stage}
    because: "{{absence_rate.numerator}} sessions"
    when:
      all:
        - possible_sessions: {{over: year to date, at_least: 20}}
        - absence_rate: {{over: year to date, at_least: line_{stage}{below}}}
    ladder: support
    stage: {stage}
    episode: {episode}
    autonomy: {autonomy}
{waits}    then: [{{task: {{do: step {stage}, by: form_tutor, due: 2 school days}}}}]
"""
WAITS = (
    "    hold_for: {days} school days\n",
    "    grace: {days} school days\n",
    "    rearm: {days} school weeks\n",
    "    requires: [{{title: many, when: {{possible_sessions: {{over: today, at_least: {days}}}}}}}]\n",
)
UPNS = tuple(f"P{number}" for number in range(1, 6))
TOKENS = ("OO", "O/", *(("//",) * 8))
DAYS = tuple(day for day in SCHOOL_DAYS if day >= date(2025, 11, 10))[:10]
LOOSE, TIGHT = (5, 25, 35, 50), (4, 7, 10, 13)


def ladder(random: Random, open_cases: str) -> tuple[str, str]:
    """A ladder of three or four stages, however it is made: as it was, and with each line lowered."""
    stages, banded = random.choice((3, 4)), random.random() < 0.5
    episode = random.choice(("school year", "until cleared"))
    cleared = "    clears_when: {possible_sessions: {over: last 1 school days, below: 1}}\n"
    rules = ""
    for stage in range(1, stages + 1):
        waits = cleared if episode == "until cleared" else ""
        waits += "".join(each.format(days=random.randint(1, 2)) for each in WAITS if random.random() < 0.25)
        if stage > 1 and random.random() < 0.3:
            waits += f"    after: {{stage: {stage - 1}, done_for: 1 school day}}\n"
        below = f", below: line_{stage + 1}" if banded and stage < stages else ""
        autonomy = random.choice(("send", "propose"))
        rules += STAGE.format(stage=stage, below=below, episode=episode, autonomy=autonomy, waits=waits)
    texts = []
    for lines in (LOOSE, TIGHT):
        said = "".join(
            f"  line_{stage}: {{title: Line, unit: percent, values: {{always: {lines[stage - 1]}}}}}\n"
            for stage in range(1, stages + 1)
        )
        begins = f"pack: support\nladders:\n  support: {{open_cases: {open_cases}}}\nthresholds:\n{said}"
        texts.append(f"{begins}rules:{rules}")
    return texts[0], texts[1]


def usable(text: str) -> Library:
    """The rules of a text, which are all in force."""
    found = library(text)
    assert found.for_school("S").problems == ()
    return found


@contextmanager
def another(fresh: Path, path: Path) -> Iterator[Story]:
    """A story in a store of its own."""
    shutil.copy(fresh, path)
    with open_store(f"sqlite:///{path}", codes_hash="codes") as store:
        yield Story(store)


def life(story: Story, seed: int, open_cases: str) -> list[tuple[int, int]]:
    """Two weeks, tightened within; the steps that cases took after it which were open before."""
    random = Random(seed)  # noqa: S311 - repeatable on purpose
    loose, tight = ladder(random, open_cases)
    story.library = usable(loose)
    before = {upn: " ".join(random.choice(TOKENS) for _ in range(20)) for upn in UPNS}
    story.opens(*map(pupil, UPNS), before=before)
    changed = random.randint(2, 5)
    opened: dict[str, int] = {}
    steps: list[tuple[int, int]] = []
    for number, day in enumerate(DAYS):
        if number == changed:
            opened = {case.case_id: case.stage for case in story.cases() if not case.closed_at}
            story.library = usable(tight)
        story.register(f"{day}T09:15", **{upn: random.choice(TOKENS) for upn in UPNS})
        story.run(f"{day}T16:00")
        for case in story.cases():
            if case.case_id in opened and case.stage != opened[case.case_id]:
                steps.append((opened[case.case_id], case.stage))
                opened[case.case_id] = case.stage
        _people_work(story, random)
    return steps


def _people_work(story: Story, random: Random) -> None:
    """Some do what they have to, some say why not, some leave it."""
    for task in story.tasks():
        how = random.random()
        if how < 0.4:
            story.acts().dismiss([task.task_id], "tutor", "not needed")
        elif how < 0.8 and not task.decide:
            story.acts().done([task.task_id], "tutor", "reached")


def lives(fresh: Path, folder: Path, seeds: int, open_cases: str) -> list[tuple[int, int]]:
    """The steps of all cases in so many lives, each on a ladder of its own."""
    steps: list[tuple[int, int]] = []
    for seed in range(seeds):
        with another(fresh, folder / f"{seed}.db") as story:
            steps += life(story, seed, open_cases)
    return steps


def test_nobody_reaches_stage_three_without_stage_two(fresh: Path, tmp_path: Path) -> None:
    """Whatever the ladder waits for: cases that were open when it was tightened rise one stage at a time."""
    assert set(lives(fresh, tmp_path, 12, "never skip a stage")) == {(1, 2), (2, 3), (3, 4)}


def test_judged_again_they_do_skip(fresh: Path, tmp_path: Path) -> None:
    """The same on ladders that say so skips a stage now and then: what the test above is worth."""
    assert (1, 3) in lives(fresh, tmp_path, 4, "judge again")
