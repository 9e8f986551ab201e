"""Two commands on one store at the same moment: it ends as if one had followed the other, in either order."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.durability.child import Order
from tests.durability.invariants import broken
from tests.durability.life import Act
from tests.durability.running import COMPLAINTS, at_once, ran
from tests.durability.school import SCHOOLS
from tests.durability.view import View, differing, part, view

ROUNDS = 1
MORNING = ("import", "SHEETS/morning"), "2025-11-24T09:15"
AGAIN = ("import", "SHEETS/again"), "2025-11-24T09:16"
CORRECTED = ("import", "SHEETS/corrections/marks.csv"), "2025-11-24T09:40"
RUN = ("run", "--as-of", "2025-11-24T09:20"), "2025-11-24T09:20"
RUN_AGAIN = ("run", "--as-of", "2025-11-24T09:45"), "2025-11-24T09:45"
SEND = ("outbox", "send"), "2025-11-24T10:00"
EVERYTHING = ("import", "SHEETS/base"), "2025-11-23T18:00"
PAIRS = {
    "the same import into nothing": ("the first import", EVERYTHING, EVERYTHING),
    "the same import": ("the morning's import", MORNING, MORNING),
    "two imports that overlap": ("the morning's import", MORNING, AGAIN),
    "an import and a run": ("the morning's import", MORNING, RUN),
    "two runs": ("the morning's run", RUN, RUN),
    "a run and a sending": ("the run after corrections", RUN_AGAIN, SEND),
    "an import and a sending": ("the import of corrections", CORRECTED, SEND),
    "two sendings": ("the sending", SEND, SEND),
}


IN_BETWEEN = {"an import and a sending"}
"""Where one is in the middle of the other: what left before the import left, the rest heeds it."""


def rounds(pair: str, number: int, monday: dict[str, Act], tmp_path: Path) -> None:
    """Each school ends as in one of the two orders; nothing is lost, nothing twice, nobody is sent away."""
    start, *asked = PAIRS[pair]
    sheets = str(monday[start].before.parent / "sheets")

    def orders(folder: Path) -> list[Order]:
        return [
            Order(tuple(w.replace("SHEETS", sheets) for w in words), folder, clock) for words, clock in asked
        ]

    ends = []
    for turn in (1, -1) if asked[0] != asked[1] else (1,):
        folder = monday[start].set_out(tmp_path / f"in order {turn}")
        assert [ran(order).code for order in orders(folder)[::turn]] == [0, 0]
        ends.append(view(folder))
    for each in range(number):
        folder = monday[start].set_out(tmp_path / f"at once {each}")
        for done in at_once(*orders(folder)):
            assert (done.code, [sign for sign in COMPLAINTS if sign in done.said]) == (0, []), done.said
        assert broken(folder) == []
        assert_as_in_one_of(ends, view(folder), in_between=pair in IN_BETWEEN)
        shutil.rmtree(folder)


def assert_as_in_one_of(ends: list[View], found: View, *, in_between: bool = False) -> None:
    """School by school, for each has its own transactions; what is refused does not depend on the order.

    Where one command may come `in_between` the other's messages, row by row.
    """
    for school in SCHOOLS:
        sides = [differing(part(found, school), part(end, school)) for end in ends]
        mixed = in_between and _each_as_in_one_of(*[part(end, school) for end in (*ends, found)])
        assert [] in sides or mixed, sides
    assert found["quarantine"] in [end["quarantine"] for end in ends]


def _each_as_in_one_of(one: View, other: View, found: View) -> bool:
    """Whether every row is as at one of two ends, and none is missing that both have."""
    for key in one.keys() | other.keys() | found.keys():
        here, there, now = (Counter(view.get(key, ())) for view in (one, other, found))
        if not here & there <= now <= here | there:
            return False
    return True


@pytest.mark.parametrize("pair", PAIRS)
def test_two_at_once_end_as_one_after_the_other(pair: str, monday: dict[str, Act], tmp_path: Path) -> None:
    """Each pair once; `make soak` has fifty rounds."""
    rounds(pair, ROUNDS, monday, tmp_path)


@pytest.mark.soak
@pytest.mark.parametrize("pair", PAIRS)
def test_two_at_once_for_long(pair: str, monday: dict[str, Act], tmp_path: Path) -> None:
    """Fifty rounds of each pair."""
    rounds(pair, 50, monday, tmp_path)


def test_two_at_once_from_a_shell(monday: dict[str, Act], tmp_path: Path) -> None:
    """`firstbell` itself, two at a time from an empty folder on: no word of trouble, every promise kept."""
    sheets = monday["the first import"].before.parent / "sheets"
    for words in (("import", f"{sheets}/base"), RUN[0]):
        for said in [child.communicate()[0] for child in [_shell(tmp_path, *words) for _ in range(2)]]:
            assert [sign for sign in COMPLAINTS if sign in said] == [], said
    assert broken(tmp_path) == []


def _shell(folder: Path, *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", "from adapters.cli import main; main()", *words],
        cwd=folder,
        env={
            "PATH": os.defpath,
            "PYTHONPATH": str(Path(__file__).parents[2]),
            "FIRSTBELL_STORE": "sqlite:///firstbell.db",
            "FIRSTBELL_OUTBOX_FOLDER": "outbox",
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
