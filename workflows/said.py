"""What a template can be filled with: the documented variables, as far as the facts give them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from engine.circumstances import BEREAVED
from engine.codes import look_up
from engine.explain import Json
from engine.records import Event, Pupil, School, Staff
from engine.rulebook.model import Rule
from messaging.in_language import dates_table, days_in, lessons_in, session_in, since_in
from messaging.languages import ENGLISH
from messaging.recipients import Recipient
from messaging.words import day_name, listed, of_several

SPOKEN_OF = "spoken_of"
"""Kept beside the variables, so that what a family was told can be held against the register later."""
OF_ABSENCES = frozenset({"reason", "days", "lessons", "session", "dates", "since", "percent", SPOKEN_OF})
"""What comes from the register; all else from who people are and what was done."""
NOBODY = "the attendance team"
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
        SPOKEN_OF: "",
    }
    return out | absences(about.evidence, about.school, language)


def absences(evidence: Sequence[Json], school: School, language: str) -> dict[str, str]:
    """Of the absences that the evidence lists: how much, since when, which, and the last one of them."""
    part = next((each for each in reversed(evidence) if each["sessions"]), None)
    if part is None:
        return {}
    out: dict[str, str] = {}
    sessions = part["sessions"]
    if isinstance(sessions, list):
        told = [_told(each["date"], each["session"], each["code"]) for each in sessions]
        last_day, last_half, meaning = told[-1]
        out["reason"] = meaning if language == ENGLISH else ""
        out["days"] = days_in(len(told), language)
        out["lessons"] = lessons_in(len(told), school.lessons_per_day, language)
        out["session"] = session_in(last_day, last_half, language)
        out["dates"] = dates_table(told, language)
        out[SPOKEN_OF] = ";".join([f"{each['date']} {each['session']}" for each in sessions])
    window, possible = part["window"], part["denominator"]
    if isinstance(window, dict) and window["first"]:
        out["since"] = since_in(date.fromisoformat(window["first"]["date"]), language)
    if part["measure"] == _ATTENDANCE and isinstance(possible, int) and possible:
        out["percent"] = _percent(possible - int(str(part["numerator"])), possible)
    return out


def sessions_told(values: Mapping[str, str], words: str, language: str) -> list[tuple[date, str]] | None:
    """The sessions that words say were missed: those they name, or else all that they rest on.

    None where it was not kept which these are, as in stores from before it was.
    """
    kept = values.get(SPOKEN_OF)
    if kept is None:
        return None
    parts = (each.partition(" ") for each in kept.split(";") if each)
    all_ = [(date.fromisoformat(day), half) for day, _, half in parts]
    return [each for each in all_ if session_in(*each, language) in words] or all_


def _percent(attended: int, possible: int) -> str:
    """Attendance to a tenth of a percent, rounded in the child's favour."""
    tenths = math.ceil(attended * 1000 / possible)
    return f"{tenths // 10}.{tenths % 10} %" if tenths % 10 else f"{tenths // 10} %"


def _role(staff: Staff | None) -> str:
    return staff.roles[0].replace("_", " ") if staff and staff.roles else ""


@lru_cache(maxsize=10_000)
def _told(on: str, half: str, code: str) -> tuple[date, str, str]:
    """A session of some evidence, with what its code meant: a school's messages speak of few others."""
    day = date.fromisoformat(on)
    entry = look_up(code, day)
    return day, half, entry.meaning if entry else code


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
