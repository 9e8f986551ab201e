"""What holds every evening of a school's year, read from the store's own tables where that can be done."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from adapters.bootstrap import Service
from engine.instants import local
from tests.durability.invariants import STORE, unkept
from workflows.day_report import day_reports

TAKEN_BACK = ("withdrawn", "superseded", "expired", "failed_temporary", "failed_permanent")


@dataclass
class Evenings:
    """The evenings so far: what was carried over the night, and whom nobody had seen to (with the day)."""

    count: int = 0
    unseen: list[str] = field(default_factory=list)
    _carried: dict[str, int] = field(default_factory=dict)
    _there: set[str] = field(default_factory=set)

    def broken(self, service: Service, folder: Path, at: datetime) -> list[str]:
        """What does not hold this evening."""
        self.count += 1
        with closing(sqlite3.connect(folder / STORE)) as db:
            found = [*self._nothing_vanished(db)]
            for promise in (slots_once, acts_have_tasks, one_message_a_day, nothing_past_its_end):
                found += [f"{promise.__name__}: {what}" for what in promise(db, at)]
        with service.store.reading() as unit:
            found += [str(fault) for fault in unit.verify()[1]]
        return [*found, *unkept(folder), *self._reported(service, at)]

    def _nothing_vanished(self, db: sqlite3.Connection) -> Iterator[str]:
        """A task that was there once is there for ever."""
        there = {key for (key,) in db.execute("SELECT task_id FROM task")}
        yield from (f"{key} is gone" for key in self._there - there)
        self._there = there

    def _reported(self, service: Service, at: datetime) -> Iterator[str]:
        """The day adds up, begins with what the last one left, and nobody without a reason was left alone."""
        for report in day_reports(service.store, at):
            flow = report.tasks
            if not flow.adds_up:
                yield f"{report.school_id}: {flow} does not add up"
            if self._carried.get(report.school_id, flow.carried_in) != flow.carried_in:
                yield f"{report.school_id}: {flow} begins with other than {self._carried[report.school_id]}"
            self._carried[report.school_id] = flow.carried_out
            self.unseen += [f"{local(at):%Y-%m-%d} {each.upn} {each.sessions}" for each in report.unseen]


def slots_once(db: sqlite3.Connection, _at: datetime) -> Iterator[str]:
    """Every slot taken is one run or was skipped once; no instant is judged twice for a schedule."""
    slots = Counter(db.execute("SELECT school_id, schedule FROM run_slot").fetchall())
    runs = Counter(db.execute("SELECT school_id, scheduled FROM run WHERE scheduled <> ''").fetchall())
    skipped = Counter((school, str(entry["schedule"])) for school, entry in _told(db, "skipped"))
    yield from (f"{key}: {slots[key]} slots, {runs[key]} runs, {skipped[key]} skipped"
                for key in slots | runs if slots[key] != runs[key] + skipped[key])  # fmt: skip
    twice = (
        "SELECT school_id, scheduled, as_of, count(*) FROM run WHERE scheduled <> '' "
        "GROUP BY 1, 2, 3 HAVING count(*) > 1"
    )
    yield from (f"{row}" for row in db.execute(twice))


def acts_have_tasks(db: sqlite3.Connection, _at: datetime) -> Iterator[str]:
    """What a rule decided to do is somebody's task, on the case of its ground."""
    made = set(
        db.execute(
            "SELECT c.school_id, c.subject, c.anchor, t.rule "
            "FROM task t JOIN case_ c ON c.case_id = t.case_id"
        )
    )
    for school, line in _told(db, "decision"):
        acts = line["outcome"] in ("act", "propose")
        if acts and (school, line["subject"], line["anchor"], line["rule"]) not in made:
            yield f"{line['as_of']} {line['subject']} {line['rule']}: decided, and nobody's task"


def one_message_a_day(db: sqlite3.Connection, _at: datetime) -> Iterator[str]:
    """One message at most is made about a pupil on a day, and one at most leaves."""
    kept = ", ".join(f"'{state}'" for state in TAKEN_BACK)
    for what, when in ((f"state NOT IN ({kept})", "made_as_of"), ("state = 'sent'", "ended_at")):
        several = (
            f"SELECT subject, substr({when}, 1, 10), count(*), group_concat(rule) FROM message "  # noqa: S608
            f"WHERE {what} GROUP BY 1, 2 HAVING count(*) > 1"
        )
        yield from (f"{when}: {row}" for row in db.execute(several))


def nothing_past_its_end(db: sqlite3.Connection, at: datetime) -> Iterator[str]:
    """Nothing that is tied to an hour is open once that hour is over."""
    late = "SELECT task_id, expires_at FROM task WHERE state = 'open' AND expires_at <= ?"
    yield from (f"{row}" for row in db.execute(late, (f"{at:%Y-%m-%d %H:%M:%S.%f}",)))


def _told(db: sqlite3.Connection, kind: str) -> Iterator[tuple[str, dict[str, object]]]:
    entries = db.execute(
        "SELECT school_id, content FROM ledger_entry JOIN ledger_content USING (school_id, seq) "
        "WHERE kind = ?",
        (kind,),
    )
    yield from ((school, json.loads(content)) for school, content in entries)
