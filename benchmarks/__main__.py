"""`make bench`: one school of 1,200 pupils, from its files to its list, each step beside the bare read.

Times are of this machine in this minute; the ratios are what carries over. Peers and the sizes of a
trust come with their own benchmark files.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table

from adapters.bootstrap import Service, now
from adapters.config import read_config
from adapters.demo import DemoSchool, build, write
from adapters.mis.csv_folder import CsvFolder
from adapters.mis.quarantine import QuarantineFolder
from engine.inference.agree import Inference
from engine.inference.facts import Facts
from engine.instants import local_instant
from engine.snapshot import Snapshot
from workflows.run_day import RunDay
from workflows.take_in import take_in


@dataclass(frozen=True, slots=True)
class Step:
    """One thing measured."""

    name: str
    seconds: float


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        environ = {"FIRSTBELL_STORE": f"sqlite:///{place / 'bench.db'}"}
        service = Service(read_config(environ, Path.cwd()))
        service.ready()
        try:
            steps, floor = _measure(service, place, build())
        finally:
            service.close()
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("step")
    table.add_column("seconds", justify="right")
    table.add_column("times the bare read", justify="right")
    for step in steps:
        table.add_row(step.name, f"{step.seconds:.3f}", f"{step.seconds / floor:.1f}")
    Console(highlight=False).print(table)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    sys.stdout.write(f"peak memory {peak} MB\n")


def _measure(service: Service, place: Path, school: DemoSchool) -> tuple[list[Step], float]:
    monday = school.deliveries[0]
    friday = datetime.combine(monday.at.date(), datetime.min.time()) - timedelta(days=2, hours=8)
    write(school.base, place / "base")
    write(monday.files, place / "monday")
    run_day = service.run_day
    steps = [
        _timed("import the autumn", lambda: _take(service, place / "base", friday)),
        _timed("import it again", lambda: _take(service, place / "base", friday)),
    ]
    read = min((_timed("bare read", lambda: _read(service)) for _ in range(5)), key=lambda s: s.seconds)
    steps += [
        read,
        _timed("the first night", lambda: _judge(run_day, friday)),
        _timed("the same again", lambda: _judge(run_day, friday)),
        _timed("import a morning", lambda: _take(service, place / "monday", monday.at)),
        _timed("the morning's list", lambda: _judge(run_day, monday.at)),
        _timed("explain everybody", lambda: _explain(service, monday.at)),
        _timed("verify the ledger", lambda: _verify(service)),
        _timed("infer 1,000 subjects", lambda: _infer(Inference.here())),
        _timed("by the reference alone", lambda: _infer(Inference())),
    ]
    return steps, read.seconds


def _timed(name: str, what: Callable[[], object]) -> Step:
    begin = time.perf_counter()
    what()
    return Step(name, time.perf_counter() - begin)


def _take(service: Service, folder: Path, at: datetime) -> None:
    quarantine = QuarantineFolder(service.store_folder)
    when = local_instant(at.date(), at.time())
    take_in(service.store, CsvFolder([folder]), when, quarantine, lambda _file, _done, _total: None)


def _read(service: Service) -> Snapshot:
    with service.store.reading() as unit:
        return Snapshot.build(unit.facts(unit.school_ids()[0], now()))


def _judge(run_day: RunDay, at: datetime) -> None:
    when = local_instant(at.date(), at.time())
    run_day.run(when, when)


def _explain(service: Service, at: datetime) -> None:
    from workflows.explaining import explained

    explained(service.store, service.library, local_instant(at.date(), at.time()), now())


def _verify(service: Service) -> None:
    with service.store.reading() as unit:
        read, faults = unit.verify()
    if faults:
        raise RuntimeError(f"{len(faults)} of {read} ledger entries are broken")


def _infer(inference: Inference) -> None:
    from engine.inference.facts import Candidate
    from engine.reasons import Result

    subjects = [
        (str(number), Facts(candidates=(Candidate(f"rule-{number}", "ladder", 1, Result.MATCHED, "send"),)))
        for number in range(1000)
    ]
    inference.infer_all(subjects)


if __name__ == "__main__":
    main()
