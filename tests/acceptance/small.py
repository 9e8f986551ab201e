"""A school of two pupils as a CSV folder: enough to drive the command line with."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from engine.sample import weekdays


def write(folder: Path, files: Mapping[str, str]) -> Path:
    """A CSV folder."""
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def small_school(days: int = 15) -> dict[str, str]:
    """Two pupils of one form over some school days from Monday 3 November 2025; on the last one is N."""
    dates = weekdays(date(2025, 11, 3), days)
    marks = ["upn,date,session,code"]
    for day in dates:
        marks += [f"P1,{day},AM,{'N' if day == dates[-1] else '/'}", f"P1,{day},PM,\\"]
        marks += [f"P2,{day},AM,/", f"P2,{day},PM,\\"]
    calendar = ["school_id,date,am,pm,kind", *(f"S,{day},1,1,term" for day in dates)]
    return {
        "schools": "school_id,name,phase,lessons_per_day,am_opens,am_closes,pm_opens,pm_closes\n"
        "S,Sample School,secondary,5,08:40,09:10,13:00,13:15\n",
        "calendar": "\n".join(calendar) + "\n",
        "terms": "school_id,year,term,half_term,starts,ends\nS,2025/26,autumn,1,2025-09-01,2025-12-19\n",
        "staff": "staff_id,school_id,name,roles,covers\nao,S,Asha Officer,attendance_officer,\n"
        "tutor,S,Tom Tutor,form_tutor,8A\n",
        "pupils": "upn,school_id,first_name,last_name,date_of_birth,year_group,form,admitted_on\n"
        "P1,S,Noor,[bold]Ash,2013-05-01,8,8A,2024-09-01\nP2,S,Ben,Oak,2013-06-01,8,8A,2024-09-01\n",
        "contacts": "contact_id,upn,name,relationship,parental_responsibility,lives_with,priority,phone\n"
        "C1,P1,Ana Ash,mother,1,1,1,07700 900001\nC2,P2,Una Oak,mother,1,1,1,07700 900002\n",
        "marks": "\n".join(marks) + "\n",
    }
