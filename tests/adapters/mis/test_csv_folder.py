"""The CSV folder from bytes to records: one broken file for each message."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import IO, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.mis.columns import SHEETS
from adapters.mis.csv_folder import CsvFile, CsvFolder
from engine.records import Contact, Event, Mark, Pupil, School, SchoolDay
from workflows.incoming import Read, Refused, Unreadable

SHARED = Path(__file__).parents[3].parent / "shared" / "data" / "pupil_level" / "grand_bend_csv"

HEADERS = {
    "schools": "school_id,name,phase,am_opens,am_closes,pm_opens,pm_closes",
    "calendar": "school_id,date,am,pm,kind",
    "terms": "school_id,year,term,half_term,starts,ends",
    "staff": "staff_id,school_id,name,roles",
    "pupils": "upn,school_id,first_name,last_name,year_group,admitted_on,"
    "left_on,date_of_birth,medical,fsm,sen",
    "contacts": "contact_id,upn,name,relationship,parental_responsibility,lives_with,priority,restriction",
    "history": "upn,kind,on,from,until",
    "marks": "upn,date,session,code,school_id,recorded_at,minutes_late",
}
LISA = "P1,S1,Lisa,Woods,7,2025-09-01,"
GREEN = "S1,Green,secondary,"
NOTICE = "P1,penalty_notice,2025-11-10,"
HOLD = "P1,hold,2025-11-10,"

REFUSED_ROWS: list[tuple[str, str, str, str]] = [
    # file, row, the column named, words of the reason
    ("marks", "P1,2025-02-30,AM,/,,,", "date", "no such day as 2025-02-30"),
    ("marks", "P1,15/09/2025,AM,/,,,", "date", "write year-month-day, 2025-09-15"),
    ("marks", "P1,2025-09-15,am/pm,/,,,", "session", "write AM or PM"),
    ("marks", "P1,2025-09-15,AM,!,,,", "code", "'!' is no attendance code"),
    ("marks", "P1,2025-09-15,AM,n,,,", "code", "did you mean N?"),
    ("marks", "P1,2024-06-03,AM,C1,,,", "code", "no code C1 on 2024-06-03: it exists from 19 August 2024"),
    ("marks", " ,2025-09-15,AM,/,,,", "upn", "empty"),
    ("marks", "P1,2025-09-15,AM", "", "3 fields where the header has 7"),
    ("pupils", "P1,S1,,Woods,7,2025-09-01,,,,,", "first_name", "empty; every row needs it"),
    ("pupils", "P1,S1,Lisa,Woods,15,2025-09-01,,,,,", "year_group", "no year group"),
    ("schools", GREEN + "09:00,08:45,13:00,13:15", "", "am_closes (08:45) is not after"),
    ("schools", GREEN + "08:45,09:10,09:00,13:15", "", "pm_opens (09:00) is before am_closes"),
    ("schools", GREEN + "8h45,09:15,13:00,13:15", "am_opens", "such as 09:15"),
    ("schools", "S1,Green,secondry,08:45,09:15,13:00,13:15", "phase", "did you mean secondary?"),
    ("calendar", "S1,2025-09-15,x,1,term", "am", "neither 0 nor 1"),
    ("terms", "S1,2025/26,autumn,1,2025-10-24,2025-09-01", "", "ends (2025-09-01) is before starts"),
    ("terms", "S1,2025/26,winter,1,2025-09-01,2025-10-24", "term", "none of autumn, spring, summer"),
    ("history", NOTICE + "31/09/2025,", "from", "not an ISO date"),
    ("history", NOTICE + "2025-11-01,2025-10-01", "", "is before from"),
    ("contacts", "C1,,Ann,Mother,1,1,1,", "upn", "empty"),
]

WARNED_ROWS: list[tuple[str, str, dict[str, object], str]] = [
    # file, row, what is taken, words of the warning
    ("pupils", LISA + ",,asthma,,", {"medical": True}, "1 is taken"),
    ("pupils", LISA + ",,,often,", {"fsm": False}, "fsm: neither 0 nor 1; 0 is taken"),
    ("pupils", LISA + ",2010-02-30,,,", {"date_of_birth": None}, "it is left empty"),
    ("pupils", LISA + ",2030-01-01,,,", {"date_of_birth": None}, "not before"),
    ("pupils", LISA + "2025-01-01,,,,", {"left_on": None}, "left_on is before"),
    ("pupils", LISA + ",,,,EHCP", {"sen": ""}, "sen: neither N, K nor E"),
    ("pupils", "P1,S1,Lisa,,Year 7,2025-09-01,,,,,", {"last_name": "", "year_group": "7"}, "last_name"),
    ("pupils", "B123456789012,S1,L,W,7,2025-09-01,,,,,", {"upn": "B123456789012"}, "should be A"),
    ("contacts", "C1,P1,Ann,Mother,1,1,1,injunction", {"restriction": "ask_dsl"}, "ask_dsl is taken"),
    ("contacts", "C1,P1,Ann,Mother,x,1,1,", {"parental_responsibility": False}, "0 is taken"),
    ("contacts", "C1,P1,Ann,Mother,1,1,first,", {"priority": 99}, "99 is taken"),
    ("schools", GREEN + "08:45,,13:00,13:15", {"am_closes": time(9, 15)}, "am_closes is not given; 09:15"),
    ("schools", GREEN + "08:00,09:15,13:00,13:15", {"am_opens": time(8)}, "open for 75 minutes"),
    ("calendar", "S1,2025-09-01,1,1,inset", {"am": False, "pm": False}, "kind is inset, yet"),
    ("calendar", "S1,2025-09-01,1,1,strike", {"am": True, "kind": "term"}, "'strike' is none of"),
    ("staff", "T1,S1,Ann,counsellor", {"roles": ("counsellor",)}, "it is taken as it stands"),
    ("staff", "T1,S1,Ann,", {"roles": ()}, "roles is not given"),
    ("history", HOLD + "10/11/2025,", {"kind": "hold", "from_": None}, "from: '10/11/2025'"),
    ("history", HOLD + "2025-11-09,2025-11-01", {"until": None}, "without an end"),
    ("history", "P1,penalty_notce,2025-11-10,,", {"kind": "penalty_notce"}, "did you mean penalty_notice?"),
    ("marks", "P1,2025-09-15,AM,J,,,", {"code": "J"}, "the code J is no longer used after 2024-08-18"),
    ("marks", "P1,2025-09-15,AM,L,,,ten", {"minutes_late": None}, "minutes_late: 'ten'"),
    ("marks", "P1,2025-09-15,AM,L,,now,", {"recorded_at": None}, "recorded_at: 'now'"),
]

UNREADABLE: list[tuple[str, bytes, str]] = [
    ("marks.csv", b"", "marks.csv:1: the file is empty"),
    ("marks.csv", b"upn,date,session,cod\n", "the column code is missing; is it the one named cod?"),
    (
        "marks.csv",
        b"upn,date\n",
        "the columns session, code are missing; the first line must name the columns",
    ),
    ("marks.csv", b"upn,date,session,code,upn\n", "the column upn stands twice in the header"),
    ("marks.csv", b"upn;date;session;code\n", "separated by ';'; save the file with commas"),
    ("marks.csv", b"upn\tdate\tsession\tcode\n", "separated by tabs"),
    ("marks.csv", b"upn,date,session,c\xf4de\n", "the header cannot be read: not UTF-8"),
    ("marks.csv", "upn,date,session,code\n".encode("utf-16"), "UTF-16"),
]


def _file(tmp_path: Path, name: str, content: str | bytes) -> tuple[CsvFile, list[Read], list[Refused]]:
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    (file,) = CsvFolder([path]).files()
    rows = list(file.rows())
    return (
        file,
        [row for row in rows if isinstance(row, Read)],
        [row for row in rows if isinstance(row, Refused)],
    )


@pytest.mark.parametrize(("kind", "row", "column", "words"), REFUSED_ROWS)
def test_a_row_that_cannot_be_taken_says_why(
    tmp_path: Path, kind: str, row: str, column: str, words: str
) -> None:
    """The refusal names line 2, the column and the reason, and keeps the row's text."""
    _, read, refused = _file(tmp_path, f"{kind}.csv", f"{HEADERS[kind]}\n{row}\n")
    assert not read
    assert [(refusal.line, refusal.column, refusal.raw) for refusal in refused] == [(2, column, row)]
    assert words in refused[0].reason


