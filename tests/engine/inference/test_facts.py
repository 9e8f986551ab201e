"""Facts are values: refused when they contradict themselves, equal whatever their order."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.inference.facts import NOT_YET, Answer, Candidate, Facts, Stand, Voice
from engine.inference.reference import infer
from engine.reasons import Circumstance, Outcome, Reason, Result

DAY_1 = Candidate("day-1", "absence", 1, Result.MATCHED, "send", message=10)
DAY_2 = Candidate("day-2", "absence", 2, Result.MATCHED, "send", message=20)


def test_order_and_repetition_do_not_matter() -> None:
    """The same facts in another order, or given twice, are the same value with the same hash."""
    one = Facts(
        (Circumstance.MEDICAL, Circumstance.HOLD),
        (Stand("rate", 1), Stand("absence", 2)),
        ("y", "x"),
        ("q", "p"),
        candidates=(DAY_2, DAY_1),
    )
    two = Facts(
        (Circumstance.HOLD, Circumstance.MEDICAL),
        (Stand("absence", 2), Stand("rate", 1)),
        ("x", "y", "x"),
        ("p", "q"),
        candidates=(DAY_1, DAY_2, DAY_1),
    )
    assert one == two
    assert hash(one) == hash(two)
    assert one.candidates == (DAY_1, DAY_2)


def test_reasons_stand_in_the_order_of_their_enum() -> None:
    """Whichever engine collected the reasons, an answer reads the same."""
    answer = Answer(
        "day-1", Outcome.ACT, (Reason.MESSAGE_TODAY, Reason.RULE_HOLDS, Reason.MESSAGE_TODAY), Voice.LATER
    )
    assert answer.reasons == (Reason.RULE_HOLDS, Reason.MESSAGE_TODAY)


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: Candidate("", "absence", 1, Result.MATCHED, "send"), "no rule name"),
        (lambda: Candidate("day-1", "", 1, Result.MATCHED, "send"), "'day-1' has no ladder"),
        (lambda: Candidate("day-1", "absence", 1, Result.NOT_MATCHED, "send"), "'day-1' is not_matched"),
        (lambda: Candidate("day-1", "absence", 1, Result.MATCHED, "sned"), "'sned'.*send, approve, propose"),
        (
            lambda: Candidate("day-1", "absence", 1, Result.MATCHED, "send", "day-1"),
            "'day-1' waits for itself",
        ),
        (lambda: Candidate("day-1", "absence", 1, Result.MATCHED, "send", message=-1), "precedence -1"),
        (
            lambda: Candidate("day-1", "absence", 1, Result.MATCHED, "send", not_yet=(Reason.FUSE,)),
            "waits for 'fuse': it must be one of stage_before",
        ),
        (lambda: Facts(open_rules=("",)), "has no name"),
        (lambda: Facts(blown=("",)), "has no name"),
        (lambda: Facts(stands=(Stand("rate", 1), Stand("rate", 2))), "'rate' has two stands"),
        (lambda: Facts(stands=(Stand("rate", 1), Stand("rate", 1, owed=True))), "'rate' has two stands"),
        (
            lambda: Facts(candidates=(DAY_1, Candidate("day-1", "rate", 1, Result.MATCHED, "send"))),
            "'day-1' is a candidate twice",
        ),
    ],
)
def test_what_contradicts_itself_is_refused(make: Callable[[], object], says: str) -> None:
    """A set of facts that could be read two ways is refused by name, not guessed at."""
    with pytest.raises(ValueError, match=says):
        make()


def test_random_facts_reach_everything(sample: Callable[[int, int], list[Facts]]) -> None:
    """What the agreement tests are worth: 500 random facts reach every outcome, reason and voice there is."""
    answers = [answer for facts in sample(1, 500) for answer in infer(facts)]
    given = {
        *(Reason[circumstance.name] for circumstance in Circumstance),
        *(
            Reason.RULE_HOLDS,
            Reason.PERSON_DECIDES,
            Reason.MARKS_MISSING,
            Reason.FUSE,
            Reason.HIGHER_STAGE_HOLDS,
        ),
        *(Reason.HIGHER_STAGE_ACTED, Reason.ALREADY_ACTED),
        *(Reason.FIRST_CONTACT_OPEN, Reason.MESSAGE_TODAY, *NOT_YET),
    }
    assert {reason for answer in answers for reason in answer.reasons} == given
    assert {answer.voice for answer in answers} == set(Voice)
    assert {answer.outcome for answer in answers} == set(Outcome) - {Outcome.WITHDRAW}
