"""What puts a person between a rule and a family, just inside and just outside."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from engine.inference.agree import Inference
from engine.inference.facts import Voice
from engine.reasons import Outcome, Reason
from engine.records import Event
from engine.snapshot import Snapshot
from tests.engine.deciding import by_rule, decided, short
from tests.engine.small import p1, small

MORNING = "2025-09-10T09:20"
N_TODAY = "// // N/"
PUPIL = p1()


@pytest.mark.parametrize(
    ("snapshot", "reason"),
    [
        (small(N_TODAY, pupil=replace(PUPIL, social_worker=True)), Reason.SOCIAL_WORKER),
        (small(N_TODAY, pupil=replace(PUPIL, looked_after=True)), Reason.LOOKED_AFTER),
        (small(N_TODAY, pupil=replace(PUPIL, flags=(" Bereavement",))), Reason.BEREAVED),
        (small(N_TODAY, pupil=replace(PUPIL, flags=("bereaved",))), Reason.BEREAVED),
        (small(N_TODAY, pupil=replace(PUPIL, medical=True)), Reason.MEDICAL),
        (small(N_TODAY, pupil=replace(PUPIL, flags=("Medical",))), Reason.MEDICAL),
        (small("OO /,C2 N/"), Reason.PART_TIME),
        (small("/I M/ N/"), Reason.HEALTH_ABSENCE),  # two of three
        (small(N_TODAY, events=[Event("P1", "S", "hold", date(2025, 9, 10))]), Reason.HOLD),
        (
            small(N_TODAY, events=[Event("P1", "S", "hold", date(2025, 9, 1), until=date(2025, 9, 10))]),
            Reason.HOLD,
        ),
        (
            small(N_TODAY, events=[Event("P1", "S", "hold", date(2025, 9, 30), from_=date(2025, 9, 10))]),
            Reason.HOLD,
        ),
    ],
    ids=lambda value: value.value if isinstance(value, Reason) else "",
)
def test_a_person_stands_between_a_rule_and_such_a_family(
    inference: Inference, snapshot: Snapshot, reason: Reason
) -> None:
    """Each circumstance turns an act into a proposal, and no text leaves by itself."""
    found = by_rule(decided(inference, snapshot, MORNING))["absent-without-reason"]
    assert short(found) == (Outcome.PROPOSE, (reason,), Voice.ASK)


@pytest.mark.parametrize(
    "snapshot",
    [
        small("/I O/ N/"),  # illness is a third of the absence
        small("/I // N/"),  # exactly half is not more than half
        small(N_TODAY, pupil=replace(PUPIL, flags=("carer",))),
        small(N_TODAY, events=[Event("P1", "S", "hold", date(2025, 9, 1), until=date(2025, 9, 9))]),  # over
        small(N_TODAY, events=[Event("P1", "S", "hold", date(2025, 9, 11))]),  # not yet
        small(N_TODAY, "//", events=[Event("P2", "S", "hold", date(2025, 9, 1))]),  # somebody else's
        small(N_TODAY, events=[Event("P1", "S", "meeting", date(2025, 9, 1))]),
    ],
)
def test_what_is_no_such_circumstance_stops_nothing(inference: Inference, snapshot: Snapshot) -> None:
    """Just short of each circumstance the text goes."""
    found = by_rule(decided(inference, snapshot, MORNING))["absent-without-reason"]
    assert short(found) == (Outcome.ACT, (Reason.RULE_HOLDS,), Voice.GO)


@pytest.mark.parametrize(
    ("between", "as_of", "outcome"),
    [
        (18, "2025-10-03T09:20", Outcome.PROPOSE),  # the Friday of the fourth school week
        (19, "2025-10-06T09:20", Outcome.ACT),  # the Monday of the fifth
    ],
)
def test_a_part_time_timetable_is_forgotten_after_four_school_weeks(
    inference: Inference, between: int, as_of: str, outcome: Outcome
) -> None:
    """A C2 on Monday 8 September, so many school days present, then an N."""
    marks = " ".join(["/,C2", *["//"] * between, "N/"])
    assert by_rule(decided(inference, small(marks), as_of))["absent-without-reason"].outcome is outcome
