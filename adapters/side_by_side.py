"""Schools judged side by side: worker processes, each with a service of its own on the same store.

Each worker judges on a view for reading and takes the write lock only to commit, so two of them are nearly
twice as quick as one. A worker that is killed has committed a school or not begun to.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import cache
from itertools import repeat
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait
from threading import Thread
from typing import TYPE_CHECKING

from adapters.bootstrap import Service
from adapters.memory import collect_seldom
from workflows.run_school import run_unless_taken

if TYPE_CHECKING:
    from adapters.config import Config
    from workflows.run_school import Asked, SchoolRun


class WorkerLost(Exception):  # noqa: N818 - a sentence for a person
    """A worker ended in the middle of its work, killed by somebody or for want of memory."""


class SideBySide:
    """So many processes, begun when they are first needed and kept until `close`.

    They read settings and rules once: for others, make another one.
    """

    def __init__(self, config: Config, workers: int) -> None:
        # Spawned, not forked: a copied process would share open files and threads of the store.
        self._pool = ProcessPoolExecutor(
            workers, mp_context=get_context("spawn"), initializer=_begin, initargs=(config,)
        )

    def __call__(self, school_ids: Sequence[str], asked: Asked) -> Iterable[SchoolRun | None]:
        """What the run did at each school, in this order; the first problem of any ends it."""
        try:
            yield from self._pool.map(_judge, school_ids, repeat(asked))
        except BrokenProcessPool:
            raise WorkerLost(
                "a worker process was ended from outside, perhaps for want of memory; the schools that were "
                "done are kept. Run the command again: nothing is done twice. 'workers: 1' in config.yaml "
                "needs the least memory"
            ) from None

    def close(self) -> None:
        """End the workers; a school under way is finished first, others are not begun."""
        self._pool.shutdown(cancel_futures=True)


_given: list[Config] = []


def _begin(config: Config) -> None:
    """Make a fresh process a worker that ends with its parent, whatever that dies of."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which ends us
    parent = parent_process()
    if parent is not None:
        Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()
    collect_seldom()
    _given.append(config)


def _end_with(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)


@cache
def _service() -> Service:
    return Service(_given[0])


def _judge(school_id: str, asked: Asked) -> SchoolRun | None:
    return run_unless_taken(_service().run_school, school_id, asked)
