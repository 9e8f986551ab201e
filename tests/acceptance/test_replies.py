"""`firstbell replies` as staff use it: what a family wrote is listed, is read, and a code is accepted."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from adapters.store import open_store
from tests.acceptance.conftest import Firstbell
from tests.acceptance.small import small_school, write
from workflows.heard import Words
from workflows.replies import Replies
from workflows.settings import Settings

AT = datetime(2025, 11, 21, 9, 40, tzinfo=UTC)
HER = "+447700900001"


@pytest.fixture
def school(firstbell: Firstbell, few_rules: None) -> Firstbell:
    """A school of two pupils, each with a mother who has a number and nothing else."""
    write(Path("in"), small_school())
    assert firstbell("import", "in").code == 0
    return firstbell


def _writes(text: str, event_id: str, sender: str = HER) -> None:
    with open_store("sqlite:///school.db", codes_hash="codes") as store:
        words = Words("twilio", event_id, "sms", sender, "+447700900999", text, AT)
        assert Replies(store, lambda: AT, Settings()).take(words)


def test_a_reply_is_listed_shown_and_read(school: Firstbell) -> None:
    """Her words with what they may mean; read by somebody, and what is left for them to do."""
    nothing = school("replies", "list")
    assert nothing.out == "Nothing is unread.\n"
    assert school("replies", "list", "--all").out == "Nobody has written.\n"
    _writes("Noor has a temperature", "1")
    (listed,) = school("replies", "list", "--json").document
    assert (listed["text"], listed["proposed_code"], listed["unread"]) == (
        "Noor has a temperature",
        "I",
        True,
    )
    assert (listed["subject"], listed["message_id"], listed["channel"]) == ("P1", None, "sms")
    screen = " ".join(school("replies", "list").out.split())
    assert "1 unread: firstbell replies read ID --by STAFF" in screen
    assert listed["reply_id"][:10] in screen
    shown = " ".join(school("replies", "show", listed["reply_id"]).out.split())
    assert "It may be I (illness). That is a guess by its words: you decide." in shown
    assert "has it; about Noor" in shown
    task = " ".join(school("tasks", "show", listed["task_id"]).out.split())
    assert "Noor has a temperature" in task
    assert f"firstbell replies read {listed['reply_id']} --by ... [--code I]" in task
    read = school("replies", "read", listed["reply_id"], "--by", "Asha", "--code", "I", "--why", "rang her")
    assert read.out.endswith(
        "I accepted. rang her; Enter it in the register system: Firstbell writes no marks.\n"
    )
    assert school("replies", "list", "--json").document == []
    (after,) = school("replies", "list", "--all", "--json").document
    assert (after["unread"], after["owner"]) == (False, listed["owner"])
    assert school("replies", "show", listed["reply_id"], "--json").document == after
    again = school("replies", "read", listed["reply_id"], "--by", "Asha")
    assert (again.code, again.out) == (2, "")
    assert "was read already: read by Asha" in again.err


def test_stop_and_strangers(school: Firstbell) -> None:
    """STOP asks for nobody; who is known to nobody is on the list all the same."""
    _writes("STOP", "1")
    _writes("Is this the school?", "2", "+447700900777")
    stranger, stop = school("replies", "list", "--all", "--json").document
    assert (stop["task_id"], stop["unread"]) == (None, False)
    assert (stranger["wrote"], stranger["unread"]) == ("07700 900777", True)
    screen = " ".join(school("replies", "list", "--all").out.split())
    assert "07700 900777" in screen
    assert "nobody has to read it" in " ".join(school("replies", "show", stop["reply_id"]).out.split())
    wishes = school("families", "show", "P1", "--as-of", "2025-11-21T10:00", "--json").document
    assert [wish["by"] for wish in wishes[0]["contacts"][0]["wishes"]] == ["family"]
    done = school(
        *("replies", "read", stranger["reply_id"], "--by", "Asha", "--as-of", "2025-11-21T10:00", "--json")
    )
    assert done.document["ended_because"].startswith("read by Asha")
