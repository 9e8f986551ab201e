"""Cases walk only where the table of engine/cases.py has a way: random weeks, every move noted."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import pytest

from adapters.store import open_store
from engine.cases import TABLE, CaseState, Move
from tests.workflows.story import Story, outcomes, pupil
from workflows.change import Change
from workflows.values import UNSENT, Case, TaskState

pytestmark = pytest.mark.uncounted

DAYS = ("2025-11-10", "2025-11-11", "2025-11-12", "2025-11-13", "2025-11-14")
HOURS = ("09:20", "13:20", "16:00")
UPNS = ("P1", "P2", "P3")
CODES = ("N", "N", "O", "I", "U", "/", "/", "-")
SILENT = {Move.WAITS, Move.LAPSES, Move.PREPARES, Move.COMES_TO_NOTHING}
"""Moves that change no case, or need other rules (test_open_cases.py, test_required_tasks.py)."""


@dataclass
class Noted:
    """The moves that cases made, with where each was before."""

    moves: set[tuple[CaseState, Move]] = field(default_factory=set)

    @contextmanager
    def listening(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
        """Note every move on its way through."""
        real = Change.move_case

        def noting(change: Change, case: Case, move: Move, **now: object) -> None:
            before = change.cases[case.case_id].state if case.case_id in change.cases else CaseState.NONE
            self.moves.add((before, move))
            real(change, case, move, **now)

        with monkeypatch.context() as patch:
            patch.setattr(Change, "move_case", noting)
            yield


def test_weeks_of_corrections_walk_the_whole_table_and_nothing_else(
    fresh: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Six weeks and what happened once: every row is gone by some case; what stands fits its case."""
    noted, stayed = Noted(), set[tuple[CaseState, Move]]()
    with noted.listening(monkeypatch):
        for seed in range(6):
            path = tmp_path / f"{seed}.db"
            shutil.copy(fresh, path)
            with open_store(f"sqlite:///{path}", codes_hash="codes") as store:
                stayed |= _week(Story(store), Random(seed))  # noqa: S311
                _once(Story(store))
    rows = {(row.before, row.move) for row in TABLE if row.move not in SILENT}
    assert noted.moves | stayed == rows


def _week(story: Story, random: Random) -> set[tuple[CaseState, Move]]:
    """One school week of marks and second thoughts; returns the moves that leave a case as it is."""
    story.opens(*(pupil(upn) for upn in UPNS), before={"P1": "OO OO", "P2": "NN O/ OO", "P3": "OO OO OO OO"})
    stayed: set[tuple[CaseState, Move]] = set()
    episodes: dict[str, tuple[int, str]] = {}
    for day in DAYS:
        told = {upn: f"{random.choice(CODES)},{random.choice(CODES)}" for upn in UPNS}
        story.register(f"{day}T09:15", **told)
        for hour in HOURS:
            if random.random() < 0.6:
                on = random.choice(("2025-10-06", "2025-10-07", "2025-10-08", *DAYS[: DAYS.index(day) + 1]))
                token = f"{random.choice(CODES)},{random.choice(CODES)}"
                story.corrects(f"{day}T{hour}", random.choice(UPNS), on, token)
            run = story.run(f"{day}T{hour}")
            for upn in UPNS:
                if "suppress" in outcomes(run, upn).values():
                    stayed.add((CaseState.OPEN, Move.STAYS))
            _check(story, episodes)
    return stayed


def _once(story: Story) -> None:
    """A return that was none, a second day that was none, and a plan four weeks later."""
    returned = (("17", "09", "OO"), ("18", "09", "//"), ("18", "12", "OO"))
    second = (("19", "09", "//"), ("20", "09", "OO"), ("21", "09", "OO"), ("21", "12", "//"))
    for day, hour, marks in (*returned, *second):
        story.upns = UPNS
        story.register(f"2025-11-{day}T{hour}:15", f"2025-11-{day}", P2=marks)
        story.run(f"2025-11-{day}T{int(hour) + 4:02}:20")
    story.run("2025-12-12T16:00")


def _check(story: Story, episodes: dict[str, tuple[int, str]]) -> None:
    """An open case has acted; what was taken back left nothing behind; ground and episode never change."""
    tasks, unsent = story.tasks(), [*story.messages(*UNSENT)]
    for case in story.cases():
        assert episodes.setdefault(case.case_id, (case.episode, case.anchor)) == (case.episode, case.anchor)
        assert bool(case.closed_at) == bool(case.closed_because)
        own = [task for task in tasks if task.case_id == case.case_id]
        if case.state is CaseState.OPEN:
            assert case.stage > 0
        if case.state is CaseState.TAKEN_BACK:
            assert [task.rule for task in own if not task.rule.startswith("review/")] == []
            assert [message for message in unsent if message.case_id == case.case_id] == []
            assert case.review_on == ""
        assert all(task.stage <= max(case.stage, 0) or task.rule.startswith("review/") for task in own)
    assert all(task.state is TaskState.OPEN for task in tasks)
