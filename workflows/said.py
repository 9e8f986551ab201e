"""What a template can be filled with: the documented variables, as far as the facts give them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from engine.circumstances import BEREAVED
from engine.codes import look_up
from engine.explain import Json
from engine.records import HALVES, Event, Pupil, School, Staff
from engine.rulebook.model import Rule
from messaging.recipients import Recipient
from messaging.words import day_name, days, lessons, listed, month_name, of_several, session_name

NOBODY = "the attendance team"
_ATTENDANCE = "absence_rate"
_TRIED = {
    "meeting": "a meeting",
    "home_visit": "a visit at home",
    "letter": "a letter",
    "warning": "a letter",
}
_OFFERED = {"support_offered": "support", "plan": "a plan made together", "referral": "help from others"}
_HEADER = "| Day | Session | What the register says |"


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


def said(about: About, to: Recipient, ref: str) -> dict[str, str]:
    """The values of a message to one contact, by the name of the variable; those not known are left out.

    What was tried and offered comes from the kinds and dates of the history, never from its notes, which
    staff wrote for staff.
    """
    pupil = about.pupil
    out = of_several([pupil.first_name]) | {
        "school": about.school.name,
        "staff": about.staff.name if about.staff else NOBODY,
        "role": about.staff.roles[0].replace("_", " ") if about.staff and about.staff.roles else "",
        "stage": str(about.rule.stage),
        "addressee": to.contact.name,
        "large_print": _yes(to.large_print),
        "ref": ref,
        "tried": _history(about, _TRIED),
        "offered": _history(about, _OFFERED),
        "medical": _yes(pupil.medical),
        "send": _yes(pupil.sen in {"K", "E"}),
        "carer": _yes(pupil.young_carer),
        "bereavement": _yes(not BEREAVED.isdisjoint(pupil.flags)),
    }
    return out | _absences(about)


def _absences(about: About) -> dict[str, str]:
    """Of the absences that the evidence lists: how much, since when, which, and the last one of them."""
    part = next((each for each in reversed(about.evidence) if each["sessions"]), None)
    if part is None:
        return {}
    out: dict[str, str] = {}
    sessions = part["sessions"]
    if isinstance(sessions, list):
        last = sessions[-1]
        day = date.fromisoformat(last["date"])
        out["days"] = days(len(sessions))
        out["lessons"] = lessons(len(sessions), about.school.lessons_per_day)
        out["session"] = session_name(day, last["session"])
        out["reason"] = _meaning(last["code"], day)
        out["dates"] = "\n".join((_HEADER, *_table(sessions)))
    window, possible = part["window"], part["denominator"]
    if isinstance(window, dict) and window["first"]:
        out["since"] = month_name(date.fromisoformat(window["first"]["date"]))
    if part["measure"] == _ATTENDANCE and isinstance(possible, int) and possible:
        out["percent"] = _percent(possible - int(str(part["numerator"])), possible)
    return out


def _percent(attended: int, possible: int) -> str:
    """Attendance to a tenth of a percent, rounded in the child's favour."""
    tenths = math.ceil(attended * 1000 / possible)
    return f"{tenths // 10}.{tenths % 10} %" if tenths % 10 else f"{tenths // 10} %"


def _table(sessions: Iterable[dict[str, str]]) -> list[str]:
    """A line a day, or two where morning and afternoon differ."""
    by_day: dict[tuple[str, str], list[str]] = {}
    for each in sessions:
        by_day.setdefault((each["date"], each["code"]), []).append(each["session"])
    lines = []
    for (iso, code), halves in by_day.items():
        day = date.fromisoformat(iso)
        spoken = "all day" if len(halves) == len(HALVES) else _HALF[halves[0]]
        lines.append(f"| {day_name(day)} | {spoken} | {_meaning(code, day)} |")
    return lines


_HALF = dict(zip(HALVES, ("morning", "afternoon"), strict=True))


def _meaning(code: str, day: date) -> str:
    entry = look_up(code, day)
    return entry.meaning if entry else code


def _history(about: About, kinds: dict[str, str]) -> str:
    """What stands in the history of this school year, newest last: `a meeting on Monday 3 November`."""
    found = sorted(
        (event.on, kinds[event.kind])
        for event in about.history
        if event.kind in kinds and event.on <= about.today
    )
    return listed([f"{what} on {day_name(on)}" for on, what in found[-3:]])


def _yes(holds: bool) -> str:  # noqa: FBT001
    return "yes" if holds else "no"
