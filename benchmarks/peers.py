"""Firstbell beside polars and duckdb over the same store, each from the tables to equal answers.

Plain counts are absent and possible sessions of the year; all measures those of benchmarks/asked.py.
Each runs in a process of its own and answers three times; the best counts. polars and duckdb use every core,
Firstbell one: seconds by the clock decide, seconds of CPU stand beside them. The floor is what SQLite needs
to hand the register over: no ratio can be higher than the peer's to the floor.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from benchmarks.apart import Failed, apart
from benchmarks.asked import Answers, differing, keep
from benchmarks.figure import TIMES, Figure
from benchmarks.peer_sql import REGISTER
from benchmarks.places import Places, say

TITLE = "the trust's store beside its peers"
PEERS = ("polars", "duckdb")
DRIVER = "adbc_driver_sqlite"
TRIES = 3
PLAIN_TIMES, MEASURES_TIMES = 1, 3
QUESTIONS = {"plain": ("plain counts", PLAIN_TIMES), "measures": ("all measures", MEASURES_TIMES)}


def measure(places: Places) -> Iterator[Figure]:
    """The floor, then each question: everybody's seconds, and how many times the better peer's ours are."""
    store = places.trust()
    floor = apart(bare_read, store).said
    yield Figure("the bare read, by sqlite3", floor["seconds"], note=_cpu(floor))
    there = [peer for peer in PEERS if find_spec(peer) and find_spec(DRIVER)]
    for peer in PEERS:
        if peer not in there:
            say(f"{peer} is not measured: it is not installed (pip install -e '.[bench]')")
    for question, (title, bar) in QUESTIONS.items():
        costs = {}
        for who in ("firstbell", *there):
            costs[who] = apart(answer, store, who, question, places.file(f"{question}-{who}.npz")).said
            yield Figure(f"{title}, {who}", costs[who]["seconds"], note=_beside(costs[who]))
        for peer in there:
            one, other = (places.folder / f"{question}-{who}.npz" for who in ("firstbell", peer))
            if unequal := apart(differing, one, other).said:
                raise Failed(f"{peer} answers otherwise than Firstbell:\n" + "\n".join(unequal))
        if there:
            better = min(there, key=lambda peer: costs[peer]["seconds"])
            yield Figure(
                f"{title}: {better} beside firstbell",
                costs[better]["seconds"] / costs["firstbell"]["seconds"],
                TIMES,
                bar=bar,
                at_least=True,
                note=f"answers equal; by CPU {costs[better]['cpu'] / costs['firstbell']['cpu']:.2f}",
            )


def bare_read(store: str) -> dict[str, float]:
    """Seconds of reading the register as text, a row a pupil, and nothing else."""

    def read() -> None:
        db = sqlite3.connect(store)
        db.execute(REGISTER).fetchall()
        db.close()

    return min((_timed(read) for _ in range(TRIES)), key=lambda cost: cost["seconds"])


def answer(store: str, who: str, question: str, path: str) -> dict[str, float]:
    """Seconds of the best try, and of reading alone; the answers go to a file."""
    module = import_module(f"benchmarks.peer_{who}")
    found: list[Answers] = []
    tries = [_timed(lambda: found.append(getattr(module, question)(Path(store)))) for _ in range(TRIES)]
    reads = [_timed(lambda: module.read(Path(store))) for _ in range(TRIES)]
    keep(Path(path), found[-1])
    best = min(tries, key=lambda cost: cost["seconds"])
    return {**best, "read": min(cost["seconds"] for cost in reads)}


def _timed(what: Callable[[], object]) -> dict[str, float]:
    begin, cpu = time.perf_counter(), time.process_time()
    what()
    return {"seconds": time.perf_counter() - begin, "cpu": time.process_time() - cpu}


def _cpu(said: dict[str, float]) -> str:
    return f"{said['cpu']:.2f} s of CPU"


def _beside(said: dict[str, float]) -> str:
    return f"{_cpu(said)}; reading the register alone {said['read']:.2f} s"
