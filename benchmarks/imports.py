"""What an import costs: one school's whole year, and one morning of the whole trust.

Both are the real command in a fresh process, from the shell to its end.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from adapters.store import open_store, upgrade
from benchmarks.apart import apart, firstbell
from benchmarks.figure import MEGABYTES, Figure
from benchmarks.places import Places
from benchmarks.stores import TUESDAY, WEDNESDAY, copy, evening, sized, url, write_marks, written
from benchmarks.trust import Size, school_of, session_of
from engine.codes import table_hash
from engine.records import Mark

TITLE = "imports, from the shell"
YEAR, YEAR_MB, MORNING = 10, 200, 3


def measure(places: Places) -> Iterator[Figure]:
    """The year of one school, then a trust's morning into a store that holds the trust's year."""
    store, marks = places.file("school.db"), places.file("year/marks.csv")
    rows = apart(write_year, store, marks, written(places.size)).said
    year = firstbell("--store", url(store), "import", marks)
    yield Figure(
        f"a year of one school, {rows:,} rows", year.seconds, bar=YEAR, note=f"{year.cpu:.2f} s of CPU"
    )
    yield Figure("its peak memory", year.peak_mb, MEGABYTES, YEAR_MB)
    again = firstbell("--store", url(store), "import", marks)
    yield Figure("the same file again", again.seconds, note=f"{again.cpu:.2f} s of CPU")

    morning = places.file("morning/marks.csv")
    rows = apart(write_morning, morning, written(places.size)).said
    trust = copy(places.trust(), places.file("morning.db"))
    came = firstbell("--store", url(trust), "import", morning)
    yield Figure(
        f"a trust's morning, {rows:,} rows", came.seconds, bar=MORNING, note=f"{came.cpu:.2f} s of CPU"
    )
    yield Figure("its peak memory", came.peak_mb, MEGABYTES)


def write_year(store: str, marks: str, size: str) -> int:
    """A store with one school's people and calendar, and the CSV of its whole year; returns its rows."""
    school = school_of(0, sized(size))
    upgrade(url(Path(store)))
    with open_store(url(Path(store)), codes_hash=table_hash()) as opened, opened.transaction() as unit:
        for file, records in school.files().items():
            unit.take(file, school.school.school_id, records, evening(TUESDAY), "benchmarks")
    return write_marks(Path(marks), school.marks(school.codes, school.on_roll()))


def write_morning(marks: str, size: str) -> int:
    """The CSV of Wednesday morning's registers of the whole trust; returns its rows."""
    trust: Size = sized(size)
    session = session_of(WEDNESDAY, "AM")
    rows: list[Mark] = []
    for number in range(trust.schools):
        school = school_of(number, trust)
        this = np.zeros(school.codes.shape, dtype=np.bool_)
        this[:, session] = True
        rows += school.marks(school.known(session), this & school.on_roll())
    return write_marks(Path(marks), rows)
