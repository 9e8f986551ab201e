"""Cases, tasks and messages as the workflows see them: frozen values, never rows.

Identity: a case is (school, subject, ladder, episode), a task (case, stage, step), a message (case,
stage, step, contact, channel). Ids are derived from those keys, so a replay gives the same ids
(semantics 16). All instants are UTC.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from engine.cases import CaseState


def derived_id(prefix: str, *key: object) -> str:
    """An id that depends on nothing but its unique key: `t-` and 16 hexadecimal digits.

    >>> derived_id("t", "c-1", 1, 0)
    't-42eb9ed4205c2546'
    """
    text = "\x1f".join(map(str, key))
    return f"{prefix}-{hashlib.sha256(text.encode()).hexdigest()[:16]}"


class TaskState(StrEnum):
    """Where a task stands."""

    OPEN = "open"
    DONE = "done"
    DISMISSED = "dismissed"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"
    EXPIRED = "expired"


class MessageState(StrEnum):
    """Where a message stands. Only `sending` and `unknown` may have left without our record."""

    DRAFTED = "drafted"
    """Held back by a person: no batch takes it along, only somebody who names it."""
    AWAITING_APPROVAL = "awaiting_approval"
    QUEUED = "queued"
    CLAIMED = "claimed"
    """A sender has it in hand and has not begun: where that sender dies, it certainly did not leave."""
    SENDING = "sending"
    SENT = "sent"
    """A provider has accepted it."""
    DELIVERED = "delivered"
    FAILED_TEMPORARY = "failed_temporary"
    """Not delivered, for a cause that may pass: all tries were used up, or the provider gave up."""
    FAILED_PERMANENT = "failed_permanent"
    UNKNOWN = "unknown"
    """It may have left: looked up at the provider, or settled by a person, before anything is sent again."""
    WITHDRAWN = "withdrawn"
    RECALLED = "recalled"
    """It left, was contradicted later, and an apology followed it or a person said that none is needed."""
    SUPERSEDED = "superseded"
    EXPIRED = "expired"


UNSENT = (MessageState.DRAFTED, MessageState.AWAITING_APPROVAL, MessageState.QUEUED)
LEAVING = (MessageState.CLAIMED, MessageState.SENDING, MessageState.UNKNOWN)
LEFT = (MessageState.SENT, MessageState.DELIVERED, MessageState.RECALLED)
"""States of a message that, as far as anybody knows, reached its family."""
FAILED = (MessageState.FAILED_TEMPORARY, MessageState.FAILED_PERMANENT)
NEVER_LEFT = (MessageState.WITHDRAWN, MessageState.SUPERSEDED, MessageState.EXPIRED, *FAILED)
"""States in which a message ends without having reached anybody."""


@dataclass(frozen=True, slots=True)
class Case:
    """One episode of one subject on one ladder.

    `subject` is a UPN, or `class:<form or year>`; `anchor` says which ground the episode stands on (a
    day, the first day of a run, a school year), so that the same ground never opens a second episode;
    `stage` is the highest that acted; `owed_since` the date on which its message was put off, or empty;
    `rulebook` the version that it opened under; `review_on` the date on which a person is to look whether it
    helped, or empty.
    """

    case_id: str
    school_id: str
    subject: str
    ladder: str
    episode: int
    anchor: str
    stage: int
    opened_at: datetime
    closed_at: datetime | None = None
    closed_because: str = ""
    owed_since: str = ""
    rulebook: str = ""
    review_on: str = ""

    @property
    def state(self) -> CaseState:
        """Where it stands in the table of engine/cases.py."""
        if self.closed_at is None:
            return CaseState.OPEN
        return CaseState.CLOSED if self.stage else CaseState.TAKEN_BACK


@dataclass(frozen=True, slots=True)
class Task:
    """Work for a person. `assignee` is a staff id, or empty: unassigned, never dropped.

    `expires_at` is when time-anchored work that was not done is missed; other work has none. `follows` is
    the task whose outcome opened this one: it stands on what a person found, not on a rule, so no rule
    takes it back. `by` is who last did something about it, `first_owner` who had it when it went to
    somebody else, `covering` the staff id of the one who is out and whose it would be.
    """

    task_id: str
    case_id: str
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
    safeguarding: bool = False
    unexplained_since: str = ""
    family: str = ""
    state: TaskState = TaskState.OPEN
    ended_at: datetime | None = None
    ended_because: str = ""
    expires_at: datetime | None = None
    minutes: int = 10
    follows: str = ""
    by: str = ""
    started_at: datetime | None = None
    snoozed_until: datetime | None = None
    outcome: str = ""
    note: str = ""
    first_owner: str = ""
    overdue_at: datetime | None = None
    covering: str = ""


@dataclass(frozen=True, slots=True)
class TaskInBrief:
    """A task that is there, as far as a run looks at it: whose it is and what becomes of it, no words.

    Words and evidence are nine tenths of a task, and a run changes none of them.
    """

    task_id: str
    case_id: str
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
    made_as_of: datetime
    rulebook: str
    safeguarding: bool
    unexplained_since: str
    family: str
    state: TaskState
    ended_at: datetime | None
    ended_because: str
    expires_at: datetime | None
    minutes: int
    follows: str
    by: str
    started_at: datetime | None
    snoozed_until: datetime | None
    first_owner: str
    overdue_at: datetime | None
    covering: str


AnyTask = Task | TaskInBrief


@dataclass(frozen=True, slots=True)
class Message:
    """A text, e-mail or letter to one contact, with the exact words and the exact template version.

    `claimed_at` is when a sender took it on: nobody else touches it while that claim is fresh. `said` is
    JSON of the variables that the template was filled with, `ref` what the family quotes to ask about it.
    Where one message speaks for several (siblings, the same words), `told` are the words that left in place
    of `text`, and `told_with` is, of the others, the id of the one that spoke for them. `via` is the channel
    that it was last handed to: only that one knows what became of it. `handed` is JSON of what was handed
    over and not heard of, while it waits again (workflows/handed.py). `worker` is the sender that has it in
    hand.

    `attempts` counts the tries that a passing trouble ended; before `try_after` it is not tried again.
    `edited_by` wrote its words anew; where two must approve, `first_approved_by` is the one who did so far;
    `held_by` held it back. `ended_at` is when it left, or came to nothing; `receipt_at` when the provider
    last said what became of it. `contradicted_at` is when it was found to be wrong after it left, by the
    register or by a person (`contradicted_by`); `apology_for` is the message that this one is sorry for.
    """

    message_id: str
    case_id: str
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
    state: MessageState
    expires_at: datetime | None = None
    approved_by: str = ""
    approved_at: datetime | None = None
    claimed_at: datetime | None = None
    reference: str = ""
    ended_at: datetime | None = None
    ended_because: str = ""
    language: str = "en"
    title: str = ""
    purpose: str = "absence"
    said: str = "{}"
    ref: str = ""
    told: str = ""
    told_with: str = ""
    urgent: bool = False
    via: str = ""
    worker: str = ""
    attempts: int = 0
    try_after: datetime | None = None
    edited_by: str = ""
    first_approved_by: str = ""
    first_approved_at: datetime | None = None
    held_by: str = ""
    receipt_at: datetime | None = None
    contradicted_at: datetime | None = None
    contradicted_because: str = ""
    contradicted_by: str = ""
    apology_for: str = ""
    handed: str = ""


@dataclass(frozen=True, slots=True)
class Provider:
    """How a way to send is doing, for all senders: `troubles` in a row, and when it may be used again.

    `next_at` is the next place by its limit of messages a minute; until `closed_until` it is left alone.
    """

    name: str
    next_at: datetime | None = None
    troubles: int = 0
    closed_until: datetime | None = None
    because: str = ""


@dataclass(frozen=True, slots=True)
class Left:
    """A message that left at `ended_at`, in brief: enough to count it for a family."""

    case_id: str
    stage: int
    subject: str
    contact_id: str
    address: str
    purpose: str
    urgent: bool
    told_with: str
    ended_at: datetime


@dataclass(frozen=True, slots=True)
class StaffOut:
    """Something said about a member of staff: out on the days from `first` to `last`, or `back` for them.

    What was said is never changed; of two that speak of one day the later holds.
    """

    school_id: str
    staff_id: str
    first: date
    last: date
    by: str
    at: datetime
    because: str = ""
    back: bool = False


@dataclass(frozen=True, slots=True)
class Bounce:
    """A number or address that a channel refused for good, or of which a person said that it `works`.

    What was said is never changed; of two things said of one address the later holds.
    """

    school_id: str
    contact_id: str
    address: str
    channel: str
    at: datetime
    because: str
    message_id: str = ""
    by: str = ""
    works: bool = False


@dataclass(frozen=True, slots=True)
class TemplateApproval:
    """That a translator said yes to one exact version of a wording in another language, and why.

    `school_id` is the school on whose staff they are; the version may be used at every school of the store.
    """

    template: str
    channel: str
    language: str
    version: str
    school_id: str
    by: str
    at: datetime
    why: str


@dataclass(frozen=True, slots=True)
class Entry:
    """What a workflow asks the ledger to keep: a kind, a subject, a content that may later be erased."""

    kind: str
    subject: str
    content: dict[str, object] = field(default_factory=dict)
    rulebook: str = ""
    template: str = ""


@dataclass(frozen=True, slots=True)
class DueSlot:
    """One scheduled time of one schedule: claimed once in each school."""

    schedule: str
    due: datetime


@dataclass(frozen=True, slots=True)
class RunRecord:
    """One run over one school: what it judged, when it really ran, and how many matched by rule."""

    run_id: str
    school_id: str
    as_of: datetime
    known_at: datetime
    ran_at: datetime
    rulebook: str
    matched: dict[str, int]
    scheduled: str = ""
