"""The trust as a whole is repeatable, plausible and in order."""

from __future__ import annotations

import hashlib
from collections import Counter
from datetime import date, datetime

import pytest

from adapters.demo import DemoTrust, build
from adapters.demo.people import check_letter
from engine.codes import look_up

TRUST = build()
DAY_AND_HALF = ("date", "session")


def final_codes(trust: DemoTrust) -> dict[str, dict[tuple[str, str], str]]:
    """Each pupil's marks as they stand when the last delivery is in."""
    marks: dict[str, dict[tuple[str, str], str]] = {}
    for rows in (trust.base["marks"], *(delivery.files["marks"] for delivery in trust.deliveries)):
        for row in rows:
            marks.setdefault(row["upn"], {})[row["date"], row["session"]] = row["code"]
    return marks


def digest(trust: DemoTrust) -> str:
    """Every row of every file of every delivery, in order, as one hash."""
    told = hashlib.sha256()
    for files in (trust.base, *(delivery.files for delivery in trust.deliveries)):
        for name, rows in files.items():
            told.update(name.encode())
            for row in rows:
                told.update(repr(row).encode())
    return told.hexdigest()


FINAL = final_codes(TRUST)


def test_the_same_arguments_give_the_same_bytes() -> None:
    """One seed is one trust, row for row; another seed is another one."""
    assert digest(build()) == digest(TRUST)
    assert list(build(seed=2, pupils=900).base["marks"]) != list(build(seed=1, pupils=900).base["marks"])


def test_no_code_outside_its_dates() -> None:
    """Over a whole year of five schools every code is one that its day knows, and none is retired."""
    trust = build(schools=5, pupils=1500, days=149, stories=False)
    marks = final_codes(trust)
    assert sum(len(own) for own in marks.values()) > 1500 * 370
    seen = {(code, date.fromisoformat(day)) for own in marks.values() for (day, _), code in own.items()}
    for code, day in seen:
        entry = look_up(code, day)
        assert entry is not None
        assert not entry.retired
    assert {"D", "X", "Y1", "C2", "V", "W", "S", "N", "J1"} <= {code for code, _ in seen}


@pytest.mark.parametrize("seed", range(1, 6))
def test_an_autumn_of_every_phase_is_like_englands(seed: int) -> None:
    """By mid-November overall and persistent absence of each school lie where they may lie."""
    trust = build(seed=seed)
    marks = final_codes(trust)
    for place, (least, most), (few, many) in zip(
        trust.places,
        ((0.065, 0.095), (0.035, 0.065), (0.08, 0.16)),
        ((0.17, 0.29), (0.08, 0.20), (0.22, 0.50)),
        strict=True,
    ):
        absent = possible = persistent = 0
        own = [row["upn"] for row in trust.base["pupils"] if row["school_id"] == place.school_id]
        for upn in own:
            entries = [
                look_up(code, date.fromisoformat(day)) for (day, _), code in marks.get(upn, {}).items()
            ]
            away = sum(entry.absent for entry in entries if entry)
            due = sum(entry.possible for entry in entries if entry)
            absent, possible, persistent = absent + away, possible + due, persistent + (away * 10 >= due > 0)
        assert least <= absent / possible <= most, place.name
        assert few <= persistent / len(own) <= many, place.name


def test_people_are_like_englands() -> None:
    """Shares of need, of siblings and of forms are near those of real schools; families span schools."""
    pupils = {
        place.phase: [r for r in TRUST.base["pupils"] if r["school_id"] == place.school_id]
        for place in TRUST.places
    }
    for phase, low, high in (("primary", 0.19, 0.33), ("secondary", 0.2, 0.28), ("special", 0.3, 0.6)):
        assert low <= sum(row["fsm"] == "1" for row in pupils[phase]) / len(pupils[phase]) <= high
    sen = Counter(row["sen"] for row in pupils["secondary"])
    assert 0.08 <= sen["K"] / 1200 <= 0.17
    assert 0.01 <= sen["E"] / 1200 <= 0.06
    assert {row["sen"] for row in pupils["special"]} <= {"K", "E"}
    school = {row["upn"]: row["school_id"] for row in TRUST.base["pupils"]}
    homes: dict[str, set[str]] = {}
    for row in TRUST.base["contacts"]:
        homes.setdefault(row["contact_id"], set()).add(row["upn"])
    siblings = [upns for upns in homes.values() if len(upns) > 1]
    assert 0.28 <= len(set().union(*siblings)) / len(school) <= 0.42
    assert any(len({school[upn] for upn in upns}) > 1 for upns in siblings)
    assert max(Counter(row["upn"] for row in TRUST.base["contacts"]).values()) <= 4
    forms = Counter(row["form"] for row in pupils["secondary"])
    assert (len(forms), set(forms.values())) == (40, {30})


def test_pupil_numbers_and_birthdays_are_well_formed() -> None:
    """Thirteen characters, the right letter first, no two alike; each birthday falls in the year's year."""
    for row in TRUST.base["pupils"]:
        upn, born = row["upn"], date.fromisoformat(row["date_of_birth"])
        weighted = sum(int(upn[place - 1]) * place for place in range(2, 14))
        assert len(upn) == 13
        assert "ABCDEFGHJKLMNPQRTUVWXYZ"[weighted % 23] == upn[0] == check_letter(upn[1:])
        started = 2020 - (0 if row["year_group"] == "R" else int(row["year_group"]))
        assert date(started, 9, 1) <= born <= date(started + 1, 8, 31)
    assert len({row["upn"] for row in TRUST.base["pupils"]}) == 1740


