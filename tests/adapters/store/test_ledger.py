"""The ledger as it is written, shown and, where a family has asked for it, erased."""

from __future__ import annotations

import json
import math
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256

import pytest

from adapters.store import SqlStore, StoreProblem, chain
from workflows.values import Entry

NOW = datetime(2025, 9, 8, 8, 20, tzinfo=UTC)
BST = timezone(timedelta(hours=1))


def test_entries_come_back_oldest_first(store: SqlStore) -> None:
    """One school's chain by number, all chains by time; `last` takes from the end."""
    with store.transaction() as unit:
        unit.append("S", NOW, [Entry("run", "", {"n": 1}, rulebook="b-1"), Entry("decision", "A1", {"n": 2})])
        unit.append("R", NOW + timedelta(minutes=1), [Entry("run", "", {"n": 3})])
        unit.append("S", (NOW + timedelta(minutes=2)).astimezone(BST), [Entry("sent", "A1", {"n": 4})])
        assert [line.content for line in unit.ledger()] == [{"n": n} for n in (1, 2, 3, 4)]
        assert [line.seq for line in unit.ledger("S")] == [1, 2, 3]
        (line,) = unit.ledger("S", last=1)
    assert (line.at, line.at.tzinfo, line.kind) == (NOW + timedelta(minutes=2), UTC, "sent")


def test_a_subject_is_a_salted_digest(store: SqlStore) -> None:
    """The skeleton names nobody; who holds the salt can still find a pupil's entries."""
    with store.transaction() as unit:
        unit.append("S", NOW, [Entry("decision", "A1"), Entry("sent", "A1"), Entry("sent", "B2")])
        one, two, other = (line.subject_digest for line in unit.ledger("S"))
        assert one == two == chain.subject_digest(unit.note("ledger_salt") or "", "S", "A1")
        assert other != one


def test_an_auditor_can_recompute_a_hash(store: SqlStore) -> None:
    """With nothing but the row, JSON and SHA-256."""
    with store.transaction() as unit:
        unit.append("S", NOW, [Entry("run", "", {"b": 1, "a": "é"}, rulebook="b-1", template="t-1")])
    with closing(sqlite3.connect(store.path)) as raw:
        raw.row_factory = sqlite3.Row
        entry = raw.execute("SELECT * FROM ledger_entry").fetchone()
        content = raw.execute("SELECT * FROM ledger_content").fetchone()
    assert content["content"] == '{"a":"é","b":1}'
    assert entry["content_hash"] == chain.content_hash(content["nonce"], content["content"])
    assert entry["hash"] == chain.digest(*tuple(entry)[:-1])
    assert (entry["codes"], entry["template"]) == ("codes-1", "t-1")


@pytest.mark.parametrize(
    "content",
    [
        {"b": {"z": None, "a": [1, -2, True]}, "a": 'é \u2028 😀 \x7f \x00 " \\ /', "😀": 1, "\uff5e": 2},
        {"rate": 92.5, "none": 0.1, "large": 2**70, "half a character": "\udcff", "tuple": ("a", 1)},
    ],
)
def test_a_content_is_spelt_as_python_spells_json(content: dict[str, object]) -> None:
    """Whichever library writes it: sorted by character, no blanks, nothing escaped that need not be."""
    spelt = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert chain.canonical(content) == spelt


@pytest.mark.parametrize(
    "part",
    [
        "plain",
        'é " \\ \x7f 😀',
        "\udcff",
        None,
        7,
        2**70,
        True,
        b"x",
        NOW,
        NOW.date(),
        1e-07,
        0.1,
        math.inf,
        math.nan,
    ],
)
def test_parts_are_hashed_as_python_spells_them(part: object) -> None:
    """A text, number or null as JSON in ASCII, all else by its `repr`: nothing passes for something else."""
    spelt = json.dumps(["a", part], separators=(",", ":"), default=repr)
    assert chain.digest("a", part) == sha256(spelt.encode()).hexdigest()


