"""What follows for a pupil: each outcome, in the light of what already is the case."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from random import Random

import pytest

from engine.decide import Standing, decide
from engine.inference.agree import Inference
from engine.inference.facts import HAS_LEFT, Voice
from engine.instants import read_instant
from engine.judged import Judged
from engine.reasons import Outcome, Reason
from tests.engine import shipped, worlds
from tests.engine.deciding import CONTACT, DAY, RATE, by_rule, case, decided, short
from tests.engine.small import book, p1, small

MORNING = "2025-09-10T09:20"
N_TODAY = "// // N/"


def test_on_the_first_morning_one_person_owns_the_call(inference: Inference) -> None:
    """An N at 09:20 starts the first contact with its text; the tutor's call waits for it."""
    found = by_rule(decided(inference, small(N_TODAY), MORNING))
    assert sorted(found) == ["absence-day-1", "absent-without-reason"]
    first = found["absent-without-reason"]
    assert short(first) == (Outcome.ACT, (Reason.RULE_HOLDS,), Voice.GO)
    assert (first.anchor, first.session) == ("2025-09-10", 4)
    assert first.explained().because == "code N today: Wed 10 Sep AM"
    waiting = found["absence-day-1"]
    assert short(waiting) == (Outcome.HOLD, (Reason.FIRST_CONTACT_OPEN,), Voice.NONE)


TODAY = "2025-09-10"
ACTED = case(CONTACT, TODAY, 1)
OPEN = (("absent-without-reason", ACTED.case_id),)


@pytest.mark.parametrize(
    ("standing", "contact", "day_1"),
    [
        # acted already and the call is still open: the tutor waits
        (Standing((ACTED,), OPEN), Reason.ALREADY_ACTED, Reason.FIRST_CONTACT_OPEN),
        # the call is made: the tutor's turn
        (Standing((ACTED,)), Reason.ALREADY_ACTED, Reason.RULE_HOLDS),
        # the case was ended by a person: the same ground is not acted on again, and its call is not owed
        (Standing((ACTED._replace(open=False),), OPEN), Reason.ALREADY_ACTED, Reason.RULE_HOLDS),
        # a case of another day is another ground
        (Standing((case(CONTACT, "2025-09-09", 1),)), Reason.RULE_HOLDS, Reason.FIRST_CONTACT_OPEN),
        # yesterday's call was never made; its case is over with its day
        (
            Standing(
                (case(CONTACT, "2025-09-09", 1),), (("absent-without-reason", f"{CONTACT} 2025-09-09"),)
            ),
            Reason.RULE_HOLDS,
            Reason.FIRST_CONTACT_OPEN,
        ),
        # the message of the same stage was put off: it acts for its sake
        (Standing((ACTED._replace(owed=True),)), Reason.RULE_HOLDS, Reason.RULE_HOLDS),
    ],
    ids=["call open", "call made", "ended", "other day", "yesterday's call", "owed"],
)
def test_the_first_contact_in_the_light_of_its_case(
    inference: Inference, standing: Standing, contact: Reason, day_1: Reason
) -> None:
    """What was done on this ground is not done again, and the next in line waits no longer than needed."""
    found = by_rule(decided(inference, small(N_TODAY), MORNING, standing))
    assert found["absent-without-reason"].reasons == (contact,)
    assert found["absence-day-1"].reasons == (day_1,)


@pytest.mark.parametrize(
    ("stage", "anchor", "outcome", "reason"),
    [
        (1, "2025-09-09", Outcome.ACT, Reason.RULE_HOLDS),  # day 1 acted, now day 2
        (2, "2025-09-09", Outcome.SUPPRESS, Reason.ALREADY_ACTED),
        (3, "2025-09-09", Outcome.SUPPRESS, Reason.HIGHER_STAGE_ACTED),
        (3, "2025-09-02", Outcome.ACT, Reason.RULE_HOLDS),  # of another run
    ],
)
def test_a_run_of_absence_climbs_its_ladder_once(
    inference: Inference, stage: int, anchor: str, outcome: Outcome, reason: Reason
) -> None:
    """The second day acts unless this run has come as far; its ground is the run's first day."""
    marks = small("// OO OO")
    found = by_rule(decided(inference, marks, "2025-09-10T16:00", Standing((case(DAY, anchor, stage),))))
    second = found["absence-day-2"]
    assert (second.outcome, second.reasons, second.anchor, second.session) == (
        outcome,
        (reason,),
        "2025-09-09",
        4,
    )


