"""The tests that stand beside the rules: marks and a day in, results out, by the real path.

What fails comes back as file, name and difference, for people; a test that cannot be read is a problem
at its line.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time

from engine import sample
from engine.calendar import holds_session
from engine.decide import Standing, decide
from engine.explain import Explanation, explain
from engine.grounds import OpenCase
from engine.inference.agree import Inference
from engine.instants import local_instant, read_instant
from engine.judged import Judged
from engine.reasons import Reason
from engine.records import HALVES, Event, Pupil, SchoolDay
from engine.rulebook.calendars import TestCalendar
from engine.rulebook.model import Rule
from engine.rulebook.problems import Problem, nearest
from engine.rulebook.rulebook import Rulebook, Source
from engine.rulebook.shapes import ExpectShape, PackShape, TestShape
from engine.rulebook.typed import shaped
from engine.rulebook.yaml_source import Tree, read_yaml
from engine.snapshot import Snapshot

_UPN = "TEST"


@dataclass(frozen=True, slots=True)
class RuleTest:
    """One test of a pack: where it stands, what it is called, what it says."""

    file: str
    line: int
    shape: TestShape
    expect: tuple[tuple[str, ExpectShape], ...]

    @property
    def name(self) -> str:
        """The sentence it is called by."""
        return self.shape.name


@dataclass(frozen=True, slots=True)
class Difference:
    """What a test expected of a rule, and what the rule said."""

    rule: str
    expected: str
    said: str

    def __str__(self) -> str:
        return f"{self.rule}: expected {self.expected}, was {self.said}"


def read_tests(
    source: Source, rulebook: Rulebook, calendars: Collection[str] | None = None
) -> tuple[tuple[RuleTest, ...], tuple[Problem, ...]]:
    """The tests of one rule file, and the problems of those that cannot be read or name no calendar.

    Without the names of `calendars` nothing is said of them: `run_test` finds one missing too.
    """
    if source.unread:
        return (), ()
    tree = read_yaml(source.file, source.text)
    pack = shaped(tree, (), tree.data, PackShape) if not tree.problems else None
    tests = []
    for number, data in enumerate(pack.tests if pack else ()):
        test = _test(tree, number, data, rulebook)
        if test:
            tests.append(test)
        named = test.shape.calendar if test else ""
        if test and calendars is not None and named not in calendars:
            here, do = (
                ("tests", number, "calendar"),
                f"calendars are: {', '.join(sorted(calendars)) or 'none'}",
            )
            what = f"there is no calendar {named!r} in rules/calendars"
            tree.problems.append(tree.problem(here, what, nearest(named, calendars), do))
    return tuple(tests), tuple(tree.problems)


def run_test(
    test: RuleTest, rulebook: Rulebook, calendars: Mapping[str, TestCalendar], inference: Inference
) -> tuple[Difference, ...]:
    """What a test finds different from what it expects; nothing where it passes."""
    calendar = calendars.get(test.shape.calendar)
    if calendar is None:
        meant = nearest(test.shape.calendar, calendars)
        wanted = f"calendar {test.shape.calendar!r}"
        return (Difference("calendar", wanted, f"not in rules/calendars {meant}".rstrip()),)
    try:
        snapshot = _snapshot(test.shape, calendar)
        as_of = read_instant(test.shape.as_of)
    except (ValueError, OverflowError) as wrong:  # the latter: days beyond the year 9999
        return (Difference("test", "marks and a day that can be read", str(wrong)),)
    judged = Judged.of(snapshot, rulebook, as_of)
    decided = decide(judged, inference, _standing(judged, rulebook, test.shape))
    outcomes = {(each.subject, each.rule.id): each.outcome.value for each in decided.decisions}
    reasons = {(each.subject, each.rule.id): each.reasons for each in decided.decisions}
    return tuple(
        difference
        for name, expected in test.expect
        for difference in _compare(judged, rulebook.rule(name), expected, outcomes, reasons)
    )


def _test(tree: Tree, number: int, data: object, rulebook: Rulebook) -> RuleTest | None:
    path = ("tests", number)
    shape = shaped(tree, path, data, TestShape)
    if shape is None:
        return None
    names = {rule.id for rule in rulebook.rules}
    broken = {problem.rule for problem in rulebook.problems}  # told already, where the mistake is
    expect = []
    for rule, said in shape.expect.items():
        here = (*path, "expect", rule)
        wanted = shaped(tree, here, {"result": said} if isinstance(said, str) else said, ExpectShape)
        if rule not in names | broken:
            tree.problems.append(tree.problem(here, f"there is no rule {rule!r}", nearest(rule, names)))
        elif wanted and rule in names:
            expect.append((rule, wanted))
    return RuleTest(tree.file, tree.place(path)[0], shape, tuple(expect))


def _compare(
    judged: Judged,
    rule: Rule,
    expected: ExpectShape,
    outcomes: Mapping[tuple[str, str], str],
    reasons: Mapping[tuple[str, str], tuple[Reason, ...]],
) -> Iterator[Difference]:
    (subject,) = judged.subjects(rule.subject)
    found = explain(judged.judge, judged.judgements[rule.id], 0)
    if found.result.value != expected.result:
        yield Difference(rule.id, expected.result, f"{found.result.value} ({found.because})")
        return
    if expected.short_by is not None and float(expected.short_by) not in _shortfalls(found):
        yield Difference(rule.id, f"short by {expected.short_by}", f"short by {_shortfalls(found)}")
    outcome = outcomes.get((subject, rule.id), "none")
    if expected.outcome is not None and outcome != expected.outcome:
        yield Difference(rule.id, f"outcome {expected.outcome}", outcome)
    given = reasons.get((subject, rule.id), ())
    if expected.reasons is not None and set(given) != set(expected.reasons):
        yield Difference(rule.id, f"reasons {_listed(expected.reasons)}", _listed(given))


def _listed(reasons: Iterable[Reason]) -> str:
    return ", ".join(reasons) or "none"


def _shortfalls(found: Explanation) -> list[float]:
    return [float(str(line["by"])) for line in found.short_by]


def _standing(judged: Judged, rulebook: Rulebook, shape: TestShape) -> dict[str, Standing]:
    """What the test says of the past: open cases on today's ground with stages done, and closings."""
    cases = []
    for ladder, stages in shape.done.items():
        held = [judged.held[rule.id].get(0) for rule in rulebook.rules if rule.on_ladder == ladder]
        on = next(filter(None, held), "")
        done = tuple(sorted(stages.items()))
        opened_at = local_instant(min(stages.values()), time())
        cases.append(OpenCase(ladder, ladder, on, max(stages), opened_at, open=True, done=done))
    return {_UPN: Standing(tuple(cases), closed=tuple(shape.closed.items()))}


