"""The use case "import" over a store of a few lines: what is taken, refused, repeated, agreed and told."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest

from adapters.mis.csv_folder import CsvFolder
from engine.records import PM, Contact, Event, Mark, MarkGrid, Pupil, School, SchoolDay, SchoolFacts, Staff
from workflows.gathered import KEYS
from workflows.incoming import Quarantined
from workflows.ports import Record, Store, Taken, Unit
from workflows.receipt import Receipt
from workflows.take_in import take_in
from workflows.values import Entry

MONDAY = date(2025, 9, 15)
NOW = datetime(2025, 9, 15, 9, 30, tzinfo=UTC)
SCHOOLS = "school_id,name,phase,am_opens,am_closes,pm_opens,pm_closes\n" + "".join(
    f"{school},School {school},secondary,08:45,09:15,13:00,13:15\n" for school in ("S1", "S2")
)
CALENDAR = "school_id,date,am,pm,kind,note\n" + "".join(
    f"{school},2025-09-{day},1,1,term,\n" for school in ("S1", "S2") for day in (15, 16, 17)
)
CALENDAR += "S1,2025-09-18,1,0,term,closed early\nS1,2025-09-19,0,0,inset,\n"
PUPILS = (
    "upn,school_id,first_name,last_name,year_group,admitted_on,left_on\n"
    "P1,S1,Lisa,Woods,7,2025-09-01,\n"
    "P2,S1,Byron,Reid,8,2025-09-16,\n"  # joins on the Tuesday
    "P3,S1,Ada,Cole,9,2025-09-01,\nP3,S2,Ada,Cole,9,2025-09-01,\n"  # on two rolls
    "P4,S1,Noor,Khan,9,2024-09-01,2025-07-01\nP4,S2,Noor,Khan,9,2025-09-01,\n"  # moved
)
BASE = {"schools": SCHOOLS, "calendar": CALENDAR, "pupils": PUPILS}


@dataclass
class FakeStore:
    """Rows by school, kind and key; a batch that changes nothing leaves no trace."""

    rows: dict[tuple[str, str], dict[tuple[object, ...], Any]] = field(default_factory=dict)
    batches: list[tuple[str, str, datetime]] = field(default_factory=list)
    entries: list[tuple[str, Entry]] = field(default_factory=list)

    @contextmanager
    def transaction(self) -> Iterator[Unit]:
        """The store itself plays the unit."""
        yield cast("Unit", self)

    reading = transaction

    def school_ids(self) -> tuple[str, ...]:
        return tuple(sorted(school for school, kind in self.rows if kind == "schools"))

    def facts(self, school_id: str, known_at: datetime) -> SchoolFacts:
        assert known_at > NOW

        def of(kind: str) -> tuple[Any, ...]:
            return tuple(self.rows.get((school_id, kind), {}).values())

        (school,) = of("schools")
        return SchoolFacts(
            school, of("calendar"), of("terms"), of("staff"), of("pupils"), of("contacts"), of("history"),
            _grid(of("marks")),
        )  # fmt: skip

    def days(self, school_id: str) -> tuple[SchoolDay, ...]:
        return tuple(self.of(school_id, "calendar"))

    def staff(self, school_id: str) -> tuple[Staff, ...]:
        return tuple(self.of(school_id, "staff"))

    def stays(self) -> Iterator[tuple[str, str, date, date | None]]:
        for school_id in self.school_ids():
            for pupil in self.of(school_id, "pupils"):
                yield pupil.upn, school_id, pupil.admitted_on, pupil.left_on

    def take(
        self, file: str, school_id: str, records: Sequence[Record], recorded_at: datetime, source: str
    ) -> Taken:
        assert "sha256:" in source
        held = self.rows.setdefault((school_id, file), {})
        before = dict(held)
        held.update({_key(record): record for record in records})
        new = len(held) - len(before)
        changed = sum(before[key] != held[key] for key in before)
        if new + changed:
            self.batches.append((file, school_id, recorded_at))
        batch = len(self.batches) if new + changed else None
        return Taken(batch, new, changed, len(records) - new - changed)

    def append(self, school_id: str, at: datetime, entries: Sequence[Entry]) -> None:
        assert at.tzinfo is not None
        self.entries += [(school_id, entry) for entry in entries]

    def of(self, school_id: str, kind: str) -> list[Any]:
        return list(self.rows.get((school_id, kind), {}).values())


def _key(record: Record) -> tuple[object, ...]:
    if isinstance(record, Mark):
        return (record.upn, record.date, record.session)
    return KEYS[type(record)](record)


def _grid(marks: Iterable[Mark]) -> MarkGrid:
    kept = [mark for mark in marks if mark.code]
    upns = tuple(sorted({mark.upn for mark in kept}))
    weeks = sorted({mark.date.toordinal() - mark.date.weekday() for mark in kept})
    cells = np.zeros((len(upns), len(weeks) * 14), "S2")
    for mark in kept:
        week = weeks.index(mark.date.toordinal() - mark.date.weekday())
        slot = week * 14 + mark.date.weekday() * 2 + (mark.session == PM)
        cells[upns.index(mark.upn), slot] = mark.code.encode()
    return MarkGrid(upns, np.array(weeks, np.int32), cells)


@dataclass
class FakeQuarantine:
    """Keeps the last report."""

    rows: list[Quarantined] = field(default_factory=list)

    def write(self, batch: str, rows: Iterable[Quarantined]) -> str:
        self.rows = list(rows)
        return f"quarantine/{batch}.csv"


class Import:
    """A folder, a store and a quarantine, and imports of files given as text."""

    def __init__(self, folder: Path) -> None:
        self.store = FakeStore()
        self.quarantine = FakeQuarantine()
        self.progress: list[tuple[str, int, int]] = []
        self._folder = folder
        self._count = 0

    def __call__(self, **files: str | bytes) -> Receipt:
        """Import these files, each named by its kind."""
        self._count += 1
        folder = self._folder / str(self._count)
        folder.mkdir()
        for kind, content in files.items():
            raw = content if isinstance(content, bytes) else content.encode()
            (folder / f"{kind}.csv").write_bytes(raw)
        self.quarantine.rows = []
        store = cast("Store", self.store)
        return take_in(
            store, CsvFolder([folder]), NOW, self.quarantine, lambda *told: self.progress.append(told)
        )

    def refusals(self) -> list[tuple[int, str]]:
        return [(row.line, row.reason) for row in self.quarantine.rows]


@pytest.fixture
def run(tmp_path: Path) -> Import:
    """An import into a store that knows two schools, their calendar and five enrolments."""
    run = Import(tmp_path)
    assert run(**BASE).refused == 0
    return run


def _marks(*rows: str, columns: str = "upn,date,session,code") -> str:
    return "".join(f"{row}\n" for row in (columns, *rows))


REFUSED_MARKS: list[tuple[str, str]] = [
    ("P9,2025-09-15,AM,/", "there is no pupil P9: import the pupil with pupils.csv first"),
    ("P2,2025-09-15,AM,/", "the pupil is not on any roll on 2025-09-15: look at admitted_on and left_on"),
    ("P4,2025-08-15,AM,/", "the pupil is not on any roll on 2025-08-15"),
    ("P3,2025-09-15,AM,/", "on the rolls of S1 and S2 on 2025-09-15: give school_id"),
    ("P1,2025-09-19,AM,/", "no session that morning (2025-09-19) in calendar.csv: INSET day"),
    ("P1,2025-09-18,PM,/", "no session that afternoon (2025-09-18) in calendar.csv: (closed early)"),
    ("P1,2025-09-22,AM,/", "2025-09-22 is not in calendar.csv of S1"),
    ("P1,2025-09-15,AM,/,S7", "there is no school S7"),
    ("P1,2025-09-15,AM,/,S2", "the pupil is not on the roll of S2 on 2025-09-15"),
]


@pytest.mark.parametrize(("row", "words"), REFUSED_MARKS)
def test_a_mark_that_does_not_fit_what_is_known_is_refused(run: Import, row: str, words: str) -> None:
    """Pupil, roll, school and calendar must know of the session, and the reason says which does not."""
    extra = row.count(",") == 4
    receipt = run(marks=_marks(row, columns="upn,date,session,code" + (",school_id" if extra else "")))
    ((line, reason),) = run.refusals()
    assert line == 2
    assert words in reason
    assert receipt.quarantine.startswith("quarantine/2025-09-15T093000Z-")
    assert run.store.of("S1", "marks") == []


def test_marks_go_to_the_school_of_the_day(run: Import) -> None:
    """Without school_id a mark goes to the roll the pupil is on; dual registration names both."""
    rows = ("P4,2025-09-15,AM,I,", "P3,2025-09-15,AM,D,S1", "P3,2025-09-15,AM,/,S2", "P1,2025-09-15,PM,-,")
    receipt = run(marks=_marks(*rows, columns="upn,date,session,code,school_id"))
    assert receipt.refused == 0
    assert run.store.of("S1", "marks") == [
        Mark("P3", "S1", MONDAY, "AM", "D"),
        Mark("P1", "S1", MONDAY, "PM", ""),
    ]
    assert [(mark.upn, mark.code) for mark in run.store.of("S2", "marks")] == [("P4", "I"), ("P3", "/")]


def test_what_both_sides_know_to_be_nothing_is_agreement(run: Import) -> None:
    """# without a session and Z, # or a blank outside enrolment are counted, not refused, not stored."""
    receipt = run(
        marks=_marks(
            "P1,2025-09-19,AM,#",
            "P1,2025-09-19,PM,#",
            "P2,2025-09-15,AM,Z",
            "P2,2025-09-15,PM,-",
            "P2,2025-09-16,AM,Z",
        )
    )
    assert receipt.refused == 0
    assert receipt.files[0].agreed == {
        "# on a day without session: nothing to take": 2,
        "Z outside enrolment: nothing to take": 1,
        "blank outside enrolment: nothing to take": 1,
    }
    assert [mark.code for mark in run.store.of("S1", "marks")] == ["Z"]


