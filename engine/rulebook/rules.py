"""From the shape of one rule to the rule itself."""

from __future__ import annotations

import re
from collections.abc import Mapping

from engine.measures import MEASURES
from engine.measures.measure import AFTER_CLOSE
from engine.rulebook.applies_to import read_applies_to
from engine.rulebook.code_sets import CodeSet, read_codes
from engine.rulebook.conditions import Conditions
from engine.rulebook.due import Due
from engine.rulebook.model import (
    After,
    Autonomy,
    Cap,
    Clause,
    Condition,
    Episode,
    Meaning,
    MessageStep,
    Place,
    Rule,
    TaskStep,
    Threshold,
    Wave,
    clauses,
)
from engine.rulebook.problems import nearest
from engine.rulebook.read_patience import read_patience, read_span, with_grace
from engine.rulebook.shapes import MessageShape, RuleShape, TaskShape
from engine.rulebook.typed import shaped
from engine.rulebook.yaml_source import Path, Tree
from engine.truth import Comparison
from engine.wording import FIELDS, PLACEHOLDER

_HOURS = re.compile(r"([1-9][0-9]?) hours?")
_WHOLE = 100
_CAP = re.compile(r"([0-9]{1,6})( percent of roll)?")
RUNS = frozenset(name for name, measure in MEASURES.items() if measure.run)
_FLOORS = frozenset({Comparison.AT_LEAST, Comparison.ABOVE})


def read_rule(
    tree: Tree,
    pack: str,
    name: str,
    data: object,
    thresholds: Mapping[str, Threshold],
    meanings: Mapping[str, Meaning],
    code_sets: Mapping[str, CodeSet],
) -> Rule | None:
    """One rule, or None with its problems added to the tree."""
    path: Path = ("rules", name)
    before = len(tree.problems)
    shape = shaped(tree, path, data, RuleShape)
    if shape is None:
        return None
    conditions = Conditions(tree, thresholds, shape.subject, meanings, code_sets)
    patience = read_patience(tree, path, shape, conditions, _required_tasks(tree, path, shape, thresholds))
    when = conditions.read(shape.when, (*path, "when"))
    clears = None
    if shape.clears_when is not None:
        clears = conditions.read(shape.clears_when, (*path, "clears_when"))
    if patience.grace:
        when, clears = (each and with_grace(tree, path, each, patience.grace) for each in (when, clears))
    tasks = tuple(
        task
        for number, step in enumerate(shape.then)
        if step.task
        and (
            task := read_task(
                tree, (*path, "then", number, "task"), step.task, thresholds, may_share=_an_hours_work(shape)
            )
        )
    )
    messages = [
        message
        for number, step in enumerate(shape.then)
        if step.message
        and (message := _message(tree, (*path, "then", number, "message"), step.message, code_sets))
    ]
    _check(tree, path, shape, when, len(messages))
    for number, required in enumerate(patience.requires):
        _check_guard(tree, (*path, "requires", number, "when"), required.when)
    _check_time(tree, path, shape, when, tasks)
    after = _after(tree, (*path, "after"), shape) if shape.after else None
    review = read_span(tree, (*path, "review_after"), shape.review_after)
    rollout = _rollout(tree, path, shape)
    applies_to = read_applies_to(tree, path, shape)
    line, column = tree.place(path)
    if len(tree.problems) > before or when is None:
        return None
    return Rule(
        id=name,
        title=shape.title,
        because=shape.because,
        place=Place(tree.file, line, column),
        when=when,
        pack=pack,
        autonomy=Autonomy(shape.autonomy),
        tasks=tasks,
        message=messages[0] if messages else None,
        ladder=shape.ladder,
        stage=shape.stage or 1,
        episode=Episode(shape.episode),
        subject=shape.subject,
        beside=bool(shape.ladder) and shape.stage is None,
        time_anchored=shape.time_anchored,
        waits_for=shape.waits_for,
        clears_when=clears,
        after=after,
        patience=patience,
        review_after=review,
        applies_to=applies_to,
        rollout=rollout,
        in_force_from=shape.in_force.since,
        in_force_until=shape.in_force.until,
        at_most=_cap(tree, path, shape.at_most),
        source=shape.source,
        locked=shape.locked,
        may_change=None if shape.may_change is None else tuple(shape.may_change),
    )


