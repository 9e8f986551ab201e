"""What a night costs: the whole trust from its store to tasks and drafted messages, in one warm process."""

from __future__ import annotations

import os
import resource
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from adapters.bootstrap import Service
from adapters.config import read_config
from adapters.memory import collect_seldom
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
    alone = apart(night_of_one_process, copy(places.wednesday(), places.file("alone.db")))
    yield Figure(
        "an ordinary night, one process", alone.said["seconds"], note=f"{alone.said['cpu']:.2f} s of CPU"
    )
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


def night_of_one_process(store: str) -> dict[str, float]:
    """The same night with one school after the other."""
    return _night(Path(store), WEDNESDAY, workers=1)


def _night(store: Path, on: date, workers: int = 0) -> dict[str, float]:
    """One night by a service that was up the night before: a dry run of that one warms its processes."""
    collect_seldom()
    service = service_on(store, workers)
    service.run_day.run(evening(on - timedelta(days=1)), dry=True)
    begin, used = time.perf_counter(), cpu()
    done = service.run_day.run(evening(on))
    seconds, used = time.perf_counter() - begin, cpu() - used
    service.close()
    return {
        "seconds": seconds,
        "cpu": used,
        "workers": service.workers,
        "tasks": sum(school.tally.tasks.total() for school in done.schools),
        "messages": sum(school.tally.messages.total() for school in done.schools),
        "peak_mb": _peak_mb(),
    }


def _peak_mb() -> float:
    """The peak of this process, and of its workers, if it has any: the largest, taken once for each core."""
    own, worker = (
        resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return (own + worker * (os.cpu_count() or 1)) / 1024


def service_on(store: Path, workers: int = 0) -> Service:
    """The service with its shipped settings, on this store; 0 workers are as many as there are cores."""
    return Service(read_config({"FIRSTBELL_STORE": url(store), "FIRSTBELL_WORKERS": str(workers)}, TOP))


def cpu() -> float:
    """Seconds of CPU so far, of this process and of those it has waited for."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


def _beside(cost: Cost) -> str:
    said = cost.said
    return f"{said['workers']} processes; {said['tasks']:,} tasks, {said['messages']:,} messages"
