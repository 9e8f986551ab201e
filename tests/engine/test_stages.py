"""Which stage may act now: one at a time, in turn, whatever holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from engine.grounds import OpenCase
from engine.rulebook.model import After, Rule
from engine.sample import school
from engine.spans import Span
from engine.stages import in_turn
from tests.engine.shipped import rulebook

CALENDAR = school("// // // // //").calendar
MONDAY = date(2025, 9, 8)
ANY = rulebook().rule("near-persistent-absence")
LADDER = {number: replace(ANY, stage=number, id=f"rule-{number}") for number in range(1, 6)}
CASE = OpenCase("c", "rate", "2025/26", 1, datetime(2025, 9, 8, tzinfo=UTC), open=True)


def turn(
    holding: dict[int, Rule], case: OpenCase | None, today: date = MONDAY
) -> tuple[set[int], dict[int, int]]:
    """Who is early, and who acts as what."""
    early, acts = in_turn(holding, LADDER, {"rate": case} if case else {}, CALENDAR, today)
    return set(early), acts


@given(
    holding=st.sets(st.integers(1, 5)),
    stage=st.integers(0, 5),
    stepwise=st.booleans(),
    at_work=st.booleans(),
)
def test_no_stage_is_skipped(holding: set[int], stage: int, stepwise: bool, at_work: bool) -> None:  # noqa: FBT001
    """Where none is to be skipped at most one acts, as the next stage; else all keep their own."""
    case = replace(CASE, stage=stage, stepwise=stepwise, at_work=at_work)
    early, acts = turn({number: LADDER[number] for number in holding}, case)
    above = {number for number in holding if number > stage}
    if not stepwise or not above:
        assert (early, acts) == (set(), {})
    elif at_work:
        assert (early, acts) == (above, {})
    else:
        assert acts == {min(above): stage + 1}
        assert early == above - {min(above)}


def test_a_stage_comes_after_one_that_was_done_long_enough_ago() -> None:
    """Not without a case, not when another stage was done, not a day too soon."""
    second = {2: replace(LADDER[2], after=After(1, Span.parse("2 school days")))}
    done = replace(CASE, done=((1, MONDAY),))
    assert turn(second, None)[0] == {2}
    assert turn(second, replace(CASE, done=((3, MONDAY),)), date(2025, 9, 12))[0] == {2}
    assert turn(second, done, date(2025, 9, 9))[0] == {2}
    assert turn(second, done, date(2025, 9, 10))[0] == set()
