"""An officer's morning by commands alone: from the list to an empty list."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from adapters.store import open_store
from tests.acceptance.conftest import Firstbell
from tests.acceptance.small import small_school, write

TOP = Path(__file__).parents[2]
DAY = "2025-11-21"
AT = ("--as-of", f"{DAY}T09:20")


@pytest.fixture
def opened(firstbell: Firstbell, tmp_path: Path) -> Firstbell:
    """The small school on its last day, just judged: P1 has code N."""
    folder = write(tmp_path / "school", small_school())
    assert firstbell("import", str(folder), "--recorded-at", f"{DAY}T09:15").code == 0
    assert firstbell("run", *AT).code == 0
    return firstbell


def _about_a_pupil(firstbell: Firstbell) -> dict[str, Any]:
    """The one task on the list that is about a pupil; the others are the day's duties."""
    (task,) = [each for each in firstbell("tasks", *AT, "--json").document if each["upn"]]
    return task  # type: ignore[no-any-return]


def test_from_the_list_to_an_empty_list(opened: Firstbell) -> None:
    """Looked at, rung, written down, the meeting it led to held: nothing is left, and all of it is told."""
    task = _about_a_pupil(opened)
    short = task["id"][:10]
    assert short in opened("tasks", *AT).out
    shown = opened("tasks", "show", short, *AT).out
    for words in ("find out where the child is", "Noor [bold]Ash, 8A", "Ana Ash, mother: 07700 900001", "N"):
        assert words in shown
    assert opened("tasks", "start", short, "--by", "Asha", *AT).out.startswith("started: find out where")
    assert "09:20 by Asha Officer" in opened("tasks", "show", short, *AT).out
    done = opened("tasks", "done", short, "--by", "Asha", "--outcome", "return-meeting", *AT)
    assert "opened: hold the return-to-school meeting, ao, due Tue 25 Nov 15:30" in done.out
    load = opened("tasks", "--load", *AT, "--json").document
    assert [(each["name"], each["tasks"]) for each in load] == [("Asha Officer", 4)]
    assert "Asha Officer" in opened("tasks", "--load", *AT).out
    meeting = _about_a_pupil(opened)
    again = opened(
        "tasks", "done", meeting["id"], "--by", "ao", "--outcome", "reached", *AT, "--json"
    ).document
    assert [each["state"] for each in again["tasks"]] == ["done"]
    duties = [each["id"] for each in opened("tasks", *AT, "--json").document]
    assert opened("tasks", "done", *duties, "--by", "ao", "--outcome", "reached", *AT).code == 0
    assert opened("tasks", *AT).out == "Nothing is open.\n"
    assert opened("tasks", "--load", *AT).out == "Nothing is open.\n"
    spoken = opened("tasks", "show", meeting["id"], "--as-of", f"{DAY}T12:00").out
    assert "find out where the child is. A meeting on the day of return." in spoken
    assert opened("ledger", "verify").code == 0


def test_put_off_handed_over_dismissed_and_opened_again(opened: Firstbell) -> None:
    """Each in one command, with its reason; a mistake is a sentence and an exit code."""
    task = _about_a_pupil(opened)
    by = (task["id"], "--by", "ao", *AT)
    put_off = opened("tasks", "snooze", *by, "--until", f"{DAY}T09:40", "--because", "rings back")
    assert put_off.out.startswith("put off until Fri 21 Nov 09:40: find out where")
    assert task["id"] not in opened("tasks", *AT, "--json").out
    assert opened("tasks", *AT).out.endswith("3 open, 1 put off\n")
    assert opened("tasks", *AT, "--for", "Tom").out == "Nothing is open.\n"
    assert "put off until Fri 21 Nov 09:40" in opened("tasks", "show", task["id"], *AT).out
    assert opened("tasks", "hand-over", *by, "--to", "Tom", "--because", "knows them").code == 0
    assert opened("tasks", "dismiss", *by, "--because", "the family rang").code == 0
    assert opened("tasks", "reopen", *by, "--because", "it was another child").code == 0
    wrong = opened("tasks", "done", *by, "--outcome", "spoken")
    assert wrong.code == 2
    assert "'spoken' is no outcome; --outcome is one of: declined, done, held, legal" in wrong.err
    assert "there is no task 't-zz'" in opened("tasks", "show", "t-zz", *AT).err


def test_a_second_text_waits_for_another_day(opened: Firstbell, tmp_path: Path) -> None:
    """Of two texts about a pupil one leaves; the other is counted, and is no failure of the channel."""
    with (
        open_store(f"sqlite:///{tmp_path}/school.db", codes_hash="codes") as store,
        store.transaction() as unit,
    ):
        (text,) = unit.messages()
        unit.add((), (), (replace(text, message_id="m-2", stage=2),))
    sent = opened("outbox", "send", "--as-of", f"{DAY}T09:25")
    assert (sent.code, "1 sent" in sent.out, "1 queued" in sent.out) == (0, True, True)
    assert "1 waits: at most one message per pupil and day: a higher one goes" in sent.err


def test_lists_as_files(opened: Firstbell, tmp_path: Path) -> None:
    """A spreadsheet and pages for paper on standard output; a word that is no page is refused."""
    assert "--by is for --pdf and --xlsx" in opened("tasks", *AT, "--by", "person").err
    assert "--by 'class': write --by person" in opened("tasks", *AT, "--pdf", "--by", "class").err
    paper = b"%PDF-1.7"
    for words, form, begins in (
        (("tasks",), "pdf", paper),
        (("tasks",), "xlsx", b"PK"),
        (("report", "day"), "pdf", paper),
        (("report", "week"), "pdf", paper),
    ):
        command = [sys.executable, "-c", "from adapters.cli import main; main()", *words, *AT, f"--{form}"]
        made = subprocess.run(
            command,
            cwd=tmp_path,
            env={"PYTHONPATH": str(TOP), "FIRSTBELL_STORE": "sqlite:///school.db"},
            capture_output=True,
            check=True,
        )
        assert made.stdout.startswith(begins)