@pytest.mark.parametrize(("kind", "row", "taken", "words"), WARNED_ROWS)
def test_a_row_that_is_taken_in_spite_of_a_fault_says_so(
    tmp_path: Path, kind: str, row: str, taken: dict[str, object], words: str
) -> None:
    """No pupil, contact or hold is lost over a detail: the careful value is taken, with a warning."""
    file, read, refused = _file(tmp_path, f"{kind}.csv", f"{HEADERS[kind]}\n{row}\n")
    assert not refused
    assert taken == {field: getattr(read[0].record, field) for field in taken}
    (warning,) = [line for line in file.remarks.lines() if words in line]
    assert warning.startswith(f"{kind}.csv:2: ")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("upn,date,session,code,scool_id\nP1,2025-09-15,AM,L,S1\n", ":1: the column scool_id is not known"),
        ("upn,date,session,code,scool_id\nP1,2025-09-15,AM,L,S1\n", "did you mean school_id?"),
        ("upn,date,session,code\nP1,2025-09-15,AM,C", ":2: the file does not end with a line end"),
    ],
)
def test_a_strange_file_is_read_with_a_warning(tmp_path: Path, content: str, words: str) -> None:
    """An unknown column, or an end that may be a cut, is named; the rows are taken."""
    file, read, refused = _file(tmp_path, "marks.csv", content)
    assert (len(read), len(refused)) == (1, 0)
    assert words in "".join(file.remarks.lines())


@pytest.mark.parametrize(("name", "content", "words"), UNREADABLE)
def test_a_file_that_cannot_be_taken_at_all_says_why(
    tmp_path: Path, name: str, content: bytes, words: str
) -> None:
    """A header or format that is not ours refuses the file as a whole."""
    with pytest.raises(Unreadable) as fault:
        _file(tmp_path, name, content)
    assert words in str(fault.value)


