"""When the ground of a case is over, and which ground a new one stands on."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from engine.decide import Standing, decide
from engine.grounds import OpenCase
from engine.inference.agree import Inference
from engine.instants import read_instant
from engine.judged import Judged
from engine.reasons import Outcome, Reason
from engine.records import Event, Term
from tests.engine import shipped
from tests.engine.deciding import CONTACT, DAY, RATE, by_rule, case, decided
from tests.engine.small import book, p1, small

SICK = "returns/sickness-return"
TEN = " ".join(["II"] * 10)
RETURN, AWAY = "returns/attendance-return", " ".join(["OO"] * 17)
MONTH_OVER = "its month is over, or the pupil returned"


@pytest.mark.parametrize(
    ("marks", "as_of", "standing", "because"),
    [
        # a day's case ends with its day
        ("NN //", "2025-09-09T08:00", case(CONTACT, "2025-09-08", 1), "its day is over"),
        ("NN //", "2025-09-08T23:59", case(CONTACT, "2025-09-08", 1), ""),
        # a run's when the pupil returns, or the register is corrected so
        ("II //", "2025-09-09T09:20", case(DAY, "2025-09-08", 1), "the pupil returned"),
        ("II //", "2025-09-09T09:00", case(DAY, "2025-09-08", 1), ""),  # nobody knows yet
        ("II -/", "2025-09-09T09:20", case(DAY, "2025-09-08", 1), ""),  # a blank leaves it open
        ("/I II", "2025-09-09T16:00", case(DAY, "2025-09-08", 1), "the pupil returned"),
        ("II DD", "2025-09-09T16:00", case(DAY, "2025-09-08", 1), ""),  # passed over: the run stands
        # a month of a run with the month, or with the run
        (AWAY, "2025-09-30T16:00", case(RETURN, "2025-09-08 in 2025-09", 1), ""),
        (AWAY, "2025-10-01T08:00", case(RETURN, "2025-09-08 in 2025-09", 1), MONTH_OVER),
        (AWAY, "2025-10-01T08:00", case(RETURN, "2025-09-08 in 2025-10", 1), ""),
        (f"{AWAY} //", "2025-10-01T16:00", case(RETURN, "2025-09-08 in 2025-10", 1), MONTH_OVER),
        # the oldest N when it is settled, not while it stands
        ("N/ // // // // // // N/", "2025-09-17T16:00", case("reason-not-established", "2025-09-08", 1), ""),
        (
            "O/ // // // // // // N/",
            "2025-09-17T16:00",
            case("reason-not-established", "2025-09-08", 1),
            "its session has been settled",
        ),
        # a school year's on the first day of the next
        ("//", "2025-09-08", case(RATE, "2024/25", 1), "its school year is over"),
        ("//", "2025-09-08", case(RATE, "2025/26", 1), ""),
        # the legal case when its clear line is reached, not while a proposal waits for a person
        ("//", "2025-09-08", case("legal", "2025-09-01", 1), "the rule's clear line is reached"),
        ("//", "2025-09-08", case("legal", "2025-09-01", 1, undecided=True), ""),
        ("OO OO OO OO OO", "2025-09-12", case("legal", "2025-09-01", 1), ""),
        ("OO OO OO OO O-", "2025-09-12", case("legal", "2025-09-01", 1), ""),  # not known to be clear
        # a spell of illness when the child is back for a session, or is ill anew; passed over: it goes on
        (f"{TEN} II", "2025-09-22T16:00", case(SICK, "2025-09-08", 1), ""),
        (f"{TEN} -/", "2025-09-22T16:00", case(SICK, "2025-09-08", 1), "the spell of absence is over"),
        (f"{TEN} D-", "2025-09-22T16:00", case(SICK, "2025-09-08", 1), ""),
        (f"{TEN} // II", "2025-09-23T16:00", case(SICK, "2025-09-08", 1), "the spell of absence is over"),
        ("// //", "2025-09-09T16:00", case(SICK, "2025-09-08", 1), "the spell of absence is over"),
        # a case that opened later, one that is closed, one of a ladder that no rule stands on any more
        ("//", "2025-09-09", case(DAY, "2025-09-08", 1, opened=read_instant("2025-09-10")), ""),
        ("//", "2025-09-09", case(DAY, "2025-09-08", 1, ended=True), ""),
        ("//", "2025-09-09", case("gone", "2025-09-08", 1), "its ladder is no longer in the rules"),
        ("//", "2025-09-09", case("gone", "2025-09-08", 1, opened=read_instant("2025-09-10")), ""),
    ],
)
def test_a_case_closes_when_its_ground_is_over(
    inference: Inference, marks: str, as_of: str, standing: OpenCase, because: str
) -> None:
    """Each kind of ground, just before and just after it is over."""
    found = decided(inference, small(marks), as_of, Standing((standing,)))
    assert [(each.case_id, each.because) for each in found.closings] == (
        [(standing.case_id, because)] if because else []
    )


def test_the_clear_line_is_each_pupils_own(inference: Inference) -> None:
    """Two duties to consider: the one whose sessions are few enough by now ends, the other stays."""
    cases = {upn: case("legal", "2025-09-01", 1)._replace(case_id=upn) for upn in ("P1", "P2")}
    judged = Judged.of(small("//", "OO OO OO OO OO"), shipped.rulebook(), read_instant("2025-09-12"))
    found = decide(judged, inference, {upn: Standing((each,)) for upn, each in cases.items()})
    assert [closing.case_id for closing in found.closings] == ["P1"]


def test_a_case_without_a_clear_line_stays_open(inference: Inference) -> None:
    """A rule of a lower pack may clear by nothing but a person."""
    rules = shipped.rulebook()
    lasting = tuple(replace(rule, clears_when=None) for rule in rules.rules)
    found = decided(
        inference,
        small("//"),
        "2025-09-08",
        Standing((case("legal", "2025-09-01", 1),)),
        rulebook=replace(rules, rules=lasting),
    )
    assert not found.closings


def test_a_case_outlives_a_rule_that_is_not_in_force_yet(inference: Inference) -> None:
    """Before 19 August 2024 the framework says nothing, so it ends nothing either."""
    pupil = replace(p1(), admitted_on=date(2020, 9, 1))
    opened = case("legal", "2024-07-01", 1, opened=read_instant("2024-07-01"))
    snapshot = small("//", first=date(2024, 7, 8), pupil=pupil)
    assert not decided(inference, snapshot, "2024-07-09", Standing((opened,))).closings


def test_the_duty_to_consider_stays_in_its_case(inference: Inference) -> None:
    """An open case keeps its ground from day to day; after it was closed the next is of its own day."""
    snapshot = small("OO OO OO OO OO")
    opened = case("legal", "2025-09-11", 1)
    again = by_rule(decided(inference, snapshot, "2025-09-12", Standing((opened,))))[
        "penalty-notice-threshold"
    ]
    assert (again.anchor, again.reasons) == ("2025-09-11", (Reason.ALREADY_ACTED,))
    anew = by_rule(decided(inference, snapshot, "2025-09-12", Standing((opened._replace(open=False),))))
    notice = anew["penalty-notice-threshold"]
    assert (notice.anchor, notice.outcome) == ("2025-09-12", Outcome.PROPOSE)
    assert notice.reasons == (Reason.PERSON_DECIDES,)


def test_a_ground_without_sessions_is_the_day(inference: Inference) -> None:
    """A rule about what did not happen stands on the day it is judged."""
    rules = book("{not: {coded_sessions: {over: today, codes: [I], at_least: 1}}}")
    found = by_rule(decided(inference, small("//"), "2025-09-08T16:00", rulebook=rules))["tried"]
    assert (found.anchor, found.session) == ("2025-09-08", None)


TERMS = (
    Term("S", "2025/26", "autumn", 1, date(2025, 9, 8), date(2025, 9, 12)),
    Term("S", "2025/26", "autumn", 2, date(2025, 9, 15), date(2025, 9, 19)),
)
EARLIER = Event("P1", "S", "meeting", date(2025, 9, 8))


@pytest.mark.parametrize(
    ("episode", "terms", "as_of", "ground", "closes"),
    [
        ("half-term", TERMS, "2025-09-12", "2025/26 autumn 1", False),
        ("half-term", TERMS, "2025-09-14", "2025/26 autumn 1", False),  # the holiday belongs to it
        ("half-term", TERMS, "2025-09-15", "2025/26 autumn 2", True),
        ("term", TERMS, "2025-09-15", "2025/26 autumn", True),
        ("half-term", (), "2025-09-15", "2025/26", True),  # no terms: the year
    ],
)
def test_a_case_may_stand_on_a_half_term(
    inference: Inference, episode: str, terms: tuple[Term, ...], as_of: str, ground: str, *, closes: bool
) -> None:
    """It opens once in each, whatever it rests on, and is over when the next one begins."""
    rules = book("{events: {kinds: meeting, over: year to date, at_least: 1}}", f"    episode: {episode}\n")
    snapshot = small("// // // // // // // //", terms=terms, events=(EARLIER,))
    open_case = case("tried", "2025/26 autumn 1", 1)
    found = decided(inference, snapshot, as_of, Standing((open_case,)), rulebook=rules)
    assert [each.anchor for each in found.decisions] == [ground]
    because = [f"its {episode} is over"] if closes else []
    assert [each.because for each in found.closings] == because