def test_a_mark_on_no_session_can_be_cleared(run: Import) -> None:
    """A blank is passed on even where no session is held, or a stranded mark could never be taken off."""
    receipt = run(marks=_marks("P1,2025-09-20,AM,-", "P1,2025-09-15,AM,/", "P1,2025-09-20,AM,"))
    assert receipt.files[0].repeated == 1
    assert [mark.code for mark in run.store.of("S1", "marks")] == ["", "/"]


def test_two_marks_for_one_session_are_both_refused(run: Import) -> None:
    """Nobody can say which is right, so neither is taken, nor a third; the same code twice is repeated."""
    run(marks=_marks("P1,2025-09-15,AM,/"))
    receipt = run(
        marks=_marks(
            "P1,2025-09-15,AM,I",
            "P1,2025-09-15,AM,N",
            "P1,2025-09-15,AM,I",
            "P1,2025-09-15,PM,N",
            "P1,2025-09-15,PM,N",
        )
    )
    refusals = dict(run.refusals())
    assert sorted(refusals) == [2, 3, 4]
    assert "this line says I and a later line says otherwise" in refusals[2]
    assert "this line says N and line 2 says I" in refusals[3]
    assert (receipt.files[0].new, receipt.files[0].repeated, receipt.files[0].refused) == (1, 1, 3)
    assert [(mark.session, mark.code) for mark in run.store.of("S1", "marks")] == [("AM", "/"), ("PM", "N")]


