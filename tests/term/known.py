"""One school as it is known so far: CSV rows as dictionaries, and what they say of a day. No engine here.

Days are ISO dates as text, sessions are `AM` and `PM`, marks are codes; a blank code is a mark not taken.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
FOREVER = "9999-12-31"
CLOSED_KINDS = ("inset", "closure", "holiday")
Row = Mapping[str, str]


class Session(NamedTuple):
    """A half-day that the calendar holds, and the instant at which its register closes."""

    day: str
    half: str
    closes: datetime


class Slot(NamedTuple):
    """One session of one pupil; `code` is empty where no mark was taken, None where not on roll."""

    day: str
    half: str
    code: str | None


@dataclass
class Known:
    """What has come in of one school; `take` adds to it, a later row replacing the one with its key.

    `acted` has of each UPN and rule the first run that made work of it.
    """

    school: Row
    calendar: dict[str, Row] = field(default_factory=dict)
    terms: list[Row] = field(default_factory=list)
    stays: dict[str, dict[str, Row]] = field(default_factory=dict)
    history: list[Row] = field(default_factory=list)
    marks: dict[tuple[str, str, str], str] = field(default_factory=dict)
    sessions: list[Session] = field(default_factory=list)
    acted: dict[tuple[str, str], datetime] = field(default_factory=dict)

    def take(self, files: Mapping[str, Sequence[Row]]) -> None:
        """Take in the rows of this school of one import; a mark goes where its pupil is on roll."""
        mine = self.school["school_id"]
        for row in files.get("calendar", ()):
            if row["school_id"] == mine:
                self.calendar[row["date"]] = row
        self.terms += [row for row in files.get("terms", ()) if row["school_id"] == mine]
        for row in files.get("pupils", ()):
            if row["school_id"] == mine:
                self.stays.setdefault(row["upn"], {})[row["admitted_on"]] = row
        self.history += [row for row in files.get("history", ()) if row["upn"] in self.stays]
        for row in files.get("marks", ()):
            if row["upn"] in self.stays and self.on_roll(row["upn"], row["date"]):
                code = row["code"].strip()
                self.marks[row["upn"], row["date"], row["session"]] = "" if code == "-" else code
        if "calendar" in files:
            self.sessions = self._held()

    def on_roll(self, upn: str, day: str) -> bool:
        """Whether one of the pupil's stays holds the day, its first and last day included."""
        return any(since <= day <= (row.get("left_on") or FOREVER) for since, row in self.stays[upn].items())

    def latest(self, upn: str) -> Row:
        """The row of a pupil's latest stay, which says the form and the date of birth."""
        return max(self.stays[upn].values(), key=lambda row: row["admitted_on"])

    def class_of(self, upn: str) -> str:
        """The form, or the year group where there is none."""
        row = self.latest(upn)
        return row.get("form") or row["year_group"]

    def year_of(self, day: str) -> str:
        """The school year a day lies in: from the terms, else from August to July."""
        for label in {row["year"]: None for row in self.terms}:
            starts = min(row["starts"] for row in self.terms if row["year"] == label)
            ends = max(row["ends"] for row in self.terms if row["year"] == label)
            if starts <= day <= ends:
                return label
        first = int(day[:4]) - (1 if day[5:7] < "08" else 0)
        return f"{first}/{str(first + 1)[2:]}"

    def _held(self) -> list[Session]:
        found = []
        for day, row in sorted(self.calendar.items()):
            for half in ("AM", "PM"):
                held = row[half.lower()] in {"1", "true", "yes"}
                if held and row.get("kind", "term") not in CLOSED_KINDS:
                    closes = time.fromisoformat(self.school[f"{half.lower()}_closes"])
                    at = datetime.combine(date.fromisoformat(day), closes, tzinfo=LONDON)
                    found.append(Session(day, half, at))
        return found


@dataclass(eq=False)
class Moment:
    """One school at one instant: which sessions have closed, and the windows that end there."""

    known: Known
    as_of: datetime
    today: str = field(init=False)
    closed: list[Session] = field(init=False)
    _windows: dict[str, list[Session]] = field(default_factory=dict)
    _lines: dict[str, list[Slot]] = field(default_factory=dict)
    _begun: dict[tuple[Callable[[str], str], str], list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.today = self.as_of.astimezone(LONDON).date().isoformat()
        sessions = self.known.sessions
        self.closed = sessions[: bisect_right(sessions, self.as_of, key=lambda session: session.closes)]

    def window(self, over: str) -> list[Session]:
        """The closed sessions of a window, by the words a rule uses for it."""
        if over not in self._windows:
            self._windows[over] = self._window(over)
        return self._windows[over]

    def line(self, upn: str, over: str) -> list[Slot]:
        """A pupil's marks at the sessions of a window, in order."""
        if upn not in self._lines:
            self._lines[upn] = [self.slot(upn, session) for session in self.closed]
        window = self.window(over)
        first = self.closed.index(window[0]) if window else 0
        return self._lines[upn][first : first + len(window)]

    def slot(self, upn: str, session: Session) -> Slot:
        """A pupil's mark at one session."""
        day, half, _ = session
        there = self.known.on_roll(upn, day)
        return Slot(day, half, self.known.marks.get((upn, day, half), "") if there else None)

    def school_days(self) -> list[str]:
        """Every day with a session up to and including today."""
        return sorted({session.day for session in self.known.sessions if session.day <= self.today})

    def _window(self, over: str) -> list[Session]:
        if over == "whole register":
            return self.closed
        if over == "today":
            return [session for session in self.closed if session.day == self.today]
        if over == "year to date":
            year = self.known.year_of(self.today)
            return [session for session in self.closed if self.known.year_of(session.day) == year]
        if over == "whole days":
            unfinished = {session.day for session in self.known.sessions if session.closes > self.as_of}
            return [session for session in self.closed if session.day not in unfinished]
        return [session for session in self.closed if self.holds(over, session.day)]

    def holds(self, over: str, day: str) -> bool:
        """Whether a window of school days or weeks, of years or months, or the whole register holds a day."""
        if over in {"whole register", "today"}:
            return over != "today" or day == self.today
        if over == "year to date":
            return self.known.year_of(day) == self.known.year_of(self.today)
        numbers = [int(word) for word in over.split() if word.isdigit()]
        if over.endswith(("months", "years")):
            years = numbers[0] if over.endswith("years") else numbers[0] // 12
            return day > f"{int(self.today[:4]) - years}{self.today[4:]}"
        of = monday if "weeks" in over else str
        if (of, over) not in self._begun:
            begun = sorted({of(each.day) for each in self.known.sessions if of(each.day) <= self.today})
            passed = numbers[1] if len(numbers) > 1 else 0
            self._begun[of, over] = begun[: len(begun) - passed][-numbers[0] :]
        return of(day) in self._begun[of, over]


@cache
def monday(day: str) -> str:
    """The Monday of a day's week."""
    on = date.fromisoformat(day)
    return (on - timedelta(days=on.weekday())).isoformat()
