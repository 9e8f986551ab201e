"""Whoever changes a byte of the ledger is found out, and the entry is named."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, reject, settings
from hypothesis import strategies as st

from adapters.store import chain, open_store
from workflows.ports import Fault
from workflows.values import Entry

NOW = datetime(2025, 9, 8, 8, 20, tzinfo=UTC)


@pytest.fixture(scope="module")
def honest(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three schools, four days, one erasure."""
    path = tmp_path_factory.mktemp("ledger") / "honest.db"
    shutil.copy(template, path)
    with open_store(f"sqlite:///{path}", codes_hash="codes-1") as store, store.transaction() as unit:
        for day in range(4):
            for school_id, count in (("R", 2), ("S", 1), ("T", 1)):
                entries = [Entry("decision", "Ä1", {"n": n, "name": "Zoë"}, "b-1") for n in range(count)]
                unit.append(school_id, NOW + timedelta(days=day), entries)
        unit.erase("R", 3, NOW + timedelta(days=3), "the family asked")
        assert unit.verify() == (17, ())
    return path


def faults_after(honest: Path, *tampering: str) -> tuple[Fault, ...]:
    """The faults of a copy after these statements, made by another program."""
    path = copied(honest)
    with closing(sqlite3.connect(path)) as raw:
        for sql in tampering:
            raw.execute(sql)
        raw.commit()
    return faults(path)


def copied(honest: Path) -> Path:
    """A copy to tamper with."""
    return Path(shutil.copy(honest, honest.with_name("tampered.db")))


def faults(path: Path) -> tuple[Fault, ...]:
    """What is wrong with the ledger of a store."""
    with open_store(f"sqlite:///{path}", codes_hash="codes-1") as store, store.reading() as unit:
        return unit.verify()[1]


def rows_of(raw: sqlite3.Connection, table: str) -> list[tuple[Any, ...]]:
    """Every row as it stands, row number first; text as a tuple of its bytes, to tell it from a blob."""
    raw.text_factory = lambda text: (text,)
    return raw.execute(f"SELECT rowid, * FROM {table} ORDER BY rowid").fetchall()  # noqa: S608


def another(old: Any, how: str, place: int, others: list[Any]) -> tuple[str, Any]:  # noqa: ANN401
    """A placeholder and a value to put in the place of the old one."""
    text = bytearray(old[0] if isinstance(old, tuple) else str(old).encode())
    if how == "byte" and text:
        text[place % len(text)] ^= 1 << place % 8
    if how == "longer":
        text += b"9"
    if how == "other row":
        old = others[place % len(others)]
        return ("CAST(? AS TEXT)", old[0]) if isinstance(old, tuple) else ("?", old)
    if how == "number":
        return "?", place - 500 + (old if isinstance(old, int) else 0)
    return {"null": ("?", None), "blob": ("?", bytes(text))}.get(how, ("CAST(? AS TEXT)", bytes(text)))