def read_task(
    tree: Tree,
    path: Path,
    shape: TaskShape,
    thresholds: Mapping[str, Threshold],
    *,
    may_share: bool = False,
) -> TaskStep | None:
    """One task step, or None with its problem added to the tree."""
    if shape.shared_among and not may_share:
        what = "shared_among is for the calls of an hour: the tasks of a time_anchored rule about pupils"
        do = "leave it out: other work waits for its owner, or goes to the next in line"
        tree.problems.append(tree.problem((*path, "shared_among"), what, "", do))
    due = _due(tree, (*path, "due"), shape.due, thresholds)
    if due is None:
        return None
    shared = tuple(shape.shared_among)
    return TaskStep(shape.do, shape.by, due, shape.script.strip(), shape.minutes, shared)


def _required_tasks(
    tree: Tree, path: Path, shape: RuleShape, thresholds: Mapping[str, Threshold]
) -> list[TaskStep | None]:
    """The task of each thing that a rule requires; of one `do` there is one task, whichever asks for it."""
    tasks: list[TaskStep | None] = []
    for number, each in enumerate(shape.requires):
        here = (*path, "requires", number, "task")
        task = read_task(tree, here, each.task, thresholds) if each.task else None
        if task is not None and task.due.at_the_minute:
            what = f"{task.due.words!r} counts from a register, and this may be missing on any day"
            do = "write due: same day, or so many school days"
            tree.problems.append(tree.problem((*here, "due"), what, "", do))
        tasks.append(task)
        if each.task and each.task.do in [other.task.do for other in shape.requires[:number] if other.task]:
            what = f"two things that it requires have the task {each.task.do!r}"
            do = "put both under one title, or say how the two tasks differ"
            tree.problems.append(tree.problem((*here, "do"), what, "", do))
    return tasks


def _an_hours_work(shape: RuleShape) -> bool:
    return shape.time_anchored and shape.subject == "pupil"


def _message(
    tree: Tree, path: Path, shape: MessageShape, code_sets: Mapping[str, CodeSet]
) -> MessageStep | None:
    good_for = _hours(tree, (*path, "good_for"), shape.good_for) if shape.good_for else None
    stops = shape.unless_last_mark
    return MessageStep(
        shape.template,
        shape.channel,
        shape.purpose,
        shape.urgent,
        read_codes(tree, (*path, "unless_last_mark"), stops, code_sets) if stops else frozenset(),
        good_for,
    )


def _hours(tree: Tree, path: Path, words: str) -> int | None:
    found = _HOURS.fullmatch(words)
    if not found:
        tree.problems.append(tree.problem(path, f"{words!r} is not a time; write one like: 3 hours"))
        return None
    return int(found[1])


def _due(tree: Tree, path: Path, words: str, thresholds: Mapping[str, Threshold]) -> Due | None:
    minutes = {name: each for name, each in thresholds.items() if each.unit == AFTER_CLOSE}
    try:
        return Due.parse(words, minutes)
    except ValueError as wrong:
        tree.problems.append(tree.problem(path, str(wrong)))
        return None


def _after(tree: Tree, path: Path, shape: RuleShape) -> After | None:
    after, stage = shape.after, shape.stage
    if after is None or stage is None or after.stage >= stage:
        what = "after names a lower stage of the same ladder, and this rule has none below it"
        do = "give the rule a ladder and a stage above the one that comes first"
        tree.problems.append(tree.problem(path, what, "", do))
        return None
    span = read_span(tree, (*path, "done_for"), after.done_for)
    return After(after.stage, span) if span else None