def _snapshot(shape: TestShape, calendar: TestCalendar) -> Snapshot:
    said = shape.pupil
    pupil = Pupil(
        _UPN,
        calendar.school.school_id,
        "Tess",
        "Test",
        said.year_group,
        said.admitted_on,
        said.left_on,
        None if said.date_of_birth == "unknown" else said.date_of_birth,
        form=said.form,
        flags=tuple(said.flags),
        social_worker=said.social_worker,
        looked_after=said.looked_after,
        medical=said.medical,
        young_carer=said.young_carer,
        sex=said.sex,
        fsm=said.fsm,
        sen=said.sen,
        eal=said.eal,
        ethnicity=said.ethnicity,
    )
    events = [
        Event(_UPN, calendar.school.school_id, e.kind, e.on, e.since, e.until, e.contact_id, e.outcome)
        for e in shape.history
    ]
    marks = sample.grid({_UPN: _marks(shape, calendar)})
    return Snapshot.build(
        sample.facts(calendar.school, calendar.days, calendar.terms, [pupil], marks, events)
    )


def _marks(shape: TestShape, calendar: TestCalendar) -> dict[tuple[date, int], str]:
    """Every session present (unless the test says otherwise), then the marks the test gives."""
    marks: dict[tuple[date, int], str] = {}
    if shape.present_otherwise:
        for row in calendar.days:
            marks.update(_present(row))
    for first, line in shape.marks.items():
        days = sample.tokens(line)
        for day, pair in zip(sample.weekdays(first, len(days)), days, strict=True):
            for half, code in enumerate(pair):
                marks[day, half] = _as_taken(code, half)
    return marks


def _present(row: SchoolDay) -> dict[tuple[date, int], str]:
    return {(row.date, at): "/\\"[at] for at, half in enumerate(HALVES) if holds_session(row, half)}


def _as_taken(code: str, half: int) -> str:
    """`/` stands for present in either half of a compact line."""
    return "\\" if code == "/" and half else code
