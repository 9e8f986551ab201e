"""A run with a blank in it: what is certain, what a case is about, and which lengths it can have."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.explain import explain
from engine.grounds import ground
from engine.match import Judge
from engine.rulebook.model import Rule
from engine.sample import AFTER, school
from engine.snapshot import Snapshot
from tests.engine.small import p1, rule, small

RETURN = "{days_towards_return: {codes: [O], at_least: 2}}"
CODES = "{days_towards_return.numerator} days: {days_towards_return.codes}"


def judged(asked: Rule, snapshot: Snapshot) -> tuple[int, str, str]:
    """The result about P1, its sentence and its ground."""
    judge = Judge(snapshot, AFTER)
    judgement = judge.judge(asked)
    return int(judgement.results[0, 0]), explain(judge, judgement, 0).because, ground(judge, judgement, 0)


def test_only_the_days_that_are_certain_are_listed_and_the_case_keeps_its_first_day() -> None:
    """Two days after a blank are two, with their marks; the case is named by the first day there may be."""
    asked = rule(RETURN, "    episode: run of absence", because=CODES)
    assert judged(asked, school("OO O- OO OO")) == (2, "2 days: 4 O", "2025-09-08")
    assert judged(asked, school("OO OO OO OO")) == (2, "4 days: 8 O", "2025-09-08")


@pytest.mark.parametrize(
    "measure", ["consecutive_absent_days", "finished_absent_days", "days_towards_return"]
)
def test_a_length_that_no_filling_gives_is_not_in_doubt(measure: str) -> None:
    """A run of one day or three, as a blank turns out, is not of two; without a date of birth it could be."""
    asked = rule(f"{{{measure}: {{codes: [O], exactly: 2}}}}")
    assert judged(asked, small("// OO -O OO"))[0] == 0
    unborn = small("// OO -O OO", pupil=replace(p1(), date_of_birth=None))
    assert judged(asked, unborn)[0] == (1 if measure == "days_towards_return" else 0)
