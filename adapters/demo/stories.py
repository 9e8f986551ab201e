"""What a planted story is: a plot as data, and the sheet of marks that it makes of a pupil's autumn."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from adapters.demo.calendar import LIVED_MONDAY, MOMENTS, pupil_days
from adapters.demo.entries import Fix, Sheet

if TYPE_CHECKING:
    from collections.abc import Mapping

    from adapters.demo.calendar import Row

PRESENT = ("/", "\\")
DAYS = pupil_days(date(2025, 10, 17))[:46]  # Ashgrove's, from 4 September to 14 November 2025
LIVED = DAYS.index(LIVED_MONDAY)
WEEK = ("Mon", "Tue", "Wed", "Thu", "Fri")
PARENTS = ({"relationship": "mother"}, {"relationship": "father"})


@dataclass(frozen=True, slots=True)
class Story:
    """One planted story for the demo's last screen; `upn` is empty where a whole class plays it."""

    upn: str
    name: str
    title: str
    rule: str
    expect: str


@dataclass(frozen=True, slots=True)
class Plot:
    """What happens to one pupil. Sessions not listed are present.

    `marks` maps a date to a token a day, for that and the following pupil days (`/N`, `C2,C2`, `-` blank), as
    first entered. `later` holds corrections in the lived week: when, which session, the new code.
    """

    rule: str
    title: str
    expect: str
    marks: Mapping[str, str]
    later: tuple[tuple[str, str, str], ...] = ()
    pupil: Mapping[str, str] = field(default_factory=dict)
    family: tuple[Mapping[str, str], ...] = PARENTS
    history: tuple[Mapping[str, str], ...] = ()
    siblings: bool = False


def sheet_of(plot: Plot) -> Sheet:
    r"""The exact sheet of a plot.

    >>> plot = Plot("", "", "", {"2025-11-10": "N/ -I"}, (("Mon 10:30", "2025-11-10 AM", "I"),))
    >>> sheet_of(plot).first[82:86], sheet_of(plot).fixes
    (('N', '\\', '', 'I'), (Fix(moment=165, session=82, code='I'),))
    """
    codes = list(PRESENT * len(DAYS))
    for start, tokens in plot.marks.items():
        for day, token in enumerate(tokens.split(), start=DAYS.index(date.fromisoformat(start))):
            halves = token.split(",") if "," in token else list(token)
            for half, code in enumerate(halves):
                codes[2 * day + half] = {"/": PRESENT[half], "-": ""}.get(code, code)
    return Sheet(tuple(codes), tuple(_fix(*later) for later in plot.later))


def _fix(when: str, which: str, code: str) -> Fix:
    weekday, clock = when.split()
    day, session = which.split()
    clocks = [f"{moment:%H:%M}" for moment in MOMENTS]
    moment = 4 * (LIVED + WEEK.index(weekday)) + clocks.index(clock)
    return Fix(moment, DAYS.index(date.fromisoformat(day)) * 2 + (session == "PM"), code)


def event_row(pupil: Row, told: Mapping[str, str]) -> Row:
    """One row of history.csv; a column not told is blank."""
    blank = dict.fromkeys(("kind", "on", "from", "until", "contact_id", "outcome", "note"), "")
    return {"upn": pupil["upn"], "school_id": pupil["school_id"]} | blank | dict(told)