@pytest.mark.parametrize("content", [{"at": NOW}, {"entry": Entry("run", "")}, {"odd": {1}}])
def test_a_content_is_plain(content: dict[str, object]) -> None:
    """What JSON has no word for is refused, not spelt somehow."""
    with pytest.raises(TypeError):
        chain.canonical(content)


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_a_number_that_is_none_is_refused(number: float) -> None:
    """However deep it lies: kept as null it would pass for something nobody has measured."""
    with pytest.raises(ValueError, match="a number that is none"):
        chain.canonical({"evidence": [{"window": (1, number)}]})


def test_an_erasure_keeps_the_chain(store: SqlStore) -> None:
    """The words go, from the file too; that there was an entry, and why it is empty, stays."""
    with store.transaction() as unit:
        unit.append("S", NOW, [Entry("sent", "A1", {"text": "Zebedee is ill"}), Entry("run", "")])
        unit.erase("S", 1, NOW, "asked for by the family, 8 September")
    with store.reading() as unit:
        first, second, erasure = unit.ledger("S")
        assert (first.content, second.content) == (None, {})
        assert erasure.content == {"seq": 1, "because": "asked for by the family, 8 September"}
        assert unit.verify() == (3, ())
        assert unit.db.exec_driver_sql("PRAGMA secure_delete").scalar_one() == 1
    store.close()
    assert b"Zebedee" not in store.path.read_bytes()


@pytest.mark.parametrize(
    ("seq", "because", "sentence"),
    [
        (1, "", "is not erased without a reason"),
        (9, "why", "ledger entry 9 of school S does not exist"),
        (2, "why", "was erased before: first reason"),
        (3, "why", "records an erasure and stays"),
    ],
)
def test_what_is_not_erased(store: SqlStore, seq: int, because: str, sentence: str) -> None:
    """No reason, no entry, not twice, and not the record of an erasure."""
    with store.transaction() as unit:
        unit.append("S", NOW, [Entry("run", ""), Entry("sent", "A1")])
        unit.erase("S", 2, NOW, "first reason")
        with pytest.raises(StoreProblem, match=sentence):
            unit.erase("S", seq, NOW, because)


def test_a_day_is_closed_by_the_first_entry_of_a_later_one(store: SqlStore) -> None:
    """The head of a day holds where every chain stood; a late entry of an old day makes none."""
    with store.transaction() as unit:
        unit.append("S", NOW, [Entry("run", "")])
        unit.append("R", NOW, [Entry("run", ""), Entry("run", "")])
        unit.append("S", NOW + timedelta(days=3), [Entry("run", "")])
        unit.append("R", NOW + timedelta(days=1), [Entry("run", "")])
        unit.append("S", NOW + timedelta(days=4), [Entry("run", "")])
        tips = {(line.school_id, line.seq): line.hash for line in unit.ledger()}
        assert unit.verify() == (6, ())
        heads = unit.db.exec_driver_sql("SELECT day, heads FROM ledger_head ORDER BY day").all()
    assert [(day, json.loads(text)) for day, text in heads] == [
        ("2025-09-08", {"S": [1, tips["S", 1]], "R": [2, tips["R", 2]]}),
        ("2025-09-11", {"S": [2, tips["S", 2]], "R": [3, tips["R", 3]]}),
    ]


def test_an_instant_has_an_offset(store: SqlStore) -> None:
    """A naive instant, which could be two, is refused."""
    with store.transaction() as unit, pytest.raises(ValueError, match="offset from UTC"):
        unit.append("S", NOW.replace(tzinfo=None), [Entry("run", "")])


def test_an_erasure_is_not_merely_claimed(store: SqlStore) -> None:
    """Only erasing writes the entry that says so."""
    with store.transaction() as unit, pytest.raises(ValueError, match="recorded by erasing"):
        unit.append("S", NOW, [Entry("erasure", "", {"seq": 1, "because": "why not"})])
