"""A file is read a block at a time, and nothing that comes out of it shows where the blocks begin."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.mis import lines, table
from adapters.mis.csv_folder import CsvFolder
from workflows.incoming import Read, Refused

HEADER = "upn,date,session,code,school_id,recorded_at,minutes_late"
LINES = st.sampled_from(
    [
        "P1,2025-09-15,AM,/,S1,2025-09-15T09:20,",
        "P2,2025-09-15,AM,/,,,5",
        'P3,"2025-09-15",PM,"\\",,,',
        " P1 ,2025-09-16, am ,L,S1,2025-09-15T09:20+02:00,7",
        "P2,2025-09-16,PM,J,,now,ten",  # retired, and two cells that are left empty
        "Ç4,2025-09-16,PM,-,,,",
        "P1,16/09/2025,AM,/,,,",
        "P1,2025-09-17,AM,!,,,",
        "P1,2025-09-17,AM,/",
        "P1,2025-09-17,AM,/,,,,",
        ",,,,,,",
        "",
        'P1,2025-09-18,AM,"/',  # a quote that may close on a later line, or never
        'P5",2025-09-18,AM,/,,,',
        '"P\n6",2025-09-18,AM,/,,,',
        "P1,2025-09-18,PM,\0,,,",
    ]
)
ENDS = st.sampled_from(["\n", "\n", "\r\n", "\r", "\r\r\n"])
Said = tuple[list[Read | Refused], list[str], str, int]


def _said(path: Path, block: int, gathered: int) -> Said:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lines, "BLOCK", block)
        patch.setattr(table, "GATHERED", gathered)
        (file,) = CsvFolder([path]).files()
        return list(file.rows()), file.remarks.lines(), file.sha256, file.bytes_read


@given(
    rows=st.lists(st.tuples(LINES, ENDS), max_size=30),
    cut=st.integers(0, 3),
    junk=st.sampled_from([b"", b"", b"\xe9", b'"']),
    block=st.integers(2, 400),
    gathered=st.integers(1, 5),
)
def test_blocks_make_no_difference(
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[tuple[str, str]],
    cut: int,
    junk: bytes,
    block: int,
    gathered: int,
) -> None:
    """Rows, refusals, remarks, digest: the same in blocks of any size as line by line."""
    content = (HEADER + "\n" + "".join(line + end for line, end in rows)).encode() + junk
    path = tmp_path_factory.mktemp("blocks") / "marks.csv"
    path.write_bytes(content[: len(content) - cut] if rows else content)
    one_by_one = _said(path, 1, 1)  # a block of one byte never holds a whole line
    assert _said(path, block, gathered) == one_by_one
    assert _said(path, 1 << 18, 1 << 12) == one_by_one


@pytest.mark.parametrize(
    ("strange", "tables"),
    [("", 1), ('P2,"2025-09-15",AM,/\r\n', 1), ("P2,2025-09-15,AM\n", 0), ("P2,2025-09-15,AM,\0\n", 0)],
    ids=["plain", "quotes and CRLF", "a short line", "a NUL"],
)
def test_plain_lines_are_read_many_at_a_time(tmp_path: Path, strange: str, tables: int) -> None:
    """A block is read at once, quotes and Windows line ends included, unless a line of it is damaged."""
    path = tmp_path / "marks.csv"
    path.write_text("upn,date,session,code\n" + "P1,2025-09-15,AM,/\n" * 50 + strange, encoding="utf-8")
    parts = list(lines.Lines(path).parts())
    assert sum(isinstance(part, table.Table) for part in parts) == tables
