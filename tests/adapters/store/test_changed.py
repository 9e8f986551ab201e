"""What is different since a batch: of whom, and from which day on."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from adapters.store import SqlStore, SqlUnit
from engine.records import AM, Contact, Event, Mark, Pupil, School, SchoolDay, Staff, Term
from workflows.ports import Changed, Record

MONDAY = date(2025, 9, 8)
NOW = datetime(2025, 9, 8, 8, 20, tzinfo=UTC)
PUPIL = Pupil("A1", "S", "Zoë", "Kite", "7", date(2025, 9, 1))


def mark(upn: str, days: int, code: str = "N") -> Mark:
    """A mark of a morning, so many days after Monday."""
    return Mark(upn, "S", MONDAY + timedelta(days=days), AM, code)


@pytest.fixture
def batch(store: SqlStore) -> int:
    """A school with two marks: the batch that took them."""
    with store.transaction() as unit:
        unit.take("pupils", "S", [PUPIL], NOW, "test")
        return unit.take("marks", "S", [mark("A1", 0), mark("B2", 1)], NOW, "test").batch or 0


def taken(unit: SqlUnit, *records: Record, school: str = "S") -> int:
    """Take records; the batch."""
    return unit.take("told", school, records, NOW, "test").batch or 0


def test_a_mark_is_about_its_day_and_the_days_after(store: SqlStore, batch: int) -> None:
    """New, changed or cleared: the first day of each pupil over all batches; a repeat is no change."""
    with store.transaction() as unit:
        assert unit.changed("S", batch) == Changed(batch, everything=False, since={})
        taken(unit, mark("A1", 3), mark("B2", 4))
        taken(unit, mark("A1", 2), mark("A1", 4))
        last = taken(unit, mark("A1", 0, ""), mark("B2", 1), mark("C3", 9))
        assert unit.changed("S", batch) == Changed(
            last,
            everything=False,
            since={"A1": MONDAY, "B2": MONDAY + timedelta(days=4), "C3": MONDAY + timedelta(days=9)},
        )
        assert unit.changed("S", last) == Changed(last, everything=False, since={})


@pytest.mark.parametrize("told", [replace(PUPIL, left_on=MONDAY), Event("A1", "S", "hold", MONDAY)])
def test_a_pupils_own_row_and_history_are_about_every_day(store: SqlStore, batch: int, told: Record) -> None:
    """Whatever the day that is named in them."""
    with store.transaction() as unit:
        taken(unit, mark("A1", 5))
        last = taken(unit, told)
        taken(unit, mark("A1", 6))
        assert unit.changed("S", batch) == Changed(last + 1, everything=False, since={"A1": date.min})


@pytest.mark.parametrize(
    "told",
    [
        School("S", "Greenfield", "primary"),
        SchoolDay("S", MONDAY, am=True, pm=False),
        Term("S", "2025/26", "autumn", 1, MONDAY, MONDAY),
    ],
)
def test_the_calendar_may_change_everything(store: SqlStore, batch: int, told: Record) -> None:
    """A school, a day or a term that is different; at this school only."""
    with store.transaction() as unit:
        last = taken(unit, told)
        assert unit.changed("S", batch) == Changed(last, everything=True, since={})
        assert unit.changed("T", 0) == Changed(0, everything=False, since={})


@pytest.mark.parametrize("told", [Staff("m1", "S", "A. Okafor"), Contact("c1", "A1", "B. Kite")])
def test_no_rule_looks_at_staff_and_contacts(store: SqlStore, batch: int, told: Record) -> None:
    """They are new, and nothing is judged again for it."""
    with store.transaction() as unit:
        last = taken(unit, told)
        assert unit.changed("S", batch) == Changed(last, everything=False, since={})


def test_where_nobody_knows_since_when_it_may_be_everything(store: SqlStore, batch: int) -> None:
    """Nothing was judged yet; or a batch is damaged."""
    with store.transaction() as unit:
        assert unit.changed("S", None) == Changed(batch, everything=True, since={})
        last = taken(unit, mark("A1", 5))
        unit.db.exec_driver_sql("UPDATE journal_batch SET digest = 'x' WHERE id = ?", (last,))
        assert unit.changed("S", batch) == Changed(last, everything=True, since={})
