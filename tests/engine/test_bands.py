"""Bands of absence: their edges, what a blank leaves in doubt, and the same by hand."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.bands import BANDS, FEWEST, NO_BAND, banded, counts
from engine.instants import Instants, read_instant
from engine.match import Judge
from engine.sample import MONDAY, school, weekdays

LATER = Instants.of([read_instant("2026-07-20T16:00")])


def _days(absent: int, possible: int) -> str:
    """So many possible sessions, the first of them absent; D where a day has one too many."""
    sessions = ["I"] * absent + ["/"] * (possible - absent) + ["D"] * (possible % 2)
    return " ".join(map("".join, zip(sessions[::2], sessions[1::2], strict=True)))


@pytest.mark.parametrize(
    ("absent", "possible", "band"),
    [
        (0, 20, "0 to under 5 %"),
        (1, 21, "0 to under 5 %"),
        (1, 20, "5 to under 10 %"),
        (9, 91, "5 to under 10 %"),
        (2, 20, "10 to under 15 %"),
        (37, 380, "5 to under 10 %"),
        (38, 380, "10 to under 15 %"),
        (19, 39, "45 to under 50 %"),
        (10, 20, "50 % and over"),
        (20, 20, "50 % and over"),
        (10, 19, None),
    ],
)
def test_the_lower_end_is_inside(absent: int, possible: int, band: str | None) -> None:
    """Domain examples 23, 25, 26, 37: exactly five, ten and fifty percent begin a band, 19 sessions none."""
    (found,) = banded(Judge(school(_days(absent, possible)), LATER)).band[:, 0]
    assert (BANDS[found] if found != NO_BAND else None) == band


_CODES = st.sampled_from(["/", "/", "/", "I", "O", "D", "-"])
_LINES = st.lists(st.tuples(_CODES, _CODES).map(",".join), min_size=9, max_size=13).map(" ".join)


@given(line=_LINES)
def test_the_same_by_hand(line: str) -> None:
    """With every blank filled in every way: more than one answer is a doubt, and only that is."""
    found = banded(Judge(school(line), LATER))
    codes = line.replace(",", " ").split()
    blanks = codes.count("-")
    if blanks > 6:
        return
    answers = {
        _band([*known, *filled]) for known in [[c for c in codes if c != "-"]] for filled in _ways(blanks)
    }
    assert found.band[0, 0] == _band([code for code in codes if code != "-"])
    assert bool(found.doubtful[0, 0]) == (len(answers) > 1)


def _ways(blanks: int) -> list[tuple[str, ...]]:
    return list(product("/ID", repeat=blanks))


def _band(codes: list[str]) -> int:
    possible = [code for code in codes if code != "D"]
    if len(possible) < FEWEST:
        return NO_BAND
    percent = Fraction(100 * sum(code in "IO" for code in possible), len(possible))
    return min(int(percent // 5), 10)


def test_a_pupil_who_left_stands_in_no_band_any_more() -> None:
    """As of each instant: in a band while on roll, in none after."""
    snapshot = school("// " * 12)
    days = weekdays(MONDAY, 12)
    instants = Instants.of([read_instant(f"{day}T16:00") for day in (days[8], days[9], days[11])])
    judge = Judge(snapshot, instants)
    assert banded(judge).band.tolist() == [[NO_BAND, 0, 0]]
    judge.on_roll = np.array([[True, True, False]])
    assert banded(judge).band.tolist() == [[NO_BAND, 0, NO_BAND]]


def test_counts_leave_out_those_without_a_band() -> None:
    """Each band's pupils, in order; nobody is in two."""
    band = np.array([0, 0, 3, NO_BAND, 10])
    assert counts(band).tolist() == [2, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1]
