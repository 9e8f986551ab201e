"""What follows for a pupil: each outcome, in the light of what already is the case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from random import Random

import pytest

from engine.decide import Decided, Decision, Standing, decide
from engine.grounds import OpenCase
from engine.inference.agree import Inference
from engine.inference.facts import Voice
from engine.instants import read_instant
from engine.reasons import Outcome, Reason
from engine.records import Event
from engine.rulebook.rulebook import Rulebook
from engine.snapshot import Snapshot
from tests.engine import shipped, worlds
from tests.engine.small import book, p1, small

CONTACT, DAY, RATE = "first-contact", "day-of-absence", "rate"
EARLY = read_instant("2025-09-01")


@pytest.fixture(scope="module")
def inference() -> Inference:
    """Both engines, made once."""
    return Inference.here()


def case(
    ladder: str,
    anchor: str,
    stage: int,
    *,
    opened: datetime = EARLY,
    ended: bool = False,
    undecided: bool = False,
    owed: bool = False,
) -> OpenCase:
    """A case named after its ladder and ground."""
    return OpenCase(f"{ladder} {anchor}", ladder, anchor, stage, opened, not ended, undecided, owed)


def decided(
    inference: Inference,
    snapshot: Snapshot,
    as_of: str,
    standing: Standing | None = None,
    *,
    rulebook: Rulebook | None = None,
    caps: Mapping[str, int] | None = None,
) -> Decided:
    """What is decided with this standing of P1."""
    stands = {"P1": standing} if standing else None
    return decide(snapshot, rulebook or shipped.rulebook(), read_instant(as_of), inference, stands, caps)


def by_rule(found: Decided, subject: str = "P1") -> dict[str, Decision]:
    """The decisions about one subject."""
    return {each.rule.id: each for each in found.decisions if each.subject == subject}


def short(decision: Decision) -> tuple[Outcome, tuple[Reason, ...], Voice]:
    """Outcome, reasons and voice."""
    return decision.outcome, decision.reasons, decision.voice


MORNING = "2025-09-10T09:20"
N_TODAY = "// // N/"


def test_on_the_first_morning_one_person_owns_the_call(inference: Inference) -> None:
    """An N at 09:20 starts the first contact with its text; the tutor's call waits for it."""
    found = by_rule(decided(inference, small(N_TODAY), MORNING))
    assert sorted(found) == ["absence-day-1", "absent-without-reason"]
    first = found["absent-without-reason"]
    assert short(first) == (Outcome.ACT, (Reason.RULE_HOLDS,), Voice.GO)
    assert (first.anchor, first.session, first.because) == ("2025-09-10", 4, "code N today: Wed 10 Sep AM")
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
        (Standing((replace(ACTED, open=False),), OPEN), Reason.ALREADY_ACTED, Reason.RULE_HOLDS),
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
        (Standing((replace(ACTED, owed=True),)), Reason.RULE_HOLDS, Reason.RULE_HOLDS),
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
        # a case that opened later, one that is closed, one of a ladder that no rule stands on
        ("//", "2025-09-09", case(DAY, "2025-09-08", 1, opened=read_instant("2025-09-10")), ""),
        ("//", "2025-09-09", case(DAY, "2025-09-08", 1, ended=True), ""),
        ("//", "2025-09-09", case("gone", "2025-09-08", 1), ""),
    ],
)  # fmt: skip
def test_a_case_closes_when_its_ground_is_over(
    inference: Inference, marks: str, as_of: str, standing: OpenCase, because: str
) -> None:
    """Each kind of ground, just before and just after it is over."""
    found = decided(inference, small(marks), as_of, Standing((standing,)))
    assert [(each.case_id, each.because) for each in found.closings] == (
        [(standing.case_id, because)] if because else []
    )


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
    anew = by_rule(decided(inference, snapshot, "2025-09-12", Standing((replace(opened, open=False),))))
    notice = anew["penalty-notice-threshold"]
    assert (notice.anchor, notice.outcome) == ("2025-09-12", Outcome.PROPOSE)
    assert notice.reasons == (Reason.PERSON_DECIDES,)


def test_a_ground_without_sessions_is_the_day(inference: Inference) -> None:
    """A rule about what did not happen stands on the day it is judged."""
    rules = book("{not: {coded_sessions: {over: today, codes: [I], at_least: 1}}}")
    found = by_rule(decided(inference, small("//"), "2025-09-08T16:00", rulebook=rules))["tried"]
    assert (found.anchor, found.session) == ("2025-09-08", None)


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
    found = by_rule(decided(inference, small(N_TODAY), MORNING, Standing(spoken=True)))
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
        (small(N_TODAY, events=[Event("P1", "S", "hold", date(2025, 9, 1), until=date(2025, 9, 10))]), Reason.HOLD),
        (
            small(N_TODAY, events=[Event("P1", "S", "hold", date(2025, 9, 30), from_=date(2025, 9, 10))]),
            Reason.HOLD,
        ),
    ],
    ids=lambda value: value.value if isinstance(value, Reason) else "",
)  # fmt: skip
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
    morning = replace(case("register-not-taken", "2025-09-08 AM", 1), case_id="am")
    snapshot = small("--")
    stands = {"class:8A": Standing((morning,))}
    found = decide(snapshot, shipped.rulebook(), read_instant("2025-09-08T13:20"), inference, stands)
    register = by_rule(found, "class:8A")["register-not-taken"]
    assert (register.outcome, register.anchor, register.session) == (Outcome.ACT, "2025-09-08 PM", 1)
    assert not found.closings
    later = decide(snapshot, shipped.rulebook(), read_instant("2025-09-09"), inference, stands)
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
    assert (
        decide(small("//"), shipped.rulebook(), read_instant("2025-09-08"), inference, stranger).closings
        == ()
    )


def test_a_pupil_who_left_is_only_closed_never_acted_on(inference: Inference) -> None:
    """After leaving nothing matches any more; a day's case ends as days do."""
    left = small("NN", pupil=replace(PUPIL, left_on=date(2025, 9, 8)))
    found = decided(inference, left, "2025-09-09T16:00", Standing((case(CONTACT, "2025-09-08", 1),)))
    assert (found.decisions, [each.because for each in found.closings]) == ((), ["its day is over"])


def test_the_same_question_has_the_same_answer(inference: Inference) -> None:
    """Twice over, from rebuilt snapshots and standings in another order, to the last field."""
    random = Random(11)  # noqa: S311
    for _ in range(15):
        some = worlds.world(random, 6, 4)
        as_of = worlds.instants(random, some)[0]
        standing = {
            upn: Standing(
                (case(DAY, "2025-10-06", 2), case(RATE, "2025/26", 1)), spoken=random.random() < 0.5
            )
            for upn in ("P1", "P3", "P0")
        }
        there = decide(worlds.snapshot(some), shipped.rulebook(), as_of, inference, standing)
        shuffled = dict(reversed(standing.items()))
        back = decide(worlds.snapshot(some), shipped.rulebook(), as_of, inference, shuffled)
        assert there == back
