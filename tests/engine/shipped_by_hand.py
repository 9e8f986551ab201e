"""What each shipped rule about a pupil means, written again by hand for the oracle."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from tests.engine.conditions import All, AnyOf, Condition, Only, Until
from tests.engine.filled import ABSENT, Ask

NOTICE = ("G", "N", "O", "U")
DAY = ("I", "G", "N", "O", "H", "F")
YEAR, WHOLE = "year to date", "whole register"
NOW, THEN = "last 4 school weeks", "the 4 school weeks before the last 4"


def ask(measure: str, over: str, codes: tuple[str, ...], comparison: str, number: float | Fraction) -> Ask:
    """One clause of the oracle."""
    return Ask(measure, over, codes, comparison, Fraction(number))


def enough(over: str) -> Condition:
    """The guard of a rate."""
    return ask("possible_sessions", over, (), "at_least", 20)


def rate(over: str, *tests: tuple[str, float]) -> Condition:
    """A band of the absence rate."""
    return All(tuple(ask("absence_rate", over, (), word, number) for word, number in tests))


def band(*tests: tuple[str, float]) -> Condition:
    """A band of the absence rate in the school year, with its guard."""
    return All((enough(YEAR), rate(YEAR, *tests)))


def of_history(
    measure: str,
    kind: str,
    *tests: tuple[str, float],
    codes: tuple[str, ...] = (),
    outcomes: tuple[str, ...] = (),
) -> Condition:
    """A number about a kind of line in history since the latest of them."""
    return All(
        tuple(
            Ask(measure, WHOLE, codes, word, Fraction(number), kinds=(kind,), outcomes=outcomes)
            for word, number in tests
        )
    )


def of_late(*tests: tuple[str, float]) -> Condition:
    """A band of the school year so far, from 80 sessions on, and three days missed of late."""
    days = ask("days_missed", NOW, (), "at_least", 3)
    return All((ask("possible_sessions", YEAR, (), "at_least", 80), rate(YEAR, *tests), days))


def school_year_begun(above: float) -> Condition:
    """So many school days of the year have passed."""
    return ask("school_days", YEAR, (), "above", above)


JANUARY = date(2026, 1, 5)
NEAR = Until(JANUARY, of_late(("at_least", 8), ("below", 10)), of_late(("at_least", 7), ("below", 10)))
N_TODAY = ask("coded_sessions", "today", ("N",), "at_least", 1)
C2_NOW = ask("coded_sessions", "last 1 school weeks", ("C2",), "at_least", 2)
TO_IMPROVE = "notice_to_improve"

SHIPPED: dict[str, Condition] = {
    "new-pupil-return": All((ask("days_since_admission", WHOLE, (), "at_most", 5), school_year_begun(6))),
    "deletion-return": ask("days_to_leaving", WHOLE, (), "at_most", 20),
    "tell-the-social-worker": Only(lambda pupil: pupil.social_worker, N_TODAY),
    "tell-the-youth-offending-worker": Only(lambda pupil: "youth offending worker" in pupil.flags, N_TODAY),
    "missing-education": AnyOf(
        (
            ask("consecutive_absent_days", WHOLE, ("N", "O"), "at_least", 10),
            All(
                (
                    ask("consecutive_absent_days", WHOLE, ("N", "O"), "at_least", 3),
                    of_history(
                        "sessions_since_event",
                        "home_visit",
                        ("at_least", 1),
                        codes=("N", "O"),
                        outcomes=("no answer", "nobody there"),
                    ),
                )
            ),
        )
    ),
    "suspension-goes-on": All(
        tuple(
            ask("consecutive_absent_days", WHOLE, ("E",), *each) for each in (("at_least", 2), ("below", 6))
        )
    ),
    "suspension-without-provision": ask("consecutive_absent_days", WHOLE, ("E",), "at_least", 6),
    "penalty-notice-may-be-asked-for": ask("coded_sessions", "last 10 school weeks", NOTICE, "at_least", 10),
    "no-third-penalty-notice": All(
        (
            ask("sessions_towards_notice", "last 10 school weeks", NOTICE, "at_least", 10),
            ask("notices_to_one_parent", "last 3 years", (), "at_least", 2),
        )
    ),
    "notice-to-improve-runs": of_history("days_since_event", TO_IMPROVE, ("below", 30)),
    "notice-to-improve-broken": All(
        (
            of_history("days_since_event", TO_IMPROVE, ("below", 30)),
            of_history("sessions_since_event", TO_IMPROVE, ("at_least", 1), codes=NOTICE),
        )
    ),
    "notice-to-improve-over": of_history("days_since_event", TO_IMPROVE, ("at_least", 30), ("at_most", 40)),
    "contract-review": of_history("days_since_event", "contract", ("at_least", 20), ("at_most", 60)),
    "contract-meeting-missed": All(
        (
            of_history("days_since_event", "contract", ("at_most", 60)),
            Ask(
                "events",
                "last 10 school days",
                (),
                "at_least",
                Fraction(1),
                kinds=("meeting",),
                outcomes=("missed",),
            ),
        )
    ),
    "part-time-timetable-begins": C2_NOW,
    "part-time-timetable-review": All(
        (C2_NOW, ask("coded_sessions", "the 2 school weeks before the last 3", ("C2",), "at_least", 2))
    ),
    "part-time-timetable-too-long": All(
        (C2_NOW, ask("coded_sessions", "the 2 school weeks before the last 6", ("C2",), "at_least", 2))
    ),
    "not-required-at-school-age": ask("sessions_towards_return", NOW, ("X",), "at_least", 1),
    "early-support-plan": NEAR,
    "support-plan-reviewed": NEAR,
    "wider-help": All(
        (
            of_late(("at_least", 10), ("below", 50)),
            of_history("days_since_event", "plan", ("at_least", 20), ("at_most", 60)),
        )
    ),
    "joined-in-the-year": All((ask("days_since_admission", WHOLE, (), "at_most", 10), school_year_begun(11))),
    "welcome-back": All(
        (
            ask("coded_sessions", "today", ("/", "\\", "L"), "at_least", 1),
            ask("coded_sessions", "the 5 school days before the last 1", DAY, "at_least", 10),
        )
    ),
    "on-time-again": All(
        (
            ask("late_sessions", THEN, (), "at_least", 5),
            ask("late_sessions", NOW, (), "below", 1),
            enough(NOW),
        )
    ),
    "one-weekday-missed": Ask(
        "weekday_pattern", "last 10 school weeks", ABSENT, "at_least", Fraction(1), one_in=5000
    ),
    "illness-again": Only(
        lambda pupil: not {"medical", "medical evidence"} & {*pupil.flags},
        ask("spells", YEAR, ("I",), "at_least", 6),
    ),
    "after-the-register-closed": ask("coded_sessions", NOW, ("U",), "at_least", 5),
    "near-persistent-absence": band(("at_least", 5), ("below", 10)),
    "persistent-absence": band(("at_least", 10), ("below", 50)),
    "severe-absence": band(("at_least", 50)),
    "penalty-notice-threshold": ask(
        "sessions_towards_notice", "last 10 school weeks", NOTICE, "at_least", 10
    ),
    "reason-not-established": ask("age_of_oldest", WHOLE, ("N",), "above", 5),
    "absent-without-reason": ask("coded_sessions", "today", ("N",), "at_least", 1),
    "joint-enquiries": AnyOf(
        (
            ask("finished_absent_days", WHOLE, ("G", "N", "O"), "at_least", 20),
            All(
                (
                    ask("finished_absent_days", WHOLE, ("G", "N", "O"), "exactly", 10),
                    ask("finished_absent_days", WHOLE, ("C", "C1", "G", "N", "O"), "above", 10),
                )
            ),
        )
    ),
    "attendance-return": ask("days_towards_return", WHOLE, NOTICE, "at_least", 10),
    "sickness-return": AnyOf(
        (
            ask("days_towards_return", WHOLE, ("I",), "at_least", 10),
            ask("sessions_towards_return", YEAR, ("I",), "at_least", 30),
        )
    ),
    "golden-hour-call": All(
        (
            ask("mark_awaited", "today", (), "at_least", 1),
            enough(NOW),
            rate(NOW, ("at_least", 5), ("below", 15)),
        )
    ),
    "falling-attendance": All((enough(NOW), enough(THEN), ask("absence_change", NOW, (), "at_least", 5))),
    "improved-attendance": All(
        (
            enough(NOW),
            enough(THEN),
            rate(THEN, ("at_least", 10)),
            ask("absence_change", NOW, (), "at_most", -5),
        )
    ),
    **{f"absence-day-{n}": ask("consecutive_absent_days", WHOLE, DAY, "exactly", n) for n in (1, 2, 3)},
}
"""What each shipped rule about a pupil means, written again by hand."""
