"""Groups side by side: their figures add up, and no child can be had from what is left out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from engine.cohorts import Cell, hidden, tables
from engine.instants import Instants, read_instant
from engine.match import Judge
from engine.records import Pupil, value_of
from engine.rulebook.cohorts import Cohort
from engine.rulebook.model import Place
from engine.sample import school
from engine.snapshot import Snapshot

PLACE = Place("cohorts.yaml", 1, 1)
NEEDS = (("a plan", ("E",)), ("support", ("K",)))
COHORTS = (
    Cohort("years", "Year group", "year_group", PLACE),
    Cohort("meals", "Meals", "fsm", PLACE, (("eligible", ("yes",)), ("not eligible", ("no",)))),
    Cohort("needs", "Needs", "sen", PLACE, NEEDS),
)
WEEKS = Instants.of([read_instant("2025-09-19T16:00")])


@given(sizes=st.lists(st.integers(0, 40), min_size=1, max_size=8), fewest=st.integers(2, 12))
def test_what_is_left_out_is_never_one_cell_nor_a_few_pupils(sizes: list[int], fewest: int) -> None:
    """No cell too small is told; what is missing from the sum is two groups at least, and enough pupils."""
    known = np.array(sizes)
    out = hidden(known, fewest)
    assert all(size == 0 or size >= fewest for size in known[~out])
    assert not out[known == 0].any()
    if out.any() and known.sum() >= fewest:
        assert out.sum() >= 2
        assert known[out].sum() >= fewest
    if not ((known > 0) & (known < fewest)).any():
        assert not out.any(), "nothing is left out without need"


_PUPILS = st.lists(
    st.tuples(st.sampled_from(["7", "8", "9", "10"]), st.booleans(), st.sampled_from(["N", "K", "E", ""])),
    min_size=1,
    max_size=30,
)


@given(told=_PUPILS, fewest=st.integers(2, 8))
def test_no_cell_left_out_can_be_had_by_adding_and_subtracting(
    told: list[tuple[str, bool, str]], fewest: int
) -> None:
    """Each cell is an unknown, each told figure and each sum an equation: none left out is solved for."""
    everybody, tabled = tables(Judge(_school(told), WEEKS), COHORTS, fewest)
    cells = [(number, cell) for number, (_, own) in enumerate(tabled) for cell in own]
    unit = np.eye(len(cells))
    equations = [unit[at] for at, (_, cell) in enumerate(cells) if not cell.hidden]
    # A group that nobody is in is told as nothing, so it is known where all of a hidden table is too.
    if not everybody.hidden:
        equations += [
            sum(unit[at] for at, (table, _) in enumerate(cells) if table == number)
            for number in range(len(tabled))
        ]
    rank = np.linalg.matrix_rank(equations) if equations else 0
    for at, (_, cell) in enumerate(cells):
        if cell.hidden:
            assert np.linalg.matrix_rank([*equations, unit[at]]) > rank


@given(told=_PUPILS)
def test_what_is_told_is_what_can_be_counted(told: list[tuple[str, bool, str]]) -> None:
    """Every group's pupils and sessions of both weeks, counted one by one; each table sums to everybody."""
    snapshot = _school(told)
    everybody, tabled = tables(Judge(snapshot, WEEKS), COHORTS, 1)
    assert everybody.pupils == len(told)
    for cohort, cells in tabled:
        assert sum(cell.pupils for cell in cells) == len(told)
        assert [sum(pair) for pair in zip(*(_flat(cell) for cell in cells), strict=True)] == _flat(everybody)
        for cell in cells:
            own = [each for each in snapshot.people if cohort.cell(value_of(each, cohort.by)) == cell.name]
            away = sum(_away(each) for each in own)
            assert (cell.pupils, cell.sessions[0]) == (len(own), (away, 10 * len(own)))
            assert (cell.sessions[1], cell.sessions[2]) == ((0, 10 * len(own)), (away, 20 * len(own)))


def test_nobody_who_has_left_is_counted() -> None:
    """One of three pupils left before the day: two remain."""
    judge = Judge(_school([("8", False, "")] * 3), WEEKS)
    judge.on_roll = np.array([[True], [False], [True]])
    everybody, ((_, (year,)), *_) = tables(judge, COHORTS, 1)
    assert everybody.pupils == year.pupils == 2


def _away(pupil: Pupil) -> int:
    """Sessions missed in the second week: as many as the pupil's number says, four at most."""
    return int(pupil.upn[1:]) % 5


def _flat(cell: Cell) -> list[int]:
    return [cell.pupils, *(number for pair in cell.sessions for number in pair)]


def _school(told: list[tuple[str, bool, str]]) -> Snapshot:
    """Two weeks, the first with everybody in, of pupils of whom this is told."""
    facts = school(*(_marks(number) for number in range(1, len(told) + 1))).facts
    pupils = [
        replace(pupil, year_group=year, fsm=meals, sen=needs)
        for pupil, (year, meals, needs) in zip(facts.pupils, told, strict=True)
    ]
    return Snapshot.build(replace(facts, pupils=tuple(pupils)))


def _marks(number: int) -> str:
    codes = "I" * (number % 5) + "/" * (10 - number % 5)
    return "// " * 5 + " ".join(codes[at : at + 2] for at in range(0, 10, 2))
