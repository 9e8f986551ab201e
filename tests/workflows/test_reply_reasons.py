"""What a family's words may mean: a code to propose, a hint, or nothing; never more than a proposal."""

from __future__ import annotations

from datetime import date

import pytest

from engine.codes import look_up
from workflows.reply_reasons import proposed

DAY = date(2025, 11, 10)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("He has a TEMPERATURE and is throwing up", "I"),
        ("chicken pox :(", "I"),
        ("She\u2019s poorly, back tomorrow", "I"),
        ("orthodontist at 10, back for lunch", "M"),
        ("Doctors appt.", "M"),
        ("sick, taking her to the doctor", ""),
        ("he isn\u2019t ill", ""),
        ("feeling better now", ""),
        ("skill test", ""),
        ("the bus was late", ""),
        ("Jest chory", ""),
        ("", ""),
    ],
)
def test_a_code_is_proposed_where_the_words_name_one_cause(words: str, code: str) -> None:
    """Whole words alone; two causes, a not, another language: nothing, and whoever reads it is told so."""
    found = proposed(words, DAY)
    assert found.code == code
    assert ("you decide" in found.sentence) == bool(code)
    assert code == "" or look_up(code, DAY) is not None


@pytest.mark.parametrize("words", ["Going on holiday on Friday", "his gran's funeral, he is sick with grief"])
def test_leave_is_the_heads_to_grant(words: str) -> None:
    """No code, though illness is named too; the sentence names that day's code, and a hold after a death."""
    found = proposed(words, DAY)
    assert found.code == ""
    assert "only the head may grant leave of absence" in found.sentence
    assert "code C, leave for exceptional circumstances" in found.sentence
    assert ("put a hold on the pupil" in found.sentence) == ("funeral" in words)
    assert "other authorised leave" in proposed(words, date(2024, 6, 3)).sentence, "the law of that day"


def test_what_worries_goes_to_the_safeguarding_lead() -> None:
    """Whatever else it says."""
    found = proposed("he is ill and scared to come in", DAY)
    assert (found.code, found.worries) == ("", True)
    assert "tell the safeguarding lead first" in found.sentence
