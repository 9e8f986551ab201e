"""The register as it stands: one row of text per pupil and school week, read and written as arrays."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import compress
from typing import TYPE_CHECKING

import numpy as np
from sqlalchemy import LargeBinary, cast, func, select

from adapters.store.cells import BETWEEN, SLOTS, draw, parse, place
from adapters.store.deltas import MarkChanges
from adapters.store.rows import remove
from adapters.store.tables import core
from adapters.store.tables.facts import RegisterWeekRow, SchoolDayRow
from engine.records import MarkGrid

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from sqlalchemy import ColumnElement, Connection

    from workflows.marks import Marks

WEEKS = core(RegisterWeekRow)
CALENDAR = core(SchoolDayRow)
KEY = ("school_id", "upn", "week")
# As the driver takes it: SQLAlchemy would look twice at every value of 40,000 rows on a trust's morning.
WRITE = (
    "INSERT INTO register_week (school_id, upn, week, marks) VALUES (?, ?, ?, ?) "
    "ON CONFLICT (school_id, upn, week) DO UPDATE SET marks = excluded.marks"
)
AT_ONCE = 5_000
WEEK = len("2025-09-01")
GLUED = select(
    func.count(),
    cast(func.aggregate_strings(WEEKS.c.upn, "\n"), LargeBinary),
    func.aggregate_strings(WEEKS.c.week, ""),
    cast(func.aggregate_strings(WEEKS.c.marks, BETWEEN), LargeBinary),
)


def read_register(db: Connection, school_id: str) -> MarkGrid:
    """Every mark that stands at a school; pupils and weeks without one are left out."""
    texts = _texts(db, WEEKS.c.school_id == school_id)
    upns, weeks = sorted(set(texts.upns)), texts.mondays()
    cells, _ = _cells(texts, upns, weeks)
    return MarkGrid(tuple(upns), _ordinals(weeks), cells.reshape(len(upns), len(weeks) * SLOTS))


def write_marks(db: Connection, school_id: str, marks: Marks) -> tuple[MarkChanges, int]:
    """Set these marks (an empty code clears one); what changed, and how many said nothing new.

    A mark whose only news is its time of entry or its minutes is no change. At most one mark a session.
    """
    rows = marks.rows
    numbers, pupil = np.unique(rows["pupil"], return_inverse=True)
    monday, weekday = place(rows["day"])
    mondays, week = np.unique(monday, return_inverse=True)
    upns = [marks.upns[number] for number in numbers.tolist()]
    weeks = [date.fromordinal(monday).isoformat() for monday in mondays.tolist()]

    cells, stood = _cells(_texts(db, *_between(school_id, weeks)), upns, weeks)
    at = (pupil, week, 2 * weekday + rows["half"])
    old = cells[at]
    moved = old != rows["code"]
    cells[at] = rows["code"]
    touched = np.zeros(cells.shape[:2], np.bool_)
    touched[pupil[moved], week[moved]] = True
    _write(db, school_id, upns, weeks, cells, touched, stood)

    names, who = np.unique(pupil[moved], return_inverse=True)
    changes = MarkChanges(
        upns=np.array([upns[name] for name in names.tolist()], np.str_),
        pupil=who.astype(np.int32),
        day=rows["day"][moved],
        half=rows["half"][moved],
        old=old[moved],
        new=rows["code"][moved],
        entered_at=rows["entered_at"][moved],
        minutes_late=rows["minutes_late"][moved],
    )
    return changes, len(rows) - len(who)


def redraw(db: Connection, school_id: str, days: Iterable[date]) -> None:
    """Show a changed calendar in the rows of its weeks (`..` and the weekend slots); no mark changes."""
    mondays, _ = place(np.array(sorted({day.toordinal() for day in days}), np.int32))
    weeks = [date.fromordinal(monday).isoformat() for monday in np.unique(mondays).tolist()]
    texts = _texts(db, *_between(school_id, weeks))
    upns = sorted(set(texts.upns))
    cells, stood = _cells(texts, upns, weeks)
    _write(db, school_id, upns, weeks, cells, stood, stood)


@dataclass(frozen=True, slots=True, eq=False)
class Texts:
    """Rows of the register as SQLite glues them: `marks` in one text, the weeks in one line a pupil.

    `upns` and `weeks` have an entry for each pupil, `marks` what stands in all those weeks, glued by BETWEEN.
    """

    upns: tuple[str, ...]
    weeks: tuple[str, ...]
    marks: bytes

    def mondays(self) -> list[str]:
        """Every week that occurs, sorted."""
        return sorted({week for line in set(self.weeks) for week in _split(line)})


def _texts(db: Connection, *wanted: ColumnElement[bool]) -> Texts:
    """The rows wanted, as one row: glued by SQLite they arrive in a quarter of the time of a row a week."""
    count, upns, weeks, marks = db.execute(GLUED.where(*wanted)).one()
    if not count:
        return Texts((), (), b"")
    named, first = _runs(upns, count)
    last = [*first[1:], count]
    lines = (weeks[WEEK * here : WEEK * there] for here, there in zip(first, last, strict=True))
    return Texts(named, tuple(lines), marks)


def _runs(glued: bytes, count: int) -> tuple[tuple[str, ...], list[int]]:
    """The names that stand there in a row (one a line), each once, and the line that each begins with."""
    packed = glued + b"\n"
    wide = len(packed) // count
    if packed[wide - 1 :: wide] == b"\n" * count:
        lines = np.frombuffer(packed, f"S{wide}")
    else:
        lines = np.array([line + b"\n" for line in packed.split(b"\n")[:-1]])
    first = np.flatnonzero(np.append(True, lines[1:] != lines[:-1]))
    return tuple(b"".join(lines[first].tolist()).decode().split("\n")[:-1]), first.tolist()


def _split(line: str) -> list[str]:
    return [line[at : at + WEEK] for at in range(0, len(line), WEEK)]


def _between(school_id: str, weeks: Sequence[str]) -> tuple[ColumnElement[bool], ...]:
    return WEEKS.c.school_id == school_id, WEEKS.c.week.between(weeks[0], weeks[-1])


def _cells(
    texts: Texts, upns: Sequence[str], weeks: Sequence[str]
) -> tuple[NDArray[np.bytes_], NDArray[np.bool_]]:
    """Week rows as cells `(upns, weeks, 14)`, and which of them stand; other rows are passed over."""
    shape = (len(upns), len(weeks))
    cells = np.zeros(len(upns) * len(weeks) + 1, f"V{2 * SLOTS}")  # one place more, for rows passed over
    stood = np.zeros(cells.size, np.bool_)
    if texts.upns:
        far = -cells.size
        row = {upn: index * len(weeks) for index, upn in enumerate(upns)}
        column = {week: index for index, week in enumerate(weeks)}
        # Most pupils have marks in the same weeks: each such line is looked up once.
        places = {
            line: np.array([column.get(week, far) for week in _split(line)]) for line in set(texts.weeks)
        }
        at = np.concatenate([places[line] for line in texts.weeks])
        counts = [places[line].size for line in texts.weeks]
        at += np.repeat([row.get(upn, far) for upn in texts.upns], counts)
        np.maximum(at, -1, out=at)
        cells[at] = parse(texts.marks, at.size).view(cells.dtype)[:, 0]
        stood[at] = True
    return cells[:-1].view("S2").reshape(*shape, SLOTS), stood[:-1].reshape(shape)


def _write(
    db: Connection,
    school_id: str,
    upns: Sequence[str],
    weeks: Sequence[str],
    cells: NDArray[np.bytes_],
    touched: NDArray[np.bool_],
    stood: NDArray[np.bool_],
) -> None:
    """Write the touched weeks over those that stood; a week without any mark has no row."""
    closed = _closed(db, school_id, weeks)
    places = np.argwhere(touched)
    for start in range(0, len(places), AT_ONCE):
        rows, columns = places[start : start + AT_ONCE].T
        kept = cells[rows, columns]
        texts = draw(kept, closed[columns])
        stays = (kept != b"").any(axis=1)
        weeks_now = [
            (school_id, upns[row], weeks[column], text)
            for row, column, text in zip(rows.tolist(), columns.tolist(), texts, strict=True)
        ]
        gone = stood[rows, columns] & ~stays
        remove(db, WEEKS, [dict(zip(KEY, week, strict=False)) for week in compress(weeks_now, gone.tolist())])
        if stays.any():
            db.exec_driver_sql(WRITE, list(compress(weeks_now, stays.tolist())))


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


def _ordinals(weeks: Sequence[str]) -> NDArray[np.int32]:
    return np.array([date.fromisoformat(week).toordinal() for week in weeks], np.int32)
