"""`firstbell` in a process of its own that says how far it is, so that it can be stopped exactly there.

It is the command line as it stands; added are only eyes: a step is told before and after each commit of
a writing transaction and each placing of a finished file, and at the start and the end.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy.engine.default import DefaultDialect

import adapters.bootstrap
import adapters.cli.app
import adapters.cli.progress
import adapters.cli.show_outbox
import adapters.cli.show_run
import adapters.mis.quarantine
import adapters.store
import workflows.deliver
import workflows.run_day
import workflows.take_in  # noqa: F401 - all of it imported once, before the server of the children forks
from adapters.cli import main
from engine.instants import read_instant

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection

STARTED, ENDED = "started", "ended"


@dataclass(frozen=True, slots=True)
class Order:
    """`firstbell WORDS...` in a folder, at an instant by its clock; at the steps named it waits."""

    words: tuple[str, ...]
    folder: Path
    clock: str
    holds: tuple[str, ...] = ()


def live(order: Order, said: Path, steps: Connection) -> None:
    """Carry out an order to its end, all it prints in `said`; the exit code is the command's."""
    os.chdir(order.folder)
    os.environ.update(FIRSTBELL_STORE="sqlite:///firstbell.db", FIRSTBELL_OUTBOX_FOLDER="outbox")
    _print_to(said)
    eyes = _Eyes(order.holds, steps, order.clock)
    adapters.bootstrap.now = lambda: read_instant(eyes.clock)
    sys.argv = ["firstbell", *order.words]
    eyes.open()
    eyes.tell(STARTED)
    try:
        main()
    finally:
        sys.stdout.flush()
        eyes.tell(ENDED)


def _print_to(said: Path) -> None:
    handle = os.open(said, os.O_WRONLY | os.O_APPEND)
    os.dup2(handle, 1)
    os.dup2(handle, 2)
    sys.stdout, sys.stderr = os.fdopen(1, "w", closefd=False), os.fdopen(2, "w", closefd=False)


@dataclass(slots=True)
class _Eyes:
    """What tells the steps and waits at some of them, and the clock, which may be put forward meanwhile."""

    holds: tuple[str, ...]
    steps: Connection
    clock: str
    commits: int = 0
    placings: int = 0

    def tell(self, step: str) -> None:
        """Say that a step is reached; where it is to be held, wait for word to go on."""
        with suppress(BrokenPipeError):  # nobody looks any more
            self.steps.send(step)
            if step in self.holds:
                self.clock = self.steps.recv() or self.clock

    def open(self) -> None:
        """Look at commits and at files that take their name."""
        commit: Callable[[DefaultDialect, Any], None] = DefaultDialect.do_commit
        replace = Path.replace

        def told_commit(dialect: DefaultDialect, connection: Any) -> None:  # noqa: ANN401 - the driver's
            if connection.execute("PRAGMA query_only").fetchone()[0]:
                commit(dialect, connection)
                return
            self.commits += 1
            number = self.commits
            self.tell(f"before commit {number}")
            commit(dialect, connection)
            self.tell(f"after commit {number}")

        def told_replace(path: Path, target: Path) -> Path:
            self.placings += 1
            number = self.placings
            self.tell(f"before placing {number}")
            placed = replace(path, target)
            self.tell(f"after placing {number}")
            return placed

        DefaultDialect.do_commit = told_commit  # type: ignore[method-assign]
        Path.replace = told_replace  # type: ignore[method-assign, assignment]
