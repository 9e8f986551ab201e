"""One look at the clock: rules read again where they changed, runs that are due, the alarm of a late list."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING

import structlog

from adapters.bootstrap import Service, now
from adapters.rule_files import rule_files
from adapters.serve.figures import Figures
from engine.instants import local, local_instant
from workflows.clockwork import Clockwork, Turn
from workflows.late_list import late_lists
from workflows.values import TaskState

if TYPE_CHECKING:
    from adapters.config import Config
    from workflows.ports import Store

Stamp = tuple[tuple[str, int, int], ...]


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
        self._said: set[tuple[str, date]] = set()
        self.last_look: float | None = None

    @property
    def store(self) -> Store:
        """The store under way."""
        return self._current().store

    def look(self) -> None:
        """Do what is due; what goes wrong in one school is told, and stops no other."""
        works = self._current()
        for turn in works.due(self._clock()):
            self._take(works, turn)
        self._watch(works)
        self.figures.looks.inc()
        self.last_look = time.time()
        self.figures.last_look.set(self.last_look)

    def close(self) -> None:
        """Let go of the store and of the workers."""
        if self._service is not None:
            self._service.close()

    def _current(self) -> Clockwork:
        """The clockwork with the rules in force: those on disk, or the last that had no mistake."""
        stamp = tuple(self._files())
        if self._works is None or stamp != self._stamp:
            self._stamp = stamp
            service = Service(self._config, clock=self._clock)
            if self._broken(service) and self._works is not None:
                return self._works
            self.close()
            self._service = service
            self._works = Clockwork(service.store, service.library, service.run_day)
        return self._works

    def _broken(self, service: Service) -> bool:
        """Whether the rules on disk have a mistake, each said once for each change of a file."""
        problems = sorted({str(problem) for book in service.library.rulebooks for problem in book.problems})
        in_force = "the last rules without a mistake" if self._works else "the rules without these lines"
        for problem in problems:
            self._log.error("rules_broken", problem=problem, in_force=in_force)
        self.figures.rules_broken.set(bool(problems))
        return bool(problems)

    def _files(self) -> Iterator[tuple[str, int, int]]:
        """Every rule file with its time and size: another stamp is another rulebook, perhaps."""
        folders = self._config.rules
        for path in rule_files(folders.national, folders.trust, folders.schools):
            there = path.stat()
            yield str(path), there.st_mtime_ns, there.st_size

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
        tasks = sum(len(school.tasks) for school in run.schools) if run else 0
        messages = sum(len(school.messages) for school in run.schools) if run else 0
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
