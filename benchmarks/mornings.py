"""What a morning costs one school of the trust: from its 1,200 marks to its ranked list.

Warm: in a process that has judged before; from the shell: the three commands one after the other.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from adapters.memory import collect_seldom
from adapters.mis.csv_folder import CsvFolder
from adapters.mis.quarantine import QuarantineFolder
from benchmarks.apart import apart, command, firstbell
from benchmarks.figure import Figure
from benchmarks.nights import cpu, service_on
from benchmarks.places import Places
from benchmarks.stores import MORNING, THURSDAY, copy, sized, url, write_marks, written
from benchmarks.trust import school_of, session_of
from engine.instants import local_instant
from workflows.take_in import take_in
from workflows.tasks import listed

TITLE = "one school's morning, marks to list"
WARM, SHELL = 1, 2.5
LIBRARIES = "numpy, sqlmodel, typer, yaml"
"""What each of the three commands needs before it can read a row."""
AT = local_instant(THURSDAY, MORNING)


def measure(places: Places) -> Iterator[Figure]:
    """The same morning twice, each on its own copy of what Wednesday night left."""
    marks = places.file("thursday/marks.csv")
    rows = apart(write_thursday, marks, written(places.size)).said
    warm = apart(morning, copy(places.thursday(), places.file("warm.db")), marks).said
    note = ", ".join(f"{step} {seconds:.2f}" for step, (seconds, _) in warm.items())
    yield Figure(
        f"warm, {rows:,} rows",
        sum(seconds for seconds, _ in warm.values()),
        bar=WARM,
        note=f"{note}; {sum(used for _, used in warm.values()):.2f} s of CPU",
    )

    store = copy(places.thursday(), places.file("shell.db"))
    at = AT.isoformat()
    school = ("--school", _school_id())
    steps = {
        "import": firstbell("--store", url(store), "import", marks, "--recorded-at", at),
        "run": firstbell("--store", url(store), "run", "--as-of", at, "--known-at", at, *school),
        "tasks": firstbell("--store", url(store), "tasks", "--as-of", at, *school),
    }
    starts = [command(sys.executable, "-c", f"import {LIBRARIES}") for _ in steps]
    yield Figure(
        "three starts of Python with its libraries",
        sum(cost.seconds for cost in starts),
        note=f"the floor: {LIBRARIES}; {sum(cost.cpu for cost in starts):.2f} s of CPU",
    )
    note = ", ".join(f"{step} {cost.seconds:.2f}" for step, cost in steps.items())
    yield Figure(
        "from the shell, three commands",
        sum(cost.seconds for cost in steps.values()),
        bar=SHELL,
        note=f"{note}; {sum(cost.cpu for cost in steps.values()):.2f} s of CPU",
    )


def write_thursday(marks: str, size: str) -> int:
    """The CSV of Thursday morning's register of the first school; returns its rows."""
    school, session = school_of(0, sized(size)), session_of(THURSDAY, "AM")
    this = np.zeros(school.codes.shape, dtype=np.bool_)
    this[:, session] = True
    return write_marks(Path(marks), school.marks(school.known(session), this & school.on_roll()))


def morning(store: str, marks: str) -> dict[str, list[float]]:
    """Seconds by the clock and of CPU of each step, in a process that has judged another school before."""
    collect_seldom()
    service = service_on(Path(store))
    run_day = service.run_day
    with service.store.reading() as unit:
        other = unit.school_ids()[-1]
    run_day.run(AT, schools=[other], dry=True)
    school = _school_id()
    quarantine = QuarantineFolder(service.store_folder)

    def take() -> object:
        return take_in(service.store, CsvFolder([Path(marks)]), AT, quarantine, _silent)

    def run() -> object:
        return run_day.run(AT, schools=[school])

    def tasks() -> object:
        return listed(service.store, AT, schools=[school])

    spent = {name: _timed(step) for name, step in (("import", take), ("run", run), ("tasks", tasks))}
    service.close()
    return spent


def _timed(step: Callable[[], object]) -> list[float]:
    begin, used = time.perf_counter(), cpu()
    step()
    return [time.perf_counter() - begin, cpu() - used]


def _school_id() -> str:
    return "school-00"


def _silent(_file: str, _done: int, _total: int) -> None:
    """No progress is shown."""
