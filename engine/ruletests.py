"""The tests that stand beside the rules: marks and a day in, results out, by the real path.

What fails comes back as file, name and difference, for people; a test that cannot be read is a problem
at its line.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from engine.inference.agree import Inference
from engine.reasons import Reason
from engine.rulebook.calendars import TestCalendar
from engine.rulebook.problems import Problem, nearest
from engine.rulebook.rulebook import Rulebook, Source
from engine.rulebook.shapes import EVERY_RULE, ExpectedTaskShape, ExpectShape, PackShape, TestShape
from engine.rulebook.typed import shaped
from engine.rulebook.yaml_source import Tree, read_yaml
from engine.scenes import NONE, MadeTask, Scene, Seen

_NOTHING = "nothing"


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

    @property
    def rules(self) -> tuple[str, ...]:
        """The rules that it expects something of."""
        return tuple(name for name, _ in self.expect)


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
        scene = Scene.of(test.shape, calendar, rulebook)
    except ValueError as wrong:
        return (Difference("test", "marks and a day that can be read", str(wrong)),)
    return differences(test, scene, inference)


def differences(test: RuleTest, scene: Scene, inference: Inference) -> tuple[Difference, ...]:
    """What the scene of a test shows different from what the test expects."""
    seen = scene.seen(test.rules, inference)
    return tuple(
        difference for name, expected in test.expect for difference in _compare(name, expected, seen[name])
    )


def _test(tree: Tree, number: int, data: object, rulebook: Rulebook) -> RuleTest | None:
    path = ("tests", number)
    shape = shaped(tree, path, data, TestShape)
    if shape is None:
        return None
    names = {rule.id for rule in rulebook.rules}
    broken = {problem.rule for problem in rulebook.problems}  # told already, where the mistake is
    said = shape.expect
    if EVERY_RULE in said:
        said = {rule.id: _NOTHING for rule in rulebook.rules if rule.place.file == tree.file}
    expect = []
    for rule, wanted in said.items():
        here = (*path, "expect", rule)
        full = shaped(tree, here, {"result": wanted} if isinstance(wanted, str) else wanted, ExpectShape)
        if rule not in names | broken:
            tree.problems.append(tree.problem(here, f"there is no rule {rule!r}", nearest(rule, names)))
        elif full and rule in names:
            expect.append((rule, full))
    return RuleTest(tree.file, tree.place(path)[0], shape, tuple(expect))


def _compare(rule: str, expected: ExpectShape, seen: Seen) -> Iterator[Difference]:
    if expected.result == _NOTHING:
        if seen.makes_something:
            yield Difference(rule, _NOTHING, f"{seen.outcome} ({seen.why})")
    elif seen.result != expected.result:
        yield Difference(rule, expected.result, f"{seen.result} ({seen.why})")
        return
    if expected.short_by is not None and float(expected.short_by) not in seen.short_by:
        yield Difference(rule, f"short by {expected.short_by}", f"short by {list(seen.short_by)}")
    for key, wanted, said in (
        ("outcome", expected.outcome, seen.outcome),
        ("stage", expected.stage, seen.stage),
        ("message", expected.message, seen.message),
        ("sent", expected.sent, seen.sent),
        ("ground", expected.ground, seen.ground),
        ("case", expected.case, seen.case),
    ):
        if wanted not in {None, said}:
            yield Difference(rule, f"{key} {wanted}", str(said or NONE))
    if expected.reasons is not None and set(expected.reasons) != set(seen.reasons):
        yield Difference(rule, f"reasons {_listed(expected.reasons)}", _listed(seen.reasons))
    if expected.tasks is not None and not _same_tasks(expected.tasks, seen.tasks):
        yield Difference(rule, f"tasks {_told(expected.tasks)}", _told(seen.tasks))


def _same_tasks(expected: list[ExpectedTaskShape], made: tuple[MadeTask, ...]) -> bool:
    """Whether these are the tasks, one for one: a day stands for any minute of it."""
    return len(expected) == len(made) and all(
        wanted.do in {"", task.do} and wanted.by in {"", task.by} and task.due.startswith(wanted.due)
        for wanted, task in zip(expected, made, strict=True)
    )


def _listed(reasons: Iterable[Reason]) -> str:
    return ", ".join(reasons) or NONE


def _told(tasks: list[ExpectedTaskShape] | tuple[MadeTask, ...]) -> str:
    said = [
        " ".join(filter(None, (task.do, task.by and f"by {task.by}", task.due and f"due {task.due}")))
        for task in tasks
    ]
    return "; ".join(said) or NONE
