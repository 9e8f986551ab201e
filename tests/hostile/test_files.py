"""CSV files as they should never be: good rows in, bad rows named, in bounded time and few words."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest

from adapters.mis.columns import SHEETS
from tests.acceptance.conftest import Done, Firstbell
from tests.acceptance.small import small_school, write

LONGEST_LINE = 400
HISTORY = "upn,school_id,kind,on,from,until,contact_id,outcome,note\nP1,S,meeting,2025-11-03,,,,,\n"


def _taken(done: Done, kind: str) -> dict[str, int]:
    """New and refused rows of one file."""
    (file,) = [file for file in done.document["files"] if file["kind"] == kind]
    return {name: file[name] for name in ("rows", "new", "refused")}


def _quarantine() -> list[dict[str, str]]:
    (report,) = Path("quarantine").glob("*.csv")
    with report.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def _imported(bell: Firstbell, name: str, content: bytes) -> Done:
    """The small school with one file replaced."""
    folder = write(Path("in"), small_school(2) | {"history": HISTORY})
    (folder / f"{name}.csv").write_bytes(content)
    return bell("import", "in", "--json")


@pytest.mark.parametrize("kind", sorted(SHEETS))
def test_a_monstrous_field_in_any_column_costs_at_most_its_row(bell: Firstbell, kind: str) -> None:
    """A row for each column with thousands of characters in it, the last with a million: few words."""
    text = (small_school(2) | {"history": HISTORY})[kind]
    columns = [column.name for column in SHEETS[kind].columns]
    good = list(csv.DictReader(text.splitlines()))
    rows = [[row.get(name, "") for name in columns] for row in good]
    for at, length in enumerate([*[5_000] * len(columns), 1_000_000], start=-len(columns)):
        rows.append([*(good[0].get(name, "") for name in columns)])
        rows[-1][at] = ("9" if columns[at] in {"priority", "lessons_per_day"} else "x") * length
    with Path("rows.csv").open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle, lineterminator="\n").writerows([columns, *rows])
    done = _imported(bell, kind, Path("rows.csv").read_bytes())
    assert (done.code, _taken(done, kind)["new"]) == (0, len(good))
    assert max(map(len, done.err.splitlines())) < LONGEST_LINE
    assert all(len(line["reason"]) < LONGEST_LINE and int(line["line"]) > 1 for line in _quarantine())
    assert all(len(line["row"]) < 2_100 for line in _quarantine())
    said = bell("run", "--as-of", "2025-11-04T09:20", "--json")
    assert (said.code, len(said.out) < 20_000) == (0, True)


MARKS = small_school(2)["marks"]
FIRST = "P1,2025-11-03,AM,/"
SURVIVES: list[tuple[str, bytes, int, list[str]]] = [
    # what it is, marks.csv, good rows of 8, what is said of each bad row
    ("two byte order marks", b"\xef\xbb\xbf\xef\xbb\xbf" + MARKS.encode(), 8, []),
    ("a byte order mark inside", MARKS.replace("\nP1", "\n\ufeffP1", 1).encode(), 8, []),
    ("CR alone", MARKS.replace("\n", "\r").encode(), 8, []),
    ("Windows-1252", MARKS.replace(FIRST, "P1,2025-11-03,AM,é").encode("cp1252"), 7, ["'é' in Windows-1252"]),
    ("NUL", MARKS.replace(FIRST, "P1,2025-11-03,AM,\0").encode(), 7, ["NUL bytes"]),
    ("an open quote", MARKS.replace(FIRST, f'"{FIRST}').encode(), 7, ["never closes"]),
    (
        "100 columns",
        MARKS.replace(FIRST, FIRST + ",x" * 96).encode(),
        7,
        ["100 fields where the header has 4"],
    ),
    ("zero width", MARKS.replace(FIRST, "\u200bP1\u2060,2025-11-03\u200e,AM,/").encode(), 8, []),
    ("right to left", MARKS.replace(FIRST, "\u202eP1\u202c,2025-11-03,AM,/").encode(), 8, []),
    ("no-break spaces", MARKS.replace(FIRST, "\u00a0P1\u00a0,2025-11-03,AM,/\u00a0").encode(), 8, []),
    ("ANSI", MARKS.replace(FIRST, f"\x1b[31m{FIRST}").encode(), 7, ["there is no pupil [31mP1"]),
    ("30 February", f"{MARKS}P1,2025-02-30,AM,/\n".encode(), 8, ["there is no such day as 2025-02-30"]),
    ("29 February 2025", f"{MARKS}P1,2025-02-29,AM,/\n".encode(), 8, ["that month has 28 days"]),
    ("year 9999", f"{MARKS}P1,9999-12-31,AM,/\n".encode(), 8, ["dates run from 1900 to 2100"]),
    ("year 1", f"{MARKS}P1,0001-01-01,AM,/\n".encode(), 8, ["dates run from 1900 to 2100"]),
    ("Arabic digits", MARKS.replace("P1,2025-11-03,AM", "P1,٢٠٢٥-11-03,AM").encode(), 8, []),
    ("no code of this world", f"{MARKS}P1,2025-11-03,PM,１\n".encode(), 8, ["is no attendance code"]),
]


@pytest.mark.parametrize(
    ("content", "good", "said"), [row[1:] for row in SURVIVES], ids=[row[0] for row in SURVIVES]
)
def test_a_damaged_file_loses_its_damaged_rows_alone(
    bell: Firstbell, content: bytes, good: int, said: list[str]
) -> None:
    """What can be read is read; each row that cannot stands in the report with line and reason."""
    done = _imported(bell, "marks", content)
    assert (done.code, _taken(done, "marks")["new"]) == (0, good)
    refused = _quarantine() if said else []
    assert len(refused) == len(said)
    for line, words in zip(refused, said, strict=True):
        assert words in line["reason"]
        assert not any(ord(char) < ord(" ") for char in line["reason"] + line["row"])


REFUSED: list[tuple[str, bytes, str]] = [
    ("UTF-16", MARKS.encode("utf-16"), "UTF-16 text"),
    ("UTF-32", MARKS.encode("utf-32-be"), "UTF-16 text or a binary file"),
    ("empty", b"", "the file is empty"),
    ("blank lines", b"\n\n\n", "the columns upn, date, session, code are missing"),
    ("quotes alone", b'"' * 100_000, "are missing"),
    ("doubled column", MARKS.replace("upn,", "upn,upn,", 1).encode(), "the column upn stands twice"),
    ("an endless header", b"x" * 3_000_000 + b"\n" + MARKS.encode(), "longer than a million characters"),
    ("a web page", b"<!DOCTYPE html><html>log in</html>", "are missing"),
]


@pytest.mark.parametrize(("content", "said"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_a_file_that_is_no_marks_is_named_and_the_others_are_taken(
    bell: Firstbell, content: bytes, said: str
) -> None:
    """marks.csv:1 and why; pupils and calendar come in; alone in its folder it ends 2."""
    done = _imported(bell, "marks", content)
    assert (done.code, _taken(done, "pupils")["new"]) == (0, 2)
    assert done.err.startswith("marks.csv:1: ")
    assert said in done.err
    assert bell("import", "in/marks.csv").code == 2


def test_a_header_and_nothing_else_is_no_mistake(bell: Firstbell) -> None:
    """A school without a mark yet: nothing is refused, and the file is counted with no rows."""
    done = _imported(bell, "marks", b"upn,date,session,code\n")
    assert (done.code, _taken(done, "marks")) == (0, {"rows": 0, "new": 0, "refused": 0})


def test_a_header_of_thousands_is_told_in_few_words(bell: Firstbell) -> None:
    """Fifty thousand unknown columns: the known ones are read, a handful of the others is named."""
    header, *rows = MARKS.splitlines()
    strange = ",".join(f"c{number}" for number in range(50_000))
    wide = "\n".join([f"{header},{strange}", *(row + "," * 50_000 for row in rows)]) + "\n"
    done = _imported(bell, "marks", wide.encode())
    assert (done.code, _taken(done, "marks")["new"]) == (0, 8)
    assert "49,980 more columns are not known" in done.err
    assert len(done.err.splitlines()) < 30


def _pipe(path: Path) -> None:
    os.mkfifo(path)


def _folder(path: Path) -> None:
    path.mkdir()


def _broken_link(path: Path) -> None:
    path.symlink_to("nowhere")


def _zeros(path: Path) -> None:
    path.symlink_to("/dev/zero")


@pytest.mark.parametrize("make", [_pipe, _folder, _broken_link, _zeros])
def test_what_is_no_plain_file_is_said_and_never_waited_for(bell: Firstbell, make: object) -> None:
    """A pipe nobody writes to, a folder, a broken link, an endless device: named; the others are taken."""
    folder = write(Path("in"), small_school(2))
    (folder / "marks.csv").unlink()
    make(folder / "marks.csv")  # type: ignore[operator]
    done = bell("import", "in", "--json")
    assert (done.code, _taken(done, "pupils")["new"]) == (0, 2)
    assert "warning: marks.csv: this is no plain file" in done.err
    assert bell("import", "in/marks.csv").code == 2


def test_a_name_that_no_terminal_should_see_is_spelt(bell: Firstbell) -> None:
    """Bytes that are no text, line ends and escapes in a file's name neither stop nor reach anything."""
    folder = write(Path("in"), small_school(2))
    (folder / "marks.csv").rename(os.fsdecode(b"in/marks-\xff\n\x1b[2J.csv"))
    done = bell("import", "in")
    assert done.code == 0
    assert "marks-\\udcff\\n\\x1b[2J.csv" in done.out
    assert "\x1b" not in done.out + done.err + bell("ledger", "show", "--json").out


@pytest.mark.parametrize("path", ["x" * 5_000, ""])
def test_a_path_that_cannot_be_is_a_sentence(bell: Firstbell, path: str) -> None:
    """Longer than any name may be, or nothing at all."""
    done = bell("import", path)
    assert (done.code, done.out, len(done.err) < LONGEST_LINE) == (2, "", True)


def test_a_report_that_cannot_be_written_says_what_is_in_and_what_to_do(bell: Firstbell) -> None:
    """The place of the quarantine is taken: the good rows are in, and the sentence says so."""
    Path("quarantine").write_text("a file, no folder", encoding="utf-8")
    done = _imported(bell, "marks", f"{MARKS}P9,2025-11-03,AM,/\n".encode())
    assert (done.code, "the good rows are in" in done.err) == (2, True)
    Path("quarantine").unlink()
    again = bell("import", "in", "--json")
    assert _taken(again, "marks") == {"rows": 9, "new": 0, "refused": 1}
    assert _quarantine()[0]["line"] == "10"
