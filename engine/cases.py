"""What becomes of a case: every move that there is, as one table.

A case is one episode of one subject on one ladder, on one ground (engine/grounds.py). Each move a run
makes is a row here; `moved` knows no other, so what is printed (`firstbell rules flowchart --cases`) is
what happens.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.reasons import Sentenced


class CaseState(Sentenced):
    """Where the case on a ground stands.

    >>> CaseState.TAKEN_BACK.sentence
    'nothing of it stands: what it made was taken back, or no stage had acted'
    """

    NONE = "none", "there is no case on this ground"
    OPEN = "open", "a stage has acted, or what one requires is asked for, and the ground stands"
    CLOSED = "closed", "the ground is over"
    TAKEN_BACK = "taken back", "nothing of it stands: what it made was taken back, or no stage had acted"


class Move(Sentenced):
    """What may happen to a case."""

    WAITS = "waits", "the rule holds, or may hold, and something must come first"
    PREPARES = "prepares", "the rule holds, and all that keeps it from acting is what it requires"
    ACTS = "acts", "a stage acts, or is proposed to a person"
    STAYS = "stays", "this stage or a higher one has acted already"
    STEPS_BACK = "steps back", "the highest stage lost its ground, a lower one stands"
    TAKES_BACK = "takes back", "everything that it made lost its ground"
    REVIEWS = "reviews", "the day of its review has come"
    CLEARS = "clears", "the ground is over: its day, its run, its year, its clear line"
    LAPSES = "lapses", "its ladder is no longer in the rules, and no rule is broken"
    COMES_TO_NOTHING = "comes to nothing", "the ground is over, or its ladder, before any stage has acted"


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the table: from where, by which move, to where, and what that does."""

    before: CaseState
    move: Move
    after: CaseState
    then: str


_WORK = "tasks and a message are made; what was open on lower stages is superseded, and counts as missed"
_ASKED = "what is required and missing becomes a task, once"
TABLE = (
    Row(CaseState.NONE, Move.WAITS, CaseState.NONE, "nothing is made; why is recorded"),
    Row(CaseState.NONE, Move.PREPARES, CaseState.OPEN, f"the next episode begins; {_ASKED}"),
    Row(CaseState.NONE, Move.ACTS, CaseState.OPEN, "the next episode begins; tasks and a message are made"),
    Row(CaseState.OPEN, Move.WAITS, CaseState.OPEN, "nothing is made; why is recorded"),
    Row(CaseState.OPEN, Move.PREPARES, CaseState.OPEN, _ASKED),
    Row(CaseState.OPEN, Move.ACTS, CaseState.OPEN, _WORK),
    Row(CaseState.OPEN, Move.STAYS, CaseState.OPEN, "nothing new; a message put off on another day goes"),
    Row(CaseState.OPEN, Move.STEPS_BACK, CaseState.OPEN, "what the higher stage made is withdrawn"),
    Row(CaseState.OPEN, Move.TAKES_BACK, CaseState.TAKEN_BACK, "what is open and unsent is withdrawn"),
    Row(
        CaseState.OPEN, Move.REVIEWS, CaseState.OPEN, "a review is due; left undone it goes to a second owner"
    ),
    Row(CaseState.OPEN, Move.CLEARS, CaseState.CLOSED, "what people still have to do stays theirs"),
    Row(CaseState.OPEN, Move.LAPSES, CaseState.CLOSED, "what people still have to do stays theirs"),
    Row(
        CaseState.OPEN,
        Move.COMES_TO_NOTHING,
        CaseState.TAKEN_BACK,
        "what people still have to do stays theirs",
    ),
    Row(CaseState.CLOSED, Move.WAITS, CaseState.CLOSED, "nothing is made; why is recorded"),
    Row(CaseState.CLOSED, Move.PREPARES, CaseState.OPEN, f"the same episode goes on; {_ASKED}"),
    Row(CaseState.CLOSED, Move.ACTS, CaseState.OPEN, "the same episode goes on: " + _WORK),
    Row(CaseState.CLOSED, Move.STAYS, CaseState.OPEN, "the same episode goes on; nothing new is made"),
    Row(CaseState.CLOSED, Move.STEPS_BACK, CaseState.CLOSED, "what the higher stage made is withdrawn"),
    Row(CaseState.CLOSED, Move.TAKES_BACK, CaseState.TAKEN_BACK, "what is open and unsent is withdrawn"),
    Row(CaseState.TAKEN_BACK, Move.WAITS, CaseState.TAKEN_BACK, "nothing is made; why is recorded"),
    Row(CaseState.TAKEN_BACK, Move.PREPARES, CaseState.OPEN, f"the same episode goes on; {_ASKED}"),
    Row(
        CaseState.TAKEN_BACK,
        Move.ACTS,
        CaseState.OPEN,
        "the same episode goes on; what was withdrawn is made again",
    ),
)
"""Every move that there is; a ground that is another opens another case, from the first row."""
_AFTER = {(row.before, row.move): row.after for row in TABLE}


def moved(before: CaseState, move: Move) -> CaseState:
    """Where a case stands after a move; a ValueError where the table has no such row.

    >>> moved(CaseState.OPEN, Move.CLEARS)
    <CaseState.CLOSED: 'closed'>
    >>> moved(CaseState.CLOSED, Move.CLEARS)
    Traceback (most recent call last):
    ValueError: a case that is closed never clears: engine/cases.py has no such row
    """
    try:
        return _AFTER[before, move]
    except KeyError:
        raise ValueError(f"a case that is {before} never {move}: engine/cases.py has no such row") from None
