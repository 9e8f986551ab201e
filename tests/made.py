"""A task and a message with nothing special about them, for tests that change what they are about."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from workflows.values import Message, MessageState, Task

NOW = datetime(2025, 9, 8, 8, 20, tzinfo=UTC)
TASK = Task(
    task_id="t-1",
    case_id="c-1",
    school_id="S",
    subject="A1",
    rule="absence-day-1",
    ladder="first-day",
    stage=1,
    step="call",
    role="attendance_officer",
    assignee="",
    due=NOW + timedelta(hours=1),
    decide=False,
    because="absent this morning",
    script="first-day",
    evidence="[]",
    made_as_of=NOW,
    run_id="r-1",
    rulebook="b-1",
)
MESSAGE = Message(
    message_id="m-1",
    case_id="c-1",
    school_id="S",
    subject="A1",
    rule="absence-day-1",
    ladder="first-day",
    stage=1,
    step="text",
    contact_id="p-1",
    channel="sms",
    address="07700 900123",
    template="first-day",
    template_version="v-1",
    text="Zoë is not in school this morning.",
    because="absent this morning",
    made_as_of=NOW,
    run_id="r-1",
    rulebook="b-1",
    state=MessageState.QUEUED,
    expires_at=NOW + timedelta(hours=3),
)