def _cap(tree: Tree, path: Path, words: str) -> Cap | None:
    if not words:
        return None
    found = _CAP.fullmatch(words)
    if not found:
        what = f"{words!r} is not a cap; write '40' or '5 percent of roll'"
        tree.problems.append(tree.problem((*path, "at_most"), what))
        return None
    number, share = int(found[1]), bool(found[2])
    if share and number > _WHOLE:
        what = f"{words!r} is more than everybody, so it caps nothing"
        tree.problems.append(
            tree.problem((*path, "at_most"), what, "", "write up to 100 percent, or a number")
        )
    return Cap(number, share)


def _rollout(tree: Tree, path: Path, shape: RuleShape) -> tuple[Wave, ...]:
    """The waves of a rollout, as written; those that could reach nobody are problems."""
    years = shape.applies_to.years
    waves = [Wave(each.since, tuple(each.cohort.years if each.cohort else ())) for each in shape.rollout]
    if waves and shape.subject != "pupil":
        what = f"a rollout is by year, and a rule about a {shape.subject} knows none"
        do = "use in_force: {from: ...}"
        tree.problems.append(tree.problem((*path, "rollout"), what, "", do))
    for number, wave in enumerate(waves):
        here = (*path, "rollout", number)
        if number and wave.since <= waves[number - 1].since:
            what = f"{wave.since} is not after the wave before it, {waves[number - 1].since}"
            tree.problems.append(tree.problem(here, what, "", "write the waves in their order"))
        if years and wave.years and not set(wave.years) & set(years):
            what = f"applies_to leaves out {', '.join(wave.years)}: this wave would reach nobody"
            tree.problems.append(tree.problem(here, what, "", f"years there are: {', '.join(years)}"))
    return tuple(waves)


def _check(tree: Tree, path: Path, shape: RuleShape, when: Condition | None, messages: int) -> None:
    """What the shape cannot say: steps, guards and sentences that fit each other."""
    for number, step in enumerate(shape.then):
        if (step.task is None) == (step.message is None):
            here = (*path, "then", number)
            tree.problems.append(tree.problem(here, "a step is either a task or a message"))
    if messages > 1:
        tree.problems.append(tree.problem((*path, "then"), "a rule sends at most one message"))
    if messages and shape.subject != "pupil":
        what = f"a rule about a {shape.subject} has no family to write to"
        tree.problems.append(tree.problem((*path, "then"), what, "", "give it tasks only"))
    _check_messages(tree, path, shape)
    if shape.episode == "until cleared" and shape.clears_when is None:
        what = "'until cleared' needs clears_when, or its case would never end"
        tree.problems.append(tree.problem((*path, "episode"), what))
    if when is None:
        return
    if shape.episode.startswith("run of absence") and not _measures(when) & RUNS:
        what = f"{shape.episode!r} needs one of these measures in when: {', '.join(sorted(RUNS))}"
        tree.problems.append(tree.problem((*path, "episode"), what))
    if shape.episode in {"session", "day", "oldest session"} and not _of_sessions(when):
        what = f"nothing in when is about a session: with episode {shape.episode!r} its case opens every day"
        do = "write episode: school year, term, half-term or until cleared"
        tree.problems.append(tree.problem((*path, "when"), what, "", do))
    if shape.episode == "spell of absence" and not any(clause.asked.codes for clause in clauses(when)):
        what = "'spell of absence' needs a measure with codes in when: they say what the spell is of"
        tree.problems.append(tree.problem((*path, "episode"), what))
    _check_guard(tree, (*path, "when"), when)
    _check_sentence(tree, path, shape, when)


