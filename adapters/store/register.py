"""The register as it stands: one row of text per pupil and school week, read and written as arrays."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
from sqlalchemy import func, select

from adapters.store.cells import SLOTS, draw, parse, place
from adapters.store.deltas import MarkChanges
from adapters.store.rows import put, remove
from adapters.store.tables import core
from adapters.store.tables.facts import RegisterWeekRow, SchoolDayRow
from engine.records import PM, Mark, MarkGrid

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from sqlalchemy import ColumnElement, Connection

WEEKS = core(RegisterWeekRow)
CALENDAR = core(SchoolDayRow)


def read_register(db: Connection, school_id: str) -> MarkGrid:
    """Every mark that stands at a school; pupils and weeks without one are left out."""
    texts = _texts(db, WEEKS.c.school_id == school_id)
    upns, weeks = sorted(texts.upns), texts.mondays()
    cells = _cells(texts, upns, weeks)
    return MarkGrid(tuple(upns), _ordinals(weeks), cells.reshape(len(upns), len(weeks) * SLOTS))


def write_marks(db: Connection, school_id: str, marks: Sequence[Mark]) -> tuple[MarkChanges, int]:
    """Set these marks (an empty code clears one); what changed, and how many said nothing new.

    A mark whose only news is its time of entry or its minutes is no change. At most one mark a session.
    """
    index: dict[str, int] = {}
    count = len(marks)
    pupil = np.fromiter((index.setdefault(mark.upn, len(index)) for mark in marks), np.int32, count)
    day = np.fromiter((mark.date.toordinal() for mark in marks), np.int32, count)
    half = np.fromiter((mark.session == PM for mark in marks), np.int8, count)
    code = _codes(marks)
    monday, weekday = place(day)
    mondays, week = np.unique(monday, return_inverse=True)
    upns, weeks = list(index), [date.fromordinal(monday).isoformat() for monday in mondays.tolist()]

    cells = _cells(_texts(db, *_between(school_id, weeks)), upns, weeks)
    at = (pupil, week, 2 * weekday + half)
    old = cells[at]
    moved = old != code
    cells[at] = code
    touched = np.zeros(cells.shape[:2], np.bool_)
    touched[pupil[moved], week[moved]] = True
    _write(db, school_id, upns, weeks, cells, touched)

    names, who = np.unique(pupil[moved], return_inverse=True)
    entered_at = (int(mark.recorded_at.timestamp()) if mark.recorded_at else -1 for mark in marks)
    minutes_late = (-1 if mark.minutes_late is None else mark.minutes_late for mark in marks)
    changes = MarkChanges(
        upns=np.array([upns[name] for name in names.tolist()], np.str_),
        pupil=who.astype(np.int32),
        day=day[moved],
        half=half[moved],
        old=old[moved],
        new=code[moved],
        entered_at=np.fromiter(entered_at, np.int64, count)[moved],
        minutes_late=np.fromiter(minutes_late, np.int32, count)[moved],
    )
    return changes, count - len(changes.day)


def redraw(db: Connection, school_id: str, days: Iterable[date]) -> None:
    """Show a changed calendar in the rows of its weeks (`..` and the weekend slots); no mark changes."""
    mondays, _ = place(np.array(sorted({day.toordinal() for day in days}), np.int32))
    weeks = [date.fromordinal(monday).isoformat() for monday in np.unique(mondays).tolist()]
    texts = _texts(db, *_between(school_id, weeks))
    upns = sorted(texts.upns)
    cells = _cells(texts, upns, weeks)
    _write(db, school_id, upns, weeks, cells, (cells != b"").any(axis=2))


@dataclass(frozen=True, slots=True)
class Texts:
    """Rows of the register, glued into one line a pupil: `weeks` and `marks` with line feeds between."""

    upns: tuple[str, ...]
    weeks: tuple[str, ...]
    marks: tuple[str, ...]

    def mondays(self) -> list[str]:
        """Every week that occurs, sorted."""
        return sorted({week for weeks in set(self.weeks) for week in weeks.split("\n")})


def _texts(db: Connection, *wanted: ColumnElement[bool]) -> Texts:
    """The rows wanted; glued by SQLite, they arrive in a third of the time of a row a week."""
    found = db.execute(
        select(
            WEEKS.c.upn,
            func.aggregate_strings(WEEKS.c.week, "\n"),
            func.aggregate_strings(WEEKS.c.marks, "\n"),
        )
        .where(*wanted)
        .group_by(WEEKS.c.upn)
    ).all()
    return Texts(*zip(*found, strict=True)) if found else Texts((), (), ())


def _between(school_id: str, weeks: Sequence[str]) -> tuple[ColumnElement[bool], ...]:
    return WEEKS.c.school_id == school_id, WEEKS.c.week.between(weeks[0], weeks[-1])


def _cells(texts: Texts, upns: Sequence[str], weeks: Sequence[str]) -> NDArray[np.bytes_]:
    """Week rows laid out as `(upns, weeks, 14)` cells; rows of other pupils and weeks are passed over."""
    cells = np.zeros((len(upns), len(weeks), SLOTS), "S2")
    if not texts.upns:
        return cells
    row = {upn: index for index, upn in enumerate(upns)}
    column = {week: index for index, week in enumerate(weeks)}
    # Most pupils have marks in the same weeks: each such list of weeks is looked up once.
    places = {
        line: np.array([column.get(week, -1) for week in line.split("\n")], np.intp)
        for line in set(texts.weeks)
    }
    columns = np.concatenate([places[line] for line in texts.weeks])
    rows = np.repeat([row.get(upn, -1) for upn in texts.upns], [len(places[line]) for line in texts.weeks])
    wanted = (rows >= 0) & (columns >= 0)
    cells[rows[wanted], columns[wanted]] = parse("\n".join(texts.marks).split("\n"))[wanted]
    return cells


def _write(
    db: Connection,
    school_id: str,
    upns: Sequence[str],
    weeks: Sequence[str],
    cells: NDArray[np.bytes_],
    touched: NDArray[np.bool_],
) -> None:
    """Write the touched weeks; a week without any mark has no row."""
    rows, columns = np.nonzero(touched)
    kept = cells[rows, columns]
    texts = draw(kept, _closed(db, school_id, weeks)[columns])
    keys = [
        {"school_id": school_id, "upn": upns[row], "week": weeks[column]}
        for row, column in zip(rows.tolist(), columns.tolist(), strict=True)
    ]
    marked = (kept != b"").any(axis=1).tolist()
    put(
        db,
        WEEKS,
        [{**key, "marks": text} for key, text, mark in zip(keys, texts, marked, strict=True) if mark],
    )
    remove(db, WEEKS, [key for key, mark in zip(keys, marked, strict=True) if not mark])


def _closed(db: Connection, school_id: str, weeks: Sequence[str]) -> NDArray[np.bool_]:
    """Where the calendar holds no session, `(weeks, 14)`; without a calendar, at weekends."""
    days = db.execute(
        select(CALENDAR.c.date, CALENDAR.c.am, CALENDAR.c.pm).where(CALENDAR.c.school_id == school_id)
    ).all()
    closed = np.ones((len(weeks), SLOTS), np.bool_)
    if not days:
        closed[:, : SLOTS - 4] = False
    held = {day: (am, pm) for day, am, pm in days}
    for row, week in enumerate(weeks):
        monday = date.fromisoformat(week).toordinal()
        for weekday in range(7):
            am, pm = held.get(date.fromordinal(monday + weekday).isoformat(), (False, False))
            closed[row, 2 * weekday] &= not am
            closed[row, 2 * weekday + 1] &= not pm
    return closed


def _codes(marks: Sequence[Mark]) -> NDArray[np.bytes_]:
    for code in {mark.code for mark in marks}:
        if not (code.isascii() and code.isprintable() and len(code) <= 2 and not set(code) & set(" .")):
            raise ValueError(f"{code!r} is no attendance code: one or two printable characters")
    return np.array([mark.code.encode("ascii") for mark in marks], "S2")


def _ordinals(weeks: Sequence[str]) -> NDArray[np.int32]:
    return np.array([date.fromisoformat(week).toordinal() for week in weeks], np.int32)