def test_names_try_everything_downstream() -> None:
    """Accents, apostrophes and hyphens occur among the pupils."""
    letters = set("".join(row["first_name"] + row["last_name"] for row in TRUST.base["pupils"]))
    assert {"'", "-", "é"} <= letters
    assert len(letters & set("ëâŁąńățȚșȘ")) >= 3


def test_deliveries_are_the_week_in_order() -> None:
    """Four imports a day, each mark of a day gone or just entered, nothing said twice."""
    hours = [(9, 20), (10, 30), (13, 20), (15, 45)]
    assert [delivery.at for delivery in TRUST.deliveries] == [
        datetime(2025, 11, day, hour, minute)  # noqa: DTZ001 - local time, as the interface has it
        for day in range(10, 15)
        for hour, minute in hours
    ]
    assert max(row["date"] for row in TRUST.base["marks"]) == "2025-11-07"
    standing = {(row["upn"], row["date"], row["session"]): row["code"] for row in TRUST.base["marks"]}
    closes = {
        row["upn"]: {"AM": school["am_closes"], "PM": school["pm_closes"]}
        for school in TRUST.base["schools"]
        for row in TRUST.base["pupils"]
        if row["school_id"] == school["school_id"]
    }
    for delivery in TRUST.deliveries:
        seen = set()
        for row in delivery.files["marks"]:
            key = row["upn"], row["date"], row["session"]
            closed = datetime.fromisoformat(f"{row['date']}T{closes[row['upn']][row['session']]}")
            assert closed <= delivery.at
            assert key not in seen
            assert standing.get(key) != row["code"], (delivery.at, row)
            seen.add(key)
            standing[key] = row["code"]


def test_most_n_marks_are_replaced() -> None:
    """Of the N entered in the week most have become a reason by its end, and some have not."""
    entered = {
        (row["upn"], row["date"], row["session"])
        for delivery in TRUST.deliveries
        for row in delivery.files["marks"]
        if row["code"] == "N"
    }
    left = sum(FINAL[upn][day, half] == "N" for upn, day, half in entered)
    assert len(entered) > 300
    assert 0 < left < len(entered) / 2


def test_marks_lie_within_the_enrolment() -> None:
    """A pupil has a mark for each session on roll, and none outside; only planted blanks are missing."""
    held: dict[str, list[str]] = {}
    for row in TRUST.base["calendar"]:
        if row["am"] == "1" and "2025-09-01" <= row["date"] <= "2025-11-14":
            held.setdefault(row["school_id"], []).append(row["date"])
    missing: Counter[str] = Counter()
    for row in TRUST.base["pupils"]:
        on_roll = {
            (day, session)
            for day in held[row["school_id"]]
            for session in ("AM", "PM")
            if row["admitted_on"] <= day and (not row["left_on"] or day <= row["left_on"])
        }
        own = FINAL.get(row["upn"], {})
        assert own.keys() <= on_roll
        missing[row["school_id"]] += len(on_roll - own.keys())
    lost_form, planted = 30, 2
    assert missing == {"ashgrove": lost_form + planted, "thornbury": 0, "holmwood": 0}


def test_schools_differ_in_hours_and_training_days() -> None:
    """Register times and one training day are each school's own; every year has 190 pupil days."""
    hours = {
        tuple(row[name] for name in ("am_opens", "am_closes", "pm_opens", "pm_closes"))
        for row in TRUST.base["schools"]
    }
    assert len(hours) == 3
    for place in TRUST.places:
        days = [
            row
            for row in TRUST.base["calendar"]
            if row["school_id"] == place.school_id and row["am"] == "1" and row["date"] >= "2025-09-01"
        ]
        assert len(days) == 190
        assert len({date.fromisoformat(row["date"]).isocalendar()[:2] for row in days}) == 40
        assert str(place.inset) not in {row["date"] for row in days}
    assert len({place.inset for place in TRUST.places}) == 3


def test_a_large_trust_and_a_small_term() -> None:
    """57 schools share their pupils in proportion; a small term is lived from its first day."""
    trust = build(schools=57, pupils=3000, days=1, stories=False)
    assert sum(place.pupils for place in trust.places) == 3000
    assert len({place.school_id for place in trust.places}) == 57
    assert Counter(place.phase for place in trust.places) == {"primary": 37, "secondary": 19, "special": 1}
    assert len({row["staff_id"] for row in trust.base["staff"]}) == len(trust.base["staff"])
    term = build(pupils=60, days=71, since=date(2025, 9, 4), stories=False)
    assert (len(term.base["marks"]), term.stories) == (0, ())
    assert (term.deliveries[0].at.date(), term.deliveries[-1].at.date()) == (
        date(2025, 9, 4),
        date(2025, 12, 19),
    )
    assert len(final_codes(term)) >= 58


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"pupils": 20}, "20 pupils are too few for the planted stories: 3 schools need 434 at least"),
        ({"pupils": 299, "schools": 1}, "1 school needs 300 at least"),
        ({"pupils": 5, "stories": False}, "5 pupils are too few to go round: 3 schools need"),
        ({"days": 150}, "from 2025-11-10 the school year has 149 left"),
    ],
)
def test_what_cannot_be_built_says_what_could(asked: dict[str, int], said: str) -> None:
    """Too few pupils, too many days: the message names the number that would do."""
    with pytest.raises(ValueError, match=said):
        build(**asked)  # type: ignore[arg-type]


@pytest.mark.parametrize("seed", range(1, 9))
def test_the_least_number_is_enough(seed: int) -> None:
    """434 pupils in three schools cast every story, whatever the seed."""
    assert len(build(seed=seed, pupils=434).stories) == len(TRUST.stories)
