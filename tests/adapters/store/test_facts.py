"""Facts taken in batches: as they stand, as they were known, and the same by both roads."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, closing
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.store import SqlStore, SqlUnit, StoreProblem
from adapters.store.facts import folded, projected
from engine.records import (
    AM,
    PM,
    Contact,
    Event,
    Mark,
    Pupil,
    School,
    SchoolDay,
    SchoolFacts,
    Staff,
    Term,
)
from workflows.ports import Record, Taken

FreshStore = Callable[[], AbstractContextManager[SqlStore]]
MONDAY = date(2025, 9, 8)
NOW = datetime(2025, 9, 8, 8, 20, tzinfo=UTC)
SCHOOL = School("S", "Greenfield", "secondary", lessons_per_day=5, am_closes=time(9, 10))
EVERYTHING: tuple[Record, ...] = (
    SCHOOL,
    SchoolDay("S", MONDAY, am=True, pm=False, kind="inset", note="afternoon: training"),
    Term("S", "2025/26", "autumn", 1, date(2025, 9, 1), date(2025, 10, 24)),
    Staff("m1", "S", "A. Okafor", roles=("head_of_year", "dsl"), covers=("7", "7A")),
    Pupil("A1", "S", "Zoë", "Ngũgĩ", "7", date(2025, 9, 1), flags=("bereavement",), fsm=True),
    Contact("c1", "A1", "B. Ngũgĩ", priority=1, may_receive=("absence", "letters")),
    Event("A1", "S", "notice_to_improve", MONDAY, from_=MONDAY, until=date(2025, 10, 1)),
    Mark("A1", "S", MONDAY, AM, "/"),
)


def take_all(unit: SqlUnit, records: Sequence[Record], at: datetime = NOW) -> list[Taken]:
    """Take records one kind a batch, as an import does."""
    kinds = dict.fromkeys(type(record) for record in records)
    return [
        unit.take(kind.__name__, "S", [record for record in records if type(record) is kind], at, "test")
        for kind in kinds
    ]


def told(facts: SchoolFacts) -> tuple[object, ...]:
    """Facts as something that compares."""
    rows = (facts.school, facts.days, facts.terms, facts.staff, facts.pupils, facts.contacts, facts.events)
    return (*rows, facts.marks.upns, facts.marks.weeks.tolist(), facts.marks.cells.tolist())


def standing(facts: SchoolFacts) -> dict[tuple[str, date, str], str]:
    """Every mark of a grid, by pupil, day and half."""
    grid, marks = facts.marks, {}
    for row, upn in enumerate(grid.upns):
        for at, code in enumerate(grid.cells[row].tolist()):
            week, slot = divmod(at, 14)
            if code:
                day = date.fromordinal(int(grid.weeks[week]) + slot // 2)
                marks[upn, day, PM if slot % 2 else AM] = code.decode()
    return marks


def test_what_goes_in_comes_out(store: SqlStore) -> None:
    """Every kind of record survives the store whole, and a second import of it is nothing at all."""
    with store.transaction() as unit:
        assert all(taken.new == 1 and taken.batch for taken in take_all(unit, EVERYTHING))
        assert take_all(unit, EVERYTHING) == [Taken(None, 0, 0, 1)] * len(EVERYTHING)
        facts = unit.facts("S", NOW)
        assert unit.school_ids() == ("S",)
        assert (unit.days("S"), unit.pupils("S"), unit.staff("S")) == (facts.days, facts.pupils, facts.staff)
        assert (unit.days("T"), unit.pupils("T"), unit.staff("T")) == ((), (), ())
    rows = (facts.days, facts.terms, facts.staff, facts.pupils, facts.contacts, facts.events)
    assert (facts.school, *(row for (row,) in rows)) == EVERYTHING[:-1]
    assert standing(facts) == {("A1", MONDAY, AM): "/"}


def test_the_rolls_are_told_without_the_pupils(store: SqlStore) -> None:
    """Every enrolment by UPN, school, first and last day; a pupil who is back has two."""
    left = Pupil("A1", "S", "a", "b", "7", date(2024, 9, 1), date(2025, 7, 22))
    with store.transaction() as unit:
        take_all(unit, [SCHOOL, left, replace(left, admitted_on=MONDAY, left_on=None)])
        before = ("A1", "S", date(2024, 9, 1), date(2025, 7, 22))
        assert set(unit.stays()) == {before, ("A1", "S", MONDAY, None)}


def test_rows_come_out_in_order(store: SqlStore) -> None:
    """Pupils by number and admission, days and terms by date, contacts by pupil and priority."""
    pupils = [Pupil(upn, "S", "a", "b", "7", on) for upn in ("B", "A") for on in (MONDAY, date(2024, 9, 1))]
    contacts = [Contact(who, upn, "n", priority=rank) for upn in "BA" for who, rank in (("x", 2), ("y", 1))]
    days = [SchoolDay("S", MONDAY + timedelta(n), am=True, pm=True) for n in (3, 1, 2)]
    with store.transaction() as unit:
        take_all(unit, [SCHOOL, *pupils, *contacts, *days])
        facts = unit.facts("S", NOW)
    assert facts.pupils == tuple(sorted(pupils, key=lambda pupil: (pupil.upn, pupil.admitted_on)))
    assert facts.contacts == tuple(sorted(contacts, key=lambda contact: (contact.upn, contact.priority)))
    assert [day.date.day for day in facts.days] == [9, 10, 11]


def test_a_correction_is_kept_beside_what_it_corrects(store: SqlStore) -> None:
    """An absence turned into an L an hour later: both can be asked for, by when they were known."""
    late = Mark("A1", "S", MONDAY, AM, "L", recorded_at=NOW, minutes_late=12)
    with store.transaction() as unit:
        take_all(unit, [SCHOOL, Mark("A1", "S", MONDAY, AM, "N")])
        assert unit.take("marks", "S", [late], NOW + timedelta(hours=1), "test").changed == 1
        assert standing(unit.facts("S", NOW + timedelta(minutes=59))) == {("A1", MONDAY, AM): "N"}
        assert standing(unit.facts("S", NOW + timedelta(hours=1))) == {("A1", MONDAY, AM): "L"}


def test_a_time_of_entry_alone_is_no_news(store: SqlStore) -> None:
    """The same code with another time of entry, or other minutes, leaves no batch."""
    mark = Mark("A1", "S", MONDAY, AM, "L")
    with store.transaction() as unit:
        take_all(unit, [mark])
        assert unit.take("marks", "S", [replace(mark, minutes_late=5)], NOW, "test") == Taken(None, 0, 0, 1)


def test_an_empty_code_clears_the_mark(store: SqlStore) -> None:
    """A blank is missing, not absent; a week without marks has no row left."""
    with store.transaction() as unit:
        take_all(unit, [SCHOOL, Mark("A1", "S", MONDAY, AM, "N")])
        assert take_all(unit, [Mark("A1", "S", MONDAY, AM, "")])[0].changed == 1
        assert take_all(unit, [Mark("A1", "S", MONDAY, AM, "")])[0] == Taken(None, 0, 0, 1)
        assert unit.facts("S", NOW).marks.upns == ()
        assert unit.db.exec_driver_sql("SELECT count(*) FROM register_week").scalar_one() == 0


def test_what_is_cleared_is_gone_from_the_past_as_well(store: SqlStore) -> None:
    """A week and a pupil whose marks were all cleared are in neither the register nor the fold of it."""
    later = MONDAY + timedelta(7)
    marks = [
        Mark("A1", "S", MONDAY, AM, "/"),
        Mark("A1", "S", later, AM, "N"),
        Mark("B2", "S", later, PM, "N"),
    ]
    with store.transaction() as unit:
        take_all(unit, [SCHOOL, *marks])
        take_all(unit, [replace(mark, code="") for mark in marks[1:]], NOW + timedelta(hours=1))
        now = unit.facts("S", NOW + timedelta(hours=1))
        take_all(unit, [replace(SCHOOL, name="Bluefield")], NOW + timedelta(hours=2))
        then = unit.facts("S", NOW + timedelta(hours=1))
    assert told(now) == told(then)
    assert (then.marks.upns, then.marks.weeks.tolist()) == (("A1",), [MONDAY.toordinal()])


def test_people_with_sql_read_the_register(store: SqlStore) -> None:
    """A row is a school week; a calendar that comes after the marks is shown in it all the same."""
    days = [SchoolDay("S", MONDAY + timedelta(n), am=n != 2, pm=n != 2) for n in range(5)]
    with store.transaction() as unit:
        take_all(unit, [Mark("A1", "S", MONDAY, AM, "/"), Mark("A1", "S", MONDAY, PM, "C1"), *days])
        row = unit.db.exec_driver_sql("SELECT week, marks FROM register_week").one()
        assert tuple(row) == ("2025-09-08", "/ C1    ....        ")
        take_all(unit, [SchoolDay("S", MONDAY + timedelta(5), am=True, pm=False)])
        row = unit.db.exec_driver_sql("SELECT marks FROM register_week").one()
        assert tuple(row) == ("/ C1    ....          ......",)


def test_an_unknown_school_is_named(store: SqlStore) -> None:
    """Asking for a school nobody knew yet says what to import or to ask."""
    with store.transaction() as unit:
        take_all(unit, [SCHOOL])
        with pytest.raises(StoreProblem, match=r"school S was not in the store at 2025-09-07.*--known-at"):
            unit.facts("S", NOW - timedelta(days=1))


def test_rows_of_another_school_are_refused(store: SqlStore) -> None:
    """A batch is of one school and one kind; a code is a code."""
    with store.transaction() as unit:
        wrongs: list[tuple[list[Record], str]] = [
            ([Pupil("A1", "T", "a", "b", "7", MONDAY)], "holds rows of T"),
            ([Mark("A1", "T", MONDAY, AM, "/")], "holds marks of T"),
            ([SCHOOL, Mark("A1", "S", MONDAY, AM, "/")], "one kind of record"),
            ([Mark("A1", "S", MONDAY, AM, "ILL")], "is no attendance code"),
            ([Staff("m1", "S", "A", roles=("a;b",))], "holds no ';'"),
        ]
        for wrong, match in wrongs:
            with pytest.raises(ValueError, match=match):
                unit.take("file", "S", wrong, NOW, "test")


def test_a_damaged_journal_is_not_believed(store: SqlStore) -> None:
    """A delta whose digest does not match stops a look into the past, by number."""
    with store.transaction() as unit:
        take_all(unit, [SCHOOL])
        unit.take("marks", "S", [Mark("A1", "S", MONDAY, AM, "/")], NOW + timedelta(days=1), "test")
    with closing(sqlite3.connect(store.path)) as raw:
        raw.execute("UPDATE journal_batch SET digest = 'x' WHERE id = 1")
        raw.commit()
    with pytest.raises(StoreProblem, match="journal batch 1 of school S is damaged"), store.reading() as unit:
        unit.facts("S", NOW)


DAYS = st.integers(0, 15).map(lambda n: MONDAY + timedelta(n))
NOTES = st.text("ab", max_size=3)
MARKS = st.builds(
    Mark,
    upn=st.sampled_from(["A1", "B2", "Ç3"]),
    school_id=st.just("S"),
    date=DAYS,
    session=st.sampled_from([AM, PM]),
    code=st.sampled_from(["", "/", "\\", "I", "C1", "N"]),
    recorded_at=st.none() | st.just(NOW),
    minutes_late=st.none() | st.integers(0, 90),
)
PUPILS = st.builds(
    Pupil,
    upn=st.sampled_from(["A1", "B2"]),
    school_id=st.just("S"),
    first_name=st.sampled_from(["Ann", "Ben"]),
    last_name=st.just("Ó"),
    year_group=st.sampled_from(["7", "8"]),
    admitted_on=st.sampled_from([MONDAY, date(2024, 9, 1)]),
    left_on=st.none() | DAYS,
    medical=st.booleans(),
)
BATCHES = st.lists(
    st.lists(MARKS, min_size=1, max_size=12, unique_by=lambda mark: (mark.upn, mark.date, mark.session))
    | st.lists(PUPILS, min_size=1, max_size=3)
    | st.lists(st.builds(SchoolDay, st.just("S"), DAYS, st.booleans(), st.booleans()), min_size=1, max_size=5)
    | st.lists(
        st.builds(Event, st.just("A1"), st.just("S"), st.just("hold"), DAYS, st.none() | DAYS, note=NOTES),
        min_size=1,
        max_size=3,
    ),
    max_size=8,
)
QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@QUICK
@given(batches=BATCHES, hours=st.lists(st.integers(0, 50), min_size=8, max_size=8))
def test_the_journal_folds_to_the_projection(
    fresh: FreshStore, batches: list[list[Record]], hours: list[int]
) -> None:
    """In whatever order batches were recorded, folding them all gives exactly what the tables hold."""
    with fresh() as store, store.transaction() as unit:
        take_all(unit, [SCHOOL])
        for batch, hour in zip(batches, hours, strict=False):
            take_all(unit, batch, NOW + timedelta(hours=hour))
        rows, grid = projected(unit.db, "S")
        again, same_grid = folded(unit.db, "S", NOW + timedelta(hours=50))
        assert {kind: sorted(map(tuple, found)) for kind, found in rows.items()} == {
            kind: sorted(map(tuple, found)) for kind, found in again.items()
        }
        assert grid.upns == same_grid.upns == tuple(sorted(grid.upns))
        assert grid.weeks.tolist() == same_grid.weeks.tolist()
        assert grid.cells.tolist() == same_grid.cells.tolist()
        assert (grid.cells.dtype, grid.weeks.dtype) == (same_grid.cells.dtype, same_grid.weeks.dtype)


@QUICK
@given(batches=BATCHES, known=st.integers(-1, 8))
def test_what_was_known_is_what_had_been_taken_by_then(
    fresh: FreshStore, batches: list[list[Record]], known: int
) -> None:
    """Facts at an hour equal a store that took only the batches up to that hour."""
    with fresh() as store, store.transaction() as unit:
        take_all(unit, [SCHOOL], NOW - timedelta(days=1))
        for hour, batch in enumerate(batches):
            take_all(unit, batch, NOW + timedelta(hours=hour))
        as_known = told(unit.facts("S", NOW + timedelta(hours=known)))
    with fresh() as store, store.transaction() as unit:
        take_all(unit, [SCHOOL], NOW - timedelta(days=1))
        for batch in batches[: known + 1]:
            take_all(unit, batch)
        assert told(unit.facts("S", NOW)) == as_known


def test_pupils_of_all_lengths_and_weeks_of_all_widths_keep_their_marks(fresh: FreshStore) -> None:
    """A short id beside a long one, a boarder's Saturday, a week nobody else has: each mark in its place."""
    marks = [
        Mark("A", "S", MONDAY, AM, "/"),
        Mark("Ngũgĩ-2", "S", MONDAY + timedelta(days=5), PM, "C1"),
        Mark("Ngũgĩ-2", "S", MONDAY + timedelta(weeks=2), AM, "N"),
        Mark("Z9", "S", MONDAY + timedelta(weeks=1, days=4), PM, "I"),
    ]
    with fresh() as store, store.transaction() as unit:
        take_all(unit, [SCHOOL, *marks])
        _, grid = projected(unit.db, "S")
    assert grid.upns == ("A", "Ngũgĩ-2", "Z9")
    assert grid.weeks.tolist() == [(MONDAY + timedelta(weeks=week)).toordinal() for week in range(3)]
    places = [(row, at, grid.cells[row, at]) for row, at in np.argwhere(grid.cells != b"").tolist()]
    assert places == [(0, 0, b"/"), (1, 11, b"C1"), (1, 28, b"N"), (2, 14 + 9, b"I")]
