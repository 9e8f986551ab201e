"""A rule that waits: held so long, nothing of the last days, nothing that it requires missing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.decide import Standing
from engine.explain import explain
from engine.inference.agree import Inference
from engine.inference.facts import NOT_YET, Voice
from engine.instants import Instants, read_instant
from engine.match import FALSE, TRUE, UNKNOWN, Judge, Judgement
from engine.measures import MEASURES
from engine.patience import waits
from engine.reasons import Outcome, Reason
from engine.rulebook.model import Rule, clauses
from engine.rulebook.patience import Requirement
from engine.rulebook.rulebook import Source, read_rulebook
from engine.sample import AFTER, school
from engine.windows import SPELLINGS, Window
from tests.engine import worlds
from tests.engine.deciding import by_rule, case, decided, short
from tests.engine.small import book, rule, small

ILL = "{coded_sessions: {over: today, codes: [I], at_least: 1}}"
HELD = "    hold_for: 2 school days"
REQUIRED = (
    "    requires: [{title: four sessions, when: {possible_sessions: {over: year to date, at_least: 4}}}]"
)


def judged(asked: Rule, *lines: str, at: str = "2025-09-11T16:00") -> Judgement:
    """What a rule says of pupils with these marks from a Monday on, as of Thursday's end."""
    return Judge(school(*lines), Instants.of([read_instant(at)])).judge(asked)


def test_a_rule_has_held_where_it_held_at_the_close_of_each_day_before() -> None:
    """Ill today and on both days before; not yesterday; perhaps yesterday; not the day before that."""
    found = judged(rule(ILL, HELD), "// I/ I/ I/", "I/ I/ // I/", "// I/ -/ I/", "I/ // I/ I/")
    (held,) = found.before
    assert held.truth[:, 0].tolist() == [TRUE, FALSE, UNKNOWN, FALSE]
    assert [len(waits(found.before, row)) for row in range(4)] == [0, 1, 1, 1]
    assert held.sentence(1) == "it did not hold at the close of each of the 2 school days before"
    assert (
        held.sentence(2) == "whether it held at the close of each of the 2 school days before cannot be told"
    )


@pytest.mark.parametrize(
    ("at", "truth"),
    [
        ("2025-09-07T16:00", FALSE),
        ("2025-09-08T16:00", FALSE),
        ("2025-09-09T16:00", FALSE),
        ("2025-09-10T08:00", FALSE),
        ("2025-09-10T09:15", TRUE),
        ("2025-09-13T12:00", TRUE),
    ],
)
def test_the_days_before_are_those_before_the_last_closed_session(at: str, truth: int) -> None:
    """No day before the calendar is one; a Saturday, or a day that has not begun, is no day more."""
    (held,) = judged(
        rule("{coded_sessions: {over: whole register, codes: [I], at_least: 1}}", HELD),
        "I/ // // // //",
        at=at,
    ).before
    assert held.truth.tolist() == [[truth]]


@settings(deadline=None, max_examples=60)
@given(st.randoms(use_true_random=False), st.integers(1, 3))
def test_held_is_what_the_rule_itself_said_at_those_closes(random: Random, days: int) -> None:
    """One judgement at many closes at once says what as many judgements say, one close at a time."""
    some = worlds.world(random, weeks=2, pupils=3)
    snapshot, moments = worlds.snapshot(some), worlds.instants(random, some)
    asked = rule(
        "{coded_sessions: {over: last 2 school days, codes: [I, O, N], at_least: 1}}",
        f"    hold_for: {days} school days",
    )
    (held,) = Judge(snapshot, Instants.of(moments)).judge(asked).before
    calendar = snapshot.calendar
    for number, moment in enumerate(moments):
        closed = [at for at in range(calendar.day.size) if calendar.closes[at] <= moment.timestamp()]
        begun = sorted({int(calendar.day[at]) for at in closed})
        wanted = begun[-1 - days : -1] if len(begun) > days else []
        truths = []
        for day in wanted:
            last = max(at for at in range(calendar.day.size) if calendar.day[at] == day)
            then = Instants.of([datetime.fromtimestamp(int(calendar.closes[last]), tz=moment.tzinfo)])
            truths.append(
                [
                    said if said <= TRUE else FALSE
                    for said in Judge(snapshot, then).judge(asked).results[:, 0].tolist()
                ]
            )
        expected = [min(column) for column in zip(*truths, strict=True)] or [FALSE] * len(snapshot.people)
        assert held.truth[:, number].tolist() == expected


