"""What a year costs: every day of one primary school taken in and judged, one run a day."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

from adapters.memory import collect_seldom
from adapters.store import open_store, upgrade
from benchmarks.apart import apart
from benchmarks.figure import PER_SECOND, Figure
from benchmarks.nights import cpu, service_on
from benchmarks.places import Places
from benchmarks.stores import evening, sized, take_people, url, written
from benchmarks.trust import school_of
from engine.codes import table_hash

TITLE = "a year of one school, a run a day"
DAYS = 190


def measure(places: Places) -> Iterator[Figure]:
    """Pupil-days a second, and what the whole year took."""
    said = apart(whole, places.file("a-year.db"), written(places.size), DAYS).said
    pupils = said["pupil_days"] / said["days"]
    yield Figure(
        "pupil-days",
        said["pupil_days"] / said["seconds"],
        PER_SECOND,
        note=f"{said['days']} days of {pupils:.0f} pupils; {said['decisions']:,} decisions",
    )
    note = f"{said['tasks']:,} tasks, {said['messages']:,} messages; {said['cpu']:.2f} s of CPU"
    yield Figure("the whole year", said["seconds"], note=note)


def whole(store: str, size: str, days: str) -> dict[str, float]:
    """The year of the first primary school, day by day: its marks come in, then the evening's run."""
    collect_seldom()
    trust, path = sized(size), Path(store)
    school = school_of(trust.secondaries, trust)
    upgrade(url(path))
    with open_store(url(path), codes_hash=table_hash()) as opened:
        take_people(opened, school, evening(school.sessions[0][0]))
    service = service_on(path)
    count = {"pupil_days": 0, "decisions": 0, "tasks": 0, "messages": 0, "days": 0}
    seconds = used = 0.0
    for last in range(1, 2 * int(days), 2):
        at, marks = evening(school.sessions[last][0]), [*school.since(last - 2, last)]
        begin, before = time.perf_counter(), cpu()
        with service.store.transaction() as unit:
            unit.take("marks", school.school.school_id, marks, at, "benchmarks")
        (done,) = service.run_day.run(at).schools
        seconds, used = seconds + time.perf_counter() - begin, used + cpu() - before
        count["days"] += 1
        count["pupil_days"] += done.pupils
        count["decisions"] += done.tally.decisions.total()
        count["tasks"] += done.tally.tasks.total()
        count["messages"] += done.tally.messages.total()
    service.close()
    return {**count, "seconds": seconds, "cpu": used}
