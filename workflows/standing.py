"""What is the case already, for each subject: what decide() needs to know of cases, tasks, messages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, time

from engine.decide import Standing
from engine.grounds import OpenCase
from engine.instants import local, local_instant
from workflows.values import AnyTask, Case, Message, MessageState, TaskState

_NEVER_SENT = (MessageState.WITHDRAWN, MessageState.SUPERSEDED, MessageState.EXPIRED, MessageState.FAILED)


def standing_of(
    cases: Iterable[Case], tasks: Iterable[AnyTask], messages: Iterable[Message], as_of: datetime
) -> dict[str, Standing]:
    """The standing of every subject with a case among these.

    Today's message is one made today that was not taken back; a message that was put off is owed from
    the next day on.
    """
    day = local(as_of).date()
    today = day.isoformat()
    begins, ends = (local_instant(day, at) for at in (time.min, time.max))
    open_tasks = [task for task in tasks if task.state is TaskState.OPEN]
    undecided = {task.case_id for task in open_tasks if task.decide}
    spoken = {
        message.subject
        for message in messages
        if message.state not in _NEVER_SENT and begins <= message.made_as_of <= ends
    }
    cases_of: dict[str, list[OpenCase]] = defaultdict(list)
    for case in cases:
        cases_of[case.subject].append(
            OpenCase(
                case.case_id,
                case.ladder,
                case.anchor,
                case.stage,
                case.opened_at,
                open=case.closed_at is None,
                undecided=case.case_id in undecided,
                owed=bool(case.owed_since) and case.owed_since < today,
            )
        )
    rules_of: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for task in open_tasks:
        rules_of[task.subject].append((task.rule, task.case_id))
    return {
        subject: Standing(tuple(own), tuple(sorted(rules_of[subject])), subject in spoken)
        for subject, own in cases_of.items()
    }
