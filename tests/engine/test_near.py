"""Who is nearly there: whatever is said of it comes true when it is done; of all else nothing is said."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from random import Random

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from engine.instants import Instants, read_instant
from engine.match import FALSE, TRUE, Judge
from engine.near import Near, nearest
from engine.records import HALVES, Event
from engine.rulebook.model import Rule
from engine.rulebook.rulebook import Source, read_rulebook
from engine.sample import school
from tests.engine import worlds
from tests.engine.oracle import World
from tests.engine.small import rule, small

pytestmark = pytest.mark.uncounted

THURSDAY = "2025-09-11T16:00"
SURE = (
    "{late_sessions: {over: last 5 school days, at_least: 2}}",
    "{coded_sessions: {over: last 2 school weeks, codes: [O, N], at_least: 3}}",
    "{coded_sessions: {over: last 3 school days, codes: [O, N], exactly: 4}}",
    "{coded_sessions: {over: year to date, codes: [I, O], above: 2, below: 5}}",
    "{coded_sessions: {over: this half-term, codes: [O], at_least: 2.5}}",
    "{sessions_towards_notice: {over: last 10 school weeks, codes: penalty notice, at_least: 3}}",
    "{sessions_towards_return: {over: year to date, codes: [I], at_least: 4}}",
    (
        "{all: [{coded_sessions: {over: year to date, codes: [O, I], at_least: 3}},"
        " {coded_sessions: {over: year to date, codes: [I], at_most: 2}}]}"
    ),
    (
        "{all: [{possible_sessions: {over: year to date, at_least: 4}},"
        " {late_sessions: {over: year to date, at_least: 1}}]}"
    ),
)
NEVER = (
    "{weekday_sessions: {over: year to date, codes: [O], on: Friday, at_least: 1}}",
    "{days_missed: {over: year to date, at_least: 3}}",
    "{not: {coded_sessions: {over: year to date, codes: [O], below: 3}}}",
    (
        "{any: [{late_sessions: {over: last 2 school days, at_least: 1}},"
        " {coded_sessions: {over: year to date, codes: [O], at_least: 1}}]}"
    ),
    (
        "{all: [{possible_sessions: {over: year to date, at_least: 4}},"
        " {absence_rate: {over: year to date, at_least: 20}}]}"
    ),
)
MORE = ("", "    grace: 1 school day\n", "    in_force: {until: 2025-10-20}\n")


def yearly(when: str, more: str = "") -> Rule:
    """A rule whose cases are of a school year, so that it may count what it likes."""
    return rule(when, f"    episode: school year\n{more}")


def found(asked: Rule, *lines: str, within: int = 2, at: str = THURSDAY) -> list[tuple[int, int, int]]:
    """Who is near to a rule: row, how many more, and the session."""
    judge = Judge(school(*lines), Instants.of([read_instant(at)]))
    return [(each.row, each.more, each.session) for each in nearest(judge, [judge.judge(asked)], within)]


def test_so_many_sessions_short_by_the_next_that_there_are() -> None:
    """One, two and three short, the third beyond the calendar; none yet is not near, four is there."""
    asked = yearly("{coded_sessions: {over: year to date, codes: [O], at_least: 4}}")
    lines = ("OO O/ // // --", "OO // // // --", "O/ // // // --", "// // // // --", "OO OO // // --")
    assert found(asked, *lines) == [(0, 1, 8), (1, 2, 9)]
    assert found(asked, *lines, within=3) == [(0, 1, 8), (1, 2, 9)], "the calendar has no third session"
    assert found(asked, *(f"{line} --" for line in lines), within=4)[2:] == [(2, 3, 10)]
    assert found(asked, *lines, at="2025-09-11T12:00") == [], "the afternoon has its mark already"


COUNT = "{{coded_sessions: {{over: {}, codes: [O], {}}}}}".format


@pytest.mark.parametrize(
    ("asked", "line"),
    [
        (yearly(COUNT("last 4 school days", "at_least: 3")), "OO // // // --"),
        (yearly(COUNT("year to date", "at_least: 3"), "    grace: 1 school day"), "OO // // // --"),
        (yearly(COUNT("year to date", "exactly: 2")), "OO O/ // // --"),
        (yearly(COUNT("year to date", "at_most: 1")), "OO // // // --"),
        (yearly(COUNT("year to date", "at_least: 3")), "O- O/ // // --"),
        (yearly(COUNT("year to date", "at_least: 3")), "OO // // // /-"),
        (yearly(COUNT("year to date", "at_least: 3"), "    in_force: {until: 2025-09-11}"), "OO // // // --"),
        *((yearly(when), "OO // // // --") for when in NEVER),
    ],
)
def test_what_is_not_sure_is_not_said(asked: Rule, line: str) -> None:
    """What slides out, is in its grace, too many, blank, of tomorrow, out of force; all but counts."""
    assert found(asked, line, within=1) == []


def test_only_what_alone_is_missing_is_told() -> None:
    """One fails; one fails, and another would for one of the codes; two fail; one is in doubt."""
    both = yearly(
        "{all: [{coded_sessions: {over: year to date, codes: [O, I], at_least: 3}},"
        " {coded_sessions: {over: year to date, codes: [I], at_most: 1}}]}"
    )
    assert found(both, "OO // // // --", "OI // // // --", "II // // // --", "O- O/ // // --") == [(0, 1, 8)]


def test_a_rule_about_a_class_has_nobody_near_it() -> None:
    """A list of pupils; nothing is said of classes and schools."""
    text = (
        "{pack: a, rules: {ill: {title: T, because: b, autonomy: send, subject: class,"
        " when: {pupils_absent: {over: last 2 school days, codes: [I], at_least: 1}},"
        " then: [{task: {do: look, by: office, due: same day}}]}}}"
    )
    assert found(read_rulebook([Source("trust", "a.yaml", text)]).rule("ill"), "// // // // --") == []


def test_a_notice_covers_what_would_count() -> None:
    """The next session is under a notice already: it would not count towards another, and nothing is said."""
    asked = yearly("{sessions_towards_notice: {over: year to date, codes: [O], at_least: 2}}")
    for day, rows in ((date(2025, 9, 12), []), (date(2025, 9, 10), [0])):
        notice = Event("P1", "S", "penalty_notice", date(2025, 9, 9), from_=day, until=day)
        judge = Judge(small("// // // O/ --", events=(notice,)), Instants.of([read_instant(THURSDAY)]))
        assert [each.row for each in nearest(judge, [judge.judge(asked)], 1)] == rows


RULES = tuple(yearly(when, more) for when in SURE for more in MORE)


@settings(deadline=None, max_examples=40)
@given(st.randoms(use_true_random=False), st.integers(1, 5))
def test_done_it_comes_true(random: Random, within: int) -> None:
    """Taken in as marks of that pupil's next sessions, any of the codes: each rule holds, and did not."""
    some = worlds.world(random, weeks=6, pupils=6)
    told: list[Near] = []
    for moment in worlds.instants(random, some):
        known = _until(some, moment)
        judge = Judge(worlds.snapshot(known), Instants.of([moment]))
        judged = [judge.judge(asked) for asked in RULES]
        told = list(nearest(judge, judged, within))
        for near in told:
            assert judge.judge(near.rule).results[near.row, 0] == FALSE
            assert _after(known, judge, near, random) == TRUE
    event(f"tells of {min(len(told), 3)} or more")


def _until(some: World, moment: datetime) -> World:
    """The same without the marks of sessions that have not closed."""
    calendar = worlds.snapshot(some).calendar
    closed = {calendar.name(at) for at in range(int(calendar.closed(Instants.of([moment]))[0]))}
    kept = {key: code for key, code in some.marks.items() if (key[1].isoformat(), HALVES[key[2]]) in closed}
    return replace(some, marks=kept)


def _after(some: World, judge: Judge, near: Near, random: Random) -> int:
    """What the rule says at the close of the last of these sessions, once each carries one of the codes."""
    calendar, first = judge.snapshot.calendar, near.session - near.more + 1
    upn = judge.snapshot.register.upns[near.row]
    added = {
        (upn, date.fromordinal(int(calendar.day[place])), int(calendar.half[place])): random.choice(
            near.codes
        )
        for place in range(first, near.session + 1)
    }
    close = calendar.register_closes(near.session)
    again = worlds.snapshot(replace(some, marks=dict(some.marks) | added))
    return int(Judge(again, Instants.of([close])).judge(near.rule).results[near.row, 0])
