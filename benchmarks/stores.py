"""Stores that hold the synthetic trust, and the CSV files of what comes next.

A store is built through the unit's own `take`, one batch for each file and school, exactly as an import
does after it has read and checked its rows; only the ledger's entries about files are left out.
"""

from __future__ import annotations

import csv
import os
import shutil
from collections.abc import Iterable
from datetime import date, datetime, time
from pathlib import Path

from adapters.store import SqlStore, open_store, upgrade
from benchmarks.trust import Size, TrustSchool, school_of, session_of
from engine.codes import table_hash
from engine.instants import local_instant
from engine.records import Mark

TUESDAY, WEDNESDAY, THURSDAY = date(2026, 6, 16), date(2026, 6, 17), date(2026, 6, 18)
EVENING, MORNING = time(18, 0), time(9, 20)
HEADER = ("upn", "date", "session", "code", "school_id")


def url(path: Path) -> str:
    """The address of a store's file."""
    return f"sqlite:///{path}"


def evening(on: date) -> datetime:
    """When a day's marks are in and the night's run begins."""
    return local_instant(on, EVENING)


def sized(text: str) -> Size:
    """The size that `written` wrote."""
    return Size(*map(int, text.split(",")))


def written(size: Size) -> str:
    """A size as one word of a command."""
    return f"{size.secondaries},{size.in_secondary},{size.primaries},{size.in_primary}"


def build(path: str, size: str) -> int:
    """A store of the whole trust with every mark up to Tuesday's afternoon; returns how many marks."""
    file, trust = Path(path), sized(size)
    upgrade(url(file))
    count = 0
    with open_store(url(file), codes_hash=table_hash()) as store:
        for number in range(trust.schools):
            count += take_year(store, school_of(number, trust))
    return count


def take_year(store: SqlStore, school: TrustSchool) -> int:
    """One school with every mark up to Tuesday's afternoon; returns how many marks."""
    marks = tuple(school.until(session_of(TUESDAY, "PM")))
    take_people(store, school, evening(TUESDAY))
    with store.transaction() as unit:
        unit.take("marks", school.school.school_id, marks, evening(TUESDAY), "benchmarks")
    return len(marks)


def take_people(store: SqlStore, school: TrustSchool, when: datetime) -> None:
    """All of one school but its marks."""
    with store.transaction() as unit:
        for file, records in school.files().items():
            unit.take(file, school.school.school_id, records, when, "benchmarks")


def take_wednesday(path: str, size: str) -> int:
    """Wednesday's marks and corrections into a store that holds Tuesday; returns how many marks."""
    trust, count = sized(size), 0
    with open_store(url(Path(path)), codes_hash=table_hash()) as store:
        for number in range(trust.schools):
            school = school_of(number, trust)
            marks = tuple(school.since(session_of(TUESDAY, "PM"), session_of(WEDNESDAY, "PM")))
            with store.transaction() as unit:
                unit.take("marks", school.school.school_id, marks, evening(WEDNESDAY), "benchmarks")
            count += len(marks)
    return count


def write_marks(path: Path, marks: Iterable[Mark]) -> int:
    """A marks.csv; returns its rows. A blank mark is a row too, as a school's system exports it."""
    rows = [(mark.upn, mark.date.isoformat(), mark.session, mark.code, mark.school_id) for mark in marks]
    with path.open("w", encoding="utf-8", newline="") as handle:
        lines = csv.writer(handle)
        lines.writerow(HEADER)
        lines.writerows(rows)
    return len(rows)


def copy(store: Path, to: Path) -> Path:
    """A store's file once more; no process has it open, so its journal is empty.

    It and all that was made before is on the disk before anything is timed: commits would wait for that.
    """
    shutil.copyfile(store, to)
    os.sync()
    return to
