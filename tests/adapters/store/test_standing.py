"""Cases, tasks and messages: kept whole, and never twice."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, timedelta

import pytest

from adapters.store import SqlStore, StoreProblem
from tests.made import MESSAGE, NOW, TASK
from workflows.values import Case, Message, MessageState, Task, TaskInBrief, TaskState

CASE = Case("c-1", "S", "A1", "first-day", 1, "2025-09-08", 1, NOW)


def in_brief(task: Task) -> TaskInBrief:
    """The same task as a run looks at it."""
    return TaskInBrief(**{field.name: getattr(task, field.name) for field in fields(TaskInBrief)})


def test_what_stands_comes_back_whole(store: SqlStore) -> None:
    """Values in, equal values out: states are members again, instants UTC."""
    with store.transaction() as unit:
        unit.add([CASE], [TASK], [MESSAGE])
    with store.reading() as unit:
        assert (unit.cases("S"), unit.tasks(), unit.messages()) == ((CASE,), (TASK,), (MESSAGE,))
        assert isinstance(unit.messages()[0].state, MessageState)
        assert unit.cases("S")[0].opened_at.tzinfo is UTC


@pytest.mark.parametrize(
    ("cases", "tasks", "messages", "sentence"),
    [
        ([replace(CASE, case_id="c-2", anchor="other")], [], [], "case is in the store already"),
        ([replace(CASE, case_id="c-2", episode=2)], [], [], "case is in the store already"),
        ([], [replace(TASK, task_id="t-2")], [], "task is in the store already"),
        ([], [], [replace(MESSAGE, message_id="m-2")], "message is in the store already"),
        ([], [], [MESSAGE], "message is in the store already"),
        ([], [replace(TASK, task_id="t-2", case_id="c-9")], [], "case or run that is not in the store"),
    ],
)
def test_nothing_happens_twice(
    store: SqlStore, cases: list[Case], tasks: list[Task], messages: list[Message], sentence: str
) -> None:
    """Another id does not help: the natural keys are unique, and the whole transaction goes back."""
    with store.transaction() as unit:
        unit.add([CASE], [TASK], [MESSAGE])
    fine = replace(CASE, case_id="c-3", subject="B2")
    with pytest.raises(StoreProblem, match=sentence), store.transaction() as unit:
        unit.add([fine, *cases], tasks, messages)
    with store.reading() as unit:
        assert (unit.cases("S"), unit.tasks(), unit.messages()) == ((CASE,), (TASK,), (MESSAGE,))


def test_another_contact_or_channel_is_another_message(store: SqlStore) -> None:
    """Two parents, or a text and a letter, are not the same message."""
    others = [
        replace(MESSAGE, message_id="m-2", contact_id="p-2"),
        replace(MESSAGE, message_id="m-3", channel="letter"),
    ]
    with store.transaction() as unit:
        unit.add([CASE], [], [MESSAGE, *others])
        assert unit.messages("S") == (MESSAGE, *others)


def test_an_update_writes_the_present_value(store: SqlStore) -> None:
    """Each kind is changed by its id; one that is not there is an error."""
    closed = replace(CASE, closed_at=NOW, closed_because="returned")
    done = replace(TASK, state=TaskState.DONE, ended_at=NOW)
    sent = replace(MESSAGE, state=MessageState.SENT, reference="x1")
    with store.transaction() as unit:
        unit.add([CASE], [TASK], [MESSAGE])
        unit.update([closed], [done], [sent], NOW)
        assert (unit.cases("S"), unit.tasks(), unit.messages()) == ((closed,), (done,), (sent,))
    with pytest.raises(StoreProblem, match="task t-9 is not in the store"), store.transaction() as unit:
        unit.update([], [TASK, replace(TASK, task_id="t-9")], [], NOW)


def test_a_task_written_in_brief_keeps_its_words(store: SqlStore) -> None:
    """A run that passes a task on knows neither script nor evidence: they stay, the rest is as it says."""
    passed_on = replace(in_brief(TASK), assignee="hoy-9", first_owner=TASK.assignee, overdue_at=NOW)
    with store.transaction() as unit:
        unit.add([CASE], [TASK], [])
        unit.update([], [passed_on], [], NOW)
        expected = replace(TASK, assignee="hoy-9", first_owner=TASK.assignee, overdue_at=NOW)
        assert unit.tasks() == (expected,)
    with pytest.raises(StoreProblem, match="task t-9 is not in the store"), store.transaction() as unit:
        unit.update([], [replace(passed_on, task_id="t-9")], [], NOW)


def test_an_update_does_not_take_anothers_key(store: SqlStore) -> None:
    """A case cannot move onto the ground of another."""
    other = replace(CASE, case_id="c-2", episode=2, anchor="2025-09-15")
    with store.transaction() as unit:
        unit.add([CASE, other], [], [])
    with pytest.raises(StoreProblem, match="case c-2 is in the store already"), store.transaction() as unit:
        unit.update([replace(other, anchor=CASE.anchor)], [], [], NOW)


def test_lists_are_by_school_and_state(store: SqlStore) -> None:
    """No school means all, no state means any; the order is that of the ids."""
    elsewhere = replace(CASE, case_id="c-2", school_id="T")
    tasks = [
        replace(TASK, task_id="t-2", step="a", state=TaskState.DONE),
        replace(TASK, task_id="t-3", case_id="c-2", school_id="T"),
    ]
    with store.transaction() as unit:
        unit.add([CASE, elsewhere], [*tasks, TASK], [MESSAGE])
        assert [task.task_id for task in unit.tasks()] == ["t-1", "t-2", "t-3"]
        assert [task.task_id for task in unit.tasks("S")] == ["t-1", "t-2"]
        assert [task.task_id for task in unit.tasks(states=[TaskState.OPEN])] == ["t-1", "t-3"]
        assert unit.tasks("S", [TaskState.DONE, TaskState.EXPIRED]) == (tasks[0],)
        assert unit.messages("S", [MessageState.SENT]) == ()
        assert unit.cases("T") == (elsewhere,)


OVER = replace(CASE, closed_at=NOW, closed_because="over")
AT_STAKE = {
    "open": (CASE, TaskState.DONE, MessageState.SENT),
    "on a ground that holds": (replace(OVER, anchor="2025/26"), TaskState.DONE, MessageState.SENT),
    "with an open task": (OVER, TaskState.OPEN, MessageState.SENT),
    "with a message that waits": (OVER, TaskState.DONE, MessageState.AWAITING_APPROVAL),
    "with a message on its way": (OVER, TaskState.DONE, MessageState.SENDING),
    "with a message that may have left": (OVER, TaskState.DONE, MessageState.UNKNOWN),
}


@pytest.mark.parametrize(("case", "task", "message"), AT_STAKE.values(), ids=AT_STAKE)
def test_what_a_run_may_touch_comes_with_all_that_is_its_own(
    store: SqlStore, case: Case, task: TaskState, message: MessageState
) -> None:
    """The case, its tasks and messages, settled or not; nothing of another case or another school."""
    own_task, own_message = replace(TASK, state=task), replace(MESSAGE, state=message)
    settled = replace(OVER, case_id="c-2", subject="B2")
    elsewhere = replace(CASE, case_id="c-3", school_id="T", anchor="2025/26")
    with store.transaction() as unit:
        unit.add(
            [case, settled, elsewhere],
            [own_task, replace(own_task, task_id="t-2", case_id="c-2", state=TaskState.DONE)],
            [own_message, replace(own_message, message_id="m-2", case_id="c-2", state=MessageState.SENT)],
        )
        at_stake = unit.at_stake("S", ["2025/26", "2025-09-12"], NOW + timedelta(seconds=1))
    assert at_stake == ((case,), (in_brief(own_task),), (own_message,))


def test_what_is_settled_is_not_at_stake_but_for_what_was_said_today(store: SqlStore) -> None:
    """A closed case on an old ground stays in the store; the message it sent today counts for today."""
    with store.transaction() as unit:
        unit.add(
            [OVER],
            [replace(TASK, state=TaskState.DONE)],
            [replace(MESSAGE, state=MessageState.SENT)],
        )
        assert unit.at_stake("S", ["2025/26"], NOW + timedelta(seconds=1)) == ((), (), ())
        (said,) = unit.at_stake("S", [], NOW)[2]
        assert said.message_id == "m-1"


def test_the_latest_episode_of_each_ladder_is_known(store: SqlStore) -> None:
    """Closed or open; by subject and ladder, of one school."""
    cases = [
        replace(OVER, case_id="c-2", episode=2, anchor="2025-09-15"),
        replace(CASE, case_id="c-3", ladder="rate", anchor="2025/26"),
        replace(CASE, case_id="c-4", school_id="T", episode=7),
    ]
    with store.transaction() as unit:
        unit.add([CASE, *cases], [], [])
        assert unit.episodes("S") == {("A1", "first-day"): 2, ("A1", "rate"): 1}
        assert unit.episodes("S", closed=True) == {("A1", "first-day"): 2}


def test_the_last_closing_on_each_ladder_is_known(store: SqlStore) -> None:
    """The latest of each subject on the ladders asked for; not what is open, taken back, or elsewhere."""
    later = NOW + timedelta(days=1)
    cases = [
        OVER,
        replace(OVER, case_id="c-2", episode=2, anchor="2025-09-15", closed_at=later),
        replace(
            OVER, case_id="c-3", episode=3, anchor="2025-09-16", closed_at=later + timedelta(days=1), stage=0
        ),
        replace(OVER, case_id="c-4", ladder="rate", anchor="2025/26"),
        replace(OVER, case_id="c-5", school_id="T"),
        replace(CASE, case_id="c-6", subject="B2"),
    ]
    with store.transaction() as unit:
        unit.add(cases, [], [])
        assert unit.last_closed("S", ["first-day", "unheard-of"]) == {("A1", "first-day"): later}
