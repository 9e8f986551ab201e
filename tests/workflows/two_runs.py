"""A preview held against two real runs, by the rules in force and by the changed ones, on two stores."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from engine.rulebook.rulebook import Rulebook
from workflows.ports import Store
from workflows.preview import Footing, Kind, Preview
from workflows.run_school import SchoolRun
from workflows.values import UNSENT, Message, Task, TaskState


@dataclass(frozen=True)
class Side:
    """A store after its run by a rulebook, and what that run did."""

    store: Store
    rulebook: Rulebook
    run: SchoolRun


def check_story(found: Preview, old: Side, new: Side) -> None:
    """What a preview said of two rulebooks is what came of two runs."""
    was, now = (items(getattr(each, side) for each in found.differences) for side in ("was", "now"))
    by_old, by_new = (alike((*side.run.tasks, *side.run.messages)) for side in (old, new))
    assert (was - now, now - was) == (by_old - by_new, by_new - by_old)
    (sure, unsure), (then_sure, then_unsure) = spoken_of(old), spoken_of(new)
    assert pairs(found, Kind.NEW) == then_sure - sure
    assert pairs(found, Kind.GONE) == (sure | unsure) - (then_sure | then_unsure)
    assert pairs(found, Kind.IN_DOUBT) == then_unsure - unsure
    acted = [
        {(str(d["subject"]), str(d["rule"]), d["stage"]) for d in side.run.decisions if acts(d)}
        for side in (old, new)
    ]
    shown = {each.subject for each in found.differences}
    assert {subject for subject, _, _ in acted[0] ^ acted[1]} <= shown
    assert {end.item_id for end in found.endings} == ended(new) - ended(old)
    matched = {rule: count for rule, _, count in found.matched}
    assert {rule: count for rule, count in matched.items() if count} == {
        rule: count for rule, count in new.run.matched.items() if count
    }


def items(footings: Iterable[Footing | None]) -> set[tuple[object, ...]]:
    """What some footings would make, as far as people notice it."""
    return {each for footing in footings if footing for each in alike((*footing.tasks, *footing.messages))}


def alike(made: Iterable[Task | Message]) -> set[tuple[object, ...]]:
    """Tasks and messages as people notice them."""
    return {
        (item.task_id, item.assignee, item.due, item.decide, item.script, item.minutes)
        if isinstance(item, Task)
        else (item.message_id, item.text, item.state)
        for item in made
    }


def spoken_of(side: Side) -> tuple[set[tuple[str, str]], set[tuple[str, str]]]:
    """Of whom a run spoke on which ladder: those for sure, and those of whom it only could not tell."""
    ladders = {rule.id: rule.on_ladder for rule in side.rulebook.rules}
    lines = [line for line in side.run.decisions if line["outcome"] != "withdraw"]
    every = {(str(line["subject"]), ladders[str(line["rule"])]) for line in lines}
    sure = {
        (str(line["subject"]), ladders[str(line["rule"])]) for line in lines if line["outcome"] != "unknown"
    }
    of_none = {(task.subject, task.rule) for task in side.run.tasks if task.rule not in ladders}
    return sure | of_none, every - sure


def pairs(found: Preview, kind: Kind) -> set[tuple[str, str]]:
    """The subjects and ladders that differ so."""
    ladders = {rule.id: rule.on_ladder for book in (found.before, found.after) for rule in book.rules}
    return {
        (each.subject, ladders.get(each.rule, each.rule)) for each in found.differences if each.kind is kind
    }


def acts(line: Mapping[str, object]) -> bool:
    """Whether something is to be done."""
    return line["outcome"] in {"act", "propose"}


def ended(side: Side) -> set[str]:
    """The cases, tasks and messages that are over."""
    school = side.run.school_id
    with side.store.reading() as unit:
        over = {case.case_id for case in unit.cases(school) if case.closed_at}
        over |= {task.task_id for task in unit.tasks(school) if task.state is not TaskState.OPEN}
        return over | {each.message_id for each in unit.messages(school) if each.state not in UNSENT}
