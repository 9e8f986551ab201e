"""`Serving` in a process of its own, on a clock that is put where it is wanted, and killed there too.

It is the service as `firstbell serve` has it, but for the alarm clock, which here is the test: it says what
time it is, and waits for the word that all is done. Dying is SIGKILL, at a commit or in between.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import structlog
from sqlalchemy.engine.default import DefaultDialect

from adapters.config import Config, read_config
from adapters.serve.serving import Serving

if TYPE_CHECKING:
    from collections.abc import Callable

PATIENCE = 120.0


@dataclass(frozen=True, slots=True)
class Death:
    """Where a look ends: before or after its commit of this number, or so many seconds after it began."""

    commit: int = 0
    after: bool = False
    seconds: float = 0.0


@dataclass(slots=True)
class Clock:
    """A clock that stands where it is put."""

    at: datetime

    def __call__(self) -> datetime:
        """The time it shows."""
        return self.at


def settled(folder: Path) -> Config:
    """The settings as shipped, over a store in a folder."""
    return read_config({}, folder, flags={"store": "sqlite:///firstbell.db", "outbox_folder": "outbox"})


def failures(serving: Serving) -> int:
    """How many scheduled runs went wrong since it was started."""
    (runs,) = serving.figures.runs.collect()
    return int(
        sum(s.value for s in runs.samples if s.name.endswith("_total") and s.labels["came"] == "failed")
    )


def serve(folder: Path, words: Connection) -> None:
    """Look whenever told to, until told nothing more; answers with the number of runs that failed."""
    structlog.configure(logger_factory=structlog.ReturnLoggerFactory())
    clock = Clock(datetime.min.replace(tzinfo=UTC))
    serving = Serving(settled(folder), clock)
    commits = _Commits()
    commits.watch()
    while (told := words.recv()) is not None:
        clock.at, commits.death = told
        commits.seen = 0
        serving.look()
        words.send(failures(serving))
    serving.close()


@dataclass(slots=True)
class _Commits:
    """Counts the commits of writing transactions, and dies at one."""

    death: Death = field(default_factory=Death)
    seen: int = 0

    def watch(self) -> None:
        """Look at every commit of this process."""
        commit: Callable[[DefaultDialect, Any], None] = DefaultDialect.do_commit

        def seen_commit(dialect: DefaultDialect, connection: Any) -> None:  # noqa: ANN401 - the driver's
            if connection.execute("PRAGMA query_only").fetchone()[0]:
                commit(dialect, connection)
                return
            self.seen += 1
            here = self.seen == self.death.commit
            if here and not self.death.after:
                os.kill(os.getpid(), signal.SIGKILL)
            commit(dialect, connection)
            if here:
                os.kill(os.getpid(), signal.SIGKILL)

        DefaultDialect.do_commit = seen_commit  # type: ignore[method-assign]


@cache
def _context() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.year.server"])
    return context


class Server:
    """One serving process, started again whenever it was killed; its clock may go before the others'."""

    def __init__(self, folder: Path, ahead: timedelta = timedelta(0)) -> None:
        self.kills = 0
        self._folder, self._ahead = folder, ahead
        self._told: tuple[datetime, Death] | None = None
        self._begin()

    def look(self, at: datetime, death: Death | None = None) -> None:
        """Say "look" and do not wait."""
        self._told = (at + self._ahead, death or Death())
        self._pipe.send(self._told)

    def done(self) -> None:
        """Wait until the look is done; where it was killed, the next process looks at the same time."""
        while self._told is not None:
            at, death = self._told
            if death.seconds and not self._pipe.poll(death.seconds):
                self._process.kill()
            try:
                if not self._pipe.poll(PATIENCE):
                    raise RuntimeError(f"nothing was heard of a look at {at} for {PATIENCE:.0f} s")
                failed = self._pipe.recv()
            except (EOFError, ConnectionResetError):
                self._bury()
                self._begin()
                self._told = (at, Death())
                self._pipe.send(self._told)
                continue
            if failed:
                raise RuntimeError(f"{failed} runs failed in or before the look at {at}")
            self._told = None

    def close(self) -> None:
        """Let the process end."""
        self._pipe.send(None)
        self._process.join(PATIENCE)
        self._process.close()
        self._pipe.close()

    def _begin(self) -> None:
        self._pipe, there = _context().Pipe()
        self._process: ForkServerProcess = _context().Process(
            target=serve, args=(self._folder, there), daemon=True
        )
        self._process.start()
        there.close()

    def _bury(self) -> None:
        self._process.join(PATIENCE)
        code = self._process.exitcode
        self._process.close()
        self._pipe.close()
        if code != -signal.SIGKILL:
            raise RuntimeError(f"a serving process ended by itself, with {code}")
        self.kills += 1
