"""The facts that come in, one frozen value per row: schools, calendar, people, marks, history.

Field names are the column names of the CSV folder. Nothing is validated here; a source
(adapters/mis) checks what it takes before it builds one of these.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Literal, get_args

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

AM = "AM"
PM = "PM"
HALVES = (AM, PM)
YearGroup = Literal[
    "N1", "N2", "R", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14"
]
YEAR_GROUPS: tuple[str, ...] = get_args(YearGroup)
"""The year groups of a register, nursery to the last of the sixth form."""
CLASS, SCHOOL = "class:", "school:"
"""What the name of a class begins with where it stands among pupils: no UPN does."""


@dataclass(frozen=True, slots=True)
class School:
    """A school and the hours of its two registers, in local time (Europe/London)."""

    school_id: str
    name: str
    phase: str
    la: str = ""
    lessons_per_day: int | None = None
    am_opens: time = time(8, 45)
    am_closes: time = time(9, 15)
    pm_opens: time = time(13, 0)
    pm_closes: time = time(13, 15)


@dataclass(frozen=True, slots=True)
class SchoolDay:
    """One calendar day of one school: whether a morning and an afternoon session are held."""

    school_id: str
    date: date
    am: bool
    pm: bool
    kind: str = "term"
    note: str = ""


@dataclass(frozen=True, slots=True)
class Term:
    """Half a term: `year` is a label such as 2025/26; `starts` and `ends` are both inside."""

    school_id: str
    year: str
    term: str
    half_term: int
    starts: date
    ends: date


@dataclass(frozen=True, slots=True)
class Staff:
    """A member of staff. `covers` lists years (7) and forms (7A); empty covers the whole school."""

    staff_id: str
    school_id: str
    name: str
    email: str = ""
    roles: tuple[str, ...] = ()
    covers: tuple[str, ...] = ()
    deputy: str = ""


@dataclass(frozen=True, slots=True)
class Pupil:
    """One enrolment: a pupil on one school's roll from `admitted_on` to `left_on`, both inside."""

    upn: str
    school_id: str
    first_name: str
    last_name: str
    year_group: str
    admitted_on: date
    left_on: date | None = None
    date_of_birth: date | None = None
    sex: str = ""
    form: str = ""
    fsm: bool = False
    sen: str = ""
    eal: bool = False
    ethnicity: str = ""
    looked_after: bool = False
    social_worker: bool = False
    young_carer: bool = False
    medical: bool = False
    flags: tuple[str, ...] = ()
    key_adult: str = ""


def value_of(pupil: Pupil, by: str) -> str:
    """What a column of pupils.csv says of a pupil, as packs write it: `yes`, `no`, or its word.

    >>> value_of(Pupil("u", "s", "A", "B", "8", date(2025, 9, 1), fsm=True), "fsm")
    'yes'
    """
    value = getattr(pupil, by)
    return value if isinstance(value, str) else "yes" if value else "no"


@dataclass(frozen=True, slots=True)
class Contact:
    """One link between a person and a pupil; the same `contact_id` under two pupils is one person."""

    contact_id: str
    upn: str
    name: str
    relationship: str = ""
    parental_responsibility: bool = False
    lives_with: bool = False
    priority: int = 99
    phone: str = ""
    email: str = ""
    address: str = ""
    language: str = ""
    may_receive: tuple[str, ...] = ()
    restriction: str = "none"


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark. An empty `code` says that no mark stands (a blank is missing, never absent)."""

    upn: str
    school_id: str
    date: date
    session: str
    code: str
    recorded_at: datetime | None = None
    minutes_late: int | None = None


EVENTS = (
    "support_offered", "meeting", "plan", "contract", "home_visit", "letter", "warning", "referral",
    "incident", "notice_to_improve", "penalty_notice", "penalty_withdrawn", "truancy_sweep", "leave_refused",
    "hold",
)  # fmt: skip
"""The kinds of a line of history that rules may name."""


@dataclass(frozen=True, slots=True)
class Event:
    """One line of a pupil's history: a notice, a hold, support offered, leave refused and the like."""

    upn: str
    school_id: str
    kind: str
    on: date
    from_: date | None = None
    until: date | None = None
    contact_id: str = ""
    outcome: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class MarkGrid:
    """The marks of one school as text: `cells[pupil, week * 14 + slot]`, two characters each (`S2`).

    `upns` are the rows; `weeks` holds the Monday of each week as a proleptic ordinal, ascending and
    without gaps in meaning (a week nobody has a mark in may be absent); slot 0 is Monday AM and slot
    13 Sunday PM. An empty cell is a mark not taken. One-character codes carry no padding.
    """

    upns: tuple[str, ...]
    weeks: NDArray[np.int32]
    cells: NDArray[np.bytes_]


@dataclass(frozen=True, slots=True, eq=False)
class SchoolFacts:
    """All that is believed of one school at one known-at: the rows that a snapshot is built from."""

    school: School
    days: tuple[SchoolDay, ...]
    terms: tuple[Term, ...]
    staff: tuple[Staff, ...]
    pupils: tuple[Pupil, ...]
    contacts: tuple[Contact, ...]
    events: tuple[Event, ...]
    marks: MarkGrid