def test_what_a_rule_requires_is_judged_beside_it_and_named() -> None:
    """Four sessions are there, or not, or perhaps; the sentence says which, the evidence how many."""
    judge = Judge(school("I/ I/", "// II", "I# #I", "I/ --"), AFTER)
    found = judge.judge(rule("{coded_sessions: {over: whole register, codes: [I], at_least: 1}}", REQUIRED))
    assert found.before[0].truth[:, 0].tolist() == [TRUE, TRUE, FALSE, UNKNOWN]
    missing, doubtful, met = (explain(judge, found, row) for row in (2, 3, 0))
    assert missing.because == "it holds; not yet: 'four sessions' is missing"
    assert doubtful.because == "it holds; not yet: whether 'four sessions' cannot be told"
    assert met.because == "it holds"
    assert [(line["measure"], line["numerator"]) for line in missing.evidence] == [
        ("coded_sessions", 2),
        ("possible_sessions", 2),
    ]
    assert [each.reason for each in waits(found.before, 2)] == [Reason.REQUIREMENT_MISSING]


def test_what_is_required_is_missing_while_its_threshold_has_no_value() -> None:
    """No number is not 0: nothing acts on a requirement that nobody has set yet, however it came about."""
    text = (
        "{pack: a, thresholds: {few: {title: Few, unit: sessions, values: {always: 1}}},"
        " rules: {tried: {title: T, because: b, autonomy: send, when: " + ILL + ","
        " requires: [{title: few, when: {possible_sessions: {over: today, at_least: few}}}],"
        " then: [{task: {do: look, by: office, due: same day}}]}}}"
    )
    asked = read_rulebook([Source("trust", "a.yaml", text)]).rule("tried")

    def later(required: Requirement) -> Requirement:
        (clause,) = clauses(required.when)
        (test,) = clause.tests
        few = replace(test.threshold, values=((date(2025, 9, 12), 100),))  # type: ignore[type-var]
        return replace(required, when=replace(clause, tests=(replace(test, threshold=few),)))

    asked = replace(asked, patience=asked.patience.each(later))
    for day, truth in ((11, FALSE), (12, TRUE)):
        found = judged(asked, "// // // // //", at=f"2025-09-{day}T16:00")
        assert found.before[0].truth.tolist() == [[truth]]


@settings(deadline=None, max_examples=60)
@given(st.randoms(use_true_random=False), st.integers(1, 6), st.sampled_from([*SPELLINGS]))
def test_a_window_with_grace_is_the_window_of_that_earlier_day(
    random: Random, grace: int, words: str
) -> None:
    """It ends before the last school days, and reaches back from there; a year begins when it begins."""
    some = worlds.world(random, weeks=4, pupils=1)
    calendar, moments = worlds.snapshot(some).calendar, worlds.instants(random, some)
    window = Window.parse(words)
    for moment in moments:
        now = Instants.of([moment])
        begun = sorted({int(day) for day in calendar.day if day <= now.days[0]})
        kept = [
            at for at in range(int(calendar.closed(now)[0])) if int(calendar.day[at]) not in begun[-grace:]
        ]
        found, plain = window.without_last(grace).bounds(calendar, now), window.bounds(calendar, now)
        if window.count == 0 or not kept:
            assert found.lo[0] == min(plain.lo[0], len(kept))
            assert found.hi[0] == min(plain.hi[0], len(kept))
        else:
            close = datetime.fromtimestamp(int(calendar.closes[kept[-1]]), tz=moment.tzinfo)
            then = window.bounds(calendar, Instants.of([close]))
            assert (found.lo[0], found.hi[0]) == (then.lo[0], then.hi[0])


MORE = {
    "absence_rate": "over: year to date",
    "absence_change": "over: last 4 school days",
    "projected_absence_rate": "over: year to date",
    "possible_sessions": "over: last 2 school weeks",
    "coded_rate": "over: year to date, codes: [I, O, N]",
    "weekday_sessions": "over: year to date, codes: [I, O, N], on: Monday",
}


