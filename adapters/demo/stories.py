"""Casting: each plot is played by a pupil of its own, whose marks, family and history are made to fit.

The cast is taken from pupils with nothing else about them that could change a rule's answer.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from adapters.demo.absence import PRESENT, Fix, Sheet
from adapters.demo.calendar import ADMITTED, DAYS, LIVED, MOMENTS, SCHOOL_ID, session_index
from adapters.demo.families import contact

if TYPE_CHECKING:
    from collections.abc import Container, Mapping, Sequence
    from random import Random

    from adapters.demo.calendar import Row
    from adapters.demo.people import People

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
    return Fix(moment, session_index(date.fromisoformat(day), session), code)


def stage(
    rng: Random, people: People, sheets: dict[str, Sheet], plots: Sequence[Plot], closed_forms: Container[str]
) -> tuple[list[Story], list[Row]]:
    """Play `plots`: rewrite the people and sheets of the cast in place; the stories and their history rows.

    Raises:
        ValueError: the school is too small to give each plot a pupil of its own.
    """
    rows = {row["upn"]: row for row in people.pupils}
    homes: dict[str, list[str]] = {}  # pupils by their first contact: more than one are siblings
    for adult in people.contacts:
        if adult["priority"] == "1":
            homes.setdefault(adult["contact_id"], []).append(adult["upn"])
    free = {upn for upn, row in rows.items() if _plain(row) and row["form"] not in closed_forms}
    alone = [upns for upns in homes.values() if len(upns) == 1 and upns[0] in free]
    pairs = [upns for upns in homes.values() if len(upns) == 2 and free.issuperset(upns)]
    rng.shuffle(alone)
    rng.shuffle(pairs)
    stories: list[Story] = []
    history: list[Row] = []
    for number, plot in enumerate(plots, start=1):
        waiting = pairs if plot.siblings else alone
        if not waiting:
            raise ValueError(
                f"{len(rows)} pupils are too few for the planted stories: build a school of 300 or more"
            )
        cast = waiting.pop()
        for upn in cast:
            rows[upn].update(plot.pupil)
            sheets[upn] = sheet_of(plot)
            name = f"{rows[upn]['first_name']} {rows[upn]['last_name']}"
            stories.append(Story(upn, name, plot.title, plot.rule, plot.expect))
        _rehouse(rng, people, cast, plot, number)
        for event in plot.history:
            receiver = f"S{number:03}-1" if event["kind"].startswith("penalty") else ""
            history.append(event_row(cast[0], {"contact_id": receiver, **event}))
    return stories, history


def _plain(row: Row) -> bool:
    marked = "1" in (row["looked_after"], row["social_worker"], row["medical"], row["young_carer"])
    here_all_autumn = row["admitted_on"] == f"{ADMITTED}" and not row["left_on"]
    return here_all_autumn and not marked and not row["flags"]


def _rehouse(rng: Random, people: People, cast: list[str], plot: Plot, number: int) -> None:
    surname = next(row["last_name"] for row in people.pupils if row["upn"] == cast[0])
    names = people.pools[cast[0]]
    people.contacts[:] = [adult for adult in people.contacts if adult["upn"] not in cast]
    for place, told in enumerate(plot.family, start=1):
        adult = contact(
            rng, names, surname, contact_id=f"S{number:03}-{place}", **({"priority": str(place)} | dict(told))
        )
        people.contacts.extend(adult | {"upn": upn} for upn in cast)


def event_row(upn: str, told: Mapping[str, str]) -> Row:
    """One row of history.csv; a column not told is blank."""
    blank = dict.fromkeys(("kind", "on", "from", "until", "contact_id", "outcome", "note"), "")
    return {"upn": upn, "school_id": SCHOOL_ID} | blank | dict(told)


def withhold(sheet: Sheet, session: int, until: int | None) -> Sheet:
    """The same sheet with one session's register taken only at moment `until`, or never.

    >>> sheet = Sheet(("N", "N"), (Fix(1, 0, "I"), Fix(3, 1, "I")))
    >>> withhold(sheet, 0, 1) == Sheet(("", "N"), (Fix(3, 1, "I"), Fix(1, 0, "I")))
    True
    """
    blank = (*sheet.first[:session], "", *sheet.first[session + 1 :])
    others = tuple(fix for fix in sheet.fixes if fix.session != session)
    if until is None:
        return Sheet(blank, others)
    code = sheet.first[session]
    mine = [fix for fix in sheet.fixes if fix.session == session]
    code = next((fix.code for fix in reversed(mine) if fix.moment <= until), code)
    later = tuple(fix for fix in mine if fix.moment > until)
    return Sheet(blank, (*others, Fix(until, session, code), *later))
