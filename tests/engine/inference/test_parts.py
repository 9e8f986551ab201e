"""Facts in parts: the parts know enough, and their forms no more than that."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.inference.facts import HAS_LEFT, Candidate, Facts, Stand
from engine.inference.parts import apart
from engine.inference.reference import infer
from engine.reasons import Circumstance, Result

CALL = Candidate("call", "absence", 1, Result.MATCHED, "send")
LETTER = Candidate("letter", "rate", 2, Result.MATCHED, "approve", message=2)
PRAISE = Candidate("praise", "praise", 1, Result.MATCHED, "approve", message=1)
VISIT = Candidate("visit", "home", 1, Result.MATCHED, "propose", waits_for="call")


@settings(max_examples=1_000, deadline=None, database=None, derandomize=True)
@given(st.randoms(use_true_random=False))
def test_the_parts_answer_for_the_whole(at_random: Callable[[Random], Facts], random: Random) -> None:
    """What is inferred of each form, put together again, is what is inferred of the facts as they are."""
    facts = at_random(random)
    answers = [answer for part in apart(facts) for answer in part.answers(infer(part.form))]
    assert tuple(sorted(answers, key=lambda answer: answer.rule)) == infer(facts)


@settings(max_examples=500, deadline=None, database=None, derandomize=True)
@given(st.randoms(use_true_random=False))
def test_a_form_is_its_own_form(at_random: Callable[[Random], Facts], random: Random) -> None:
    """Nothing more can be left out of a form, and it does not fall apart any further."""
    for part in apart(at_random(random)):
        assert [again.form for again in apart(part.form)] == [part.form]


@pytest.mark.parametrize(
    ("candidates", "parts"),
    [
        ((), 0),
        ((CALL, LETTER), 2),
        ((CALL, VISIT), 1),
        ((VISIT, CALL), 1),
        ((LETTER, PRAISE), 1),
        ((CALL, LETTER, PRAISE, VISIT), 2),
        ((LETTER, Candidate("plan", "rate", 3, Result.MATCHED, "send")), 1),
    ],
)
def test_what_touches_stays_together(candidates: tuple[Candidate, ...], parts: int) -> None:
    """A ladder, a wait and the one message of a day each hold candidates together, and nothing else does."""
    assert len(apart(Facts(candidates=candidates))) == parts


def test_what_no_candidate_can_see_is_left_out() -> None:
    """Other ladders, contacts nobody waits for, other rules' fuses, a message gone where none is to send."""
    bare = Facts(candidates=(CALL,))
    idle = Facts(
        stands=(Stand("rate", 2),),
        open_rules=("letter",),
        blown=("letter",),
        spoken=HAS_LEFT,
        candidates=(CALL,),
    )
    assert apart(idle)[0].form == apart(bare)[0].form


def test_todays_message_counts_by_what_it_stands_above() -> None:
    """Between the same two messages it is the same; as high as one it is not as low as the one below."""
    low, high = replace(CALL, message=2), replace(CALL, rule="b", ladder="b", message=5)

    def form(spoken: int) -> Facts:
        [part] = apart(Facts(spoken=spoken, candidates=(low, high)))
        return part.form

    assert form(0) == form(1)
    assert form(2) == form(4) != form(1)
    assert form(5) == form(HAS_LEFT) != form(4)


def test_forms_are_told_apart_by_what_matters() -> None:
    """One circumstance is like another, two are not like one; a height counts only against another."""

    def form(*told: Circumstance, stand: int) -> Facts:
        [part] = apart(Facts(told, (Stand("absence", stand),), candidates=(CALL,)))
        return part.form

    assert form(Circumstance.HOLD, stand=2) == form(Circumstance.MEDICAL, stand=3)
    assert form(Circumstance.HOLD, stand=2) != form(Circumstance.HOLD, Circumstance.MEDICAL, stand=2)
    assert form(stand=2) != form(stand=1)
