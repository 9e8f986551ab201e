"""The table of what can become of a case: whole, without a dead end, and nothing beside it."""

from __future__ import annotations

from random import Random

import pytest

from engine.cases import TABLE, CaseState, Move, moved


def test_each_move_from_a_state_leads_to_one_place() -> None:
    """No state has the same move twice, and every state and move occurs."""
    assert len({(row.before, row.move) for row in TABLE}) == len(TABLE)
    assert {row.before for row in TABLE} == set(CaseState)
    assert {row.move for row in TABLE} == set(Move)


def test_whatever_happened_a_stage_that_acts_opens_the_case() -> None:
    """A hundred random walks over the table: none gets stuck, none comes back to where there was no case."""
    for seed in range(100):
        random, state = Random(seed), CaseState.NONE  # noqa: S311
        for _ in range(50):
            row = random.choice([row for row in TABLE if row.before is state])
            assert moved(state, row.move) is row.after
            assert row.after is not CaseState.NONE or row.move is Move.WAITS
            state = row.after
            assert moved(state, Move.ACTS) is CaseState.OPEN
            assert moved(state, Move.WAITS) is state


def test_what_is_over_or_was_never_there_cannot_end() -> None:
    """Only an open case clears, lapses or is reviewed; only one that made something is taken back."""
    for move in (Move.CLEARS, Move.LAPSES, Move.REVIEWS, Move.COMES_TO_NOTHING):
        assert [row.before for row in TABLE if row.move is move] == [CaseState.OPEN]
    for state in (CaseState.NONE, CaseState.TAKEN_BACK):
        with pytest.raises(ValueError, match="never takes back"):
            moved(state, Move.TAKES_BACK)
