"""What one tick costs a school of 1,200 under a service that is up: marks come in, a run, the list again.

Wednesday of one school, its marks in so many deltas as they are taken and put right: each is imported from
its CSV file, the school is judged as of that minute, and the whole list is ranked anew.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from statistics import median

from adapters.memory import collect_seldom
from adapters.mis.csv_folder import CsvFolder
from adapters.mis.quarantine import QuarantineFolder
from adapters.store import open_store, upgrade
from benchmarks.apart import apart
from benchmarks.figure import Figure
from benchmarks.nights import cpu, service_on
from benchmarks.places import Places
from benchmarks.stores import (
    MORNING,
    TUESDAY,
    WEDNESDAY,
    evening,
    sized,
    take_year,
    url,
    write_marks,
    written,
)
from benchmarks.trust import school_of, session_of
from engine.codes import table_hash
from engine.instants import local_instant
from workflows.take_in import take_in
from workflows.tasks import listed

TITLE = "a tick for one school, import to list, warm"
TICKS = 200
BETWEEN = timedelta(minutes=2)


def measure(places: Places) -> Iterator[Figure]:
    """The median and the worst of them all."""
    said = apart(day, places.file("ticks.db"), written(places.size), TICKS).said
    spent = said["seconds"]
    rows, used = said["rows"] / len(spent), said["cpu"] / len(spent)
    yield Figure(
        "the median tick", median(spent), note=f"{len(spent)} of {rows:.0f} rows each; {used:.2f} s of CPU"
    )
    yield Figure("the worst tick", max(spent), note=f"{said['tasks']:,} tasks on the list at the end")


def day(store: str, size: str, ticks: str) -> dict[str, object]:
    """Seconds of each tick of a Wednesday, over a store that holds Tuesday's marks and Tuesday's run."""
    collect_seldom()
    school, path = school_of(0, sized(size)), Path(store)
    upgrade(url(path))
    with open_store(url(path), codes_hash=table_hash()) as opened:
        take_year(opened, school)
    before, last = session_of(TUESDAY, "PM"), session_of(WEDNESDAY, "PM")
    marks = [*school.since(before, last)]
    service = service_on(path)
    service.run_day.run(evening(TUESDAY))
    quarantine, count = QuarantineFolder(service.store_folder), min(int(ticks), len(marks))
    spent, lines, used = [], [], 0.0
    for number in range(count):
        at = local_instant(WEDNESDAY, MORNING) + number * BETWEEN
        file = path.with_name("marks.csv")
        write_marks(file, marks[number * len(marks) // count : (number + 1) * len(marks) // count])
        begin, before_it = time.perf_counter(), cpu()
        take_in(service.store, CsvFolder([file]), at, quarantine, lambda *_: None)
        service.run_day.run(at)
        lines = listed(service.store, at)
        spent.append(time.perf_counter() - begin)
        used += cpu() - before_it
    service.close()
    return {"seconds": spent, "cpu": used, "rows": len(marks), "tasks": len(lines)}
