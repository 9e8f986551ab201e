"""One look at the clock: rules read again where they changed, runs that are due, the alarm of a late list."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import astuple
from datetime import date, datetime
from typing import TYPE_CHECKING

import structlog

from adapters.bootstrap import Service, now
from adapters.callbacks.door import Door
from adapters.rule_files import RuleFileProblem, Stamp, read_library, stamp, words_stamp
from adapters.serve.figures import Figures
from adapters.serve.sending import Sending
from adapters.store import open_store
from adapters.store.problems import StoreProblem
from engine.codes import table_hash
from engine.instants import local, local_instant
from workflows.clockwork import Clockwork, Turn
from workflows.late_list import late_lists
from workflows.library import Library, on_last_good
from workflows.values import TaskState

if TYPE_CHECKING:
    from adapters.config import Config
    from workflows.ports import Store

RULES_ON_DISK = "the rules on disk"
LAST_GOOD = "the last rules without a mistake"
WITHOUT_THESE = "the rules without these lines"

_BUSY = 5.0
"""Seconds that a provider is kept waiting for the store: it gives up after ten, and tries again."""


class Serving:
    """The service under way. `look` is called by one thread only; `figures` may be read by any."""

    def __init__(self, config: Config, clock: Callable[[], datetime] = now) -> None:
        self.figures = Figures()
        self._config = config
        self._clock = clock
        self._log = structlog.get_logger()
        self._service: Service | None = None
        self._works: Clockwork | None = None
        self._stamp: Stamp = ()
        self._sound = False
        self._stopping = False
        self.rules = ""
        self._said: set[tuple[str, date]] = set()
        self.last_look: float | None = None

    @property
    def store(self) -> Store:
        """The store under way."""
        return self._current().store

    def door(self) -> Door:
        """The door for what providers post, with a store of its own: the one under way is a run's."""
        return Door(
            self._config,
            os.environ,
            lambda: open_store(self._config.store, codes_hash=table_hash(), busy=_BUSY),
            self._clock,
            self.figures,
        )

    def sending(self) -> Sending:
        """What sends while this is up, by the rules that are in force here."""

        def in_force() -> Library | None:
            return None if self._service is None else self._service.rules

        return Sending(self._config, in_force, self.figures, self._clock)

    def opens(self) -> None:
        """Open the store before anything is served; StoreProblem where there is none, with what to do."""
        with closing(Service(self._config)) as service, service.store.reading() as unit:
            unit.school_ids()

    def stop(self) -> None:
        """Begin no further run; the one under way is finished."""
        self._stopping = True

    def look(self) -> None:
        """Do what is due; what goes wrong is told, stops no other school, and is tried again next time.

        A look that went wrong as a whole (the store is locked, the disk full) is none: /health says so.
        """
        try:
            self._look()
        except Exception as problem:  # noqa: BLE001 - whatever it was, the next look may find it mended
            sentence = str(problem) if isinstance(problem, StoreProblem) else ""
            self._log.error("look_failed", problem=type(problem).__name__, because=sentence)

    def _look(self) -> None:
        works = self._current()
        for turn in works.due(self._clock()):
            if self._stopping:
                return
            self._take(works, turn)
        self._watch(works)
        self._fold()
        self.figures.looks.inc()
        self.last_look = time.time()
        self.figures.last_look.set(self.last_look)

    def _fold(self) -> None:
        """Have all that was written lately in the store's own file: who copies that copies what there is."""
        if self._service is not None:
            self._service.store.fold()

    def close(self) -> None:
        """Let go of the store and of the workers."""
        if self._service is not None:
            self._service.close()

    def _current(self) -> Clockwork:
        """The clockwork with the rules in force: those on disk, or the last that had no mistake."""
        there = stamp(*astuple(self._config.rules)) + words_stamp(*astuple(self._config.templates))
        if self._works is None or there != self._stamp:
            self._works, self._stamp = self._taken_up(), there
        return self._works

    def _taken_up(self) -> Clockwork:
        """The clockwork by the rules on disk; where they have a mistake, by the last without one.

        Those are the ones under way, else those of each school's newest run by such rules: the store keeps
        them. A school that never had such a run goes by what the files say without the broken lines.
        """
        service = Service(self._config, clock=self._clock)
        for faults in service.templates.left_out.values():
            for fault in faults:
                self._log.error("wording_left_out", problem=str(fault))
        read, problems = self._read()
        if problems and self._works is not None and self._sound:
            self._say(problems, LAST_GOOD)
            return self._works
        library, without = on_last_good(service.store, read) if read is None or problems else (read, ())
        kept = bool(library.instead)
        self._say(problems, RULES_ON_DISK if not problems else LAST_GOOD if kept else WITHOUT_THESE)
        if kept and without:
            self._log.error("no_good_rules_kept", schools=list(without), in_force=WITHOUT_THESE)
        self.close()
        service.rules = library
        self._service, self._sound = service, not problems or (kept and not without)
        return Clockwork(service.store, library, service.run_day)

    def _read(self) -> tuple[Library | None, list[str]]:
        """The rules on disk, None where a folder cannot be read, and what is wrong with them."""
        try:
            library = read_library(*astuple(self._config.rules))
        except RuleFileProblem as wrong:
            return None, [str(wrong)]
        return library, sorted({str(problem) for book in library.rulebooks for problem in book.problems})

    def _say(self, problems: Sequence[str], in_force: str) -> None:
        """Tell each mistake, and which rules are in force meanwhile: once for each change of a file."""
        for problem in problems:
            self._log.error("rules_broken", problem=problem, in_force=in_force)
        self.figures.rules_broken.set(bool(problems))
        self.rules = in_force

    def _take(self, works: Clockwork, turn: Turn) -> None:
        schedule, began = turn.slot.schedule, time.perf_counter()
        told = {"schedule": schedule, "due": turn.slot.due.isoformat()}
        try:
            run = works.take(turn)
        except Exception as problem:  # noqa: BLE001 - whatever it was, the other schools go on
            if len(turn.schools) == 1:
                self._log.error("run_failed", school=turn.schools[0], problem=type(problem).__name__, **told)
                self.figures.runs.labels(schedule, "failed").inc()
                return
            for school_id in turn.schools:
                self._take(works, Turn(turn.slot, (school_id,), turn.as_of))
            return
        came = "skipped" if run is None else "done"
        self.figures.runs.labels(schedule, came).inc()
        self.figures.seconds.labels(schedule).observe(time.perf_counter() - began)
        tasks = sum(school.tally.tasks.total() for school in run.schools) if run else 0
        messages = sum(school.tally.messages.total() for school in run.schools) if run else 0
        schools = len(run.schools) if run else len(turn.schools)
        self._log.info(f"run_{came}", schools=schools, tasks=tasks, messages=messages, **told)

    def _watch(self, works: Clockwork) -> None:
        """Sound the alarm where no list was made in time, and count what is open."""
        at = self._clock()
        today = local(at).date()
        ready_by = local_instant(today, self._config.list_ready_by)
        late = late_lists(works, at, ready_by)
        with works.store.reading() as unit:
            for school_id in unit.school_ids():
                self.figures.open_tasks.labels(school_id).set(unit.count_tasks(school_id, TaskState.OPEN))
                self.figures.list_late.labels(school_id).set(school_id in late)
        for school_id in late:
            if (school_id, today) not in self._said:
                self._said.add((school_id, today))
                self._log.error("list_not_ready", school=school_id, ready_by=ready_by.isoformat())
