"""What a run leaves for the next one."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest

from adapters.store import SqlStore, StoreProblem, open_store
from workflows.values import DueSlot, RunRecord

MONDAY = datetime(2025, 9, 8, 8, 20, tzinfo=UTC)


def run(number: int, as_of: datetime, ran_at: datetime, **matched: int) -> RunRecord:
    """A run of school S."""
    return RunRecord(f"r-{number}", "S", as_of, ran_at, ran_at, "b-1", matched)


def test_a_day_counts_once_by_its_latest_run(store: SqlStore) -> None:
    """Mondays newest first; a re-run Monday counts by its last figure, a Tuesday not at all."""
    week = timedelta(days=7)
    with store.transaction() as unit:
        unit.record_run(run(1, MONDAY, MONDAY, late=5, other=90), {})
        unit.record_run(run(3, MONDAY + week, MONDAY + week, late=3), {})
        unit.record_run(run(2, MONDAY + timedelta(hours=2), MONDAY + 2 * week, late=7), {})
        unit.record_run(run(4, MONDAY + timedelta(days=1), MONDAY + timedelta(days=1), late=99), {})
        assert unit.matched_before("S", 0, 20)["late"] == [3, 7]
        assert unit.matched_before("S", 0, 1)["late"] == [3]
        assert unit.matched_before("T", 0, 20) == {}


def test_a_day_is_a_day_in_london(store: SqlStore) -> None:
    """Half past midnight on a summer Monday is Monday, though UTC still says Sunday."""
    with store.transaction() as unit:
        unit.record_run(run(1, datetime(2025, 9, 7, 23, 30, tzinfo=UTC), MONDAY, late=5), {})
        assert unit.matched_before("S", 0, 20)["late"] == [5]


def test_the_last_decision_is_remembered(store: SqlStore) -> None:
    """A later run replaces the digests it names and leaves the others."""
    with store.transaction() as unit:
        unit.record_run(run(1, MONDAY, MONDAY), {("A1", "late"): "x", ("A1", "day-1"): "y"})
        unit.record_run(run(2, MONDAY, MONDAY), {("A1", "late"): "z"})
        assert unit.decided("S") == {("A1", "late"): "z", ("A1", "day-1"): "y"}
        assert unit.decided("T") == {}


def test_a_run_is_recorded_once(store: SqlStore) -> None:
    """The same run id at the same school is refused."""
    with store.transaction() as unit:
        unit.record_run(run(1, MONDAY, MONDAY), {})
    with pytest.raises(StoreProblem, match="nothing happens twice"), store.transaction() as unit:
        unit.record_run(run(1, MONDAY + timedelta(days=1), MONDAY), {})


def test_a_slot_has_one_winner(store: SqlStore) -> None:
    """Six claimants with their own connections, one slot: one True; another school's slot is another."""
    won: list[bool] = []

    def claim() -> None:
        with (
            open_store(f"sqlite:///{store.path}", codes_hash="") as mine,
            mine.transaction() as unit,
        ):
            won.append(unit.claim_slot("S", DueSlot("morning", MONDAY), MONDAY))

    threads = [threading.Thread(target=claim) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(won) == [False] * 5 + [True]
    with store.transaction() as unit:
        assert unit.claim_slot("T", DueSlot("morning", MONDAY), MONDAY)
        assert unit.claim_slot("S", DueSlot("morning", MONDAY + timedelta(days=1)), MONDAY)


def test_rulebooks_and_notes(store: SqlStore) -> None:
    """A rulebook is kept once under its hash; a note takes its last value."""
    with store.transaction() as unit:
        unit.keep_rulebook("b-1", "rules: {}")
        unit.keep_rulebook("b-1", "something else")
        assert (unit.rulebook("b-1"), unit.rulebook("b-2")) == ("rules: {}", None)
        unit.set_note("demo", "1")
        unit.set_note("demo", "2")
        assert (unit.note("demo"), unit.note("none")) == ("2", None)