def test_the_highest_stage_that_holds_acts(inference: Inference) -> None:
    """Where two stages hold, the lower one is suppressed and says so."""
    rules = book(
        "{coded_sessions: {over: today, codes: [O], at_least: 1}}",
        "    ladder: l\n    stage: 1\n  higher:\n    title: H\n    because: b\n    ladder: l\n    stage: 2\n"
        "    when: {coded_sessions: {over: today, codes: [O], at_least: 2}}\n    autonomy: approve\n"
        "    then: [{task: {do: look, by: office, due: same day}}]",
    )
    found = by_rule(decided(inference, small("OO"), "2025-09-08T16:00", rulebook=rules))
    assert short(found["higher"])[:2] == (Outcome.ACT, (Reason.RULE_HOLDS,))
    assert short(found["tried"])[:2] == (Outcome.SUPPRESS, (Reason.HIGHER_STAGE_HOLDS,))


MORNING_ILL = "II // // // // // // // // // // //"


@pytest.mark.parametrize(
    ("stage", "anchor", "outcome"),
    [
        (0, "", Outcome.PROPOSE),
        (1, "2025/26", Outcome.SUPPRESS),
        (2, "2025/26", Outcome.SUPPRESS),  # it was worse, and is better: nothing new
        (1, "2024/25", Outcome.PROPOSE),  # last year's case is another ground
    ],
)
def test_a_band_is_acted_on_once_a_school_year(
    inference: Inference, stage: int, anchor: str, outcome: Outcome
) -> None:
    """The ground of a band is the school year."""
    standing = Standing((case(RATE, anchor, stage),)) if stage else None
    found = by_rule(decided(inference, small(MORNING_ILL), "2025-09-23T16:00", standing))
    band = found["near-persistent-absence"]
    assert (band.outcome, band.anchor) == (outcome, "2025/26")


@pytest.mark.parametrize(
    ("marks", "as_of", "reasons", "voice"),
    [
        ("NN", "2025-09-08T16:00", (Reason.RULE_HOLDS,), Voice.GO),
        ("N/", "2025-09-08T16:00", (Reason.RULE_HOLDS, Reason.ON_SITE), Voice.NONE),  # here since noon
        ("NU", "2025-09-08T16:00", (Reason.RULE_HOLDS, Reason.ON_SITE), Voice.NONE),
        ("NG", "2025-09-08T16:00", (Reason.RULE_HOLDS, Reason.ON_SITE), Voice.NONE),
        ("NB", "2025-09-08T16:00", (Reason.RULE_HOLDS, Reason.ON_SITE), Voice.NONE),
        ("NI", "2025-09-08T16:00", (Reason.RULE_HOLDS,), Voice.GO),
        ("N/", "2025-09-08T12:00", (Reason.RULE_HOLDS,), Voice.GO),  # the afternoon is not yet known
        ("N-", "2025-09-08T16:00", (Reason.RULE_HOLDS,), Voice.GO),  # a blank says nothing of where
    ],
)
def test_a_child_on_site_is_never_reported_missing(
    inference: Inference, marks: str, as_of: str, reasons: tuple[Reason, ...], voice: Voice
) -> None:
    """The last closed session of today stops the text; the task to find out stays."""
    found = by_rule(decided(inference, small(marks), as_of))["absent-without-reason"]
    assert short(found) == (Outcome.ACT, reasons, voice)


def test_a_mark_of_another_day_does_not_stop_a_message(inference: Inference) -> None:
    """Present on Friday is not on site on Saturday, nor before any session has closed."""
    message = "      - message: {template: t, channel: sms, purpose: absence, unless_last_mark: [present]}"
    rules = book("{coded_sessions: {over: today, codes: [I], at_most: 0}}", message)
    for as_of, voice in (
        ("2025-09-07", Voice.GO),
        ("2025-09-08T16:00", Voice.NONE),
        ("2025-09-13", Voice.GO),
    ):
        assert by_rule(decided(inference, small("//"), as_of, rulebook=rules))["tried"].voice is voice


def test_one_message_a_day(inference: Inference) -> None:
    """Where the family has been written to today the next message is put off, and says so."""
    found = by_rule(decided(inference, small(N_TODAY), MORNING, Standing(spoken=HAS_LEFT)))
    assert short(found["absent-without-reason"]) == (
        Outcome.ACT,
        (Reason.RULE_HOLDS, Reason.MESSAGE_TODAY),
        Voice.LATER,
    )


def test_an_urgent_message_goes_before_a_higher_stage(inference: Inference) -> None:
    """The first-day text goes, the letter about the year's absence waits for another day."""
    marks = "NN // // // // // // // // // N/"
    found = by_rule(decided(inference, small(marks), "2025-09-22T09:20"))
    assert found["absent-without-reason"].voice is Voice.GO
    assert found["persistent-absence"].voice is Voice.LATER


