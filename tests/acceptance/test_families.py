"""`firstbell families` as staff use it: a wish written down, who gets what, a number that bounced."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from adapters.store import open_store
from tests.acceptance.conftest import Firstbell
from tests.acceptance.small import small_school, write
from workflows.values import Bounce

AT = "2025-11-21T09:20"
SAID = ("--by", "Asha", "--as-of", AT)
BOUNCED = Bounce("S", "C1", "+447700900001", "sms", datetime(2025, 11, 21, 9, tzinfo=UTC), "no such number")


@pytest.fixture
def school(firstbell: Firstbell, few_rules: None) -> Firstbell:
    """A school of two pupils, each with a mother who has a number and nothing else."""
    write(Path("in"), small_school())
    assert firstbell("import", "in").code == 0
    return firstbell


def test_a_wish_is_written_down_and_shown(school: Firstbell) -> None:
    """What was said, what it holds for, what still comes; then who gets what, on the screen and in JSON."""
    words = ("--no-texts", "--letters-by", "email", "--large-print", "--why", "please ring instead")
    done = school("families", "wish", "C1", *words, *SAID)
    assert (done.code, done.err) == (0, "")
    assert "no texts; large print; by email" in done.out
    assert "whoever has it and at every school" in done.out
    assert "The first contact about an absence, and what the law has a school send, still come." in done.out
    plain = school("families", "wish", "C1", "--interpreter", "Polish", "--why", "Mum speaks Polish", *SAID)
    assert plain.out.splitlines()[0].endswith("(C1): an interpreter for Polish")
    assert len(plain.out.splitlines()) == 1
    (child,) = school("families", "show", "P1", "--as-of", AT, "--json").document
    gets = {(line["purpose"], line["channel"]): line for line in child["gets"]}
    assert [to["contact_id"] for to in gets["absence", "sms"]["to"]] == ["C1"]
    assert [to["contact_id"] for to in gets["letters", "sms"]["to"]] == []
    assert gets["letters", "sms"]["passed_over"][0]["why"] == "wish"
    (hers,) = [each for each in child["contacts"] if each["contact_id"] == "C1"]
    assert {wish["about"]: wish["value"] for wish in hers["wishes"]} == {
        "sms": "no",
        "channel": "email",
        "large_print": "yes",
        "interpreter": "Polish",
    }
    screen = " ".join(school("families", "show", "C1", "--as-of", AT).out.split())
    assert "no texts (21 Nov 2025), by email (21 Nov 2025)" in screen
    assert "first day text" in screen
    assert "the family has asked not to get messages of this kind" in screen
    again = school(
        "families", "wish", "C1", "--texts", "--letters-by", "any", "--why", "sorted", *SAID, "--json"
    )
    assert [(wish["about"], wish["value"]) for wish in again.document] == [("sms", "yes"), ("channel", "no")]


def test_a_number_that_works_again(school: Firstbell) -> None:
    """A task for the office in the next run; `works` takes it back."""
    with open_store("sqlite:///school.db", codes_hash="") as store, store.transaction() as unit:
        unit.note_bounce(BOUNCED)
    school("run", "--as-of", AT)
    tasks = school("tasks", "--as-of", AT, "--json").document
    assert [task["step"][:26] for task in tasks if "unreachable" in task["rule"]] == [
        "find a number that works f"
    ]
    done = school("families", "works", "C1", "--why", "rang it", *SAID)
    assert done.out.endswith("+447700900001 is written to again\n")
    with open_store("sqlite:///school.db", codes_hash="") as store, store.transaction() as unit:
        unit.note_bounce(BOUNCED)
    assert school("families", "works", "C1", "--why", "rang it", *SAID, "--json").document == {
        "contact_id": "C1",
        "works": ["+447700900001"],
    }


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("wish", "C1", "--why", "x", *SAID), "say what they wish: --no-texts"),
        (
            ("wish", "C1", "--letters-by", "pigeon", "--why", "x", *SAID),
            "'pigeon' is no way to be written to",
        ),
        (("works", "C1", "--why", "x", *SAID), "has bounced: there is nothing to say"),
        (("show", "P9"), "there is no contact 'P9'"),
        (("show", "P1", "--school", "T"), "there is no school 'T' in the store"),
    ],
)
def test_what_cannot_be_done_is_said(school: Firstbell, words: tuple[str, ...], sentence: str) -> None:
    """One sentence on standard error, exit 2."""
    done = school("families", *words)
    assert (done.code, done.out) == (2, "")
    assert sentence in done.err


def test_what_is_to_be_sent_is_priced(firstbell: Firstbell) -> None:
    """The list tells parts and pence of each, by a price of one's own where there is one; a slip is named."""
    write(Path("in"), small_school())
    firstbell("import", "in")
    firstbell("run", "--as-of", AT)
    (message,) = firstbell("outbox", "list", "--json").document
    parts = message["parts"]
    assert message["pence"] == pytest.approx(2.33 * parts)
    Path("config.yaml").write_text("prices: {sms_part: 5}\n", encoding="utf-8")
    assert f", {5 * parts}p" in firstbell("outbox", "list").out
    Path("config.yaml").write_text("prices: {sms_part: £5}\n", encoding="utf-8")
    assert "'£5' is not a price in pence; write it as 2.33" in firstbell("outbox", "list").err