def test_repeated_warnings_are_one_line(tmp_path: Path) -> None:
    """A thousand wrong check letters are one warning with the first three lines, not a thousand."""
    rows = "".join(f"B12345678901{digit},S1,L,W,7,2025-09-01,,,,,\n" for digit in (1, 2, 3, 4, 5))
    file, read, _ = _file(tmp_path, "pupils.csv", f"{HEADERS['pupils']}\n{rows}")
    assert len(read) == 5
    (line,) = file.remarks.lines()
    assert line.startswith("pupils.csv:2: upn: the check letter of B123456789011")
    assert line.endswith("(5 rows: lines 2, 3, 4 and 2 more)")


def test_good_rows_become_the_records_they_say(tmp_path: Path) -> None:
    """Columns in any order and case, spaces around cells and an offset all come out as meant."""
    header = "Code, Session ,date,upn,recorded_at,school_id,minutes_late\n"
    _, read, _ = _file(tmp_path, "marks-monday.csv", header + " L , am,2025-09-15,P1,2025-09-15T09:20,S1,7\n")
    entered = datetime(2025, 9, 15, 8, 20, tzinfo=UTC)
    assert read[0].record == Mark("P1", "S1", date(2025, 9, 15), "AM", "L", entered, 7)
    _, read, refused = _file(
        tmp_path, "marks.csv", "upn,date,session,code\nP1,2025-09-15,PM,-\n, ,,\nP1,2025-09-16,PM,\n"
    )
    assert [row.record.code for row in read if isinstance(row.record, Mark)] == ["", ""]
    assert not refused


def test_files_come_in_the_order_in_which_they_rest_on_each_other(tmp_path: Path) -> None:
    """Schools first and marks last, whatever the names' order; a stranger is named, not read."""
    for name in ("marks.csv", "marks (2).csv", "Pupils.csv", "schools.csv", "contats.csv", "notes.txt"):
        (tmp_path / name).write_bytes(b"")
    source = CsvFolder([tmp_path])
    assert [file.kind for file in source.files()] == ["schools", "pupils", "marks", "marks"]
    (warning,) = source.warnings
    assert warning.startswith("contats.csv: ")
    assert "did you mean contacts.csv?" in warning


@pytest.mark.parametrize("name", ["nothing-here", "empty", "contats.csv"])
def test_a_path_of_no_use_is_refused_before_anything_is_read(tmp_path: Path, name: str) -> None:
    """A missing path, a folder without files of ours and a file of another name are errors, not silence."""
    (tmp_path / "empty").mkdir()
    (tmp_path / "contats.csv").write_bytes(b"x")
    with pytest.raises(Unreadable, match=name):
        CsvFolder([tmp_path / name])


@given(content=st.binary(max_size=300), kind=st.sampled_from(sorted(SHEETS)), headed=st.booleans())
def test_no_bytes_raise_anything_but_a_refusal(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, kind: str, *, headed: bool
) -> None:
    """Any bytes, with or without a good header, end in rows, refusals with a reason, or Unreadable."""
    header = ",".join(column.name for column in SHEETS[kind].columns).encode() + b"\n"
    path = tmp_path_factory.mktemp("bytes") / f"{kind}.csv"
    path.write_bytes((header if headed else b"") + content)
    (file,) = CsvFolder([path]).files()
    try:
        rows = list(file.rows())
    except Unreadable:
        rows = []
        readable = False
    else:
        readable = True
    assert readable or not headed
    assert all(row.reason and row.line > 1 for row in rows if isinstance(row, Refused))


@pytest.mark.skipif(not SHARED.is_dir(), reason="the published sample lies outside this checkout")
def test_the_published_sample_is_read_whole() -> None:
    """Grand Bend: 112 pupils, 230 contacts, 37,856 marks, nothing refused and nothing to warn of."""
    counts: dict[type, int] = {}
    for file in CsvFolder([SHARED]).files():
        for row in file.rows():
            assert isinstance(row, Read)
            counts[type(row.record)] = counts.get(type(row.record), 0) + 1
        assert file.remarks.lines() == []
    assert counts[Pupil] == 112
    assert counts[Contact] == 230
    assert counts[Mark] == 37_856
    assert (counts[School], counts[SchoolDay], counts.get(Event)) == (2, 378, None)


def test_a_refused_file_is_closed_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A header that is not ours lets go of the file: on some systems an open one cannot be replaced."""
    opened: list[IO[bytes]] = []
    real = Path.open

    def watched(self: Path, mode: str = "r", buffering: int = -1) -> IO[bytes]:
        handle = cast("IO[bytes]", real(self, mode, buffering))
        opened.append(handle)
        return handle

    monkeypatch.setattr(Path, "open", watched)
    with pytest.raises(Unreadable) as held:  # holding the exception holds its frames, as a caller may
        _file(tmp_path, "marks.csv", b"no,such,columns\n1,2,3\n")
    assert "columns" in str(held.value)
    assert [handle.closed for handle in opened] == [True, True]  # written by the test, then read
