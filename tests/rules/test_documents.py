"""The packs written after documents of schools and local authorities, each alone over the shipped packs."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest

from engine.calendar import Calendar
from engine.instants import local
from engine.rulebook.rulebook import Rulebook, Source, read_rulebook
from engine.ruletests import read_tests
from messaging.templates import Template, load
from tests.engine import shipped
from tests.rules.held import each_holds
from workflows.checking import checked

pytestmark = pytest.mark.uncounted

FOLDER = shipped.RULES / "documents"
FILES = sorted(FOLDER.glob("*.yaml"))
each_document = pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
_ROW = re.compile(r"w([0-9]{2})[a-c]?-")
_ROWS = 30


@cache
def templates() -> dict[tuple[str, str, str], Template]:
    """The shipped templates."""
    return load(Path(__file__).parents[2] / "messaging" / "templates")


@cache
def alone(file: Path, *, for_tests: bool) -> tuple[Source, Rulebook]:
    """One document over the shipped packs, as a school that takes it reads it."""
    source = Source("school", f"rules/documents/{file.name}", file.read_text("utf-8"))
    return source, read_rulebook([*shipped.packs(), source], for_tests=for_tests)


@each_document
@pytest.mark.parametrize("for_tests", [True, False], ids=["answered", "unanswered"])
def test_a_document_checks_without_a_mistake(file: Path, *, for_tests: bool) -> None:
    """Nothing of it, or of its tests, is wrong or doubtful, before its questions are answered and after."""
    _, rulebook = alone(file, for_tests=for_tests)
    source, answered = alone(file, for_tests=True)
    problems = [*checked(rulebook, templates()), *read_tests(source, answered, shipped.calendars())[1]]
    assert not list(map(str, problems))


@each_document
def test_a_document_passes_its_tests(file: Path) -> None:
    """Each test beside its rules holds, by durable-rules and by the reference, and each rule has one."""
    source, rulebook = alone(file, for_tests=True)
    each_holds(source, rulebook)


@each_document
def test_a_document_says_which_row_and_source_it_is(file: Path) -> None:
    """Its name and `pack:` are the row and a word; above stand the document's reference and source."""
    head, pack = file.read_text("utf-8").split("pack: ", 1)
    row = _ROW.match(file.name)
    assert row is not None
    assert 1 <= int(row[1]) <= _ROWS
    assert pack.splitlines()[0] == file.stem
    assert all(line.startswith("#") for line in head.splitlines())
    assert re.search(r"\[[a-z0-9-]+\]", head)
    assert re.search(r"^# Sources?: |https?://", head, re.MULTILINE)


def test_every_row_has_its_pack() -> None:
    """W1 to W30, each told by a pack of its own: W1 is three pages, and three packs."""
    rows = [int(row[1]) for file in FILES if (row := _ROW.match(file.name))]
    assert (sorted({*rows}), len(rows)) == ([*range(1, _ROWS + 1)], _ROWS + 2)


@each_document
def test_no_document_is_in_force_by_default(file: Path) -> None:
    """What ships, and is in force at a school that took nothing, has none of its rules, duties, outcomes."""
    source, rulebook = alone(file, for_tests=True)
    in_force = shipped.rulebook()
    assert source.file not in {each.file for each in in_force.sources}
    own = {rule.id for rule in rulebook.rules if rule.place.file == source.file}
    own |= {duty.name for duty in rulebook.duties if duty.place.file == source.file}
    own |= {each.name for each in rulebook.triage if each.place.file == source.file}
    assert own
    there = [rule.id for rule in in_force.rules] + [duty.name for duty in in_force.duties]
    assert own.isdisjoint([*there, *(each.name for each in in_force.triage)])


def test_what_a_call_found_opens_the_next_task() -> None:
    """The decision table of W9, which no scene shows: each outcome, who has its task, and by when."""
    _, rulebook = alone(FOLDER / "w09-northamptonshire.yaml", for_tests=True)
    opens = {each.name: each.task for each in rulebook.triage if each.place.file.endswith("ire.yaml")}
    assert {name: task and (task.by, task.due.words) for name, task in opens.items()} == {
        "ring-again": ("attendance_officer", "120 minutes later"),
        "safe-with-parent": ("attendance_officer", "0 minutes later"),
        "other-adult": ("dsl", "0 minutes later"),
        "not-with-parent": ("attendance_officer", "0 minutes later"),
    }


def test_annex_c_comes_round_as_it_says() -> None:
    """The round of W1c: five duties a day, five a week, three a half-term, two a term; each asks its hour."""
    file = FOLDER / "w01c-annex-c.yaml"
    source, rulebook = alone(file, for_tests=True)
    came = [duty.comes.words.split(" at ")[0] for duty in rulebook.duties if duty.place.file == source.file]
    daily = sum(words.startswith("every school day") for words in came)
    weekly, halves = came.count("every Monday"), came.count("school day 3 of every half-term")
    assert (daily, weekly, halves, came.count("school day 8 of every term")) == (5, 5, 3, 2)
    _, unanswered = alone(file, for_tests=False)
    assert [duty for duty in unanswered.duties if duty.place.file == source.file] == []


def test_steps_by_the_minute_are_looked_for_by_the_minute() -> None:
    """Whoever has a step at 08:55 is judged at 08:55: the morning's runs come early and often enough."""
    _, rulebook = alone(FOLDER / "w03-wainstalls.yaml", for_tests=True)
    calendar = shipped.calendars()["registers-by-0830"]
    runs = [run.comes for run in rulebook.runs]
    day = datetime(2025, 11, 10, tzinfo=UTC), datetime(2025, 11, 11, tzinfo=UTC)
    built = Calendar.build(calendar.school, calendar.days, calendar.terms)
    at = {local(slot.at).strftime("%H:%M") for run in runs for slot in run.slots(built, calendar.terms, *day)}
    assert {"08:30", "08:55", "10:00", "11:00"} <= at
