"""Which stage may act now: one at a time, in turn, whatever holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from engine.grounds import OpenCase
from engine.inference.facts import NOT_YET
from engine.reasons import Reason
from engine.rulebook.model import After, Rule
from engine.rulebook.patience import Patience
from engine.sample import school
from engine.spans import Span
from engine.stages import Past, in_turn
from tests.engine.shipped import rulebook

CALENDAR = school("// // // // //").calendar
MONDAY = date(2025, 9, 8)
ANY = rulebook().rule("near-persistent-absence")
LADDER = {number: replace(ANY, stage=number, id=f"rule-{number}") for number in range(1, 6)}
CASE = OpenCase("c", "rate", "2025/26", 1, datetime(2025, 9, 8, tzinfo=UTC), open=True)
BEFORE = (Reason.STAGE_BEFORE,)
STEPWISE = CASE._replace(stepwise=True)


def turn(
    holding: dict[int, Rule],
    case: OpenCase | None,
    today: date = MONDAY,
    lacking: Mapping[int, tuple[Reason, ...]] | None = None,
    closed: date | None = None,
) -> tuple[dict[int, tuple[Reason, ...]], dict[int, int]]:
    """Who may not act yet, and why; and who acts as what."""
    past = Past({"rate": case} if case else {}, {"rate": closed} if closed else {}, CALENDAR, today)
    return in_turn(holding, LADDER | holding, lacking or {}, past)


@given(
    holding=st.sets(st.integers(1, 5)),
    stage=st.integers(0, 5),
    stepwise=st.booleans(),
    at_work=st.booleans(),
    lacking=st.sets(st.integers(1, 5)),
    why=st.sampled_from(NOT_YET),
)
def test_no_stage_is_skipped(
    holding: set[int],
    stage: int,
    stepwise: bool,  # noqa: FBT001
    at_work: bool,  # noqa: FBT001
    lacking: set[int],
    why: Reason,
) -> None:
    """Where none is to be skipped at most one acts, as the next stage; else all keep their own."""
    case = CASE._replace(stage=stage, stepwise=stepwise, at_work=at_work)
    unmet = dict.fromkeys(lacking, (why,))
    not_yet, acts = turn({number: LADDER[number] for number in holding}, case, lacking=unmet)
    held_back = dict.fromkeys(holding & lacking, (why,))
    ready = {number for number in holding - lacking if number > stage}
    if not stepwise or not ready:
        assert (not_yet, acts) == (held_back, {})
    elif at_work:
        assert (not_yet, acts) == (held_back | dict.fromkeys(ready, BEFORE), {})
    else:
        lowest = min(ready)
        assert acts == {lowest: stage + 1}
        assert set(not_yet) - {lowest} == set(holding & lacking) | (ready - {lowest})
        stopped = stage + 1 in lacking and why is not Reason.NOT_LONG_ENOUGH
        assert (lowest in not_yet) == stopped, "a stage between that lacks something is not acted for either"


def test_a_stage_comes_after_one_that_was_done_long_enough_ago() -> None:
    """Not without a case, not when another stage was done, not a day too soon."""
    second = {2: replace(LADDER[2], after=After(1, Span.parse("2 school days")))}
    done = CASE._replace(done=((1, MONDAY),))
    assert turn(second, None)[0] == {2: BEFORE}
    assert turn(second, CASE._replace(done=((3, MONDAY),)), date(2025, 9, 12))[0] == {2: BEFORE}
    assert turn(second, done, date(2025, 9, 9))[0] == {2: BEFORE}
    assert turn(second, done, date(2025, 9, 10))[0] == {}


def test_no_case_opens_before_the_ladder_is_armed_again() -> None:
    """Two school days after a case closed, not a day sooner; one that has acted goes on regardless."""
    first = {1: replace(LADDER[1], patience=Patience(rearm=Span.parse("2 school days")))}
    lately = {1: (Reason.CLOSED_LATELY,)}
    assert turn(first, None, date(2025, 9, 9), closed=MONDAY)[0] == lately
    assert turn(first, None, date(2025, 9, 10), closed=MONDAY)[0] == {}
    assert turn(first, None, MONDAY)[0] == {}, "none has closed"
    assert turn({1: LADDER[1]}, None, MONDAY, closed=MONDAY)[0] == {}, "it waits for nothing"
    assert turn(first, CASE, MONDAY, closed=MONDAY)[0] == {}
    assert turn(first, CASE._replace(stage=0, open=False), MONDAY, closed=MONDAY)[0] == lately


def test_what_a_family_wrote_is_read_first() -> None:
    """No further stage of that case, nor one that would act for it; what has acted waits for nothing."""
    unread, wrote = CASE._replace(unread=True), (Reason.REPLY_UNREAD,)
    assert turn({1: LADDER[1], 2: LADDER[2], 3: LADDER[3]}, unread)[0] == {2: wrote, 3: wrote}
    assert turn({3: LADDER[3]}, STEPWISE._replace(unread=True)) == ({3: wrote}, {})
    past = Past({"rate": unread}, {}, CALENDAR, MONDAY)
    assert [*past.sentences(LADDER[2])] == [Reason.REPLY_UNREAD.sentence]
    assert [*past.sentences(LADDER[1])] == []


def test_what_a_stage_between_comes_after_keeps_others_from_acting_for_it() -> None:
    """The third holds, the second is the next and its own stage before was not done: nobody acts."""
    second = replace(LADDER[2], after=After(1, Span.parse("2 school days")))
    lacking = {3: (Reason.REQUIREMENT_MISSING,)}
    assert turn({2: second, 3: LADDER[3]}, STEPWISE)[0] == {2: BEFORE, 3: BEFORE}
    assert turn({2: second, 3: LADDER[3]}, STEPWISE, lacking=lacking)[0] == {2: BEFORE, **lacking}
    third = {3: LADDER[3]}
    assert turn(third, STEPWISE, lacking={2: lacking[3]}) == (lacking, {3: 2}), "what the second lacks"
    unheld = {2: (Reason.NOT_LONG_ENOUGH,)}
    assert turn(third, STEPWISE, lacking=unheld) == ({}, {3: 2}), "with bands it never holds by itself"
    over_a_waiting_one = {3: LADDER[3], 4: LADDER[4]}
    assert turn(over_a_waiting_one, STEPWISE, lacking=lacking) == (lacking, {4: 2})
