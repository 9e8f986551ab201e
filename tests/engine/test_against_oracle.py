"""The engine's arrays against the slow oracle, on schools made up at random."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from itertools import product
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.explain import explain
from engine.instants import Instants
from engine.match import Judge
from engine.measures import MEASURES, Asked
from engine.measures.measure import WEEKDAYS
from engine.reasons import Result
from engine.rulebook.due import Due
from engine.rulebook.model import Autonomy, Clause, Group, Place, Rule, TaskStep, clauses
from engine.rulebook.model import Condition as EngineCondition
from engine.rulebook.model import Test as Compared
from engine.truth import Comparison
from engine.windows import Window
from tests.engine import shipped, worlds
from tests.engine.conditions import All, AnyOf, Condition, Not, Only, Some, Until
from tests.engine.filled import Ask
from tests.engine.oracle import World
from tests.engine.shipped_by_hand import DAY, NOTICE, SHIPPED, WHOLE, YEAR

pytestmark = pytest.mark.uncounted

COMPARED = (
    *(f"last {n} school {unit}" for n in (1, 3, 10) for unit in ("days", "weeks")),
    *(
        f"the {n} school {unit} before the last {m}"
        for n, m in ((1, 2), (4, 4))
        for unit in ("days", "weeks")
    ),
)
TERMS = ("this half-term", "last half-term", "this term", "last term")
DATES = ("last 1 days", "last 20 days", "last 1 months", "last 3 months", "last 1 years")
WINDOWS = ("today", YEAR, WHOLE, *COMPARED, *COMPARED, *TERMS, *DATES)
KINDS = (("meeting",), ("penalty_notice", "meeting"), ("plan",))
OUTCOMES = ((), (), ("withdrawn",), ("missed", ""))
ONE_IN = (2, 5, 40)
NUMBERS = {
    "absence_rate": (0, 500, 750, 1000, 3333, 5000, 10000),
    "possible_sessions": (0, 100, 250, 2000),
    "coded_sessions": (0, 100, 150, 200, 1000),
    "consecutive_absent_days": (0, 100, 150, 200, 300, 1000, 6200),
    "age_of_oldest": (0, 100, 500, 550, 600),
    "sessions_towards_notice": (0, 100, 300, 1000),
    "absence_change": (-2000, -500, 0, 250, 500, 5000),
    "projected_absence_rate": (0, 500, 1000, 3333, 10000),
    "days_missed": (0, 50, 100, 250, 1000),
    "lessons_missed": (0, 250, 300, 1500),
    "late_sessions": (0, 100, 150, 300),
    "weekday_sessions": (0, 100, 150, 300),
    "sessions_towards_return": (0, 100, 300, 1000, 3000),
    "finished_absent_days": (0, 100, 150, 200, 300, 1000),
    "days_towards_return": (0, 100, 150, 200, 300, 1000),
    "spells": (0, 100, 150, 300),
    "mark_awaited": (0, 50, 100),
    "coded_rate": (0, 500, 1000, 3333, 10000),
    "events": (0, 50, 100, 200),
    "days_since_event": (0, 100, 500, 1000, 1150),
    "sessions_since_event": (0, 100, 200, 1000),
    "notices_to_one_parent": (0, 100, 200),
    "school_days": (0, 100, 500, 1050, 3000),
    "minutes_since_close": (-3000, 0, 500, 40000),
    "weekday_pattern": (0, 100, 200),
    "days_since_admission": (0, 100, 500, 1050, 3000),
    "days_to_leaving": (0, 100, 500, 1050),
}
UNTIL = (-30, 0, 45)
PLACE = Place("test.yaml", 1, 1)

CERTAIN = (
    "new-pupil-return", "deletion-return", "joined-in-the-year", "notice-to-improve-runs",
    "notice-to-improve-over", "contract-review", "contract-meeting-missed",
)  # fmt: skip
"""Rules that no mark can leave in doubt."""

DOUBTS = ("not taken", "date of birth is missing", "no calendar", "terms up to that day")
QUICK = settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
LONG = settings(max_examples=3000, deadline=None, suppress_health_check=list(HealthCheck))
SIZES = {
    "seed": st.integers(0, 2**32),
    "weeks": st.integers(0, 16),
    "pupils": st.integers(0, 4),
}


@dataclass(frozen=True)
class Minutes:
    """A threshold in minutes after close, the same on every day."""

    minutes: int

    def on(self, day: date) -> int:
        """The value of a day, x 100."""
        return 100 * self.minutes


def rule_of(condition: EngineCondition) -> Rule:
    """A rule of the engine around a condition."""
    task = TaskStep("look", "office", Due.parse("same day"))
    return Rule("drawn", "Drawn", "drawn", PLACE, condition, "drawn", Autonomy.SEND, (task,))


def drawn(random: Random, depth: int = 2) -> tuple[Condition, EngineCondition]:
    """The same random condition twice: for the oracle and for the engine."""
    kind = random.choice(("all", "any", "not", "at_least", "clause", "clause")) if depth else "clause"
    if kind == "not":
        ours, theirs = drawn(random, depth - 1)
        return Not(ours), Group("not", (theirs,))
    if kind == "at_least":
        parts = [drawn(random, depth - 1) for _ in range(3)]
        least, both = random.randint(1, 3), tuple(zip(*parts, strict=True))
        return Some(least, both[0]), Group("at_least", both[1], least)
    if kind in {"all", "any"}:
        parts = [drawn(random, depth - 1) for _ in range(random.randint(1, 3))]
        ours = (All if kind == "all" else AnyOf)(tuple(part for part, _ in parts))
        return ours, Group(kind, tuple(part for _, part in parts))
    name = random.choice(sorted(NUMBERS))
    measure = MEASURES[name]
    over = random.choice(COMPARED if name == "absence_change" else WINDOWS)
    over = over if "over" in measure.takes else WHOLE
    codes = random.choice((NOTICE, DAY, ("N",), ("U",), ("I", "C2"))) if "codes" in measure.takes else ()
    on, until, one_in = random.randrange(7), random.choice(UNTIL), random.choice(ONE_IN)
    kinds, outcomes = random.choice(KINDS), random.choice(OUTCOMES)
    asked = Asked(
        Window.parse(over),
        frozenset(codes),
        WEEKDAYS[on],
        Minutes(until),
        frozenset(kinds),
        frozenset(outcomes),
        one_in,
    )
    words = random.sample([each.value for each in Comparison], random.choice((1, 1, 2)))
    tests = [(word, random.choice(NUMBERS[name])) for word in words]
    held = tuple(Compared(Comparison(word), number) for word, number in tests)
    ours = All(
        tuple(
            Ask(name, over, codes, word, Fraction(number, 100), on, until, kinds, outcomes, one_in)
            for word, number in tests
        )
    )
    return ours, Clause(measure, asked, held, PLACE)


def asked(condition: Condition) -> Iterator[Ask]:
    """Every question of a condition written by hand."""
    match condition:
        case Ask():
            yield condition
        case Not(part) | Only(part=part):
            yield from asked(part)
        case Until(before=before, then=then):
            yield from (*asked(before), *asked(then))
        case _:
            for part in condition.parts:
                yield from asked(part)


def compare(some: World, moments: list[datetime], pairs: list[tuple[Condition, Rule]]) -> set[int]:
    """Both answers for every rule, pupil and instant; what was answered comes back."""
    judge = Judge(worlds.snapshot(some), Instants.of(moments))
    said: set[int] = set()
    for ours, rule in pairs:
        results = judge.judge(rule).results
        for (row, upn), (number, moment) in product(
            enumerate(judge.snapshot.register.upns), enumerate(moments)
        ):
            expected = some.judge(ours, upn, moment)
            assert results[row, number] == expected, f"{rule.id} {ours} {upn} {moment.isoformat()}"
            said.add(expected)
    return said


def shipped_rules_agree(seed: int, weeks: int, pupils: int) -> None:
    """One random school under every shipped rule about pupils."""
    random = Random(seed)  # noqa: S311
    some = worlds.world(random, weeks, pupils)
    book = shipped.rulebook()
    compare(
        some, worlds.instants(random, some), [(SHIPPED[name], book.rule(name)) for name in sorted(SHIPPED)]
    )


def drawn_rules_agree(seed: int, weeks: int, pupils: int) -> None:
    """One random school under a dozen random rules."""
    random = Random(seed)  # noqa: S311
    some = worlds.world(random, weeks, pupils)
    pairs = [(ours, rule_of(theirs)) for ours, theirs in (drawn(random) for _ in range(12))]
    compare(some, worlds.instants(random, some), pairs)


@QUICK
@given(**SIZES)
def test_every_shipped_rule_says_what_the_oracle_says(seed: int, weeks: int, pupils: int) -> None:
    """Every shipped rule gives each pupil the answer that trying out every blank gives."""
    shipped_rules_agree(seed, weeks, pupils)


@QUICK
@given(**SIZES)
def test_any_condition_says_what_the_oracle_says(seed: int, weeks: int, pupils: int) -> None:
    """Any measure, window, code set, comparison and threshold, alone or combined, agrees."""
    drawn_rules_agree(seed, weeks, pupils)


@pytest.mark.soak
@LONG
@given(**SIZES)
def test_every_shipped_rule_says_what_the_oracle_says_for_long(seed: int, weeks: int, pupils: int) -> None:
    """The same over thousands of schools, other ones every time."""
    shipped_rules_agree(seed, weeks, pupils)


@pytest.mark.soak
@LONG
@given(**SIZES)
def test_any_condition_says_what_the_oracle_says_for_long(seed: int, weeks: int, pupils: int) -> None:
    """The same over thousands of schools, other ones every time."""
    drawn_rules_agree(seed, weeks, pupils)


def test_every_measure_and_every_shipped_rule_is_tried() -> None:
    """Nothing that a rule may name, and no rule that ships, is left out of what stands above."""
    of_class = {name for name, measure in MEASURES.items() if "pupil" not in measure.subjects}
    assert set(NUMBERS) == set(MEASURES) - of_class
    assert set(SHIPPED) == {rule.id for rule in shipped.rulebook().rules if rule.subject == "pupil"}


@pytest.mark.parametrize("name", sorted(SHIPPED))
def test_a_rule_written_by_hand_asks_what_the_shipped_one_asks(name: str) -> None:
    """Measure, window, comparison: what one of the two has lost seldom shows in a random school."""
    by_hand = {(each.measure, each.over, each.comparison) for each in asked(SHIPPED[name])}
    of_rule = {
        (clause.measure.name, clause.asked.over.words, test.comparison.value)
        for clause in clauses(shipped.rulebook().rule(name).when)
        for test in clause.tests
    }
    assert by_hand == of_rule


def test_random_schools_reach_every_answer_of_every_shipped_rule() -> None:
    """The schools are not too tame: each rule matches, does not match, cannot say and does not apply."""
    random = Random(8)  # noqa: S311
    missing = {(name, answer) for name in SHIPPED for answer in range(4)} - {(name, 1) for name in CERTAIN}
    book = shipped.rulebook()
    for _ in range(600):
        some = worlds.world(random, 16, 3)
        moments = worlds.instants(random, some)
        for name in {name for name, _ in missing}:
            judge = Judge(worlds.snapshot(some), Instants.of(moments))
            missing -= {(name, int(each)) for each in judge.judge(book.rule(name)).results.flat}
        if not missing:
            return
    assert not missing


@QUICK
@given(**SIZES)
def test_a_register_unfinished_is_one_blank_for_its_class(seed: int, weeks: int, pupils: int) -> None:
    """Blanks of a class are its pupils' blanks, and a class nobody of which is on roll is not spoken of."""
    random = Random(seed)  # noqa: S311
    some = worlds.world(random, weeks, pupils)
    moments = worlds.instants(random, some)
    judge = Judge(worlds.snapshot(some), Instants.of(moments))
    rule = shipped.rulebook().rule("register-not-taken")
    judgement = judge.judge(rule)
    latest = {p.upn: p for p in sorted(some.pupils, key=lambda p: p.admitted_on)}
    for row, name in enumerate(judge.snapshot.classes):
        members = [upn for upn, pupil in latest.items() if (pupil.form or pupil.year_group) == name]
        for number, moment in enumerate(moments):
            window = some.window(YEAR, moment)
            blanks = [session for session in window if any(not some.code(upn, session) for upn in members)]
            day = moment.date()
            on_roll = any(some.on_roll(upn, day) for upn in members)
            said = (2 if blanks else 0) if some.sessions else 1
            expected = said if on_roll else 3
            assert judgement.results[row, number] == expected
            sessions = judgement.weighed[0].measured.sessions(row, number)
            assert [judge.snapshot.calendar.name(int(at))[0] for at in sessions] == [
                session.day.isoformat() for session in blanks
            ]


