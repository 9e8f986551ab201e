"""Two small schools with trouble enough: what is imported, judged and sent while the power is cut.

Thirty pupils each and three weeks of marks, then Monday 24 November 2025: the morning's register at
09:15, and at 09:40 an hour of corrections. The same seed gives the same files.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from random import Random

from engine.sample import weekdays
from tests.acceptance.small import write

SCHOOLS = ("A", "B")
EACH = 30
DAYS = weekdays(date(2025, 11, 3), 15)
MONDAY = date(2025, 11, 24)
YEAR = (*DAYS, *weekdays(MONDAY, 5))
_HEADERS = {
    "schools": "school_id,name,phase,lessons_per_day,am_opens,am_closes,pm_opens,pm_closes",
    "calendar": "school_id,date,am,pm,kind",
    "terms": "school_id,year,term,half_term,starts,ends",
    "staff": "staff_id,school_id,name,roles,covers",
    "pupils": "upn,school_id,first_name,last_name,date_of_birth,year_group,form,admitted_on,social_worker",
    "contacts": "contact_id,upn,name,relationship,parental_responsibility,lives_with,priority,phone",
    "history": "upn,school_id,kind,on,from,until",
    "marks": "upn,date,session,code",
}


def write_all(folder: Path) -> None:
    """The CSV folders `base`, `morning`, `again` (which overlaps with it) and `corrections`."""
    rng = Random("two small schools")  # noqa: S311 - a story is drawn, not a secret
    folder.mkdir(exist_ok=True)
    away = _write_base(folder / "base", rng)
    morning: list[str] = []
    corrections: list[str] = []
    for upn in _upns():
        code = "N" if rng.random() < 0.25 else "I" if upn in away else "/"
        if rng.random() > 0.04:
            morning.append(f"{upn},{MONDAY},AM,{code}")
        if code == "N" and rng.random() < 0.4:
            corrections.append(f"{upn},{MONDAY},AM,{rng.choice('LICU')}")
        if upn in away and rng.random() < 0.3:
            corrections.append(f"{upn},{DAYS[-1]},AM,/")
    morning += [f"{upn},{DAYS[-1]},PM,/" for upn in sorted(away)[:4]] + [f"A1,{MONDAY},AM,?", "A99,x,AM,/"]
    again = [row.replace(",N", ",L") for row in morning[::2]] + [
        f"{upn},{MONDAY},PM,/" for upn in _upns()[::3]
    ]
    write(folder / "again", {"marks": _sheet("marks", again)})
    history = [
        "A3,A,hold,2025-11-24,2025-11-24,",
        "B4,B,hold,2025-11-24,2025-11-24,",
        "C1,A,hold,2025-11-24,,",
    ]
    write(folder / "morning", {"marks": _sheet("marks", morning)})
    write(
        folder / "corrections",
        {
            "contacts": _sheet("contacts", ["cA5,A5,New Name,mother,1,1,1,07700 900555"]),
            "history": _sheet("history", history),
            "marks": _sheet("marks", corrections),
        },
    )


def _write_base(folder: Path, rng: Random) -> set[str]:
    """Everything up to Friday; the pupils who are away for long."""
    away = {upn for upn in _upns() if rng.random() < 0.15}
    marks = []
    for upn in _upns():
        ill = 0.6 if upn in away else rng.choice((0.0, 0.0, 0.05, 0.12))
        for day in DAYS:
            code = rng.choice("IINO") if rng.random() < ill else "/"
            marks += [f"{upn},{day},AM,{code}", f"{upn},{day},PM,{code.replace('/', chr(92))}"]
    marks[40:40] = ["A1,2025-11-03,AM,QQ", "nobody,2025-11-03,AM,/", "=1,2025-11-03,XX,/"]
    write(
        folder,
        {
            "schools": _sheet(
                "schools", (f"{s},School {s},secondary,5,08:40,09:10,13:00,13:15" for s in SCHOOLS)
            ),
            "calendar": _sheet("calendar", (f"{s},{day},1,1,term" for s in SCHOOLS for day in YEAR)),
            "terms": _sheet("terms", (f"{s},2025/26,autumn,2,2025-11-03,2025-12-19" for s in SCHOOLS)),
            "staff": _sheet(
                "staff",
                (
                    row.replace("S", s)
                    for s in SCHOOLS
                    for row in (
                        "aoS,S,Asha,attendance_officer,",
                        "tutorS,S,Tom,form_tutor,8S",
                        "hoyS,S,Hal,head_of_year,8",
                    )
                ),
            ),
            "pupils": _sheet(
                "pupils", [*map(_pupil, _upns()), "A1,Z,No,School,2013-05-01,8,8Z,2024-09-01,0"]
            ),
            "contacts": _sheet("contacts", map(_contact, _upns())),
            "marks": _sheet("marks", marks),
        },
    )
    return away


def _upns() -> list[str]:
    return [f"{school}{number}" for school in SCHOOLS for number in range(1, EACH + 1)]


def _pupil(upn: str) -> str:
    social_worker = int(upn.endswith("7"))
    return f"{upn},{upn[0]},Kit{upn},Kite,2013-05-01,8,8{upn[0]},2024-09-01,{social_worker}"


def _contact(upn: str) -> str:
    phone = f"07700 900{100 * (upn[0] == 'B') + int(upn[1:]):03}"
    return f"c{upn},{upn},Parent {upn},mother,1,1,1,{phone}"


def _sheet(name: str, rows: Iterable[str]) -> str:
    return "\n".join([_HEADERS[name], *rows]) + "\n"