@settings(deadline=None, max_examples=25)
@given(st.randoms(use_true_random=False), st.integers(1, 4))
def test_no_measure_looks_at_a_mark_of_its_grace(random: Random, grace: int) -> None:
    """Other marks on the last school days change no answer of any measure of a pupil."""
    some = worlds.world(random, weeks=4, pupils=3)
    (moment, *_) = worlds.instants(random, some)
    calendar = worlds.snapshot(some).calendar
    late = [day for day in calendar.dates if day <= moment.date()][-grace:]
    other = {
        key: random.choice(("I", "O", "N", "/", "L")) if key[1] in late else code
        for key, code in some.marks.items()
    }
    judges = [
        Judge(worlds.snapshot(each), Instants.of([moment])) for each in (some, replace(some, marks=other))
    ]
    for name, measure in MEASURES.items():
        if measure.early or "pupil" not in measure.subjects or not {"over", "codes"} & set(measure.takes):
            continue
        takes = {
            "over": "over: last 8 school days",
            "codes": "codes: [I, O, N]",
            "kinds": "kinds: [meeting]",
            "one_in": "one_in: 2",
        }
        said = MORE.get(name) or ", ".join(takes[key] for key in measure.takes)
        floors = [f"{{possible_sessions: {{over: {over}, at_least: 1}}}}" for over in _divided(name)]
        whole = f"{{all: [{', '.join((*floors, f'{{{name}: {{{said}, at_least: 2}}}}'))}]}}"
        asked = rule(whole, f"    episode: school year\n    grace: {grace} school days")
        before, after = (judge.judge(asked).results.tolist() for judge in judges)
        assert before == after, name


def _divided(name: str) -> tuple[str, ...]:
    over = MORE.get(name, "").partition("over: ")[2].partition(",")[0]
    measure = MEASURES[name]
    return tuple(window.words for window in measure.divides(Window.parse(over))) if over else ()


TWO_STAGES = """pack: a
rules:
  lower:
    {title: Lower, because: b, autonomy: send, ladder: l, stage: 1, episode: school year, when: WHEN,
     then: [{task: {do: talk, by: office, due: same day}}]}
  upper:
    {title: Upper, because: b, autonomy: send, ladder: l, stage: 2, episode: school year, when: WHEN,
     after: {stage: 1, done_for: 1 school day}, hold_for: 1 school day, rearm: 2 school days,
     requires: [{title: ten, when: {possible_sessions: {over: year to date, at_least: 10}}}],
     then: [{task: {do: meet, by: office, due: same day}}]}
""".replace("WHEN", "{coded_sessions: {over: last 5 school days, codes: [O], at_least: 1}}")


def test_a_stage_that_waits_says_all_that_it_waits_for_and_lets_the_lower_act(inference: Inference) -> None:
    """Four reasons at once, in both engines; and what has acted already waits for nothing."""
    stages = read_rulebook([Source("trust", "a.yaml", TWO_STAGES)])
    assert stages.problems == ()
    lately = Standing(closed=(("l", date(2025, 9, 10)),))
    found = by_rule(decided(inference, small("// // // OO"), "2025-09-11T16:00", lately, rulebook=stages))
    assert short(found["lower"]) == (Outcome.ACT, (Reason.RULE_HOLDS,), Voice.NONE)
    nobody_wrote = tuple(reason for reason in NOT_YET if reason is not Reason.REPLY_UNREAD)
    assert short(found["upper"]) == (Outcome.HOLD, nobody_wrote, Voice.NONE)
    assert found["upper"].explained().because == (
        "b; not yet: it did not hold at the close of the school day before, 'ten' is missing"
    )
    acted = Standing((case("l", "2025/26", 2),), closed=lately.closed)
    found = by_rule(decided(inference, small("// // // OO"), "2025-09-11T16:00", acted, rulebook=stages))
    assert short(found["upper"]) == (Outcome.SUPPRESS, (Reason.ALREADY_ACTED,), Voice.NONE)
    assert short(found["lower"]) == (Outcome.SUPPRESS, (Reason.HIGHER_STAGE_ACTED,), Voice.NONE)


def test_a_spell_is_looked_at_without_its_grace(inference: Inference) -> None:
    """Back today: without grace the spell is over and another may begin; with it, it still goes on."""
    ill = "{spells: {over: year to date, codes: [I], at_least: 1}}"
    standing = Standing((case("tried", "2025-09-09", 1),))
    for more, over in (("", 1), ("    grace: 1 school day\n", 0)):
        tried = book(ill, more + "    episode: spell of absence")
        found = decided(inference, small("// II II //"), "2025-09-11T16:00", standing, rulebook=tried)
        assert len(found.closings) == over
