"""Spells, beside every way in which the blanks of a register may turn out, counted by hand."""

from __future__ import annotations

from itertools import pairwise, product

from hypothesis import given
from hypothesis import strategies as st

from engine.measures import Asked
from engine.measures.spells import spells
from engine.sample import AFTER, school
from engine.windows import Window

BLANK, PASSED, ILL = "-", "#", "I"
_MARKS = st.lists(st.sampled_from("II/O-#"), min_size=8, max_size=8).map("".join)
"""Four days: AFTER is the evening of the last of them."""


def by_hand(marks: str) -> int:
    """How many spells of illness there are in these marks; a blank is passed over too."""
    ill = [mark == ILL for mark in marks if mark not in {BLANK, PASSED}]
    return sum(here and not before for before, here in pairwise([False, *ill]))


def in_days(marks: str) -> str:
    """Marks as a school in small is written: a token a day."""
    return " ".join(marks[at : at + 2] for at in range(0, len(marks), 2))


@given(register=st.lists(_MARKS, min_size=1, max_size=5))
def test_each_pupil_beside_every_filling(register: list[str]) -> None:
    """The number passes over blanks; its bounds are the least and the most of all that they may become."""
    asked = Asked(Window.parse("last 4 school weeks"), frozenset(ILL))
    found = spells(school(*map(in_days, register)), AFTER, asked)
    for row, marks in enumerate(register):
        blanks = marks.count(BLANK)
        filled = [by_hand(marks.replace(BLANK, "{}").format(*ways)) for ways in product("I/#", repeat=blanks)]
        numbers = (found.numerator, found.low, found.high, found.missing)
        doubtful = blanks if min(filled) < max(filled) else 0
        assert [int(each[row, 0]) for each in numbers] == [
            by_hand(marks),
            min(filled),
            max(filled),
            doubtful,
        ]


def test_a_spell_ends_with_the_register_of_each_pupil() -> None:
    """One who is ill on the last day and the next pupil on the first are two spells."""
    ill = school("// // II II", "II // // II", "II II II II")
    everything, today = (Asked(Window.parse(over), frozenset(ILL)) for over in ("year to date", "today"))
    assert spells(ill, AFTER, everything).numerator.tolist() == [[1], [2], [1]]
    assert spells(ill, AFTER, today).numerator.tolist() == [[1], [1], [1]]


def test_what_was_not_possible_is_passed_over_even_where_the_set_names_it() -> None:
    """A planned closure is no spell, and does not end one."""
    asked = Asked(Window.parse("year to date"), frozenset({ILL, PASSED}))
    found = spells(school("II ## II //", "## ## -/ //"), AFTER, asked)
    assert found.numerator.tolist() == [[1], [0]]
    assert found.high.tolist() == [[1], [1]]