@settings(max_examples=200, deadline=None)
@given(
    table=st.sampled_from(["ledger_entry", "ledger_content", "ledger_tip", "ledger_head"]),
    how=st.sampled_from(["byte", "longer", "number", "null", "blob", "other row", "delete"]),
    row=st.integers(0, 16),
    column=st.integers(0, 10),
    place=st.integers(0, 1000),
)
def test_any_change_names_its_entry(
    honest: Path, table: str, how: str, row: int, column: int, place: int
) -> None:
    """Bytes, numbers, NULLs, blobs, deleted and copied values: each is found, by school and number."""
    path = copied(honest)
    with closing(sqlite3.connect(path)) as raw:
        names = [name for (name,) in raw.execute(f"SELECT name FROM pragma_table_info('{table}')")]  # noqa: S608
        before = rows_of(raw, table)
        old = dict(zip(["rowid", *names], before[row % len(before)], strict=True))
        name = names[column % len(names)]
        if how == "delete":
            raw.execute(f"DELETE FROM {table} WHERE rowid = ?", (old["rowid"],))  # noqa: S608
        else:
            spelt, new = another(old[name], how, place, [line[1 + names.index(name)] for line in before])
            try:
                sql = f"UPDATE {table} SET {name} = {spelt} WHERE rowid = ?"  # noqa: S608
                raw.execute(sql, (new, old["rowid"]))
            except sqlite3.IntegrityError:
                reject()  # the table itself will not have it
        assume(rows_of(raw, table) != before)
        raw.commit()
    found = faults(path)
    school_id, seq = (old["school_id"][0].decode(), old["seq"]) if "seq" in old else ("", 0)
    assert (school_id, seq if school_id else 0) in {(fault.school_id, fault.seq) for fault in found}
    if table == "ledger_head" and name != "day" and how != "delete":
        assert any(old["day"][0].decode() in fault.what for fault in found)


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        (
            "UPDATE ledger_entry SET kind = 'sent' WHERE school_id = 'S' AND seq = 2",
            "entry was changed after",
        ),
        (
            "UPDATE ledger_entry SET kind = 'erasure' WHERE school_id = 'S' AND seq = 2",
            "says that it erases another, and does not say which",
        ),
        ("UPDATE ledger_content SET content = '{}' WHERE seq = 2", "content of the entry was changed"),
        ("DELETE FROM ledger_entry WHERE school_id = 'S' AND seq = 2", "the entry is missing"),
        ("DELETE FROM ledger_entry WHERE school_id = 'S' AND seq = 4", "cut off after this entry"),
        ("DELETE FROM ledger_content WHERE school_id = 'S' AND seq = 2", "content of the entry is missing"),
        ("INSERT INTO ledger_content VALUES ('S', 9, 'n', '{}', NULL)", "content without an entry"),
        ("DELETE FROM ledger_head WHERE day = '2025-09-09'", "head of 2025-09-10 does not follow"),
        ("DELETE FROM ledger_head WHERE day = '2025-09-10'", "where they should, after that of 2025-09-09"),
        (
            "UPDATE ledger_content SET erased = 'x' WHERE erased IS NOT NULL",
            "erasure and what is there differ",
        ),
    ],
)
def test_faults_are_in_words(honest: Path, sql: str, expected: str) -> None:
    """What an auditor reads says what happened."""
    assert expected in " / ".join(fault.what for fault in faults_after(honest, sql))


def test_a_whole_chain_cannot_vanish(honest: Path) -> None:
    """A school removed with everything that is kept of it still has the daily heads as witnesses."""
    found = faults_after(
        honest,
        "DELETE FROM ledger_entry WHERE school_id = 'T'",
        "DELETE FROM ledger_content WHERE school_id = 'T'",
        "DELETE FROM ledger_tip WHERE school_id = 'T'",
    )
    assert {(fault.school_id, fault.seq) for fault in found} == {("T", 1), ("T", 2), ("T", 3)}


def test_a_chain_written_anew_is_not_the_one_the_heads_saw(honest: Path) -> None:
    """Who knows the salt and recomputes every hash of a school still contradicts the daily heads."""
    path = copied(honest)
    with closing(sqlite3.connect(path)) as raw:
        raw.row_factory = sqlite3.Row
        (salt,) = raw.execute("SELECT value FROM note WHERE key = 'ledger_salt'").fetchone()
        prev = chain.genesis(salt, "S")
        for entry in raw.execute("SELECT * FROM ledger_entry WHERE school_id = 'S' ORDER BY seq").fetchall():
            row = {**entry, "kind": "nothing", "prev": prev}
            prev = chain.hash_of(row, chain.SKELETON)
            raw.execute(
                "UPDATE ledger_entry SET kind = ?, prev = ?, hash = ? WHERE school_id = 'S' AND seq = ?",
                (row["kind"], row["prev"], prev, row["seq"]),
            )
        raw.execute("UPDATE ledger_tip SET hash = ? WHERE school_id = 'S'", (prev,))
        raw.commit()
    assert {(fault.school_id, fault.seq) for fault in faults(path)} == {("S", 1), ("S", 2), ("S", 3)}


def test_an_entry_cannot_be_emptied_quietly(honest: Path) -> None:
    """Content taken away as if erased, without an erasure in the chain, is a fault."""
    quietly = "SET nonce = NULL, content = NULL, erased = 'why not' WHERE school_id = 'S' AND seq = 2"
    found = faults_after(honest, f"UPDATE ledger_content {quietly}")
    assert [(fault.school_id, fault.seq) for fault in found] == [("S", 2)]


def test_another_salt_is_noticed(honest: Path) -> None:
    """The salt is part of what every first entry follows: changed, no chain has a beginning."""
    found = faults_after(honest, "UPDATE note SET value = 'pepper' WHERE key = 'ledger_salt'")
    assert {fault.school_id for fault in found if fault.seq == 1} == {"R", "S", "T"}
