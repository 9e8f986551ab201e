"""How often chance alone is taken for a pattern: no more than a rule allows."""

from __future__ import annotations

from datetime import date
from math import comb

import numpy as np
import pytest

from engine.instants import Instants, read_instant
from engine.measures import MEASURES, Asked
from engine.records import School, SchoolDay
from engine.sample import MONDAY, facts, school, weekdays
from engine.snapshot import Snapshot
from engine.windows import Window
from tests.engine.small import small

WEEKS, PUPILS = 12, 1_500
LATER = Instants.of([read_instant("2026-06-30T16:00")])
PATTERN = MEASURES["weekday_pattern"]


def flagged(one_in: int, *lines: str) -> list[int]:
    """How many weekdays stand out for each of some pupils over the whole register."""
    asked = Asked(Window.parse("whole register"), frozenset("I"), one_in=one_in)
    return [int(number) for number in PATTERN.of(small(*lines), LATER, asked).numerator[:, 0]]


@pytest.mark.parametrize("one_in", [20, 100])
@pytest.mark.parametrize("spell", [1, 3])
def test_chance_is_taken_for_a_pattern_no_more_often_than_stated(one_in: int, spell: int) -> None:
    """Of thousands of pupils ill at random, alone or for days on end, at most one in so many is named."""
    rng = np.random.default_rng(5)
    days = WEEKS * 5
    lines = []
    for chance in rng.uniform(0.02, 0.3, PUPILS):
        begins = rng.random(days) < chance / spell
        ill = np.convolve(begins, np.ones(spell), mode="full")[:days] > 0
        lines.append(" ".join("II" if each else "//" for each in ill))
    named = sum(number > 0 for number in flagged(one_in, *lines))
    allowed = PUPILS / one_in
    assert named <= allowed + 3 * allowed**0.5
    if (one_in, spell) == (20, 1):
        assert named > 0  # not by never naming anybody


def test_the_line_is_where_the_exact_tail_crosses_it() -> None:
    """Four Mondays of seven, and one other day: named where that is allowed as often as it comes."""
    ways = sum(comb(7, j) * comb(28, 5 - j) for j in (4, 5))
    comes_once_in = comb(35, 5) / (ways * 5)
    line = "II // // // // " * 4 + "// II // // // " + "// // // // // " * 2
    assert flagged(int(comes_once_in), line) == [1]
    assert flagged(int(comes_once_in) + 1, line) == [0]


def test_two_sessions_of_a_day_are_one_day() -> None:
    """Half a day ill is a day as good as a whole one."""
    whole, half = "II // // // // " * 6, "I/ // // // // " * 6
    assert flagged(1000, whole) == flagged(1000, half) == [1]


def test_a_blank_leaves_open_what_it_could_change() -> None:
    """A sixth Monday not taken: with it the line is crossed, without it not."""
    line = "II // // // // " * 3 + "-- // // // // " + "// // // // // " * 4
    asked = Asked(Window.parse("whole register"), frozenset("I"), one_in=100)
    found = PATTERN.of(small(line), LATER, asked)
    assert (found.low.tolist(), found.high.tolist(), found.missing.tolist()) == ([[0]], [[1]], [[2]])


def test_the_days_that_stand_out_are_the_evidence() -> None:
    """Only the sessions of that weekday, not the rest of the absence."""
    asked = Asked(Window.parse("whole register"), frozenset("I"), one_in=1000)
    snapshot = small("II // // I/ // " * 1 + "II // // // // " * 6)
    sessions = PATTERN.of(snapshot, LATER, asked).sessions(0, 0)
    assert {date.fromordinal(int(day)).weekday() for day in snapshot.calendar.day[sessions]} == {0}
    assert sessions.size == 14


def test_a_window_without_a_day_has_no_pattern() -> None:
    """Nobody is named before the first register, nor for no instant, nor where nobody is."""
    asked = Asked(Window.parse("today"), frozenset("I"), one_in=2)
    nobody = Snapshot.build(
        facts(
            School("S", "S", "primary"),
            [SchoolDay("S", MONDAY, am=True, pm=True)],
            [],
            [],
            small("//").facts.marks,
        )
    )
    assert PATTERN.of(school("II"), LATER, asked).numerator.tolist() == [[0]]
    assert PATTERN.of(school("II"), Instants.of([]), asked).numerator.shape == (1, 0)
    assert PATTERN.of(nobody, LATER, asked).numerator.shape == (0, 1)
    assert weekdays(MONDAY, 1) == (MONDAY,)
