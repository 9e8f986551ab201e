"""What is the case already, for each subject: what decide() needs to know of cases, tasks, messages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, time

from engine.decide import Standing, precedence
from engine.grounds import OpenCase
from engine.inference.facts import HAS_LEFT
from engine.instants import local, local_instant
from workflows.recheck import REPLY, of_its_stage
from workflows.values import NEVER_LEFT, UNSENT, AnyTask, Case, Message, TaskState


def standing_of(
    cases: Iterable[Case],
    tasks: Iterable[AnyTask],
    messages: Iterable[Message],
    as_of: datetime,
    stepwise: Collection[str] = (),
    closed: Mapping[tuple[str, str], date] | None = None,
) -> dict[str, Standing]:
    """The standing of every subject with a case among these, with a message of today, or `closed` lately.

    Today's message is one made today that was not taken back: while it waits, a higher one goes before it.
    A message that was put off is owed from the next day on. `stepwise` are the ids of cases that skip no
    stage; `closed` is the day on which the last case of a subject and ladder closed, where a rule waits after
    that.
    """
    day = local(as_of).date()
    today = day.isoformat()
    begins, ends = (local_instant(day, at) for at in (time.min, time.max))
    tasks = [*tasks]
    open_tasks = [task for task in tasks if task.state is TaskState.OPEN]
    at_work = {(task.case_id, task.stage) for task in open_tasks if of_its_stage(task)}
    done = _done(tasks, at_work)
    unread = {task.case_id for task in open_tasks if task.rule.startswith(REPLY)}
    undecided = unread | {task.case_id for task in open_tasks if task.decide}
    spoken: dict[str, int] = {}
    for message in messages:
        if message.state not in NEVER_LEFT and begins <= message.made_as_of <= ends:
            spoken[message.subject] = max(spoken.get(message.subject, 0), _matters(message))
    cases_of: dict[str, list[OpenCase]] = defaultdict(list)
    for case in cases:
        key = case.case_id
        cases_of[case.subject].append(
            OpenCase(
                key,
                case.ladder,
                case.anchor,
                case.stage,
                case.opened_at,
                case.closed_at is None,
                undecided=key in undecided,
                owed=bool(case.owed_since) and case.owed_since < today,
                at_work=(key, case.stage) in at_work,
                done=tuple(sorted(done[key].items())) if key in done else (),
                stepwise=key in stepwise,
                unread=key in unread,
            )
        )
    rules_of: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for task in open_tasks:
        rules_of[task.subject].append((task.rule, task.case_id))
    closed_of: dict[str, list[tuple[str, date]]] = defaultdict(list)
    for (subject, ladder), on in (closed or {}).items():
        closed_of[subject].append((ladder, on))
    subjects = dict.fromkeys(sorted({*spoken, *closed_of}), ()) | cases_of
    return {
        subject: Standing(
            tuple(own),
            tuple(sorted(rules_of.get(subject, ()))),
            spoken.get(subject, 0),
            tuple(closed_of.get(subject, ())),
        )
        for subject, own in subjects.items()
    }


def _matters(message: Message) -> int:
    """How much of today's one message this is: all of it once it has left, or may have."""
    return precedence(message.stage, urgent=message.urgent) if message.state in UNSENT else HAS_LEFT


def _done(tasks: Iterable[AnyTask], at_work: Collection[tuple[str, int]]) -> dict[str, dict[int, date]]:
    """The stages of each case whose work is done, with the day on which the last of it was."""
    done: dict[str, dict[int, date]] = defaultdict(dict)
    for task in tasks:
        if task.state is TaskState.DONE and task.ended_at and (task.case_id, task.stage) not in at_work:
            stages, ended = done[task.case_id], local(task.ended_at).date()
            if of_its_stage(task):
                stages[task.stage] = max(ended, stages.get(task.stage, ended))
    return done