def test_what_cannot_be_told_is_recorded_as_unknown(inference: Inference) -> None:
    """A blank this morning: nobody is told anything, the class is asked to finish its register."""
    found = decided(inference, small("-/", "//"), "2025-09-08T09:20")
    assert short(by_rule(found)["absent-without-reason"]) == (
        Outcome.UNKNOWN,
        (Reason.MARKS_MISSING,),
        Voice.NONE,
    )
    register = by_rule(found, "class:8A")["register-not-taken"]
    assert (register.outcome, register.anchor, register.session) == (Outcome.ACT, "2025-09-08 AM", 0)


def test_the_register_of_the_afternoon_is_another_ground(inference: Inference) -> None:
    """The class's morning was chased; the afternoon's blank is chased on its own, and the day ends both."""
    morning = case("register-not-taken", "2025-09-08 AM", 1)._replace(case_id="am")
    snapshot = small("--")
    stands = {"class:8A": Standing((morning,))}
    half_past = Judged.of(snapshot, shipped.rulebook(), read_instant("2025-09-08T13:20"))
    found = decide(half_past, inference, stands)
    register = by_rule(found, "class:8A")["register-not-taken"]
    assert (register.outcome, register.anchor, register.session) == (Outcome.ACT, "2025-09-08 PM", 1)
    assert not found.closings
    later = decide(Judged.of(snapshot, shipped.rulebook(), read_instant("2025-09-09")), inference, stands)
    assert [each.because for each in later.closings] == ["its day is over"]


@pytest.mark.parametrize(("cap", "blown"), [(2, False), (1, True), (0, True)])
def test_a_rule_that_matches_more_than_its_cap_stops_for_everybody(
    inference: Inference, cap: int, *, blown: bool
) -> None:
    """Three rules of a morning: the one over its cap holds for all its pupils, the others go on."""
    caps = {"absent-without-reason": cap, "not-there": 0}
    snapshot = small("N/", "N/", "//", "O/")
    found = decided(inference, snapshot, "2025-09-08T09:20", caps=caps)
    assert found.blown == (("absent-without-reason",) if blown else ())
    assert found.matched["absent-without-reason"] == 2
    expected = (Outcome.HOLD, (Reason.FUSE,)) if blown else (Outcome.ACT, (Reason.RULE_HOLDS,))
    for pupil in ("P1", "P2"):
        assert short(by_rule(found, pupil)["absent-without-reason"])[:2] == expected
    assert by_rule(found, "P4")["absence-day-1"].outcome is Outcome.ACT


def test_nobody_is_decided_about_where_nothing_holds(inference: Inference) -> None:
    """A quiet day has no decisions, and a stranger's standing harms nobody."""
    found = decided(inference, small("//"), "2025-09-08T16:00", Standing())
    assert (found.decisions, found.closings, set(found.matched.values())) == ((), (), {0})
    stranger = {"P9": Standing((case(DAY, "2025-09-08", 1),))}
    quiet = Judged.of(small("//"), shipped.rulebook(), read_instant("2025-09-08"))
    assert decide(quiet, inference, stranger).closings == ()


def test_a_pupil_who_left_is_only_closed_never_acted_on(inference: Inference) -> None:
    """After leaving nothing matches any more; a day's case ends as days do."""
    left = small("NN", pupil=replace(p1(), left_on=date(2025, 9, 8)))
    found = decided(inference, left, "2025-09-09T16:00", Standing((case(CONTACT, "2025-09-08", 1),)))
    assert (found.decisions, [each.because for each in found.closings]) == ((), ["its day is over"])


def test_a_decision_is_shown_without_the_school_it_was_judged_on(inference: Inference) -> None:
    """Whoever reads a failing test reads who, which rule, what and why, not a register."""
    shown = repr(by_rule(decided(inference, small(N_TODAY), MORNING))["absence-day-1"])
    assert shown.startswith("Decision('P1', Rule(")
    assert "Judge(" not in shown


def test_the_same_question_has_the_same_answer(inference: Inference) -> None:
    """Twice over, from rebuilt snapshots and standings in another order, to the last field."""
    random = Random(11)  # noqa: S311
    for _ in range(15):
        some = worlds.world(random, 6, 4)
        as_of = worlds.instants(random, some)[0]
        standing = {
            upn: Standing(
                (case(DAY, "2025-10-06", 2), case(RATE, "2025/26", 1)),
                spoken=random.choice((0, 2, 101, HAS_LEFT)),
            )
            for upn in ("P1", "P3", "P0")
        }
        shuffled = dict(reversed(standing.items()))
        there, back = (
            decide(Judged.of(worlds.snapshot(some), shipped.rulebook(), as_of), inference, each)
            for each in (standing, shuffled)
        )
        assert there == back
        assert not any(this != that for this, that in zip(there.decisions, back.decisions, strict=True))
        assert set(there.decisions) == set(back.decisions)
        assert [each.explained() for each in there.decisions] == [each.explained() for each in back.decisions]
