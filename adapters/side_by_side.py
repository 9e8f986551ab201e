"""Schools judged side by side: worker processes, each with a service of its own on the same store.

Each worker judges on a view for reading and takes the write lock only to commit, so two of them are nearly
twice as quick as one. A worker that is killed has committed a school or not begun to.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterable, Sequence
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection, wait
from threading import Thread
from typing import TYPE_CHECKING

from adapters.bootstrap import Service
from adapters.memory import collect_seldom
from workflows.library import Library
from workflows.run_school import run_unless_taken

if TYPE_CHECKING:
    from multiprocessing.context import SpawnProcess

    from adapters.config import Config
    from workflows.run_school import Asked, SchoolRun


class WorkerLost(Exception):  # noqa: N818 - a sentence for a person
    """A worker ended in the middle of its work, killed by somebody or for want of memory."""


class SideBySide:
    """So many processes, begun when they are first needed and kept until `close`.

    They judge by these settings and rules, whatever is in the files by then: for others, make another one.
    Each has a pipe of its own: where one dies in the middle of an answer its pipe ends there, and nobody
    waits for the rest.
    """

    def __init__(self, config: Config, workers: int, library: Library) -> None:
        self._config = config
        self._rules = Library(library.files, library.instead)
        self._count = workers
        self._workers: dict[Connection, SpawnProcess] = {}

    def __call__(self, school_ids: Sequence[str], asked: Asked) -> Iterable[SchoolRun | None]:
        """What the run did at each school, in this order; the first problem of any ends it.

        Then the workers end too: what another had under way is not taken for an answer to the next question.
        """
        try:
            return self._ask(school_ids, asked)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """End the workers; a school under way is finished first, others are not begun."""
        for pipe in self._workers:
            pipe.close()
        for process in self._workers.values():
            process.join()
        self._workers.clear()

    def _ask(self, school_ids: Sequence[str], asked: Asked) -> list[SchoolRun | None]:
        self._begin()
        left = list(reversed(school_ids))
        done: dict[str, SchoolRun | None] = {}
        busy: dict[Connection, str] = {}
        idle = list(self._workers)
        while left or busy:
            while left and idle:
                pipe = idle.pop()
                busy[pipe] = left.pop()
                self._tell(pipe, busy[pipe], asked)
            answered = wait(list(busy))
            for pipe in [each for each in busy if each in answered]:
                done[busy.pop(pipe)] = self._hear(pipe)
                idle.append(pipe)
        return [done[school_id] for school_id in school_ids]

    def _begin(self) -> None:
        # Spawned, not forked: a copied process would share open files and threads of the store.
        context = get_context("spawn")
        while len(self._workers) < self._count:
            ours, theirs = context.Pipe()
            process = context.Process(target=_work, args=(self._config, self._rules, theirs), daemon=True)
            process.start()
            theirs.close()
            self._workers[ours] = process

    def _tell(self, pipe: Connection, school_id: str, asked: Asked) -> None:
        try:
            pipe.send((school_id, asked))
        except OSError:
            raise self._lost() from None

    def _hear(self, pipe: Connection) -> SchoolRun | None:
        try:
            done: SchoolRun | Exception | None = pipe.recv()
        except (EOFError, OSError):
            raise self._lost() from None
        if isinstance(done, Exception):
            raise done
        return done

    def _lost(self) -> WorkerLost:
        return WorkerLost(
            "a worker process was ended from outside, perhaps for want of memory; the schools that were done "
            "are kept. Run the command again: nothing is done twice. 'workers: 1' in config.yaml needs the "
            "least memory"
        )


def _work(config: Config, rules: Library, pipe: Connection) -> None:
    """The life of a worker: schools in, what was done there out, until the pipe or the parent ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which ends us
    parent = parent_process()
    if parent is not None:
        Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()
    collect_seldom()
    service = Service(config, rules=rules)
    while True:
        try:
            school_id, asked = pipe.recv()
        except EOFError:
            break
        try:
            done: SchoolRun | Exception | None = run_unless_taken(service.run_school, school_id, asked)
        except Exception as problem:  # noqa: BLE001 - it is the parent's to say
            done = problem
        try:
            pipe.send(done)
        except OSError:
            break  # nobody listens any more; what was done is in the store
    service.close()


def _end_with(sentinel: int) -> None:
    """End at once when the parent does, whatever it died of."""
    wait([sentinel])
    os._exit(1)
