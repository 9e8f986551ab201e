"""Reading the ledger with distrust: every byte of its four tables is accounted for, or a fault names it."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING

from sqlalchemy import select

from adapters.store import chain
from adapters.store.ledger import CONTENTS, ENTRIES, HEADS, TIPS
from adapters.store.runs import RUNS, note
from workflows.ports import Fault

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection, RowMapping

Witness = dict[tuple[str, int], list[tuple[str, str]]]


def verify(db: Connection) -> tuple[int, tuple[Fault, ...]]:
    """Entries read, and every fault found: changed, missing, reordered, cut off, or wrongly erased."""
    with _bytes_as_they_are(db):
        salt = note(db, chain.SALT) or ""
        tips = {row["school_id"]: row for row in db.execute(select(TIPS)).mappings()}
        witness: Witness = defaultdict(list)
        faults = list(_heads(db, salt, tips.pop(chain.HEADS, None), witness))
        count = 0
        for school_id, entries in groupby(_entries(db), key=lambda row: row["school_id"]):
            walk = Walk(school_id, chain.genesis(salt, str(school_id)))
            for row in entries:
                count += 1
                faults += walk.step(row, witness.pop((school_id, row["seq"]), []))
            faults += walk.end(tips.pop(school_id, None))
        faults += (
            Fault(str(school), _number(tip["seq"]), "the whole chain of this school is gone")
            for school, tip in tips.items()
        )
        faults += (
            Fault(school, seq, f"the daily head of {seen[0][0]} saw this entry, and it is missing")
            for (school, seq), seen in witness.items()
        )
        faults += _strays(db)
        faults += _silent(db)
    return count, tuple(faults)


@dataclass(slots=True)
class Walk:
    """One school's chain, walked from its first entry to its last."""

    school_id: str
    prev: str
    seq: int = 0
    erased: dict[int, str] = field(default_factory=dict)
    ordered: dict[int, str] = field(default_factory=dict)

    def step(self, row: RowMapping, seen: list[tuple[str, str]]) -> Iterator[Fault]:
        """Check one entry against the one before it, its content, and the daily heads that saw it."""
        seq = row["seq"]
        if not isinstance(seq, int) or seq <= self.seq:
            yield self._fault(_number(seq), f"an entry carries the number {seq!r}, out of all order")
            return
        if seq > self.seq + 1:
            yield from (self._fault(lost, "the entry is missing") for lost in range(self.seq + 1, seq))
        elif row["prev"] != self.prev:
            yield self._fault(seq, "the entry does not follow the one before it")
        if chain.hash_of(row, chain.SKELETON) != row["hash"]:
            yield self._fault(seq, "the entry was changed after it was written: its hash does not match")
        for day, head in seen:
            if row["hash"] != head:
                yield self._fault(seq, f"the entry is not the one that the daily head of {day} saw")
        yield from self._content(row)
        self.seq, self.prev = seq, row["hash"]

    def _content(self, row: RowMapping) -> Iterator[Fault]:
        seq, nonce, content, erased = row["seq"], row["nonce"], row["content"], row["erased"]
        if row["content_seq"] is None:
            yield self._fault(seq, "the content of the entry is missing altogether")
        elif erased is not None and nonce is None and content is None:
            self.erased[seq] = erased
        elif erased is not None or not isinstance(nonce, str) or not isinstance(content, str):
            yield self._fault(seq, "the content of the entry is neither whole nor properly erased")
        elif chain.content_hash(nonce, content) != row["content_hash"]:
            yield self._fault(seq, "the content of the entry was changed after it was written")
        elif row["kind"] == chain.ERASURE:
            order = json.loads(content)
            try:
                self.ordered[order["seq"]] = order["because"]
            except (KeyError, TypeError):
                yield self._fault(seq, "the entry says that it erases another, and does not say which")

    def end(self, tip: RowMapping | None) -> Iterator[Fault]:
        """Check that the chain ends where it should, and that what was erased was erased by an entry."""
        for seq in sorted(self.erased.keys() | self.ordered.keys()):
            if self.erased.get(seq) != self.ordered.get(seq):
                yield self._fault(
                    seq, "what the ledger says of this entry's erasure and what is there differ"
                )
        if tip is None:
            yield self._fault(self.seq, "the note of where this chain ends is gone")
        elif isinstance(tip["seq"], int) and self.seq < tip["seq"] <= self.seq + 1_000_000:
            lost = range(self.seq + 1, tip["seq"] + 1)
            yield self._fault(self.seq, "the chain is cut off after this entry")
            yield from (self._fault(seq, "the entry is missing at the end of the chain") for seq in lost)
        elif (tip["seq"], tip["hash"]) != (self.seq, self.prev):
            yield self._fault(self.seq, "the note of where this chain ends does not fit its last entry")

    def _fault(self, seq: int, what: str) -> Fault:
        return Fault(str(self.school_id), seq, what)


