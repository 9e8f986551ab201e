"""Runs and what they leave for the next one: counts, digests, claimed slots, rulebooks, notes."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, func, select

from adapters.store.driven import Driven
from adapters.store.rows import add, instant, put
from adapters.store.tables import core
from adapters.store.tables.standing import (
    DecisionStateRow,
    NoteRow,
    RulebookRow,
    RunCountRow,
    RunRow,
    RunSlotRow,
)

if TYPE_CHECKING:
    from sqlalchemy import BindParameter, Connection

    from workflows.values import DueSlot, RunRecord

LONDON = ZoneInfo("Europe/London")
RUNS, COUNTS, SLOTS = core(RunRow), core(RunCountRow), core(RunSlotRow)
DECISIONS, RULEBOOKS, NOTES = core(DecisionStateRow), core(RulebookRow), core(NoteRow)
AHEAD = timedelta(hours=1)
"""Clocks of two machines differ by minutes; a claim from further ahead was made by a clock that was wrong."""


def decided(db: Connection, school_id: str) -> dict[tuple[str, str], str]:
    """The digest of the last decision recorded for each (subject, rule)."""
    return {(subject, rule): digest for subject, rule, digest in _decided().ask(db, school_id=school_id)}


@cache
def _decided() -> Driven:
    of_school = DECISIONS.c.school_id == bindparam("school_id")
    return Driven.of(select(DECISIONS.c.subject, DECISIONS.c.rule, DECISIONS.c.digest).where(of_school))


def record_run(db: Connection, run: RunRecord, digests: dict[tuple[str, str], str]) -> None:
    """Keep a run, its counts under the day it judged, and the digests of what it decided."""
    mark = {"run_id": run.run_id, "school_id": run.school_id}
    day = run.as_of.astimezone(LONDON).date()
    instants = {"as_of": run.as_of, "known_at": run.known_at, "ran_at": run.ran_at}
    add(db, RUNS, [{**mark, **instants, "rulebook": run.rulebook, "scheduled": run.scheduled}])
    counts = [
        {**mark, "rule": rule, "matched": matched, "weekday": day.weekday(), "as_of": day.isoformat()}
        for rule, matched in run.matched.items()
    ]
    add(db, COUNTS, counts)
    put(
        db,
        DECISIONS,
        [
            {**mark, "subject": subject, "rule": rule, "digest": digest}
            for (subject, rule), digest in digests.items()
        ],
    )


def first_judged(db: Connection, school_id: str) -> datetime | None:
    """The earliest instant that a run has judged a school as of."""
    ((found,),) = _first_judged().ask(db, school_id=school_id)
    return instant(found)


@cache
def _first_judged() -> Driven:
    return Driven.of(select(func.min(RUNS.c.as_of)).where(RUNS.c.school_id == bindparam("school_id")))


def first_run_since(db: Connection, school_id: str, since: datetime) -> datetime | None:
    """When the first run of a school after an instant was done."""
    wanted = select(func.min(RUNS.c.ran_at)).where(RUNS.c.school_id == school_id, RUNS.c.ran_at >= since)
    found: datetime | None = db.execute(wanted).scalar_one()
    return found


def matched_before(db: Connection, school_id: str, weekday: int, limit: int) -> dict[str, list[int]]:
    """For each rule one figure a day, newest first: a day run five times counts once, by its latest run."""
    before: dict[str, list[int]] = defaultdict(list)
    for rule, matched in _matched().ask(db, school_id=school_id, weekday=weekday):
        if len(before[rule]) < limit:
            before[rule].append(matched)
    return dict(before)


@cache
def _matched() -> Driven:
    school_id: BindParameter[str] = bindparam("school_id")
    its = (COUNTS.c.school_id == school_id, COUNTS.c.weekday == bindparam("weekday"))
    days = select(COUNTS.c.run_id, COUNTS.c.as_of).where(*its).distinct().subquery()
    latest_first = [RUNS.c.ran_at.desc(), RUNS.c.known_at.desc(), RUNS.c.run_id.desc()]
    place = func.row_number().over(partition_by=days.c.as_of, order_by=latest_first).label("place")
    of_school = (RUNS.c.run_id == days.c.run_id) & (RUNS.c.school_id == school_id)
    runs = select(days.c.run_id, days.c.as_of, place).join(RUNS, of_school).subquery()
    counted = (COUNTS.c.run_id == runs.c.run_id) & (COUNTS.c.school_id == school_id)
    wanted = select(COUNTS.c.rule, COUNTS.c.matched).select_from(runs).join(COUNTS, counted)
    return Driven.of(wanted.where(runs.c.place == 1).order_by(runs.c.as_of.desc()))


def claim_slot(db: Connection, school_id: str, slot: DueSlot, at: datetime) -> bool:
    """True for the one caller who gets this slot; the write lock makes looking and claiming one step."""
    free = not slot_taken(db, school_id, slot, at)
    if free:
        row = {"school_id": school_id, "schedule": slot.schedule, "due": slot.due, "claimed_at": at}
        put(db, SLOTS, [row])
    return free


def slot_taken(db: Connection, school_id: str, slot: DueSlot, at: datetime) -> bool:
    """Whether somebody has a slot, by a clock that was not far ahead of this instant."""
    its = (SLOTS.c.school_id == school_id, SLOTS.c.schedule == slot.schedule, SLOTS.c.due == slot.due)
    wanted = select(SLOTS.c.due).where(*its, SLOTS.c.claimed_at <= at + AHEAD)
    return db.execute(wanted).first() is not None


def last_slots(db: Connection, school_id: str, at: datetime) -> dict[str, datetime]:
    """The latest slot taken of each schedule, by a clock that was not far ahead of this instant."""
    its = (SLOTS.c.school_id == school_id, SLOTS.c.claimed_at <= at + AHEAD)
    latest = select(SLOTS.c.schedule, func.max(SLOTS.c.due)).where(*its)
    found = db.execute(latest.group_by(SLOTS.c.schedule)).all()
    return {schedule: due for schedule, due in found}  # noqa: C416 - rows are no pairs to a type checker


def keep_rulebook(db: Connection, content_hash: str, sources: str) -> None:
    """Keep a rulebook's text under its hash; the same hash is the same text, so a second time is nothing."""
    if not _kept().ask(db, hash=content_hash):
        add(db, RULEBOOKS, [{"hash": content_hash, "sources": sources}])


@cache
def _kept() -> Driven:
    return Driven.of(select(RULEBOOKS.c.hash).where(RULEBOOKS.c.hash == bindparam("hash")))


def rulebooks_run(db: Connection, school_id: str) -> tuple[str, ...]:
    """The hashes of the rulebooks that a school was judged by, that of the newest run first."""
    by = select(RUNS.c.rulebook).where(RUNS.c.school_id == school_id).group_by(RUNS.c.rulebook)
    return tuple(db.execute(by.order_by(func.max(RUNS.c.ran_at).desc(), RUNS.c.rulebook)).scalars())


def rulebook(db: Connection, content_hash: str) -> str | None:
    """The text kept under a hash."""
    found: str | None = db.execute(
        select(RULEBOOKS.c.sources).where(RULEBOOKS.c.hash == content_hash)
    ).scalar_one_or_none()
    return found


def note(db: Connection, key: str) -> str | None:
    """A fact about the store itself."""
    return next((value for (value,) in _note().ask(db, key=key)), None)


@cache
def _note() -> Driven:
    return Driven.of(select(NOTES.c.value).where(NOTES.c.key == bindparam("key")))


def set_note(db: Connection, key: str, value: str) -> None:
    """Set such a fact."""
    put(db, NOTES, [{"key": key, "value": value}])
