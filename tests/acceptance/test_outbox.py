"""The outbox as people type it: hold back, word anew, two people, settle, try again, recall."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from tests.acceptance.conftest import Firstbell
from tests.acceptance.small import small_school, write

NINE, SENT, LATER = "2025-11-21T09:20", "2025-11-21T09:25", "2025-11-21T09:40"
WORDS = "Sample School: Noor is not in school. Please call us today."


@pytest.fixture
def ran(firstbell: Firstbell) -> Firstbell:
    """A school of two whose morning of 21 November was judged: one text waits to leave. Beth may approve."""
    files = small_school()
    files["staff"] += "beth,S,Beth Lead,senior_leader,\nhana,S,Hana Head,headteacher,\n"
    write(Path("in"), files)
    assert firstbell("import", "in").code == 0
    assert firstbell("run", "--as-of", NINE).code == 0
    return firstbell


def _only(firstbell: Firstbell, *words: str) -> dict[str, object]:
    """The one message there is."""
    (message,) = firstbell("outbox", "list", *words, "--json").document
    return dict(message)


def _set(**values: str) -> None:
    """What a sender has made of every message."""
    with sqlite3.connect("school.db") as db:
        for name, value in values.items():
            db.execute(f"UPDATE message SET {name} = ?", (value,))  # noqa: S608


def test_held_back_worded_anew_approved_by_another_and_sent(ran: Firstbell) -> None:
    """Every step says what it did, and the ledger has who and why."""
    message_id = str(_only(ran)["id"])
    held = ran("outbox", "hold", message_id, "--by", "Asha", "--why", "the office is ringing them")
    assert (held.code, held.out) == (0, "1 held back by Asha\n")
    listed = " ".join(ran("outbox", "list", "--state", "drafted").out.split())
    assert "drafted: 1" in listed
    assert "held back by" in listed
    assert ran("outbox", "send", "--as-of", SENT).out == "Nothing is queued.\n"
    edited = ran("outbox", "edit", message_id, "--by", "Asha", "--why", "shorter", "--text", WORDS)
    assert edited.code == 0
    assert edited.out.startswith(
        f"{message_id} is worded anew and waits for approval: 1 part, 2.3p (it was 2 "
    )
    batch = ran("outbox", "approve", "--all", "--by", "Beth")
    assert "1 left: each needs a look of its own" in batch.err
    refused = ran("outbox", "approve", message_id, "--by", "Asha")
    assert (refused.code, "Asha Officer wrote the words of" in refused.err) == (2, True)
    assert ran("outbox", "approve", message_id, "--by", "Beth", "--why", "clear").code == 0
    assert "1 sent" in ran("outbox", "send", "--as-of", SENT).out
    assert [path.read_text().count(WORDS) for path in Path("outbox").glob("*.txt")] == [1]
    shown = ran("ledger", "show", "--json").document
    assert {"hold", "edit", "approval"} <= {entry["kind"] for entry in shown}


def test_words_may_come_from_a_file(ran: Firstbell) -> None:
    """As UTF-8; what is none, or both at once, or neither, is refused."""
    message_id = str(_only(ran)["id"])
    Path("words.txt").write_text(f"{WORDS}\n", encoding="utf-8")
    edit = ("outbox", "edit", message_id, "--by", "Beth", "--why", "shorter")
    assert ran(*edit, "--file", "words.txt", "--json").document[0]["text"] == WORDS
    Path("latin.txt").write_bytes("Noor caf\u00e9".encode("latin-1"))
    for more, sentence in (
        (("--file", "latin.txt"), "latin.txt: this is not UTF-8 text: save the file as UTF-8"),
        (("--file", "none.txt"), "none.txt: it cannot be read"),
        (("--file", "words.txt", "--text", "x"), "one answer has one form"),
        ((), "write the words with --text, or name the --file that holds them"),
    ):
        done = ran(*edit, *more)
        assert (done.code, sentence in done.err) == (2, True), done.err


def test_a_batch_leaves_what_is_excepted(ran: Firstbell, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two people must approve everything here: a batch by each, and one message is left both times."""
    monkeypatch.setenv("FIRSTBELL_APPROVAL_TWO_PEOPLE", "all")
    _set(state="awaiting_approval")
    message_id = str(_only(ran)["id"])
    left = ran("outbox", "approve", "--all", "--by", "Beth", "--except", message_id, "--why", "later")
    assert (left.code, left.out) == (0, "0 approved by Beth\n")
    first = ran("outbox", "approve", "--all", "--by", "Beth")
    assert first.out == (
        "1 approved by Beth\n1 of them wait for a second person: somebody else approves them too\n"
    )
    again = ran("outbox", "approve", "--all", "--by", "Beth")
    assert (again.out, "1 left: you worded them, or are the first of two" in again.err) == (
        "0 approved by Beth\n", True,
    )  # fmt: skip
    monkeypatch.setenv("COLUMNS", "300")
    assert "1 of 2 people has approved it: Beth Lead" in ran("outbox", "list").out
    assert ran("outbox", "approve", "--all", "--by", "Hana", "--json").document[0]["state"] == "queued"
    for words, sentence in (
        (("--all", "--except", "m-none"), "--except m-none: no such message waits for approval"),
        ((message_id, "--except", message_id), "--except goes with --all"),
        ((message_id, "--all"), "name the messages to approve, or --all of them"),
    ):
        done = ran("outbox", "approve", *words, "--by", "Beth")
        assert (done.code, sentence in done.err) == (2, True), done.err


