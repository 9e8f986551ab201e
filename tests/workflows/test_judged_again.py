"""What stands is judged again where a fact under it changed, and nowhere else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

import pytest

from engine.instants import read_instant
from engine.records import Contact, Mark, SchoolDay
from tests.workflows.story import Story, contact, names, pupil
from workflows import judged_again, recheck
from workflows.values import Message, MessageState, Task

DAY = "2025-11-10"


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The subjects whose items are judged again, as that happens; each run begins a new list."""
    seen: list[str] = []
    original = recheck.verdicts

    def noting(snapshot: object, items: Iterable[Task | Message], *more: object) -> object:
        chosen = list(items)
        seen[:] = sorted({item.subject for item in chosen})
        return original(snapshot, chosen, *more)  # type: ignore[arg-type]

    monkeypatch.setattr(recheck, "verdicts", noting)
    return seen


@pytest.fixture
def three(story: Story) -> Story:
    """A Monday of three pupils: two N, one register unfinished; run, with an open task for each of them."""
    story.opens(pupil("P1"), pupil("P2"), pupil("P3", form="8B")).register(
        f"{DAY}T09:15", P1="N/", P2="N/", P3="-/"
    )
    story.run(f"{DAY}T09:20")
    return story


def test_where_nothing_changed_nothing_is_judged_again(three: Story, judged: list[str]) -> None:
    """The same hour again, a new number for a parent, the next day's register: no past instant is judged."""
    three.run(f"{DAY}T09:30")
    assert judged == []
    three.learns(f"{DAY}T09:35", replace(contact("P1"), phone="07700 900999"))
    three.run(f"{DAY}T09:40")
    assert judged == []
    three.register("2025-11-11T09:15")
    three.run("2025-11-11T09:20")
    assert judged == []


def test_a_correction_is_judged_for_its_pupil_and_for_every_class(three: Story, judged: list[str]) -> None:
    """One mark of one pupil: that pupil's items, and those about registers."""
    three.corrects(f"{DAY}T10:00", "P2", DAY, "M/")
    three.run(f"{DAY}T10:05")
    assert judged == ["P2", "class:8B"]
    assert [task.subject for task in three.tasks(rule="absent-without-reason")] == ["P1"]


def test_a_calendar_that_changed_may_change_everything(three: Story, judged: list[str]) -> None:
    """The day turns out to be a closure: everything is judged again, and all of it goes."""
    three.learns(f"{DAY}T10:00", SchoolDay("S", date.fromisoformat(DAY), am=False, pm=False, kind="closure"))
    three.run(f"{DAY}T10:05")
    assert judged == ["P1", "P2", "class:8B"]
    assert names(three.tasks(), "absent") == []


def test_a_code_table_that_changed_may_change_everything(
    three: Story, judged: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another Firstbell judges all that stands once, and then knows it."""
    monkeypatch.setattr(judged_again, "table_hash", lambda: "another")
    three.run(f"{DAY}T10:05")
    assert judged == ["P1", "P2", "class:8B"]
    three.run(f"{DAY}T10:10")
    assert judged == []


def test_a_message_on_its_way_is_judged_when_it_comes_back(three: Story) -> None:
    """Corrected while a sender had it: not withdrawn then, but when it is back in the queue."""
    (message, _) = three.messages(MessageState.QUEUED)
    _set(three, replace(message, state=MessageState.SENDING))
    three.corrects(f"{DAY}T09:30", message.subject, DAY, "M/")
    three.run(f"{DAY}T09:35")
    _set(three, message)
    three.run(f"{DAY}T09:40")
    (gone,) = three.messages(MessageState.WITHDRAWN)
    assert gone.message_id == message.message_id


def test_what_was_not_believed_yet_is_judged_when_it_is(three: Story) -> None:
    """A correction recorded for half past ten is nothing at ten, and takes the task back at eleven."""
    morning = [Mark("P1", "S", date.fromisoformat(DAY), "AM", "M")]
    with three.store.transaction() as unit:
        unit.take("told", "S", morning, read_instant(f"{DAY}T10:30"), "told.csv")
    for when, expected in (("10:00", ["P1", "P2"]), ("10:10", ["P1", "P2"]), ("11:00", ["P2"])):
        three.run(f"{DAY}T{when}")
        assert [task.subject for task in three.tasks(rule="absent-without-reason")] == expected


def test_a_contact_is_no_ground(three: Story, judged: list[str]) -> None:
    """A contact more or less changes who is texted, never whether a rule holds."""
    three.learns(f"{DAY}T10:00", Contact("new", "P1", "A Neighbour"))
    three.run(f"{DAY}T10:05")
    assert judged == []


def _set(story: Story, message: Message) -> None:
    with story.store.transaction() as unit:
        unit.update([], [], [message], message.made_as_of)