def _entries(db: Connection) -> Iterable[RowMapping]:
    joined = (CONTENTS.c.school_id == ENTRIES.c.school_id) & (CONTENTS.c.seq == ENTRIES.c.seq)
    wanted = (
        select(
            ENTRIES,
            CONTENTS.c.seq.label("content_seq"),
            CONTENTS.c.nonce,
            CONTENTS.c.content,
            CONTENTS.c.erased,
        )
        .outerjoin(CONTENTS, joined)
        .order_by(ENTRIES.c.school_id, ENTRIES.c.seq)
    )
    return db.execute(wanted, execution_options={"yield_per": 2000}).mappings()


def _strays(db: Connection) -> Iterator[Fault]:
    joined = (CONTENTS.c.school_id == ENTRIES.c.school_id) & (CONTENTS.c.seq == ENTRIES.c.seq)
    found = db.execute(
        select(CONTENTS.c.school_id, CONTENTS.c.seq).outerjoin(ENTRIES, joined).where(ENTRIES.c.seq.is_(None))
    )
    for school_id, seq in found:
        yield Fault(str(school_id), _number(seq), "there is content without an entry that it belongs to")


def _heads(db: Connection, salt: str, tip: RowMapping | None, witness: Witness) -> Iterator[Fault]:
    """Check the chain of daily heads, and note in `witness` which entries they saw."""
    prev, count, day = chain.genesis(salt, chain.HEADS), 0, "the first day"
    for row in db.execute(select(HEADS).order_by(HEADS.c.day)).mappings():
        count, day = count + 1, str(row["day"])
        if row["prev"] != prev:
            yield Fault(
                "", 0, f"the daily head of {day} does not follow the head before it: one is missing or moved"
            )
        if chain.hash_of(row, chain.HEAD) != row["hash"]:
            yield Fault("", 0, f"the daily head of {day} was changed after it was written")
        else:
            for school_id, (seq, head) in json.loads(row["heads"]).items():
                witness[school_id, seq].append((day, head))
        prev = row["hash"]
    if (tip["seq"], tip["hash"]) != (count, prev) if tip else count:
        yield Fault(
            "", 0, f"the daily heads do not end where they should, after that of {day}: one is missing"
        )


@contextmanager
def _bytes_as_they_are(db: Connection) -> Iterator[None]:
    """Read text that is no longer UTF-8 as it stands, instead of stopping at it."""
    driver = db.connection.driver_connection
    if not isinstance(driver, sqlite3.Connection):
        raise TypeError("the ledger is verified on SQLite")
    driver.text_factory = lambda raw: raw.decode(errors="surrogateescape")
    try:
        yield
    finally:
        driver.text_factory = str


def _number(seq: object) -> int:
    return seq if isinstance(seq, int) else 0


def _silent(db: Connection) -> Iterator[Fault]:
    """Schools that were judged, and whose chain has no entry at all."""
    told = set(db.execute(select(ENTRIES.c.school_id).distinct()).scalars())
    for school in sorted(set(db.execute(select(RUNS.c.school_id).distinct()).scalars()) - told):
        yield Fault(str(school), 0, "there are runs of this school and not one entry: the chain is gone")