def test_what_failed_or_is_in_doubt_is_settled_by_a_person(ran: Firstbell) -> None:
    """Tried again; said to be sent, or not; neither or both of these is refused."""
    message_id = str(_only(ran)["id"])
    _set(state="failed_temporary", attempts="5")
    assert ran("outbox", "retry", message_id, "--by", "Asha").out == "1 queued again\n"
    assert (_only(ran)["state"], _only(ran)["attempts"]) == ("queued", 0)
    _set(state="unknown", claimed_at="2025-11-21 09:25:00.000000")
    settle = ("outbox", "settle", message_id, "--by", "Asha", "--why", "their log")
    assert "say which it is: --sent, or --not-sent" in ran(*settle).err
    assert ran(*settle, "--sent", "--not-sent").code == 2
    assert ran(*settle, "--sent").out == "1 settled as sent\n"
    sent = _only(ran)
    assert (sent["state"], sent["ended_at"]) == ("sent", "2025-11-21T09:25:00+00:00")


def test_the_recall_list(ran: Firstbell) -> None:
    """Empty; then a mark is put right after the text left: who was told what, and the apology to approve."""
    message_id = str(_only(ran)["id"])
    ran("outbox", "send", "--as-of", SENT)
    assert ran("outbox", "recall").out == "Nothing that left is contradicted by the register.\n"
    write(Path("fix"), {"marks": "upn,date,session,code\nP1,2025-11-21,AM,/\n"})
    assert ran("import", "fix").code == 0
    (each,) = ran("outbox", "recall", "--json").document
    assert (each["message"]["id"], each["child"], each["to"]) == (message_id, "Noor [bold]Ash", "Ana Ash")
    assert "present" in each["message"]["contradicted_because"]
    assert (each["apology"]["state"], each["apology"]["apology_for"]) == ("awaiting_approval", message_id)
    shown = ran("outbox", "recall").out
    assert "1 on the recall list" in shown
    assert "Approve an apology by its id" in shown
    assert "TO BE" in ran("outbox", "list", "--state", "sent").out
    run = ran("run", "--as-of", LATER)
    assert "1 message that left is contradicted by the register: firstbell outbox recall" in run.out
    (again,) = ran("outbox", "recall", "--json").document
    assert again == each
    none = ("outbox", "recall", message_id, "--none-needed", "--by", "Asha", "--why", "I rang them")
    assert ran(*none).out == "1 settled without an apology\n"
    assert ran("outbox", "recall", "--json").document == []
    states = {message["id"]: message["state"] for message in ran("outbox", "list", "--json").document}
    assert states == {message_id: "recalled", each["apology"]["id"]: "withdrawn"}


def test_a_person_puts_a_message_on_the_recall_list(ran: Firstbell) -> None:
    """It went to the wrong person: with who says so; what is asked by halves is refused."""
    message_id = str(_only(ran)["id"])
    ran("outbox", "send", "--as-of", SENT)
    assert "say with --by who says so" in ran("outbox", "recall", message_id).err
    assert "name the messages" in ran("outbox", "recall", "--none-needed", "--by", "Asha").err
    added = ran("outbox", "recall", message_id, "--by", "Asha", "--why", "that is his aunt")
    assert added.out == "1 put on the recall list\n"
    (each,) = ran("outbox", "recall", "--json").document
    assert each["message"]["contradicted_because"] == "Asha Officer says: that is his aunt"
