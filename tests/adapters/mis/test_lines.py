"""The rows of a damaged file: what is lost, and only that."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.mis.lines import LONGEST, Lines
from adapters.mis.table import Broken
from workflows.incoming import Unreadable


def _read(tmp_path: Path, content: bytes) -> tuple[list[tuple[int, list[str]]], list[Broken], Lines]:
    path = tmp_path / "marks.csv"
    path.write_bytes(content)
    lines = Lines(path)
    rows = list(lines.rows())
    good = [(row[0], row[1]) for row in rows if not isinstance(row, Broken)]
    return good, [row for row in rows if isinstance(row, Broken)], lines


GOOD = b"a,b\n1,x\n"

SURVIVABLE: list[tuple[str, bytes, list[int], list[int], str]] = [
    # remark, what follows the header and line 2, good lines after those, broken lines, words
    ("a quote that never closes gives its lines back", b'2,"y\n3,z\n4,w\n', [4, 5], [3], "never closes"),
    ("a stray quote closes in the next quoted cell", b'2,"y\n3,"z"\n4,w\n', [4, 5], [3], "quote"),
    ("a stray quote closes in another row", b'2,"y\n3",z,w\n4,w\n', [5], [3, 4], "quote"),
    (
        "a quote that swallows thousands of lines",
        b'2,"y\n' + b"3,z\n" * 40_000,
        [*range(4, 40_004)],
        [3],
        "never",
    ),
    ("a cut inside a quote on the last line", b'2,y\n3,"z', [3], [4], "seems cut off at line 4"),
    ("a cut before the last field", b"2,y\n3", [3], [4], "seems cut off at line 4"),
    ("a short line in the middle", b"2\n3,z\n", [4], [3], "1 fields where the header has 2"),
    ("too many fields", b"2,y,z\n3,z\n", [4], [3], "quotes around it"),
    ("one byte that is not UTF-8", b"2,Ren\xe9e\n3,z\n", [4], [3], "0xE9 at character 6, 'é' in Windows"),
    ("NUL bytes", b"2,\0\0\n3,z\n", [4], [3], "NUL bytes"),
    ("a field of a million characters", b"2," + b"y" * 1_000_000 + b"\n3,z\n", [4], [3], "more than 131,072"),
    ("an endless line", b"2," + b"y" * (3 * LONGEST) + b"\n3,z\n", [4], [3], "longer than a million"),
    ("a quote inside a quoted field", b'2,"O"Brien"\n3,z\n', [4], [3], "quote stands inside"),
    ("a cell over two lines is one row", b'2,"y\nyy"\n3,z\n', [3, 5], [], ""),
    ("blank lines are no rows", b"\n\n3,z\n", [5], [], ""),
    ("empty cells beyond the header, as Excel leaves them", b"2,y,,\n", [3], [], ""),
]


@pytest.mark.parametrize(
    ("content", "good", "broken", "words"),
    [row[1:] for row in SURVIVABLE],
    ids=[row[0] for row in SURVIVABLE],
)
def test_one_broken_line_costs_one_row(
    tmp_path: Path, content: bytes, good: list[int], broken: list[int], words: str
) -> None:
    """Every line but the broken one is read, and the broken one is named with its reason."""
    rows, faults, _ = _read(tmp_path, GOOD + content)
    assert [line for line, _ in rows] == [1, 2, *good]
    assert [fault.line for fault in faults] == broken
    assert all(words in fault.reason for fault in faults)


@given(junk=st.text(st.characters(codec="utf-8", exclude_characters="\n\r"), max_size=40))
def test_no_junk_line_takes_a_good_one_with_it(tmp_path_factory: pytest.TempPathFactory, junk: str) -> None:
    """Whatever stands on one line, quotes included, the rows before and after it are read."""
    tmp_path = tmp_path_factory.mktemp("junk")
    rows, _, _ = _read(tmp_path, GOOD + junk.encode() + b"\n3,z\n4,w\n")
    read = [cells for _, cells in rows]
    assert read[:2] == [["a", "b"], ["1", "x"]]
    assert read[-2:] == [["3", "z"], ["4", "w"]]


@pytest.mark.parametrize(
    "content",
    [b"\xef\xbb\xbfa,b\r\n1,x\r\n", b"a,b\r1,x\r", b"a,b\n1,x"],
    ids=["BOM, CRLF", "CR alone", "no end"],
)
def test_every_way_to_end_a_line_is_read(tmp_path: Path, content: bytes) -> None:
    """A byte order mark, Windows, old Macintosh and missing last line ends change nothing."""
    rows, faults, lines = _read(tmp_path, content)
    assert rows == [(1, ["a", "b"]), (2, ["1", "x"])]
    assert not faults
    assert lines.ended_without_newline == (not content.endswith((b"\r", b"\n")))


def test_only_the_last_line_can_be_cut_off(tmp_path: Path) -> None:
    """A short line in the middle of a file with CR alone is short, not the place where the file ends."""
    _, (middle, last), _ = _read(tmp_path, b"a,b\r1\r2,y\r3")
    assert (middle.line, middle.reason[:8], last.line) == (2, "1 fields", 4)
    assert last.reason.startswith("the file seems cut off at line 4: 1 fields")


def test_the_digest_and_the_count_are_those_of_the_file(tmp_path: Path) -> None:
    """What the ledger keeps is the digest of the very bytes that were read, cut lines included."""
    content = GOOD + b'2,"' + b"y" * (2 * LONGEST) + b"\n3,z\n"
    _, _, lines = _read(tmp_path, content)
    assert lines.sha256 == hashlib.sha256(content).hexdigest()
    assert lines.bytes_read == lines.size == len(content)


def test_a_file_that_is_gone_is_unreadable(tmp_path: Path) -> None:
    """What the disk says becomes a sentence, not a traceback."""
    with pytest.raises(Unreadable, match=r"marks\.csv: cannot be read: No such file"):
        list(Lines(tmp_path / "marks.csv").rows())


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("a,b\n1,x\n".encode("utf-16"), "UTF-16"),
        ("a,b\n1,x\n".encode("utf-16-le"), "UTF-16 text or a binary file"),
        (b"PK\x03\x04rest of a workbook", "an Excel workbook"),
    ],
)
def test_another_format_is_named(tmp_path: Path, content: bytes, words: str) -> None:
    """A file that is no UTF-8 text at all says what it looks like and how to save it."""
    with pytest.raises(Unreadable, match=words) as fault:
        _read(tmp_path, content)
    assert "save the file as 'CSV UTF-8'" in str(fault.value)
