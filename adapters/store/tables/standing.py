"""What Firstbell has made of the facts: cases, tasks, messages, runs.

The unique constraints are the promise that nothing happens twice (design 3): they hold against a
second process, a restart and a replay alike. `message` is the outbox too: a message and its way out
are one row with one state, so the two can never tell different stories.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel


class CaseRow(SQLModel, table=True):
    """One episode of one subject on one ladder; the same ground (`anchor`) never opens a second."""

    __tablename__ = "case_"
    __table_args__ = (
        UniqueConstraint("school_id", "subject", "ladder", "episode", name="uq_case_episode"),
        UniqueConstraint("school_id", "subject", "ladder", "anchor", name="uq_case_anchor"),
    )

    case_id: str = Field(primary_key=True)
    school_id: str
    subject: str
    ladder: str
    episode: int
    anchor: str
    stage: int
    opened_at: datetime
    closed_at: datetime | None
    closed_because: str
    owed_since: str
    rulebook: str
    review_on: str


class TaskRow(SQLModel, table=True):
    """Work for a person, once per case, stage and step."""

    __tablename__ = "task"
    __table_args__ = (
        UniqueConstraint("case_id", "stage", "step", name="uq_task_step"),
        Index("ix_task_state", "school_id", "state"),
    )

    task_id: str = Field(primary_key=True)
    case_id: str = Field(foreign_key="case_.case_id")
    school_id: str
    subject: str
    rule: str
    ladder: str
    stage: int
    step: str
    role: str
    assignee: str
    due: datetime
    decide: bool
    because: str
    script: str
    evidence: str
    made_as_of: datetime
    run_id: str
    rulebook: str
    safeguarding: bool
    unexplained_since: str
    family: str
    state: str
    ended_at: datetime | None
    ended_because: str
    expires_at: datetime | None
    minutes: int
    follows: str
    by: str
    started_at: datetime | None
    snoozed_until: datetime | None
    outcome: str
    note: str
    first_owner: str
    overdue_at: datetime | None
    covering: str


class TaskWasRow(SQLModel, table=True):
    """What a change of a task took away: from `at` on it is otherwise; `was` is JSON of those columns."""

    __tablename__ = "task_was"
    __table_args__ = (
        Index("ix_task_was_at", "school_id", "at"),
        Index("ix_task_was_task", "task_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    task_id: str = Field(foreign_key="task.task_id")
    school_id: str
    at: datetime
    was: str


class MessageRow(SQLModel, table=True):
    """Words for one contact, once per case, stage, step, contact and channel."""

    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("case_id", "stage", "step", "contact_id", "channel", name="uq_message_step"),
        Index("ix_message_state", "school_id", "state"),
        Index("ix_message_ref", "ref"),
        Index("ix_message_ended", "ended_at"),
        Index("ix_message_subject", "subject", "made_as_of"),
        Index("ix_message_contradicted", "school_id", "contradicted_at"),
    )

    message_id: str = Field(primary_key=True)
    case_id: str = Field(foreign_key="case_.case_id")
    school_id: str
    subject: str
    rule: str
    ladder: str
    stage: int
    step: str
    contact_id: str
    channel: str
    address: str
    template: str
    template_version: str
    text: str
    because: str
    made_as_of: datetime
    run_id: str
    rulebook: str
    state: str
    expires_at: datetime | None
    approved_by: str
    approved_at: datetime | None
    claimed_at: datetime | None
    reference: str
    ended_at: datetime | None
    ended_because: str
    language: str
    title: str
    purpose: str
    said: str
    ref: str
    told: str
    told_with: str
    urgent: bool
    via: str
    worker: str
    attempts: int
    try_after: datetime | None
    edited_by: str
    first_approved_by: str
    first_approved_at: datetime | None
    held_by: str
    receipt_at: datetime | None
    contradicted_at: datetime | None
    contradicted_because: str
    contradicted_by: str
    apology_for: str
    handed: str


class ProviderRow(SQLModel, table=True):
    """How a way to send is doing, for all senders at once: when it may be used again, and why not before."""

    __tablename__ = "provider"

    name: str = Field(primary_key=True)
    next_at: datetime | None
    troubles: int
    closed_until: datetime | None
    because: str


class RunRow(SQLModel, table=True):
    """One run over one school."""

    __tablename__ = "run"

    run_id: str = Field(primary_key=True)
    school_id: str = Field(primary_key=True)
    as_of: datetime
    known_at: datetime
    ran_at: datetime
    rulebook: str
    scheduled: str


class RunCountRow(SQLModel, table=True):
    """How many subjects a rule matched in a run; `as_of` is the London day judged, `weekday` 0 on Monday."""

    __tablename__ = "run_count"
    __table_args__ = (
        ForeignKeyConstraint(
            ["run_id", "school_id"], ["run.run_id", "run.school_id"], name="fk_run_count_run"
        ),
        Index("ix_run_count_weekday", "school_id", "weekday", "as_of"),
    )

    run_id: str = Field(primary_key=True)
    school_id: str = Field(primary_key=True)
    rule: str = Field(primary_key=True)
    matched: int
    weekday: int
    as_of: str


class DecisionStateRow(SQLModel, table=True):
    """The digest of the last decision recorded for a subject and rule, and the run that recorded it."""

    __tablename__ = "decision_state"

    school_id: str = Field(primary_key=True)
    subject: str = Field(primary_key=True)
    rule: str = Field(primary_key=True)
    digest: str
    run_id: str


class RunSlotRow(SQLModel, table=True):
    """A scheduled slot that somebody has claimed."""

    __tablename__ = "run_slot"

    school_id: str = Field(primary_key=True)
    schedule: str = Field(primary_key=True)
    due: datetime = Field(primary_key=True)
    claimed_at: datetime


class RulebookRow(SQLModel, table=True):
    """The exact text of a rulebook under its hash, so that any run can be replayed."""

    __tablename__ = "rulebook"

    hash: str = Field(primary_key=True)
    sources: str


class StaffOutRow(SQLModel, table=True):
    """What somebody said about who is out, or back, from day to day: rows are added, never changed."""

    __tablename__ = "staff_out"
    __table_args__ = (Index("ix_staff_out_school", "school_id"), {"sqlite_autoincrement": True})

    id: int | None = Field(default=None, primary_key=True)
    school_id: str
    staff_id: str
    first: str
    last: str
    by: str
    at: datetime
    because: str
    back: bool


class WishRow(SQLModel, table=True):
    """What a family said about how it is written to: rows are added, never changed."""

    __tablename__ = "wish"
    __table_args__ = {"sqlite_autoincrement": True}

    id: int | None = Field(default=None, primary_key=True)
    school_id: str
    contact_id: str
    address: str
    about: str
    value: str
    by: str
    at: datetime
    how: str
    words: str


class BounceRow(SQLModel, table=True):
    """A number or address that did not work, or works again: rows are added, never changed."""

    __tablename__ = "bounce"
    __table_args__ = {"sqlite_autoincrement": True}

    id: int | None = Field(default=None, primary_key=True)
    school_id: str
    contact_id: str
    address: str
    channel: str
    at: datetime
    because: str
    message_id: str
    by: str
    works: bool


class TemplateApprovalRow(SQLModel, table=True):
    """A translator's yes to one version of a wording in another language: rows are added, never changed."""

    __tablename__ = "template_approval"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: int | None = Field(default=None, primary_key=True)
    template: str
    channel: str
    language: str
    version: str
    school_id: str
    by: str
    at: datetime
    why: str


class NoteRow(SQLModel, table=True):
    """A fact about the store itself."""

    __tablename__ = "note"

    key: str = Field(primary_key=True)
    value: str
