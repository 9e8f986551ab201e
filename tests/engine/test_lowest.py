"""The lowest attendance: in order, by integers, with those left out for whom a person decides."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from engine.instants import Instants, read_instant
from engine.lowest import lowest
from engine.match import Judge
from engine.reasons import Circumstance
from engine.sample import school
from engine.snapshot import Snapshot

LATER = Instants.of([read_instant("2025-12-19T16:00")])


def _judge(*told: tuple[int, int], guarded: tuple[int, ...] = ()) -> Judge:
    """Pupils who were away (O) in so many of so many sessions; those guarded have a social worker."""
    facts = school(*(_days(absent, possible) for absent, possible in told)).facts
    pupils = [replace(pupil, social_worker=number in guarded) for number, pupil in enumerate(facts.pupils)]
    return Judge(Snapshot.build(replace(facts, pupils=tuple(pupils))), LATER)


def _days(absent: int, possible: int) -> str:
    codes = ["O"] * absent + ["/"] * (possible - absent) + ["D"] * (60 - possible)
    return " ".join(map("".join, zip(codes[::2], codes[1::2], strict=True)))


def test_the_lowest_first_and_nobody_whose_attendance_is_not_low() -> None:
    """4 of 22 is worse than 4 of 24; 1 of 20 is five percent, 1 of 21 is not; 9 of 19 is too little."""
    judge = _judge((4, 24), (1, 21), (1, 20), (4, 22), (9, 19))
    assert [low.row for low in lowest(judge, 9)] == [3, 0, 2]
    assert [low.row for low in lowest(judge, 2)] == [3, 0]


def test_whom_something_stands_in_the_way_of_is_said_and_not_counted() -> None:
    """Two of the worst three have a social worker: two others still come, and nobody after them."""
    found = lowest(_judge((20, 40), (18, 40), (16, 40), (14, 40), (12, 40), (10, 40), guarded=(0, 2, 5)), 2)
    assert [(low.row, low.stands) for low in found] == [
        (0, (Circumstance.SOCIAL_WORKER,)),
        (1, ()),
        (2, (Circumstance.SOCIAL_WORKER,)),
        (3, ()),
    ]


_RATES = st.lists(
    st.integers(20, 60).flatmap(lambda possible: st.tuples(st.integers(0, possible), st.just(possible))),
    min_size=1,
    max_size=9,
)


@given(told=_RATES, most=st.integers(1, 9), guarded=st.sets(st.integers(0, 8)))
def test_the_same_by_fractions(told: list[tuple[int, int]], most: int, guarded: set[int]) -> None:
    """Sorted exactly, cut after the last of `most` without anything in the way."""
    rows = sorted(
        (row for row, (absent, possible) in enumerate(told) if absent * 20 >= possible),
        key=lambda row: (-Fraction(*told[row]), row),
    )
    free = [row for row in rows if row not in guarded][:most]
    wanted = rows[: rows.index(free[-1]) + 1] if len(free) == most else rows
    assert [low.row for low in lowest(_judge(*told, guarded=tuple(guarded)), most)] == wanted
