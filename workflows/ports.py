"""The few doors to the outside: store, channels and clock as the workflows use them.

Every method that writes does so inside `Store.transaction()`: it holds the store's write lock from its
first statement (so two runs of one school follow each other) and commits as one, or not at all.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from engine.records import Contact, Event, Mark, Pupil, School, SchoolDay, SchoolFacts, Staff, Term
from messaging.wishes import Wish
from workflows.heard import Receipt, Reply
from workflows.past import Life
from workflows.values import (
    AnyTask,
    Bounce,
    Case,
    DueSlot,
    Entry,
    Left,
    Message,
    MessageState,
    Provider,
    RunRecord,
    StaffOut,
    Task,
    TaskInBrief,
    TaskState,
    TemplateApproval,
)

Record = School | SchoolDay | Term | Staff | Pupil | Contact | Event | Mark
Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Taken:
    """What one journal batch did: rows that were new, rows that changed something, rows already so."""

    batch: int | None
    new: int
    changed: int
    same: int


@dataclass(frozen=True, slots=True)
class Changed:
    """What is different in the facts of a school since one of its journal batches; `batch` is the newest.

    `everything` may be (the calendar is, or nobody knows since when); else `since` maps each pupil of whom
    something is to the first day that it is about (a pupil's own row and history are about every day).
    """

    batch: int
    everything: bool
    since: Mapping[str, date]


@dataclass(frozen=True, slots=True)
class Fault:
    """One broken link of the ledger: which entry, and what is wrong with it, in words."""

    school_id: str
    seq: int
    what: str


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """One entry as shown: its skeleton and, unless erased, its content."""

    school_id: str
    seq: int
    at: datetime
    kind: str
    subject_digest: str
    rulebook: str
    hash: str
    content: dict[str, object] | None


class Unit(Protocol):
    """One transaction's view of the store."""

    # facts -------------------------------------------------------------------------------------
    def school_ids(self) -> tuple[str, ...]:
        """The schools in the store, sorted."""

    def facts(self, school_id: str, known_at: datetime) -> SchoolFacts:
        """What was believed of a school at `known_at` (batches recorded later are not)."""

    def school_name(self, school_id: str) -> str:
        """The name of a school, its id where it has none."""

    def days(self, school_id: str) -> tuple[SchoolDay, ...]:
        """The calendar of a school as it stands now."""

    def stays(self) -> Iterable[tuple[str, str, date, date | None]]:
        """Every enrolment at any school as it stands now: UPN, school, first day, last day."""

    def pupils(self, school_id: str) -> tuple[Pupil, ...]:
        """The pupils of a school as they stand now, without their marks."""

    def staff(self, school_id: str) -> tuple[Staff, ...]:
        """The staff of a school as they stand now."""

    def staff_out(self, school_id: str) -> tuple[StaffOut, ...]:
        """All that was said about who is out, in the order in which it was said."""

    def say_out(self, said: StaffOut) -> None:
        """Keep something said about who is out; nothing said before is changed."""

    def contacts(self, school_id: str) -> tuple[Contact, ...]:
        """The contacts of a school's pupils as they stand now."""

    def wishes(self) -> tuple[Wish, ...]:
        """All that families have said, to any school, in the order in which it was said."""

    def say_wish(self, wish: Wish) -> None:
        """Keep something that a family said; nothing said before is changed."""

    def bounces(self) -> tuple[Bounce, ...]:
        """Every number and address that did not work, and works again, in the order in which it was noted."""

    def note_bounce(self, bounce: Bounce) -> None:
        """Keep one of them; nothing noted before is changed."""

    def last_import(self, school_id: str) -> datetime | None:
        """The latest recorded time among a school's imports."""

    def version(self, school_id: str) -> tuple[int, int, int]:
        """Another one once anything about a school was written.

        Its last ledger entry, its last batch, and how many messages are on their way: a sender that takes one
        on writes no entry before it knows what came of it.
        """

    def changed(self, school_id: str, since: int | None) -> Changed:
        """What the batches after one (all, where it is None) have changed that a rule may look at."""

    def take(
        self, file: str, school_id: str, records: Sequence[Record], recorded_at: datetime, source: str
    ) -> Taken:
        """One journal batch of one file and school: rows upserted by key, the delta kept for ever.

        A batch that changes nothing leaves no trace (`batch` is None).
        """

    # standing ----------------------------------------------------------------------------------
    def cases(self, school_id: str) -> tuple[Case, ...]:
        """Every case of a school, by subject, ladder and episode."""

    def tasks(self, school_id: str | None = None, states: Sequence[TaskState] = ()) -> tuple[Task, ...]:
        """Tasks of a school (of all) in these states (in any), by id."""

    def lives(self, school_id: str, since: datetime) -> tuple[Life, ...]:
        """All that the tasks of a school were, by id: what the past is told from (see `workflows.past`).

        Of those that were open at some time from an instant on, or are due after it.
        """

    def spoken(self, school_id: str, since: datetime) -> tuple[tuple[str, str, datetime], ...]:
        """Who did what there was to do for whom after an instant: subject, staff id, when; oldest first.

        Decisions are left out, as nobody speaks with a family in them, but for the calls of an hour.
        """

    def tasks_of(self, case_id: str) -> tuple[Task, ...]:
        """Every task of a case, by id."""

    def about(self, school_id: str, subject: str) -> tuple[tuple[Task, ...], tuple[Message, ...]]:
        """Every task and message about a subject, by id."""

    def tasks_like(self, beginning: str) -> tuple[Task, ...]:
        """The first few tasks whose id begins so, by id."""

    def messages(
        self, school_id: str | None = None, states: Sequence[MessageState] = ()
    ) -> tuple[Message, ...]:
        """Messages of a school (of all) in these states (in any), by id."""

    def messages_named(self, ids: Collection[str]) -> tuple[Message, ...]:
        """The messages with these ids, as far as they are there, by id."""

    def cases_named(self, ids: Collection[str]) -> tuple[Case, ...]:
        """The cases with these ids, as far as they are there, by id."""

    def told_of(self, school_id: str, since: Mapping[str, date] | None) -> tuple[Message, ...]:
        """The messages that reached a family and are not settled as recalled, by id.

        Of the pupils named, made on their day or later; with None all of them.
        """

    def contradicted(self, school_id: str) -> tuple[Message, ...]:
        """The messages that were found to be wrong after they left and are not settled yet, by id."""

    def at_stake(
        self, school_id: str, grounds: Collection[str], since: datetime
    ) -> tuple[tuple[Case, ...], tuple[TaskInBrief, ...], tuple[Message, ...]]:
        """What a run may touch: what is settled and on no ground that holds now stays in the store.

        The cases that are open, stand on one of these grounds, or have an open task or a message not settled;
        all tasks and messages of those; the messages made since an instant. Each by id; tasks in brief, as a
        run looks at nothing else of them.
        """

    def left(self, since: datetime, until: datetime) -> tuple[Left, ...]:
        """What left any school between two instants, both inside."""

    def in_hand(self, since: datetime) -> tuple[Message, ...]:
        """The messages of any school that a sender has taken on since an instant, and not settled."""

    def links(self, contact_ids: Collection[str]) -> tuple[Contact, ...]:
        """Every link of these contacts to a pupil of any school."""

    def message(self, message_id: str) -> Message | None:
        """The message with an id."""

    def learnt(self, school_id: str) -> tuple[int, ...]:
        """Another one once anything was learnt that may keep a message of a school from leaving.

        A batch of its journal; a wish, a bounce or a reply at any school.
        """

    def provider(self, name: str) -> Provider:
        """How a way to send is doing; as good as new where nothing is known of it."""

    def put_provider(self, provider: Provider) -> None:
        """Keep how it is doing now."""

    def messages_by_ref(self, ref: str) -> tuple[Message, ...]:
        """The message that a family quotes by its reference, and those that it spoke for, that one first."""

    def grounds_of(self, school_id: str, subject: str) -> frozenset[tuple[str, str]]:
        """The ladder and the ground of every case of a subject there ever was."""

    def first_judged(self, school_id: str) -> datetime | None:
        """The earliest instant that a run has judged a school as of."""

    def episodes(self, school_id: str, *, closed: bool = False) -> dict[tuple[str, str], int]:
        """The latest episode of each (subject, ladder); or the latest that has `closed`: few ever have.

        What is open is at stake in every run, so a run has those already.
        """

    def last_closed(self, school_id: str, ladders: Collection[str]) -> dict[tuple[str, str], datetime]:
        """When the last case of each (subject, ladder) closed, on these ladders; not those taken back."""

    def add(self, cases: Iterable[Case], tasks: Iterable[Task], messages: Iterable[Message]) -> None:
        """Insert new ones; a key that is there already is an error (nothing happens twice)."""

    def update(
        self, cases: Iterable[Case], tasks: Sequence[AnyTask], messages: Iterable[Message], since: datetime
    ) -> None:
        """Write the present value of ones that are there; an id that is not there is an error.

        What a task was is kept: it is what is given from the instant `since` on.
        """

    # heard -------------------------------------------------------------------------------------
    def keep_receipt(self, receipt: Receipt) -> bool:
        """Keep what a provider said; False where it was kept already, and nothing is done."""

    def receipts(self, message_id: str) -> tuple[Receipt, ...]:
        """All that was said of one message, in the order in which it came."""

    def told(self, message_id: str) -> tuple[Message, ...]:
        """The message of an id, then those that it spoke for; nothing where there is none."""

    def handed_with(self, first: Message, states: Collection[MessageState]) -> tuple[Message, ...]:
        """Those in some states that a message spoke for when it was handed over and not heard of, by id."""

    def last_left_to(self, address: str, since: datetime) -> Message | None:
        """The last message of any school that left to an address since an instant, or may have."""

    def heard_before(self, provider: str, event_id: str) -> bool:
        """Whether these words were kept already."""

    def keep_reply(self, reply: Reply) -> None:
        """Keep what somebody wrote; nothing kept before is changed."""

    def replies(self) -> tuple[Reply, ...]:
        """All that was written, in the order in which it came."""

    def unread_replies(self, school_id: str) -> frozenset[str]:
        """The subjects of whom somebody wrote what nobody has read yet: about them no message leaves."""

    def unread_senders(self) -> frozenset[str]:
        """The numbers and addresses that wrote, to any school, what nobody has read yet: none goes there."""

    # runs --------------------------------------------------------------------------------------
    def decided(self, school_id: str) -> dict[tuple[str, str], str]:
        """The digest of the last decision recorded for each (subject, rule)."""

    def record_run(self, run: RunRecord, decided: dict[tuple[str, str], str]) -> None:
        """Keep a run and the digests of the decisions it recorded."""

    def matched_before(self, school_id: str, weekday: int, limit: int) -> dict[str, list[int]]:
        """Subjects each rule matched on its last `limit` days judged on a weekday, newest first."""

    def claim_slot(self, school_id: str, slot: DueSlot, at: datetime) -> bool:
        """True for the one caller who gets this slot, False for everyone after."""

    def slot_taken(self, school_id: str, slot: DueSlot, at: datetime) -> bool:
        """Whether somebody has it; a claim by a clock far ahead of the instant does not count."""

    def last_slots(self, school_id: str, at: datetime) -> dict[str, datetime]:
        """The latest slot taken of each schedule; a claim by a clock far ahead does not count."""

    def first_run_since(self, school_id: str, since: datetime) -> datetime | None:
        """When the first run of a school after an instant was done."""

    def count_tasks(self, school_id: str, state: TaskState) -> int:
        """How many tasks of a school are in a state."""

    def frame(self, school_id: str) -> tuple[School, tuple[SchoolDay, ...], tuple[Term, ...]]:
        """A school with its calendar and its terms, as they stand now."""

    def keep_rulebook(self, content_hash: str, sources: str) -> None:
        """Keep the exact text of a rulebook under its hash (once)."""

    def rulebooks_run(self, school_id: str) -> tuple[str, ...]:
        """The hashes of the rulebooks that a school was judged by, that of the newest run first."""

    def rulebook(self, content_hash: str) -> str | None:
        """The text kept under a hash."""

    # wordings ----------------------------------------------------------------------------------
    def template_approvals(self) -> tuple[TemplateApproval, ...]:
        """Every approval of a wording in another language, in the order in which they were given."""

    def approve_template(self, approval: TemplateApproval) -> None:
        """Keep such an approval; nothing given before is changed."""

    # notes -------------------------------------------------------------------------------------
    def note(self, key: str) -> str | None:
        """A fact about the store itself (`demo`, ...)."""

    def set_note(self, key: str, value: str) -> None:
        """Set such a fact."""

    # ledger ------------------------------------------------------------------------------------
    def append(self, school_id: str, at: datetime, entries: Sequence[Entry]) -> None:
        """Append to the school's chain; the entries commit with everything else of the transaction."""

    def ledger(self, school_id: str | None = None, last: int | None = None) -> tuple[LedgerLine, ...]:
        """The entries of a chain (of all), oldest first, or only the last few."""

    def verify(self) -> tuple[int, tuple[Fault, ...]]:
        """Entries read, and every fault found: changed, missing, reordered or cut off."""


class Store(Protocol):
    """Where everything is kept."""

    def transaction(self) -> AbstractContextManager[Unit]:
        """A write transaction: commits at the end, rolls back on any exception."""

    def reading(self) -> AbstractContextManager[Unit]:
        """A consistent view for reading; writing through it is an error."""
