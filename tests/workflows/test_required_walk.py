"""What is required is asked for once, whatever happens: random weeks, every move of a case noted."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from random import Random

import pytest

from adapters.store import open_store
from engine.cases import TABLE, CaseState, Move
from engine.records import Event
from tests.workflows.asked_for import EVERY, LETTER, REQUIRES, RUNS, TALK, rules
from tests.workflows.story import SCHOOL_DAYS, Story, pupil
from tests.workflows.test_case_walk import Noted
from workflows.values import TaskState

pytestmark = pytest.mark.uncounted

SHARED = (
    LETTER + REQUIRES,
    LETTER.replace("letter:", "panel:")
    .replace("stage: 2", "stage: 3")
    .replace("at_least: 2", "at_least: 4")
    .replace("write", "meet")
    + REQUIRES,
)


def test_random_weeks_of_corrections_never_ask_twice(
    fresh: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Marks come, go and come back, people work: of one case and one `do` there is one task, for ever."""
    noted, library = Noted(), rules(TALK, *SHARED, *RUNS)
    with noted.listening(monkeypatch):
        for seed in range(6):
            path = tmp_path / f"{seed}.db"
            shutil.copy(fresh, path)
            with open_store(f"sqlite:///{path}", codes_hash="codes") as store:
                _weeks(Story(store, library), Random(seed))  # noqa: S311
    new = {(row.before, row.move) for row in TABLE if row.move in {Move.PREPARES, Move.COMES_TO_NOTHING}}
    assert new - noted.moves <= {(CaseState.CLOSED, Move.PREPARES)}, (
        "that one is told in test_required_tasks.py"
    )


def _weeks(story: Story, random: Random) -> None:
    story.opens(pupil("P1"), pupil("P2"))
    days = [day.isoformat() for day in SCHOOL_DAYS if day >= date(2025, 11, 10)][:12]
    for number, day in enumerate(days):
        marks = {upn: random.choice(("OO", "O/", "//", "//", "//", "//")) for upn in story.upns}
        story.register(f"{day}T09:15", **marks)
        if random.random() < 0.1:
            told = Event(random.choice(story.upns), "S", "support_offered", date.fromisoformat(day))
            story.learns(f"{day}T10:00", told)
        for hour in ("12:30", "16:00"):
            if random.random() < 0.5:
                on = random.choice(days[max(number - 3, 0) : number + 1])
                story.corrects(f"{day}T{hour}", random.choice(story.upns), on, random.choice(("OO", "//")))
            story.run(f"{day}T{hour}")
            for task in story.tasks():
                if random.random() < 0.2:
                    story.acts().done([task.task_id], task.assignee or "ao", "reached")
            _check(story)


def _check(story: Story) -> None:
    tasks = story.tasks(*EVERY)
    keys = [(task.case_id, task.step) for task in tasks]
    assert len(keys) == len(set(keys))
    cases = {case.case_id: case for case in story.cases()}
    grounds = [(case.subject, case.ladder, case.anchor) for case in cases.values()]
    assert len(grounds) == len(set(grounds))
    for case in cases.values():
        own = [task for task in tasks if task.case_id == case.case_id]
        assert case.stage or all(
            task.rule.startswith("required/") for task in own if task.state is TaskState.OPEN
        )
