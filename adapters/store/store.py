"""The store itself: one SQLite file, transactions on it, and the view that each transaction gives."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Self

from adapters.store import (
    approvals,
    changed,
    connect,
    copying,
    facts,
    families,
    journal,
    ledger,
    past,
    runs,
    sending,
    staffing,
    standing,
    told,
    verify,
)
from adapters.store.heard import HeardView
from adapters.store.problems import in_words
from workflows.values import Case, Message, Task, TaskInBrief

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

    from sqlalchemy import Connection

    from engine.records import Contact, Pupil, School, SchoolDay, SchoolFacts, Staff, Term
    from messaging.wishes import Wish
    from workflows.past import Life
    from workflows.ports import Changed, Fault, LedgerLine, Record, Taken
    from workflows.values import (
        AnyTask,
        Bounce,
        DueSlot,
        Entry,
        Left,
        MessageState,
        Provider,
        RunRecord,
        StaffOut,
        TaskState,
        TemplateApproval,
    )


class SqlStore:
    """A `workflows.ports.Store` on one SQLite file; `codes_hash` goes into every ledger entry.

    It keeps connections open between transactions: `close()` it, or use it as a context manager.
    """

    def __init__(self, path: Path, codes_hash: str, busy: float = connect.BUSY_SECONDS) -> None:
        self.path = path
        self._codes_hash = codes_hash
        self._busy = busy
        self._engine = connect.engine_for(path, busy)

    @contextmanager
    def transaction(self) -> Iterator[SqlUnit]:
        """A write transaction: holds the write lock from the start; commits at the end, or not at all."""
        with self._begun(writing=True) as db:
            yield SqlUnit(db, self._codes_hash)

    @contextmanager
    def reading(self) -> Iterator[SqlUnit]:
        """A consistent view for reading; writing through it is an error."""
        with self._begun(writing=False) as db:
            yield SqlUnit(db, self._codes_hash)

    @contextmanager
    def _begun(self, *, writing: bool) -> Iterator[Connection]:
        with in_words(self.path, self._busy), self._engine.connect() as db:
            db.execution_options(writing=writing)
            with db.begin():
                yield db

    def fold(self) -> None:
        """Fold the log into the file, waiting for nobody; the last to close a store does so anyhow."""
        with in_words(self.path, self._busy):
            connect.fold(self._engine)

    def copy_to(self, file: Path) -> None:
        """Copy all there is at this moment into a new file; StoreProblem where that cannot be."""
        with connect.driver(self._engine) as db:
            copying.copy(db, file)

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


@dataclass(frozen=True, slots=True)
class SqlUnit(HeardView):
    """A `workflows.ports.Unit`: one transaction's view; each method is told in its own module."""

    codes_hash: str

    def school_ids(self) -> tuple[str, ...]:
        """The schools in the store, sorted."""
        return facts.school_ids(self.db)

    def facts(self, school_id: str, known_at: datetime) -> SchoolFacts:
        """What was believed of a school at `known_at`."""
        return facts.facts(self.db, school_id, known_at)

    def school_name(self, school_id: str) -> str:
        """The name of a school, its id where it has none."""
        return facts.school_name(self.db, school_id)

    def days(self, school_id: str) -> tuple[SchoolDay, ...]:
        """The calendar of a school as it stands now."""
        return facts.days(self.db, school_id)

    def stays(self) -> Iterator[tuple[str, str, date, date | None]]:
        """Every enrolment at any school as it stands now."""
        return facts.stays(self.db)

    def pupils(self, school_id: str) -> tuple[Pupil, ...]:
        """The pupils of a school as they stand now."""
        return facts.pupils(self.db, school_id)

    def staff(self, school_id: str) -> tuple[Staff, ...]:
        """The staff of a school as they stand now."""
        return facts.staff(self.db, school_id)

    def staff_out(self, school_id: str) -> tuple[StaffOut, ...]:
        """All that was said about who is out, in the order in which it was said."""
        return staffing.staff_out(self.db, school_id)

    def say_out(self, said: StaffOut) -> None:
        """Keep something said about who is out."""
        staffing.say_out(self.db, said)

    def contacts(self, school_id: str) -> tuple[Contact, ...]:
        """The contacts of a school's pupils as they stand now."""
        return facts.contacts(self.db, school_id)

    def wishes(self) -> tuple[Wish, ...]:
        """All that families have said, to any school, in the order in which it was said."""
        return families.wishes(self.db)

    def say_wish(self, wish: Wish) -> None:
        """Keep something that a family said."""
        families.say_wish(self.db, wish)

    def bounces(self) -> tuple[Bounce, ...]:
        """Every number and address that did not work, and works again, in the order noted."""
        return families.bounces(self.db)

    def note_bounce(self, bounce: Bounce) -> None:
        """Keep one of them."""
        families.note_bounce(self.db, bounce)

    def last_import(self, school_id: str) -> datetime | None:
        """The latest recorded time among a school's imports."""
        return journal.newest(self.db, school_id)

    def version(self, school_id: str) -> tuple[int, int, int]:
        """Another one once anything of a school was written: last entry, batch, messages on their way."""
        on_their_way = standing.count_leaving(self.db, school_id)
        return ledger.length(self.db, school_id), journal.last(self.db, school_id), on_their_way

    def changed(self, school_id: str, since: int | None) -> Changed:
        """What the batches after one have changed that a rule may look at."""
        return changed.changed(self.db, school_id, since)

    def take(
        self, file: str, school_id: str, records: Sequence[Record], recorded_at: datetime, source: str
    ) -> Taken:
        """One journal batch of one file and school."""
        return facts.take(self.db, file, school_id, records, recorded_at, source)

    def cases(self, school_id: str) -> tuple[Case, ...]:
        """Every case of a school, by subject, ladder and episode."""
        return standing.find(self.db, Case, ("subject", "ladder", "episode"), school_id=school_id)

    def tasks(self, school_id: str | None = None, states: Sequence[TaskState] = ()) -> tuple[Task, ...]:
        """Tasks of a school (of all) in these states (in any), by id."""
        return standing.find(self.db, Task, ("task_id",), school_id=school_id, states=states)

    def lives(self, school_id: str, since: datetime) -> tuple[Life, ...]:
        """All that the tasks were which were open at some time from an instant on, or are due after it."""
        return past.lives(self.db, school_id, since)

    def spoken(self, school_id: str, since: datetime) -> tuple[tuple[str, str, datetime], ...]:
        """Who did what there was to do for whom after an instant."""
        return staffing.spoken(self.db, school_id, since)

    def tasks_of(self, case_id: str) -> tuple[Task, ...]:
        """Every task of a case, by id."""
        return standing.tasks_of(self.db, case_id)

    def about(self, school_id: str, subject: str) -> tuple[tuple[Task, ...], tuple[Message, ...]]:
        """Every task and message about a subject, by id."""
        return standing.about(self.db, school_id, subject)

    def tasks_like(self, beginning: str) -> tuple[Task, ...]:
        """The first few tasks whose id begins so, by id."""
        return standing.tasks_like(self.db, beginning)

    def messages(
        self, school_id: str | None = None, states: Sequence[MessageState] = ()
    ) -> tuple[Message, ...]:
        """Messages of a school (of all) in these states (in any), by id."""
        return standing.find(self.db, Message, ("message_id",), school_id=school_id, states=states)

    def messages_named(self, ids: Collection[str]) -> tuple[Message, ...]:
        """The messages with these ids, as far as they are there, by id."""
        return told.named(self.db, Message, ids)

    def cases_named(self, ids: Collection[str]) -> tuple[Case, ...]:
        """The cases with these ids, as far as they are there, by id."""
        return told.named(self.db, Case, ids)

    def told_of(self, school_id: str, since: Mapping[str, date] | None) -> tuple[Message, ...]:
        """The messages that reached a family, of these pupils from their day on (of all), by id."""
        return told.told_of(self.db, school_id, since)

    def contradicted(self, school_id: str) -> tuple[Message, ...]:
        """The messages found to be wrong after they left and not settled yet, by id."""
        return told.contradicted(self.db, school_id)

    def at_stake(
        self, school_id: str, grounds: Collection[str], since: datetime
    ) -> tuple[tuple[Case, ...], tuple[TaskInBrief, ...], tuple[Message, ...]]:
        """What a run may touch: cases open, on one of these grounds or with work left, and what is theirs."""
        return standing.at_stake(self.db, school_id, grounds, since)

    def left(self, since: datetime, until: datetime) -> tuple[Left, ...]:
        """What left any school between two instants, both inside."""
        return standing.left(self.db, since, until)

    def in_hand(self, since: datetime) -> tuple[Message, ...]:
        """The messages of any school that a sender has taken on since an instant, and not settled."""
        return standing.in_hand(self.db, since)

    def links(self, contact_ids: Collection[str]) -> tuple[Contact, ...]:
        """Every link of these contacts to a pupil of any school."""
        return facts.links(self.db, contact_ids)

    def message(self, message_id: str) -> Message | None:
        """The message with an id."""
        return standing.message(self.db, message_id)

    def learnt(self, school_id: str) -> tuple[int, ...]:
        """Another one once anything was learnt that may keep a message from leaving."""
        return sending.learnt(self.db, school_id)

    def provider(self, name: str) -> Provider:
        """How a way to send is doing."""
        return sending.provider(self.db, name)

    def put_provider(self, provider: Provider) -> None:
        """Keep how it is doing now."""
        sending.put_provider(self.db, provider)

    def messages_by_ref(self, ref: str) -> tuple[Message, ...]:
        """The message that a family quotes by its reference, and those that it spoke for, that one first."""
        return standing.messages_by_ref(self.db, ref)

    def grounds_of(self, school_id: str, subject: str) -> frozenset[tuple[str, str]]:
        """The ladder and the ground of every case of a subject there ever was."""
        return standing.grounds_of(self.db, school_id, subject)

    def first_judged(self, school_id: str) -> datetime | None:
        """The earliest instant that a run has judged a school as of."""
        return runs.first_judged(self.db, school_id)

    def last_closed(self, school_id: str, ladders: Collection[str]) -> dict[tuple[str, str], datetime]:
        """When the last case of each (subject, ladder) closed, on these ladders; not those taken back."""
        return standing.last_closed(self.db, school_id, ladders)

    def episodes(self, school_id: str, *, closed: bool = False) -> dict[tuple[str, str], int]:
        """The latest episode of each (subject, ladder), or the latest that has closed."""
        return standing.episodes(self.db, school_id, closed=closed)

    def add(self, cases: Iterable[Case], tasks: Iterable[Task], messages: Iterable[Message]) -> None:
        """Insert new ones; a key that is there already is a StoreProblem."""
        standing.add(self.db, Case, cases)
        standing.add(self.db, Task, tasks)
        standing.add(self.db, Message, messages)

    def update(
        self, cases: Iterable[Case], tasks: Sequence[AnyTask], messages: Iterable[Message], since: datetime
    ) -> None:
        """Write the present value of ones that are there; an id that is not there is a StoreProblem."""
        standing.change(self.db, Case, cases)
        whole = [task for task in tasks if isinstance(task, Task)]
        brief = [task for task in tasks if isinstance(task, TaskInBrief)]
        past.keep(self.db, Task, whole, since)
        past.keep(self.db, TaskInBrief, brief, since)
        standing.change(self.db, Task, whole)
        standing.change(self.db, TaskInBrief, brief)
        standing.change(self.db, Message, messages)

    def decided(self, school_id: str) -> dict[tuple[str, str], str]:
        """The digest of the last decision recorded for each (subject, rule)."""
        return runs.decided(self.db, school_id)

    def record_run(self, run: RunRecord, decided: dict[tuple[str, str], str]) -> None:
        """Keep a run and the digests of the decisions it recorded."""
        runs.record_run(self.db, run, decided)

    def matched_before(self, school_id: str, weekday: int, limit: int) -> dict[str, list[int]]:
        """How many each rule matched on its last `limit` days judged on that weekday, newest first."""
        return runs.matched_before(self.db, school_id, weekday, limit)

    def claim_slot(self, school_id: str, slot: DueSlot, at: datetime) -> bool:
        """True for the one caller who gets this slot."""
        return runs.claim_slot(self.db, school_id, slot, at)

    def slot_taken(self, school_id: str, slot: DueSlot, at: datetime) -> bool:
        """Whether somebody has it."""
        return runs.slot_taken(self.db, school_id, slot, at)

    def last_slots(self, school_id: str, at: datetime) -> dict[str, datetime]:
        """The latest slot taken of each schedule."""
        return runs.last_slots(self.db, school_id, at)

    def first_run_since(self, school_id: str, since: datetime) -> datetime | None:
        """When the first run of a school after an instant was done."""
        return runs.first_run_since(self.db, school_id, since)

    def count_tasks(self, school_id: str, state: TaskState) -> int:
        """How many tasks of a school are in a state."""
        return standing.count_tasks(self.db, school_id, state)

    def frame(self, school_id: str) -> tuple[School, tuple[SchoolDay, ...], tuple[Term, ...]]:
        """A school with its calendar and its terms, as they stand now."""
        return facts.frame(self.db, school_id)

    def keep_rulebook(self, content_hash: str, sources: str) -> None:
        """Keep the exact text of a rulebook under its hash (once)."""
        runs.keep_rulebook(self.db, content_hash, sources)

    def rulebooks_run(self, school_id: str) -> tuple[str, ...]:
        """The hashes of the rulebooks that a school was judged by, that of the newest run first."""
        return runs.rulebooks_run(self.db, school_id)

    def rulebook(self, content_hash: str) -> str | None:
        """The text kept under a hash."""
        return runs.rulebook(self.db, content_hash)

    def template_approvals(self) -> tuple[TemplateApproval, ...]:
        """Every approval of a wording in another language, in the order in which they were given."""
        return approvals.template_approvals(self.db)

    def approve_template(self, approval: TemplateApproval) -> None:
        """Keep such an approval."""
        approvals.approve_template(self.db, approval)

    def note(self, key: str) -> str | None:
        """A fact about the store itself."""
        return runs.note(self.db, key)

    def set_note(self, key: str, value: str) -> None:
        """Set such a fact."""
        runs.set_note(self.db, key, value)

    def append(self, school_id: str, at: datetime, entries: Sequence[Entry]) -> None:
        """Append to the school's chain."""
        ledger.append(self.db, self.codes_hash, school_id, at, entries)

    def erase(self, school_id: str, seq: int, at: datetime, because: str) -> None:
        """Delete what an entry says, and record that in the chain."""
        ledger.erase(self.db, self.codes_hash, school_id, seq, at, because)

    def ledger(self, school_id: str | None = None, last: int | None = None) -> tuple[LedgerLine, ...]:
        """The entries of a chain (of all), oldest first, or only the last few."""
        return ledger.lines(self.db, school_id, last)

    def verify(self) -> tuple[int, tuple[Fault, ...]]:
        """Entries read, and every fault found."""
        return verify.verify(self.db)
