"""The ledger: appended to, shown, and, content alone, erased. verify.py checks it."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, func, insert, select, update

from adapters.store import chain
from adapters.store.driven import Driven
from adapters.store.problems import StoreProblem
from adapters.store.rows import add, put
from adapters.store.runs import note
from adapters.store.tables import core
from adapters.store.tables.ledger import LedgerContentRow, LedgerEntryRow, LedgerHeadRow, LedgerTipRow
from workflows.ports import LedgerLine
from workflows.values import Entry

if TYPE_CHECKING:
    from sqlalchemy import Connection

ENTRIES, CONTENTS = core(LedgerEntryRow), core(LedgerContentRow)
TIPS, HEADS = core(LedgerTipRow), core(LedgerHeadRow)


def append(db: Connection, codes: str, school_id: str, at: datetime, entries: Sequence[Entry]) -> None:
    """Append to a school's chain. `codes` is the hash of the code table in force.

    Raises:
        ValueError: `at` has no offset, the school has no name, or an entry claims to be an erasure.
    """
    if any(entry.kind == chain.ERASURE for entry in entries):
        raise ValueError("an erasure is recorded by erasing")
    _append(db, codes, school_id, at, entries)


def _append(db: Connection, codes: str, school_id: str, at: datetime, entries: Sequence[Entry]) -> None:
    if at.tzinfo is None or not school_id:
        raise ValueError("a ledger entry needs a school and an instant with its offset from UTC")
    if not entries:
        return
    spelt, salt = at.astimezone(UTC).isoformat(timespec="microseconds"), _salt(db)
    _close_day(db, salt, spelt[:10])
    last, prev = _tip(db, salt, school_id)
    skeletons: list[dict[str, object]] = []
    contents: list[dict[str, object]] = []
    subjects = {each: chain.subject_digest(salt, school_id, each) for each in {e.subject for e in entries}}
    for seq, (nonce, entry) in enumerate(zip(_nonces(len(entries)), entries, strict=True), start=last + 1):
        content = chain.canonical(entry.content)
        row: dict[str, object] = {
            "school_id": school_id,
            "seq": seq,
            "at": spelt,
            "kind": entry.kind,
            "subject_digest": subjects[entry.subject],
            "rulebook": entry.rulebook,
            "codes": codes,
            "template": entry.template,
            "content_hash": chain.content_hash(nonce, content),
            "prev": prev,
        }
        prev = chain.hash_of(row, chain.SKELETON)
        skeletons.append({**row, "hash": prev})
        contents.append(
            {"school_id": school_id, "seq": seq, "nonce": nonce, "content": content, "erased": None}
        )
    add(db, ENTRIES, skeletons)
    add(db, CONTENTS, contents)
    put(db, TIPS, [{"school_id": school_id, "seq": last + len(entries), "hash": prev}])


def _nonces(count: int) -> list[str]:
    """So many times sixteen random bytes, asked of the system at once: it is slow to answer."""
    drawn = secrets.token_hex(16 * count)
    return [drawn[at : at + 32] for at in range(0, len(drawn), 32)]


def length(db: Connection, school_id: str) -> int:
    """How many entries a school's chain has."""
    return next((seq for seq, _ in _end().ask(db, school_id=school_id)), 0)


@cache
def _end() -> Driven:
    return Driven.of(select(TIPS.c.seq, TIPS.c.hash).where(TIPS.c.school_id == bindparam("school_id")))


def _salt(db: Connection) -> str:
    salt = note(db, chain.SALT)
    if salt is None:
        raise StoreProblem("the ledger's salt is gone from the store: restore a backup")
    return salt


def _tip(db: Connection, salt: str, school_id: str) -> tuple[int, str]:
    ends = _end().ask(db, school_id=school_id)
    return ends[0] if ends else (0, chain.genesis(salt, school_id))


def _close_day(db: Connection, salt: str, day: str) -> None:
    """When the first entry of a later day comes, write down where every chain stood before it."""
    ((latest,),) = _latest().ask(db)
    if latest is None or latest[:10] >= day:
        return
    tips = db.execute(select(TIPS).where(TIPS.c.school_id != chain.HEADS))
    count, prev = _tip(db, salt, chain.HEADS)
    row: dict[str, Any] = {
        "day": latest[:10],
        "heads": chain.canonical({school_id: [seq, tip] for school_id, seq, tip in tips}),
        "prev": prev,
    }
    row["hash"] = chain.hash_of(row, chain.HEAD)
    db.execute(insert(HEADS).values(**row))
    put(db, TIPS, [{"school_id": chain.HEADS, "seq": count + 1, "hash": row["hash"]}])


@cache
def _latest() -> Driven:
    return Driven.of(select(func.max(ENTRIES.c.at)))


def erase(db: Connection, codes: str, school_id: str, seq: int, at: datetime, because: str) -> None:
    """Delete what an entry says and keep that it was said; the erasure is an entry itself.

    Raises:
        StoreProblem: no reason given, no such entry, erased before, or itself the record of an erasure.
    """
    found = db.execute(
        select(ENTRIES.c.kind, CONTENTS.c.erased)
        .join(CONTENTS, (CONTENTS.c.school_id == ENTRIES.c.school_id) & (CONTENTS.c.seq == ENTRIES.c.seq))
        .where(ENTRIES.c.school_id == school_id, ENTRIES.c.seq == seq)
    ).one_or_none()
    where = f"ledger entry {seq} of school {school_id}"
    if not because:
        raise StoreProblem(f"{where} is not erased without a reason: say who asked, and why")
    if found is None:
        raise StoreProblem(f"{where} does not exist: 'firstbell ledger show' lists the entries")
    if found.erased is not None:
        raise StoreProblem(f"{where} was erased before: {found.erased}")
    if found.kind == chain.ERASURE:
        raise StoreProblem(f"{where} records an erasure and stays")
    db.exec_driver_sql("PRAGMA secure_delete=ON").close()  # or the words would linger in free pages
    db.execute(
        update(CONTENTS)
        .where(CONTENTS.c.school_id == school_id, CONTENTS.c.seq == seq)
        .values(nonce=None, content=None, erased=because)
    )
    _append(db, codes, school_id, at, [Entry(chain.ERASURE, "", {"seq": seq, "because": because})])


def lines(db: Connection, school_id: str | None, last: int | None) -> tuple[LedgerLine, ...]:
    """Entries as shown, oldest first."""
    names = ("school_id", "seq", "at", "kind", "subject_digest", "rulebook", "hash")
    joined = (CONTENTS.c.school_id == ENTRIES.c.school_id) & (CONTENTS.c.seq == ENTRIES.c.seq)
    order = (ENTRIES.c.seq,) if school_id is not None else (ENTRIES.c.at, ENTRIES.c.school_id, ENTRIES.c.seq)
    wanted = (
        select(*(ENTRIES.c[name] for name in names), CONTENTS.c.content)
        .outerjoin(CONTENTS, joined)
        .order_by(*(column.desc() for column in order))
        .limit(last)
    )
    if school_id is not None:
        wanted = wanted.where(ENTRIES.c.school_id == school_id)
    try:
        return tuple(
            LedgerLine(
                school_id=row.school_id,
                seq=row.seq,
                at=datetime.fromisoformat(row.at),
                kind=row.kind,
                subject_digest=row.subject_digest,
                rulebook=row.rulebook,
                hash=row.hash,
                content=None if row.content is None else json.loads(row.content),
            )
            for row in reversed(db.execute(wanted).all())
        )
    except (TypeError, ValueError) as error:
        raise StoreProblem("a ledger entry cannot be read: 'firstbell ledger verify' names it") from error
