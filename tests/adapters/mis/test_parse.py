"""Cells: what is read, what is refused, and in which words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.mis import parse, people
from adapters.mis.columns import PHASES, PURPOSES, ROLES, SHEETS
from adapters.mis.parse import REFUSE, Misread
from engine.records import EVENTS

REFUSED: list[tuple[Callable[[str], object], str, str]] = [
    (parse.day, "15/09/2025", "write year-month-day, 2025-09-15"),
    (parse.day, "09/15/2025", "as in 2025-09-15"),  # an American date is not guessed at
    (parse.day, "2025-02-30", "no such day as 2025-02-30: that month has 28 days"),
    (parse.day, "2025-13-01", "no month 13"),
    (parse.day, "0205-09-01", "1900 to 2100"),
    (parse.day, "20250915", "not an ISO date"),
    (parse.day, "2025-09-15T00:00", "not an ISO date"),
    (parse.clock, "9.15", "such as 09:15"),
    (parse.clock, "24:00", "such as 09:15"),
    (parse.instant, "yesterday", "write it as 2025-09-15T09:20"),
    (parse.instant, "0001-01-01T00:00+14:00", "not an instant"),  # no UTC instant: out of range
    (parse.whole(1, 2), "3", "whole number from 1 to 2"),
    (parse.whole(1, 2), "1.0", "whole number"),
    (parse.session, "morning", "write AM or PM"),
    (parse.one_of(PHASES), "secondry", "did you mean secondary?"),
    (people.year_group, "15", "N1, N2, R or 1 to 14"),
    (parse.yes_no, "maybe", "neither 0 nor 1"),
]

INSTEAD: list[tuple[Callable[[str], object], str, object]] = [
    # a warning, and the value taken: never one that lets more through than was written
    (parse.yes_no, "Yes", True),
    (parse.yes_no, "n/a", False),
    (people.protective, "asthma", True),
    (people.protective, "none", False),
    (people.restriction, "injunction", "ask_dsl"),
    (people.restriction, "0", "ask_dsl"),
    (parse.listed_words(ROLES), "Form_Tutor; counsellor", ("form_tutor", "counsellor")),
    (parse.listed_words(PURPOSES), "absense", ("absense",)),  # () would mean "may receive everything"
    (parse.one_word(EVENTS), "Penalty_Notce", "penalty_notce"),
    (people.upn, "B123456789012", "B123456789012"),
]


@pytest.mark.parametrize(("parser", "cell", "words"), REFUSED)
def test_what_cannot_be_meant_is_refused_in_words(
    parser: Callable[[str], object], cell: str, words: str
) -> None:
    """The reason says what is wrong and what to write, and nothing is put in the cell's place."""
    with pytest.raises(Misread) as fault:
        parser(cell)
    assert words in fault.value.reason
    assert fault.value.instead is REFUSE


@pytest.mark.parametrize(("parser", "cell", "value"), INSTEAD)
def test_what_is_taken_in_spite_of_a_fault_is_the_careful_value(
    parser: Callable[[str], object], cell: str, value: object
) -> None:
    """A fault with a careful reading gives that reading and a warning."""
    with pytest.raises(Misread) as fault:
        parser(cell)
    assert fault.value.instead == value


@pytest.mark.parametrize("cell", ["asthma", "CP plan", "Epilepsy; see file"])
def test_a_warning_does_not_repeat_what_is_said_about_health(cell: str) -> None:
    """What stands in medical, social_worker, restriction and sen may be sensitive: no warning shows it."""
    for parser in (people.protective, people.restriction, people.sen):
        with pytest.raises(Misread) as fault:
            parser(cell)
        assert cell not in fault.value.reason


@pytest.mark.parametrize("upn", ["A123456789012", "X12345678901A", "604822", "b123456789012", "anything"])
def test_a_right_check_letter_and_any_other_identifier_pass(upn: str) -> None:
    """Only what looks like a UPN is held to the check letter."""
    assert people.upn(upn) == upn


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)))
def test_every_iso_date_is_read_as_itself(when: date) -> None:
    """The parser and the calendar agree on every day there is."""
    assert parse.day(when.isoformat()) == when


@given(st.text(min_size=1).filter(str.strip))
def test_no_cell_makes_any_parser_raise_anything_else(cell: str) -> None:
    """Whatever stands in a cell, a parser reads it or raises Misread."""
    reasons = []
    for column in (column for sheet in SHEETS.values() for column in sheet.columns):
        try:
            column.parse(cell.strip())
        except Misread as fault:
            reasons.append(fault.reason)
    assert all(reasons)
