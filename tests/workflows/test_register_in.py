"""Marks on their way into the registers: many at a time, and just as if each were looked at by itself."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from engine.records import HALVES, Mark, Pupil, School, SchoolDay
from workflows.incoming import MarksRead
from workflows.known import Known
from workflows.marks import Marks
from workflows.register_in import Registers

MONDAY = date(2025, 9, 15)
DAYS = [MONDAY + timedelta(n) for n in range(-1, 4)]
ENTERED = datetime(2025, 9, 15, 8, 20, tzinfo=UTC)
UPNS = ("P1", "P2", "P3", "P4", "P5", "P9")
SCHOOLS = ("", "S1", "S2", "S3", "S7")


def _known() -> Known:
    known = Known()
    known.learn(School(school_id, school_id, "primary") for school_id in ("S2", "S1", "S3"))
    known.learn(
        SchoolDay(school_id, day, am=True, pm=day != DAYS[3])
        for school_id in ("S1", "S2")
        for day in DAYS[1:4]
    )
    spells = [
        ("P1", "S1", DAYS[0], None),
        ("P2", "S1", DAYS[2], None),  # joins on the Tuesday
        ("P3", "S1", DAYS[0], None),  # on two rolls
        ("P3", "S2", DAYS[0], None),
        ("P4", "S1", DAYS[0], DAYS[1]),  # moves
        ("P4", "S2", DAYS[2], None),
        ("P5", "S3", DAYS[0], None),  # at a school without a calendar
    ]
    known.learn(Pupil(upn, school_id, "a", "b", "7", first, last) for upn, school_id, first, last in spells)
    return known


MARKS = st.lists(
    st.builds(
        Mark,
        upn=st.sampled_from(UPNS),
        school_id=st.sampled_from(SCHOOLS),
        date=st.sampled_from(DAYS),
        session=st.sampled_from(HALVES),
        code=st.sampled_from(["/", "/", "N", "C1", "#", "Z", ""]),
        recorded_at=st.none() | st.just(ENTERED),
        minutes_late=st.none() | st.integers(0, 90),
    ),
    max_size=60,
)


def _read(marks: list[Mark], first_line: int) -> MarksRead:
    """Marks as a source hands them over: pupils and schools keep their numbers through a file."""
    rows = Marks.of(marks).rows
    rows["line"] = range(first_line, first_line + len(marks))
    rows["pupil"] = [UPNS.index(mark.upn) for mark in marks]
    rows["school"] = [SCHOOLS.index(mark.school_id) for mark in marks]
    return MarksRead(Marks(UPNS, SCHOOLS, rows), [repr(mark) for mark in marks], [])


@dataclass
class Outcome:
    """What became of the marks of a file."""

    refused: list[tuple[int, str]] = field(default_factory=list)
    late: list[int] = field(default_factory=list)
    agreed: dict[str, int] = field(default_factory=dict)
    repeated: int = 0
    taken: dict[str, list[Mark]] = field(default_factory=dict)


def _together(marks: list[Mark], cuts: list[int]) -> Outcome:
    """By `Registers`, in blocks that end at these cuts."""
    registers, outcome = Registers(_known()), Outcome()
    ends = [0, *sorted(cut % (len(marks) + 1) for cut in cuts), len(marks)]
    for start, end in pairwise(ends):
        refused = registers.add(_read(marks[start:end], start + 2))
        assert all(row.raw == repr(marks[row.line - 2]) for row in refused)
        outcome.refused += [(row.line, row.column) for row in refused]
    outcome.late = [row.line for row in registers.refused_late()]
    outcome.agreed, outcome.repeated = registers.agreed, registers.repeated
    outcome.taken = {school_id: list(taken) for school_id, taken in registers.batches()}
    return outcome


def _one_by_one(marks: list[Mark]) -> Outcome:
    """The same rules told plainly, a row at a time."""
    known, outcome = _known(), Outcome()
    kept: dict[tuple[str, str, date, str], tuple[int, Mark]] = {}
    struck: set[tuple[str, str, date, str]] = set()
    for line, mark in enumerate(marks, 2):
        here = known.on_roll(mark.upn, mark.date)
        say = mark.code or "blank"
        if mark.upn == "P9" or not here or (mark.school_id and mark.school_id not in here):
            if mark.upn != "P9" and mark.code in ("Z", "#", ""):
                what = f"{say} outside enrolment: nothing to take"
                outcome.agreed[what] = outcome.agreed.get(what, 0) + 1
            else:
                outcome.refused.append(
                    (line, "school_id" if mark.school_id == "S7" and mark.upn != "P9" else "upn")
                )
            continue
        if len(here) > 1 and not mark.school_id:
            outcome.refused.append((line, "school_id"))
            continue
        school_id = mark.school_id or here[0]
        day = known.days(school_id).get(mark.date)
        held = day is not None and (day.am if mark.session == "AM" else day.pm)
        if not held and mark.code == "#":
            what = "# on a day without session: nothing to take"
            outcome.agreed[what] = outcome.agreed.get(what, 0) + 1
            continue
        if not held and mark.code:
            outcome.refused.append((line, "date"))
            continue
        key = (school_id, mark.upn, mark.date, mark.session)
        if key not in kept:
            kept[key] = (line, replace(mark, school_id=school_id))
        elif key not in struck and kept[key][1].code == mark.code:
            outcome.repeated += 1
        else:
            struck.add(key)
            outcome.refused.append((line, "code"))
    outcome.late = sorted(kept[key][0] for key in struck)
    for key, (_, mark) in kept.items():
        if key not in struck:
            outcome.taken.setdefault(mark.school_id, []).append(mark)
    return outcome


@given(marks=MARKS, cuts=st.lists(st.integers(0, 60), max_size=5))
def test_many_at_a_time_is_as_one_by_one(marks: list[Mark], cuts: list[int]) -> None:
    """Wherever a file is cut into blocks, the same rows are refused, agreed, repeated and taken."""
    together, one_by_one = _together(marks, cuts), _one_by_one(marks)
    assert together == one_by_one
    assert list(together.agreed) == list(one_by_one.agreed)
