"""The staff of the demo: what they do is drawn, within their minutes, and in the ledger as anybody's."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.bootstrap import Service
from adapters.config import read_config
from adapters.demo import build, write
from adapters.demo.hands import FINDS, MINUTES, Hands
from adapters.mis.csv_folder import CsvFolder
from adapters.mis.quarantine import QuarantineFolder
from engine.instants import read_instant
from workflows.settings import TwoPeople
from workflows.take_in import take_in
from workflows.values import MessageState, TaskState

SATURDAY = read_instant("2025-11-08T16:00")
MONDAY = read_instant("2025-11-10T15:00")
TASKS = "SELECT task_id, state, outcome, note, assignee, snoozed_until, by FROM task ORDER BY task_id"


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The autumn of a secondary school of two hundred, just judged; nobody has done anything."""
    folder = tmp_path_factory.mktemp("judged")
    write(build(seed=1, schools=1, pupils=200, days=1, stories=False).base, folder / "csv")
    with closing(_service(folder)) as school:
        school.ready()
        sheets = CsvFolder([folder / "csv"])
        take_in(school.store, sheets, SATURDAY, QuarantineFolder(folder), lambda *_: None)
        school.run_day.run(SATURDAY, SATURDAY)
    return folder


@pytest.fixture
def school(judged: Path, tmp_path: Path) -> Iterator[Service]:
    """That school, once more."""
    yield from _copy(judged, tmp_path)


def _copy(judged: Path, folder: Path) -> Iterator[Service]:
    with closing(sqlite3.connect(judged / "s.db")) as old, closing(sqlite3.connect(folder / "s.db")) as new:
        old.backup(new)
    with closing(_service(folder)) as made:
        yield made


def _service(folder: Path) -> Service:
    return Service(read_config({}, folder, flags={"store": "sqlite:///s.db"}), clock=lambda: SATURDAY)


def _tasks(service: Service) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(service.store_folder / "s.db")) as db:
        return db.execute(TASKS).fetchall()


def test_a_day_s_work_is_of_every_kind_and_within_the_minutes(school: Service) -> None:
    """By mid-afternoon most have done what they have time for; the ledger tells each thing."""
    Hands(school.acting, 1).work(MONDAY)
    with school.store.reading() as unit:
        tasks = unit.tasks()
        staff = {who.staff_id: who for who in unit.staff("ashgrove")}
        told = Counter(
            line.content["action"] for line in unit.ledger() if line.kind == "task" and line.content
        )
        assert unit.verify()[1] == ()
    assert {"done", "snooze", "dismiss", "start"} <= set(told)
    assert told["done"] == sum(task.state is TaskState.DONE for task in tasks)
    assert told["done"] > sum(told.values()) / 2
    spent: Counter[str] = Counter()
    for task in tasks:
        if task.state is TaskState.DONE:
            spent[task.by] += task.minutes
    for who, minutes in spent.items():
        longest = max(task.minutes for task in tasks)
        assert minutes < max(MINUTES[role] for role in staff[who].roles if role in MINUTES) + longest
    assert {task.outcome for task in tasks if task.outcome} <= {*FINDS, "done"}


def test_what_is_handed_over_goes_to_the_deputy(school: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once: whoever has it by then does something about it; what somebody must decide stays with them."""
    monkeypatch.setattr("adapters.demo.hands.DOES", {"hand over": 1})
    Hands(school.acting, 1).work(MONDAY)
    with school.store.reading() as unit:
        tasks = unit.tasks()
        staff = {who.staff_id: who for who in unit.staff("ashgrove")}
    handed = [task for task in tasks if task.first_owner]
    assert handed
    assert {task.assignee == staff[task.first_owner].deputy for task in handed} == {True}
    assert not any(task.decide for task in handed)


def test_the_same_seed_does_the_same(school: Service, judged: Path, tmp_path: Path) -> None:
    """And another one something else."""
    Hands(school.acting, 1).work(MONDAY)
    did = []
    for number, seed in enumerate((1, 2)):
        (tmp_path / str(number)).mkdir()
        for other in _copy(judged, tmp_path / str(number)):
            Hands(other.acting, seed).work(MONDAY)
            did.append(_tasks(other))
    assert did[0] == _tasks(school)
    assert did[1] != did[0]


def test_who_is_left_alone_is_left_alone(school: Service) -> None:
    """Their tasks for two days, their texts for good; of everybody else most was seen to in the autumn."""
    with school.store.reading() as unit:
        texts = unit.messages(None, (MessageState.AWAITING_APPROVAL,))
    cast = {text.subject for text in texts[:3]}
    hands = Hands(school.acting, 1, cast)
    hands.look_back(SATURDAY + timedelta(hours=1))
    hands.approve(SATURDAY + timedelta(hours=1))
    with school.store.reading() as unit:
        states = Counter((task.subject in cast, task.state) for task in unit.tasks())
        waiting = unit.messages(None, (MessageState.AWAITING_APPROVAL,))
        queued = unit.messages(None, (MessageState.QUEUED,))
    assert not states[True, TaskState.DONE]
    assert states[False, TaskState.DONE] > 10 * states[False, TaskState.OPEN]
    assert {text.message_id for text in texts if text.subject in cast} <= {m.message_id for m in waiting}
    assert queued
    assert all(text.approved_by for text in queued)
    hands.work(MONDAY + timedelta(days=1))
    with school.store.reading() as unit:
        assert any(task.state is TaskState.DONE for task in unit.tasks() if task.subject in cast)


def test_where_two_people_approve_the_second_is_another(school: Service) -> None:
    """Everything needs two by these settings: each text that may leave was read by two leaders."""
    acting = replace(school.acting, settings=replace(school.acting.settings, two_people=TwoPeople.ALL))
    Hands(acting, 1).approve(SATURDAY + timedelta(hours=1))
    with school.store.reading() as unit:
        queued = unit.messages(None, (MessageState.QUEUED,))
        assert not any(each.first_approved_by for each in unit.messages() if each not in queued)
    assert queued
    assert all(each.first_approved_by not in {"", each.approved_by} for each in queued)


def test_somebody_out_for_a_day_does_nothing(school: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    """With everybody out, nothing is done; the next morning nobody's minutes have come yet."""
    monkeypatch.setattr("adapters.demo.hands.OUT", 1.0)
    before = _tasks(school)
    Hands(school.acting, 1).work(MONDAY)
    assert _tasks(school) == before
    monkeypatch.setattr("adapters.demo.hands.OUT", 0.0)
    Hands(school.acting, 1).work(read_instant("2025-11-11T08:00"))
    assert _tasks(school) == before