@QUICK
@given(**SIZES)
def test_every_answer_is_explained(seed: int, weeks: int, pupils: int) -> None:
    """Whatever a rule says of a pupil, a sentence says why, and a shortfall says by how much not."""
    random = Random(seed)  # noqa: S311
    some = worlds.world(random, weeks, pupils)
    moments = worlds.instants(random, some)
    judge = Judge(worlds.snapshot(some), Instants.of(moments))
    rules = [*shipped.rulebook().rules, *(rule_of(drawn(random)[1]) for _ in range(4))]
    for rule in rules:
        judgement = judge.judge(rule)
        for row, number in product(range(judge.snapshot.subjects(rule.subject)), range(len(moments))):
            found = explain(judge, judgement, row, number)
            assert found.result is judgement.result(row, number)
            assert found.because
            assert "{" not in found.because
            if found.result is Result.UNKNOWN:
                assert any(words in found.because for words in DOUBTS)
            if rule.id != "drawn":
                lacks = bool(found.short_by) or "there is none" in found.because
                assert lacks == (found.result is Result.NOT_MATCHED)
            for line in found.short_by:
                assert line["value"] is None or float(str(line["by"])) >= 0


@QUICK
@given(**SIZES)
def test_a_vector_of_instants_says_what_each_alone_says(seed: int, weeks: int, pupils: int) -> None:
    """A backtest over many instants and a run as of one of them give the same answers."""
    random = Random(seed)  # noqa: S311
    some = worlds.world(random, weeks, pupils)
    moments = worlds.instants(random, some)
    snapshot = worlds.snapshot(some)
    together = Judge(snapshot, Instants.of(moments))
    for rule in shipped.rulebook().rules:
        results = together.judge(rule).results
        for number, moment in enumerate(moments):
            alone = Judge(snapshot, Instants.of([moment])).judge(rule).results
            assert results[:, [number]].tolist() == alone.tolist()
