"""The use case "import": what a source holds, checked and taken, one commit for each file and school."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from engine.instants import local
from engine.records import SchoolDay
from workflows.admission import Unfit
from workflows.gathered import Gathered
from workflows.incoming import (
    Progress,
    Quarantine,
    Quarantined,
    Refused,
    Source,
    SourceFile,
    Unreadable,
)
from workflows.known import ALL_OF_TIME, Known, stranded, taken_away
from workflows.ports import Clock, Record, Store, Taken
from workflows.receipt import FileReceipt, Receipt
from workflows.register_in import Registers
from workflows.values import Entry

PROGRESS_EVERY = 20_000


def take_in(
    store: Store,
    source: Source,
    recorded_at: datetime | None,
    quarantine: Quarantine,
    progress: Progress,
    *,
    clock: Clock | None = None,
) -> Receipt:
    """Take every good row of a source into the store; the others go to quarantine, each with its reason.

    `recorded_at` is the journal's time of these batches; without it each has the time of its commit, so
    that nobody is said to have known what was still being read. The `clock` is the ledger's (without it,
    `recorded_at` is). A second import of the same files writes nothing to the store. A file that cannot
    be read at all is named in the receipt and the others are taken; Unreadable if the source has no file
    to offer.
    """
    intake = _Intake(store, recorded_at, clock or _standing_still(recorded_at), progress)
    for file in source.files():
        intake.take(file)
    where = quarantine.write(intake.name(), intake.quarantined) if intake.quarantined else ""
    return Receipt(
        tuple(intake.receipts), tuple(intake.unreadable), (*source.warnings, *intake.warnings), where
    )


class _Intake:
    """One import under way: what is known so far, and what there will be to tell."""

    def __init__(self, store: Store, recorded_at: datetime | None, clock: Clock, progress: Progress) -> None:
        self.receipts: list[FileReceipt] = []
        self.unreadable: list[str] = []
        self.warnings: list[str] = []
        self.quarantined: list[Quarantined] = []
        self._store = store
        self._recorded_at = recorded_at
        self._clock = clock
        self._started = recorded_at or clock()
        self._progress = progress
        self._known = Known.of(store)

    def take(self, file: SourceFile) -> None:
        """Read one file to its end, then commit it school by school."""
        count: Counter[str] = Counter()
        gathered: Registers | Gathered
        if file.kind == "marks":
            gathered = Registers(self._known)
            unfit = self._unfit_marks(file, gathered, count)
        else:
            gathered = Gathered(self._known, local(self._started).date(), file.remarks)
            unfit = self._unfit_rows(file, gathered, count)
        try:
            for row in unfit:
                self._refuse(file, row, count)
        except Unreadable as fault:
            self.unreadable.append(str(fault))
            return
        for row in gathered.refused_late():
            self._refuse(file, row, count)
        for school_id, records in gathered.batches():
            self._commit(file, school_id, records, count)
        gathered.remark_loose_ends()
        self.warnings += file.remarks.lines()
        self.receipts.append(
            FileReceipt(
                file=file.name,
                kind=file.kind,
                sha256=file.sha256,
                rows=count["rows"],
                new=count["new"],
                changed=count["changed"],
                same=count["same"],
                repeated=gathered.repeated,
                refused=count["refused"],
                agreed=gathered.agreed,
            )
        )
        self._progress(file.name, file.size, file.size)

    def _unfit_rows(self, file: SourceFile, gathered: Gathered, count: Counter[str]) -> Iterator[Refused]:
        """Gather every row that fits; what comes out are those that do not."""
        for row in file.rows():
            count["rows"] += 1
            if count["rows"] % PROGRESS_EVERY == 0:
                self._progress(file.name, file.bytes_read, file.size)
            if isinstance(row, Refused):
                yield row
                continue
            try:
                gathered.add(row)
            except Unfit as unfit:
                yield Refused(row.line, unfit.column, unfit.reason, row.raw)

    def _unfit_marks(self, file: SourceFile, registers: Registers, count: Counter[str]) -> Iterator[Refused]:
        """The same of marks."""
        for read in file.marks():
            count["rows"] += len(read)
            self._progress(file.name, file.bytes_read, file.size)
            yield from registers.add(read)

    def _refuse(self, file: SourceFile, row: Refused, count: Counter[str]) -> None:
        count["refused"] += 1
        self.quarantined.append(Quarantined(file.name, row.line, row.column, row.reason, row.raw))

    def _commit(
        self, file: SourceFile, school_id: str, records: Sequence[Record], count: Counter[str]
    ) -> None:
        if file.kind == "calendar":
            self._warn_of_stranded_marks(file, school_id, records)
        source = f"{file.name} sha256:{file.sha256}"
        with self._store.transaction() as unit:
            at = self._clock()  # read under the write lock: times follow each other as commits do
            recorded_at = self._recorded_at or at
            taken = unit.take(file.kind, school_id, records, recorded_at, source)
            if taken.batch is not None:
                unit.append(school_id, at, [_entry(file, taken, recorded_at)])
        self._known.learn(records)
        count.update(new=taken.new, changed=taken.changed, same=taken.same)

    def name(self) -> str:
        """A name for the quarantine report: the time of the import, and a little of what it held."""
        rows = "\n".join(f"{row.file}:{row.line}:{row.reason}:{row.row}" for row in self.quarantined)
        digest = hashlib.sha256(rows.encode(errors="surrogateescape")).hexdigest()[:8]
        return f"{self._started.astimezone(UTC):%Y-%m-%dT%H%M%SZ}-{digest}"

    def _warn_of_stranded_marks(self, file: SourceFile, school_id: str, records: Sequence[Record]) -> None:
        before = self._known.days(school_id)
        days = [day for day in records if isinstance(day, SchoolDay)]
        removed = [slot for day in days for slot in taken_away(before.get(day.date), day)]
        if not removed:
            return
        with self._store.reading() as unit:
            marks = stranded(unit.facts(school_id, ALL_OF_TIME), removed)
        if marks:
            self.warnings.append(
                f"{file.name}: the calendar of {school_id} no longer holds {len(removed)} sessions, "
                f"the first on {min(removed)[0]}; {marks:,} marks now stand on no session and do not count"
            )


def _entry(file: SourceFile, taken: Taken, recorded_at: datetime) -> Entry:
    return Entry(
        "import",
        f"file:{file.kind}",
        {
            "file": file.name,
            "sha256": file.sha256,
            "batch": taken.batch,
            "recorded_at": recorded_at.astimezone(UTC).isoformat(),
            "new": taken.new,
            "changed": taken.changed,
            "same": taken.same,
        },
    )


def _standing_still(at: datetime | None) -> Clock:
    if at is None:
        raise ValueError("an import needs a time: recorded_at, or a clock")
    return lambda: at
