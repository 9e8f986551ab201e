"""What a template can be filled with: the documented variables, as far as the facts give them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from engine.circumstances import BEREAVED
from engine.codes import look_up
from engine.explain import Json
from engine.records import Event, Pupil, School, Staff
from engine.rulebook.model import Rule
from messaging.in_language import dates_table, days_in, lessons_in, session_in, since_in
from messaging.languages import ENGLISH
from messaging.recipients import Recipient
from messaging.words import day_name, listed, of_several

NOBODY = "the attendance team"
ABSENCE = "absence"
SPOKEN_OF = "spoken_of"
"""Kept beside the words, so that what a family was told can be held against the register."""
_ATTENDANCE = "absence_rate"
_TRIED = {
    "meeting": "a meeting",
    "home_visit": "a visit at home",
    "letter": "a letter",
    "warning": "a letter",
}
_OFFERED = {"support_offered": "support", "plan": "a plan made together", "referral": "help from others"}


@dataclass(frozen=True, slots=True)
class About:
    """The child, the school and the person at the school whom a message names."""

    rule: Rule
    evidence: Sequence[Json]
    school: School
    pupil: Pupil
    history: Sequence[Event]
    staff: Staff | None
    today: date


def said(about: About, to: Recipient, ref: str, language: str) -> dict[str, str]:
    """The values of a message to one contact, by the name of the variable; those not known are left out.

    Counts and dates are in the `language` of the wording.
    What was tried and offered comes from the kinds and dates of the history, never from its notes, which
    staff wrote for staff.
    """
    pupil = about.pupil
    out = of_several([pupil.first_name]) | {
        "school": about.school.name,
        "staff": about.staff.name if about.staff else NOBODY,
        "role": _role(about.staff) if language == ENGLISH else "",
        "stage": str(about.rule.stage),
        "addressee": to.contact.name,
        "large_print": _yes(to.large_print),
        "ref": ref,
        "tried": _history(about, _TRIED, language),
        "offered": _history(about, _OFFERED, language),
        "medical": _yes(pupil.medical),
        "send": _yes(pupil.sen in {"K", "E"}),
        "carer": _yes(pupil.young_carer),
        "bereavement": _yes(not BEREAVED.isdisjoint(pupil.flags)),
        SPOKEN_OF: _sessions(about),
    }
    return out | _absences(about, language)


def sessions_in(values: Mapping[str, str]) -> list[tuple[date, str]] | None:
    """The sessions of which a family was told that they were missed; None where nobody kept which."""
    kept = values.get(SPOKEN_OF)
    if kept is None:
        return None
    told = (each.partition(" ") for each in filter(None, kept.split(";")))
    return [(date.fromisoformat(day), half) for day, _, half in told]


def _sessions(about: About) -> str:
    """Which sessions a message says were missed: only one about absence says it of each by itself."""
    step = about.rule.message
    part = next((each for each in reversed(about.evidence) if each["sessions"]), None)
    if step is None or step.purpose != ABSENCE or part is None or not isinstance(part["sessions"], list):
        return ""
    return ";".join(f"{each['date']} {each['session']}" for each in part["sessions"])


def _absences(about: About, language: str) -> dict[str, str]:
    """Of the absences that the evidence lists: how much, since when, which, and the last one of them."""
    part = next((each for each in reversed(about.evidence) if each["sessions"]), None)
    if part is None:
        return {}
    out: dict[str, str] = {}
    sessions = part["sessions"]
    if isinstance(sessions, list):
        told = [
            (day := date.fromisoformat(each["date"]), each["session"], _meaning(each["code"], day))
            for each in sessions
        ]
        last_day, last_half, meaning = told[-1]
        out["reason"] = meaning if language == ENGLISH else ""
        out["days"] = days_in(len(told), language)
        out["lessons"] = lessons_in(len(told), about.school.lessons_per_day, language)
        out["session"] = session_in(last_day, last_half, language)
        out["dates"] = dates_table(told, language)
    window, possible = part["window"], part["denominator"]
    if isinstance(window, dict) and window["first"]:
        out["since"] = since_in(date.fromisoformat(window["first"]["date"]), language)
    if part["measure"] == _ATTENDANCE and isinstance(possible, int) and possible:
        out["percent"] = _percent(possible - int(str(part["numerator"])), possible)
    return out


def _percent(attended: int, possible: int) -> str:
    """Attendance to a tenth of a percent, rounded in the child's favour."""
    tenths = math.ceil(attended * 1000 / possible)
    return f"{tenths // 10}.{tenths % 10} %" if tenths % 10 else f"{tenths // 10} %"


def _role(staff: Staff | None) -> str:
    return staff.roles[0].replace("_", " ") if staff and staff.roles else ""


def _meaning(code: str, day: date) -> str:
    entry = look_up(code, day)
    return entry.meaning if entry else code


def _history(about: About, kinds: dict[str, str], language: str) -> str:
    """What the history says, the last three: `a meeting on Monday 3 November`; English or nothing."""
    if language != ENGLISH:
        return ""
    found = sorted(
        (event.on, kinds[event.kind])
        for event in about.history
        if event.kind in kinds and event.on <= about.today
    )
    return listed([f"{what} on {day_name(on)}" for on, what in found[-3:]])


def _yes(holds: bool) -> str:  # noqa: FBT001
    return "yes" if holds else "no"