def _check_messages(tree: Tree, path: Path, shape: RuleShape) -> None:
    """Whether what is printed, and what the law asks for, goes through the hands of a person."""
    for number, message in enumerate(step.message for step in shape.then):
        if message is None:
            continue
        here = (*path, "then", number, "message")
        if message.purpose == "statutory" and message.channel != "letter":
            what = "what the law asks a school to write goes by letter, to each parent by name"
            tree.problems.append(tree.problem((*here, "channel"), what, "", "write channel: letter"))
        if message.purpose == "statutory" and shape.autonomy != "propose":
            what = "what the law asks a school to write is a step that a named person decides"
            tree.problems.append(tree.problem((*path, "autonomy"), what, "", "write autonomy: propose"))
        elif message.channel == "letter" and shape.autonomy == "send":
            what = "a letter does not leave without a person"
            do = "write autonomy: approve, or propose"
            tree.problems.append(tree.problem((*path, "autonomy"), what, "", do))


def _check_guard(tree: Tree, path: Path, condition: Condition) -> None:
    if not _guarded(condition):
        what = "a percentage of very few sessions says nothing: there is no guard"
        do = "add '- possible_sessions: {over: ..., at_least: 20}' under all, over the same window"
        tree.problems.append(tree.problem(path, what, "", do))


def _check_time(
    tree: Tree, path: Path, shape: RuleShape, when: Condition | None, tasks: tuple[TaskStep, ...]
) -> None:
    """Whether only time-anchored rules look ahead of the register, and each of those has its end."""
    early = sorted({clause.measure.name for clause in clauses(when) if clause.measure.early} if when else ())
    if early and not shape.time_anchored:
        what = f"{early[0]} looks at a session before its register closes"
        do = "add 'time_anchored: true': such work is missed, never late, once its due time has passed"
        tree.problems.append(tree.problem((*path, "when"), what, "", do))
    if shape.time_anchored and not all(task.due.at_the_minute for task in tasks):
        what = "a time_anchored rule needs tasks that are due at a minute"
        do = f"write due: 15 minutes after close, or a threshold in {AFTER_CLOSE}"
        tree.problems.append(tree.problem((*path, "time_anchored"), what, "", do))


def _check_sentence(tree: Tree, path: Path, shape: RuleShape, when: Condition) -> None:
    """Whether `because` names only what `when` measures, so that it can always be filled."""
    if {"{", "}"} & set(PLACEHOLDER.sub("", shape.because)):
        what = "because has a brace that is not part of {measure.field}"
        do = "write one such as {absence_rate.numerator}"
        tree.problems.append(tree.problem((*path, "because"), what, "", do))
    for measure, field in PLACEHOLDER.findall(shape.because):
        if measure not in _measures(when):
            what = f"because names {measure!r}, which when does not measure"
            tree.problems.append(tree.problem((*path, "because"), what, nearest(measure, _measures(when))))
        elif field not in FIELDS:
            what = f"because names {field!r} of {measure}"
            do = f"fields are: {', '.join(FIELDS)}"
            tree.problems.append(tree.problem((*path, "because"), what, nearest(field, FIELDS), do))


def _of_sessions(condition: Condition) -> bool:
    return any(clause.measure.of_sessions for clause in clauses(condition))


def _measures(condition: Condition) -> set[str]:
    return {clause.measure.name for clause in clauses(condition)}


def _guarded(condition: Condition) -> bool:
    """Whether every percentage stands beside a floor on possible sessions over each window it divides by."""
    if isinstance(condition, Clause):
        return not condition.measure.divides(condition.asked.over)
    if condition.kind != "all":
        return all(_guarded(part) for part in condition.parts)
    floors = {
        part.asked.over
        for part in condition.parts
        if isinstance(part, Clause)
        and part.measure.name == "possible_sessions"
        and any(test.comparison in _FLOORS for test in part.tests)
    }
    return all(
        _guarded(part)
        or (isinstance(part, Clause) and floors.issuperset(part.measure.divides(part.asked.over)))
        for part in condition.parts
    )
