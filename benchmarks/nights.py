"""What a night costs: the whole trust from its store to tasks and drafted messages, in one warm process."""

from __future__ import annotations

import gc
import os
import resource
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

from adapters.bootstrap import Service
from adapters.cli import COLLECT_AFTER
from adapters.config import read_config
from benchmarks.apart import TOP, Cost, apart
from benchmarks.figure import MEGABYTES, Figure
from benchmarks.places import Places
from benchmarks.stores import TUESDAY, WEDNESDAY, copy, evening, url

TITLE = "nights of the whole trust, warm"
NIGHT, NIGHT_MB = 5, 700


def measure(places: Places) -> Iterator[Figure]:
    """The first night of a new store, then an ordinary one: yesterday's run is in the store."""
    judged = copy(places.trust(), places.file("first.db"))
    first = apart(first_night, judged)
    places.keep(judged, "judged.db")
    yield Figure("the first night", first.said["seconds"], note=_beside(first))
    judged = copy(places.wednesday(), places.file("ordinary.db"))
    ordinary = apart(ordinary_night, judged)
    places.keep(judged, "thursday.db")
    yield Figure("an ordinary night", ordinary.said["seconds"], bar=NIGHT, note=_beside(ordinary))
    yield Figure("its peak memory", ordinary.said["peak_mb"], MEGABYTES, NIGHT_MB)


def first_night(store: str) -> dict[str, float]:
    """Tuesday evening's run over a store that has never been judged."""
    return _night(Path(store), TUESDAY)


def ordinary_night(store: str) -> dict[str, float]:
    """Wednesday evening's run over a store that holds Tuesday's."""
    return _night(Path(store), WEDNESDAY)


def _night(store: Path, on: date) -> dict[str, float]:
    """One night by a process that has judged before: a dry run of one school warms it up."""
    gc.set_threshold(COLLECT_AFTER)  # as the command line does
    when = evening(on)
    service = service_on(store)
    run_day = replace(service.run_day, clock=lambda: when)
    with service.store.reading() as unit:
        last = unit.school_ids()[-1]
    run_day.run(when, schools=[last], dry=True)
    begin, used = time.perf_counter(), cpu()
    done = run_day.run(when)
    seconds, used = time.perf_counter() - begin, cpu() - used
    service.close()
    return {
        "seconds": seconds,
        "cpu": used,
        "tasks": sum(len(school.tasks) for school in done.schools),
        "messages": sum(len(school.messages) for school in done.schools),
        "peak_mb": _peak_mb(),
    }


def _peak_mb() -> float:
    """The peak of this process, and of its workers, if it has any: the largest, taken once for each core."""
    own, worker = (
        resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return (own + worker * (os.cpu_count() or 1)) / 1024


def service_on(store: Path) -> Service:
    """The service with its shipped settings, on this store."""
    return Service(read_config({"FIRSTBELL_STORE": url(store)}, TOP))


def cpu() -> float:
    """Seconds of CPU so far, of this process and of those it has waited for."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


def _beside(cost: Cost) -> str:
    said = cost.said
    return f"{said['cpu']:.2f} s of CPU, {said['tasks']:,} tasks, {said['messages']:,} messages"
