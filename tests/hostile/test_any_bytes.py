"""Any bytes at all as one of the files: never a traceback, and what is good beside them lives."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from adapters.mis.csv_folder import CsvFolder
from adapters.mis.quarantine import QuarantineFolder
from adapters.store import open_store
from adapters.text_file import read_text
from engine.decide import decide
from engine.inference.agree import Inference
from engine.instants import read_instant
from engine.judged import Judged
from engine.rulebook.rulebook import Source, read_rulebook
from engine.ruletests import read_tests
from engine.sample import school
from tests.acceptance.small import small_school, write
from tests.hostile.test_yaml import RULE
from workflows.receipt import Receipt
from workflows.take_in import take_in

FILES = small_school(2)
NOW = read_instant("2025-11-04T08:00")
SOUND = Source("trust", "sound.yaml", RULE.replace("late:", "sound:"))

# What a parser trips over comes more often than chance would bring it.
_TRAPS = [
    b'"',
    b'"",',
    b"\0",
    b"\xff",
    b"\xef\xbb\xbf",
    b",",
    b"P1,",
    b"2025-11-03",
    b"\\",
    b"=",
    b"-",
    b"9" * 50,
]
_BYTES = st.lists(st.one_of(st.sampled_from(_TRAPS), st.binary(max_size=6)), max_size=12).map(b"".join)
_LINE = _BYTES.map(lambda junk: junk.replace(b"\n", b"").replace(b"\r", b""))
_TOKENS = st.sampled_from(
    ["&a ", "*a ", "!!set ", "{", "}", "[", "]", ": ", "- ", "? ", "| ", "'", '"', "<<: ", "\t", "#", "%",
     "late", "when", "null", "1e999", "2025-02-30", "all", "not", "percent", "{x.y}", "\0", "\ufeff", "\n"]
)  # fmt: skip
_YAMLISH = st.lists(st.one_of(_TOKENS, st.text(max_size=3)), max_size=14).map("".join)


def _taken(folder: Path, fresh: Path, kind: str, content: bytes) -> Receipt:
    """The small school with one file replaced, taken into a new store."""
    shutil.copy(fresh, folder / "store.db")
    source = write(folder / "in", FILES)
    (source / f"{kind}.csv").write_bytes(content)
    with open_store(f"sqlite:///{folder / 'store.db'}", codes_hash="codes") as store:
        return take_in(store, CsvFolder([source]), NOW, QuarantineFolder(folder), lambda *_: None)


@settings(max_examples=25)
@given(kind=st.sampled_from(sorted(FILES)), junk=_LINE, at=st.integers(1, 8))
@example(kind="marks", junk=b'"P1,2025-11-03', at=2)
@example(kind="pupils", junk=b"P1,S,\xff,\0", at=2)
def test_one_line_of_anything_costs_one_row(
    fresh: Path, kind: str, junk: bytes, at: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Wherever it stands and whatever it is, all rows around it are in and it alone is refused."""
    header, *good = FILES[kind].encode().splitlines()
    lines = [header, *good[:at], junk, *good[at:]]
    receipt = _taken(tmp_path_factory.mktemp("junk"), fresh, kind, b"\n".join([*lines, b""]))
    (file,) = [file for file in receipt.files if file.kind == kind]
    assert file.new >= len(good)
    assert file.refused <= 1
    assert receipt.unreadable == ()


@settings(max_examples=25)
@given(kind=st.sampled_from(sorted(FILES)), content=st.one_of(_BYTES, st.binary(max_size=200)))
def test_a_file_of_anything_leaves_the_others_whole(
    fresh: Path, kind: str, content: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """It is unreadable, or its rows are refused; a file that needs nothing of it is taken as ever."""
    receipt = _taken(tmp_path_factory.mktemp("bytes"), fresh, kind, content)
    assert all(line.startswith(f"{kind}.csv:1: ") and len(line) < 400 for line in receipt.unreadable)
    assert {file.kind for file in receipt.files} >= set(FILES) - {kind}
    if kind != "schools":
        (calendar,) = [
            file for file in receipt.files if file.kind == ("terms" if kind == "calendar" else "calendar")
        ]
        assert (calendar.new > 0, calendar.refused) == (True, 0)


@settings(max_examples=150)
@given(text=_YAMLISH, cut=st.integers(0, len(RULE)), length=st.integers(0, 20))
@example(text="at_least: 1e999", cut=RULE.index("at_least"), length=11)
@example(text="last 9999999999 school weeks", cut=RULE.index("today"), length=5)
def test_a_rule_pack_with_anything_in_it_is_read_and_judged(text: str, cut: int, length: int) -> None:
    """Whatever replaces a part of a pack: the pack beside it stands, problems have places, judging works."""
    odd = Source("school", "odd.yaml", RULE[:cut] + text + RULE[cut + length :])
    book = read_rulebook([SOUND, odd])
    assert "sound" in {rule.id for rule in book.rules}
    assert all(len(str(problem)) < 1_500 and problem.line > 0 for problem in book.problems)
    read_tests(odd, book)
    decided = decide(Judged.of(school("N/ -/"), book, read_instant("2025-09-09T16:00")), Inference.here())
    assert "sound" in decided.matched


@settings(max_examples=100)
@given(content=st.one_of(_BYTES, st.binary(max_size=300)))
@example(content=b"pack: \xff\xfe")
@example(content=b"\xef\xbb\xbf\xef\xbb\xbfpack: own")
def test_a_rule_file_of_any_bytes_is_a_problem_with_a_place(
    content: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Read from the disk as it is: no rule, perhaps a problem, and nothing else."""
    path = tmp_path_factory.mktemp("rules") / "odd.yaml"
    path.write_bytes(content)
    book = read_rulebook([SOUND, Source("school", "odd.yaml", read_text(path))])
    assert [rule.id for rule in book.rules] == ["sound"]
    assert all(problem.file == "odd.yaml" and problem.line > 0 for problem in book.problems)