def test_a_second_import_writes_nothing(run: Import) -> None:
    """The same files again are all `same`: no batch, no ledger entry."""
    files = {**BASE, "marks": _marks("P1,2025-09-15,AM,/", "P9,2025-09-15,AM,/")}
    run(**files)
    batches, entries = len(run.store.batches), len(run.store.entries)
    receipt = run(**files)
    assert (len(run.store.batches), len(run.store.entries)) == (batches, entries)
    assert [(file.new, file.changed) for file in receipt.files] == [(0, 0)] * 4
    assert receipt.refused == 1


def test_each_batch_is_in_the_ledger_with_its_file_and_digest(run: Import) -> None:
    """One batch and one entry for each file and school, recorded at Firstbell's own time."""
    receipt = run(marks=_marks("P1,2025-09-15,AM,/", "P4,2025-09-15,AM,/"))
    assert run.store.batches[-2:] == [("marks", "S1", NOW), ("marks", "S2", NOW)]
    school_id, entry = run.store.entries[-1]
    assert (school_id, entry.kind, entry.content["new"]) == ("S2", "import", 1)
    assert entry.content["sha256"] == receipt.files[0].sha256
    assert run.progress[-1][0] == "marks.csv"
    assert json.loads(json.dumps(receipt.as_json()))["files"][0]["new"] == 2


def test_of_two_rows_with_one_key_the_first_stands(run: Import) -> None:
    """A second row with other details is refused, naming the first; the same row is counted as repeated."""
    receipt = run(pupils=PUPILS + "P1,S1,Lisa,Woods,8,2025-09-01,\nP1,S1,Lisa,Woods,7,2025-09-01,\n")
    ((line, reason),) = run.refusals()
    assert (line, receipt.files[0].repeated) == (8, 1)
    assert "line 2 has the same key with other details" in reason
    assert next(pupil for pupil in run.store.of("S1", "pupils") if pupil.upn == "P1").year_group == "7"


CONTACTS = "contact_id,upn,name,relationship,parental_responsibility,lives_with,priority,restriction\n"


@pytest.mark.parametrize("restrictions", [("", "no_contact"), ("no_contact", "")])
def test_a_contact_told_twice_is_never_less_restricted(run: Import, restrictions: tuple[str, str]) -> None:
    """Where two rows of one contact differ in restriction, a person is asked, whichever came first."""
    rows = "".join(f"C1,P1,Ann,Mother,1,1,1,{restriction}\n" for restriction in restrictions)
    receipt = run(contacts=CONTACTS + rows)
    assert receipt.refused == 1
    assert [contact.restriction for contact in run.store.of("S1", "contacts")] == ["ask_dsl"]
    assert any("differ in restriction" in warning for warning in receipt.warnings)


