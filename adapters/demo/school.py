"""Ashgrove Academy, whole: a base import, then a lived week of four imports a day."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

from adapters.demo.absence import PRESENT, Sheet, autumn, long_absence, surfaced
from adapters.demo.calendar import (
    DAYS,
    LIVED,
    SCHOOL,
    Row,
    calendar_rows,
    entry_moment,
    moment_at,
    term_rows,
)
from adapters.demo.people import YEARS, enrol
from adapters.demo.plots import PLOTS
from adapters.demo.staff import name_key_adults, staff_rows
from adapters.demo.stories import Story, event_row, stage, withhold

if TYPE_CHECKING:
    from datetime import datetime

WHAT = (
    "The morning register.",
    "Late corrections of the morning.",
    "The afternoon register.",
    "Corrections at the end of the day, of earlier days too.",
)
LATE_REGISTER = entry_moment(2 * (LIVED + 1)) + 1  # Tuesday's morning register, taken by 10:30
TRIPS = (9, 20, 30, LIVED + 2)  # the pupil days on which a whole form is out on a visit
REGISTER = "register-not-taken"
SUPPORT = (
    {"kind": "support_offered", "on": "2025-09-26"},
    {"kind": "meeting", "on": "2025-10-09"},
    {"kind": "plan", "on": "2025-10-14"},
)


@dataclass(frozen=True, slots=True)
class Delivery:
    """One import of the lived week: when (local time), what it is, and its rows by file."""

    at: datetime
    what: str
    files: dict[str, list[Row]]


@dataclass(frozen=True, slots=True)
class DemoSchool:
    """The demo's facts as CSV rows: `base` up to Friday 7 November 2025, then deliveries in order."""

    base: dict[str, list[Row]]
    deliveries: tuple[Delivery, ...]
    stories: tuple[Story, ...]


def build(*, seed: int = 1, pupils: int = 1200) -> DemoSchool:
    """The school for these arguments: the same ones give the same school, row for row.

    Raises:
        ValueError: fewer pupils than the planted stories need (300 are enough).
    """
    people = enrol(_stream(seed, "people"), pupils)
    _come_and_go(_stream(seed, "roll"), people.pupils)
    forms = sorted({row["form"] for row in people.pupils}, key=lambda form: (int(form[:-1]), form))
    late_form = [form for form in forms if form[:-1] == "8"][-1]
    lost_form = [form for form in forms if form[:-1] == "10"][-1]
    sheets, history = _sheets(_stream(seed, "marks"), people.pupils, forms)
    stories, planted = stage(_stream(seed, "stories"), people, sheets, PLOTS, {late_form, lost_form})
    lost_session = 2 * (LIVED + 3) + 1
    for row in people.pupils:
        if row["form"] == late_form:
            sheets[row["upn"]] = withhold(sheets[row["upn"]], 2 * (LIVED + 1), LATE_REGISTER)
        if row["form"] == lost_form:
            sheets[row["upn"]] = withhold(sheets[row["upn"]], lost_session, None)
    stories[:0] = [
        Story(
            "",
            late_form,
            "A late register",
            REGISTER,
            "missing on Tuesday at 09:20; taken by 10:30: withdrawn",
        ),
        Story(
            "",
            lost_form,
            "A register never taken",
            REGISTER,
            "Thursday afternoon is still missing at the end",
        ),
    ]
    marks, moments = _marks(_stream(seed, "minutes"), people.pupils, sheets)
    name_key_adults(_stream(seed, "key adults"), people.pupils)
    base = {
        "schools": [dict(SCHOOL)],
        "calendar": calendar_rows(),
        "terms": term_rows(),
        "staff": staff_rows(_stream(seed, "staff"), forms, YEARS),
        "pupils": people.pupils,
        "contacts": people.contacts,
        "history": sorted(history + planted, key=lambda row: (row["on"], row["upn"])),
        "marks": marks,
    }
    deliveries = tuple(
        Delivery(moment_at(moment), WHAT[moment % 4], {"marks": rows})
        for moment, rows in sorted(moments.items())
    )
    return DemoSchool(base, deliveries, tuple(stories))


def _stream(seed: int, part: str) -> Random:
    # One stream a part, so that a change in one does not redraw the others.
    return Random(f"{seed} {part}")  # noqa: S311 - a story is drawn, not a secret


def _come_and_go(rng: Random, pupils: list[Row]) -> None:
    for row in pupils:
        draw = rng.random()
        if draw < 0.005:
            row["left_on"] = f"{DAYS[rng.randrange(15, LIVED)]}"
        elif draw < 0.012:
            row["admitted_on"] = f"{DAYS[rng.randrange(5, LIVED)]}"


def _sheets(rng: Random, pupils: list[Row], forms: list[str]) -> tuple[dict[str, Sheet], list[Row]]:
    out = {(rng.choice(forms), day) for day in TRIPS}
    sheets: dict[str, Sheet] = {}
    history: list[Row] = []
    for row in pupils:
        upn = row["upn"]
        rarely_in = rng.random() < (0.024 if row["medical"] == "0" else 0.2)
        codes = long_absence(rng) if rarely_in else autumn(rng, row)
        days_out = {day: "V" for form, day in out if form == row["form"]}
        if row["year_group"] in ("10", "11") and rng.random() < 0.02:
            days_out |= {day: "B" for day, when in enumerate(DAYS) if when.weekday() == 4}
        for day, code in days_out.items():
            for session in (2 * day, 2 * day + 1):
                if codes[session] in PRESENT:
                    codes[session] = code
        if rarely_in and rng.random() < 0.7:
            history += [event_row(upn, event) for event in SUPPORT]
        if codes.count("G") and rng.random() < 0.7:
            start = DAYS[codes.index("G") // 2]
            told = {"kind": "leave_refused", "on": "2025-09-05", "from": f"{start}"}
            history.append(event_row(upn, told))
        sheets[upn] = surfaced(rng, codes)
    return sheets, history


def _marks(
    rng: Random, pupils: list[Row], sheets: dict[str, Sheet]
) -> tuple[list[Row], dict[int, list[Row]]]:
    base: list[Row] = []
    moments: dict[int, list[Row]] = {moment: [] for moment in range(4 * LIVED, 4 * len(DAYS))}
    dates = [f"{day}" for day in DAYS]
    for row in pupils:
        upn, since, until = row["upn"], row["admitted_on"], row["left_on"] or "9999"

        def mark(session: int, code: str, upn: str = upn) -> Row:
            late = "" if code not in ("L", "U") else str(rng.randint(2, 25) + 30 * (code == "U"))
            half = "PM" if session % 2 else "AM"
            return {
                "upn": upn,
                "date": dates[session // 2],
                "session": half,
                "code": code,
                "minutes_late": late,
            }

        def on_roll(session: int, since: str = since, until: str = until) -> bool:
            return since <= dates[session // 2] <= until

        for session, code in enumerate(sheets[upn].first):
            if code and on_roll(session):
                (base if session < 2 * LIVED else moments[entry_moment(session)]).append(mark(session, code))
        for fix in sheets[upn].fixes:
            if on_roll(fix.session):
                moments[fix.moment].append(mark(fix.session, fix.code))
    return base, moments
