"""The school as a whole is repeatable, plausible and in order."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime

import pytest

from adapters.demo import DemoSchool, build
from adapters.demo.people import check_letter

SCHOOL = build()
ABSENT = {*"IMNOGUCE", "C2"}
UNCOUNTED = {"Y1"}


def final_codes(school: DemoSchool) -> dict[str, dict[tuple[str, str], str]]:
    """Each pupil's marks as they stand when the last delivery is in."""
    marks: dict[str, dict[tuple[str, str], str]] = {}
    for rows in (school.base["marks"], *(delivery.files["marks"] for delivery in school.deliveries)):
        for row in rows:
            marks.setdefault(row["upn"], {})[row["date"], row["session"]] = row["code"]
    return marks


def test_the_same_arguments_give_the_same_school() -> None:
    """One seed is one school, another seed another one."""
    assert build() == SCHOOL
    assert build(seed=2).base["marks"] != SCHOOL.base["marks"]


@pytest.mark.parametrize("seed", range(1, 6))
def test_absence_is_like_an_english_secondary(seed: int) -> None:
    """Overall absence, persistent and severe absence lie where a secondary's autumn may lie."""
    absent = possible = persistent = severe = 0
    marks = final_codes(build(seed=seed))
    for codes in marks.values():
        counts = Counter(codes.values())
        away, due = sum(counts[c] for c in ABSENT), sum(n for c, n in counts.items() if c not in UNCOUNTED)
        absent, possible = absent + away, possible + due
        persistent += away * 10 >= due
        severe += away * 2 >= due
    assert 0.07 <= absent / possible <= 0.09
    assert 0.20 <= persistent / len(marks) <= 0.29
    assert 0.015 <= severe / len(marks) <= 0.045


def test_people_are_like_an_english_secondary() -> None:
    """Shares of need, of siblings and of forms are near those of a real school of 1,200."""
    pupils = SCHOOL.base["pupils"]
    share = {
        name: sum(row[name] == "1" for row in pupils) / len(pupils) for name in ("fsm", "eal", "looked_after")
    }
    sen = Counter(row["sen"] for row in pupils)
    assert 0.2 <= share["fsm"] <= 0.3
    assert 0.12 <= share["eal"] <= 0.28
    assert 0 < share["looked_after"] < 0.02
    assert 0.10 <= sen["K"] / len(pupils) <= 0.16
    assert 0.02 <= sen["E"] / len(pupils) <= 0.06
    by_contact: dict[str, set[str]] = {}
    by_pupil = Counter(row["upn"] for row in SCHOOL.base["contacts"])
    for row in SCHOOL.base["contacts"]:
        by_contact.setdefault(row["contact_id"], set()).add(row["upn"])
    with_sibling = {upn for upns in by_contact.values() if len(upns) > 1 for upn in upns}
    assert 0.28 <= len(with_sibling) / len(pupils) <= 0.42
    assert max(by_pupil.values()) <= 4
    forms = Counter(row["form"] for row in pupils)
    assert len(forms) == 40
    assert set(forms.values()) == {30}


def test_pupil_numbers_and_birthdays_are_well_formed() -> None:
    """Thirteen characters, the right letter first; and each birthday falls in the year group's year."""
    for row in SCHOOL.base["pupils"]:
        upn, born = row["upn"], date.fromisoformat(row["date_of_birth"])
        weighted = sum(int(upn[place - 1]) * place for place in range(2, 14))
        assert len(upn) == 13
        assert "ABCDEFGHJKLMNPQRTUVWXYZ"[weighted % 23] == upn[0] == check_letter(upn[1:])
        started = 2020 - int(row["year_group"])
        assert date(started, 9, 1) <= born <= date(started + 1, 8, 31)


def test_names_try_everything_downstream() -> None:
    """Accents, apostrophes and hyphens occur among the pupils."""
    letters = set("".join(row["first_name"] + row["last_name"] for row in SCHOOL.base["pupils"]))
    assert {"'", "-", "é"} <= letters
    assert len(letters & set("ëâŁąńățȚșȘ")) >= 3


def test_deliveries_are_the_week_in_order() -> None:
    """Four imports a day, each mark of a day gone or just entered, each pupil on roll, nothing said twice."""
    hours = [(9, 20), (10, 30), (13, 20), (15, 45)]
    assert [delivery.at for delivery in SCHOOL.deliveries] == [
        datetime(2025, 11, day, hour, minute)  # noqa: DTZ001 - local time, as the interface has it
        for day in range(10, 15)
        for hour, minute in hours
    ]
    assert max(row["date"] for row in SCHOOL.base["marks"]) == "2025-11-07"
    standing = {(row["upn"], row["date"], row["session"]): row["code"] for row in SCHOOL.base["marks"]}
    for delivery in SCHOOL.deliveries:
        seen = set()
        for row in delivery.files["marks"]:
            key = row["upn"], row["date"], row["session"]
            opened = datetime.fromisoformat(f"{row['date']}T{'09:10' if row['session'] == 'AM' else '13:15'}")
            assert opened <= delivery.at
            assert key not in seen
            assert standing.get(key) != row["code"], (delivery.at, row)
            seen.add(key)
            standing[key] = row["code"]


def test_marks_lie_within_the_enrolment() -> None:
    """A pupil has a mark for each session on roll, and none outside; only planted blanks are missing."""
    marks = final_codes(SCHOOL)
    calendar = SCHOOL.base["calendar"]
    sessions = [row["date"] for row in calendar if row["am"] == "1" and row["date"] <= "2025-11-14"]
    missing = 0
    for row in SCHOOL.base["pupils"]:
        on_roll = {
            (day, session)
            for day in sessions
            for session in ("AM", "PM")
            if row["admitted_on"] <= day and (not row["left_on"] or day <= row["left_on"])
        }
        assert marks[row["upn"]].keys() <= on_roll
        missing += len(on_roll - marks[row["upn"]].keys())
    lost_form = 30
    assert missing == lost_form + 2


def test_a_school_too_small_for_its_stories_says_so() -> None:
    """300 pupils are enough; a school that cannot cast the stories is an error that says what to do."""
    assert len(build(pupils=300).stories) == len(SCHOOL.stories)
    with pytest.raises(ValueError, match="build a school of 300 or more"):
        build(pupils=20)