def test_contacts_go_to_the_schools_the_pupil_has_not_left(run: Import) -> None:
    """A pupil on two rolls has them at both, one who moved only at the new school; strangers are refused."""
    rows = [f"C{upn[1]},{upn},Ann,Mother,1,1,1," for upn in ("P3", "P4", "P9")]
    run(contacts=CONTACTS + "".join(f"{row}\n" for row in rows))
    assert [contact.upn for contact in run.store.of("S1", "contacts")] == ["P3"]
    assert [contact.upn for contact in run.store.of("S2", "contacts")] == ["P3", "P4"]
    assert run.refusals() == [(4, "there is no pupil P9: import the pupil with pupils.csv first")]


def test_history_finds_its_school(run: Import) -> None:
    """By the roll of that day, by the only school there ever was, or by school_id on two rolls."""
    run(
        history="upn,school_id,kind,on\nP4,,meeting,2025-05-01\nP1,,hold,2024-01-01\n"
        "P3,S2,plan,2025-09-15\nP3,,plan,2025-09-15\nP9,,plan,2025-09-15\n"
    )
    assert [event.upn for event in run.store.of("S1", "history")] == ["P4", "P1"]
    assert [event.upn for event in run.store.of("S2", "history")] == ["P3"]
    assert [line for line, _ in run.refusals()] == [5, 6]


def test_a_calendar_that_takes_a_session_away_says_how_many_marks_it_strands(run: Import) -> None:
    """The calendar is believed, and the marks that now stand on nothing are counted."""
    run(marks=_marks("P1,2025-09-16,AM,/", "P2,2025-09-16,AM,I", "P1,2025-09-16,PM,/", "P1,2025-09-15,AM,/"))
    receipt = run(calendar="school_id,date,am,pm,kind\nS1,2025-09-16,0,1,closure\nS2,2025-09-16,0,1,term\n")
    stranded = [warning for warning in receipt.warnings if "no longer holds" in warning]
    assert [SchoolDay("S1", date(2025, 9, 16), am=False, pm=False, kind="closure")] == [
        day for day in run.store.of("S1", "calendar") if day.date == date(2025, 9, 16)
    ]
    assert len(stranded) == 1
    assert "the calendar of S1 no longer holds 2 sessions, the first on 2025-09-16; 3 marks" in stranded[0]


def test_people_named_who_are_not_on_the_staff_are_told(run: Import) -> None:
    """A misspelt deputy or key adult would send work to the next in line, silently."""
    staff = "staff_id,school_id,name,roles,deputy\nT1,S1,Ann,dsl,T2\nT2,S1,Bo,dsl,T9\n"
    receipt = run(staff=staff, pupils=PUPILS.replace("left_on", "left_on,key_adult").replace(",\n", ",,T8\n"))
    assert "staff.csv:3: deputy T9 is not on the staff of S1" in receipt.warnings
    assert any(warning.startswith("pupils.csv:2: key_adult T8 is not on") for warning in receipt.warnings)


def test_a_file_that_cannot_be_read_does_not_stop_the_others(run: Import) -> None:
    """It is named; the rest is taken; and only where nothing at all was good is nothing read."""
    receipt = run(staff=b"\xff\xfes\0", marks=_marks("P1,2025-09-15,AM,/"))
    assert (len(receipt.unreadable), receipt.nothing_read, len(receipt.files)) == (1, False, 1)
    assert run(staff=b"\xff\xfes\0").nothing_read
    assert run(marks=_marks("P9,2025-09-15,AM,/")).nothing_read
    assert not run(marks=_marks()).nothing_read


def test_a_school_without_a_calendar_takes_no_marks(tmp_path: Path) -> None:
    """Before there is a calendar no session is known: the reason says what to import first."""
    run = Import(tmp_path)
    receipt = run(schools=SCHOOLS, pupils=PUPILS, marks=_marks("P1,2025-09-15,AM,/"))
    assert "has no calendar: import calendar.csv first" in run.refusals()[0][1]
    assert [type(record) for record in run.store.of("S1", "schools")] == [School]
    assert receipt.files[1].new == 6


def test_rows_of_an_unknown_school_are_refused(run: Import) -> None:
    """Calendar, terms, staff and pupils rest on schools.csv."""
    run(
        calendar="school_id,date,am,pm\nS7,2025-09-15,1,1\n",
        staff="staff_id,school_id,name,roles\nT1,S7,A,dsl\n",
    )
    assert [reason for _, reason in run.refusals()] == [
        "there is no school S7: import it with schools.csv first"
    ] * 2
    assert not any(
        isinstance(record, Staff | Pupil | Contact | Event) for record in run.store.of("S7", "staff")
    )
