"""A number that a channel refuses for good: nothing is sent there again, and somebody looks for another."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from engine.reasons import Reason
from messaging.channels.channel import Refused
from tests.workflows.story import Story, contact, pupil
from workflows.acting import CannotDo
from workflows.recheck import UNREACHABLE
from workflows.unreachable import reach_of
from workflows.values import Bounce, Task, TaskState
from workflows.wishes import Families

DAY, NEXT = "2025-11-10", "2025-11-11"
HER = "+447700900011"
RULE = f"{UNREACHABLE}P1-1"
GONE = Refused("no such number", of_address=True)


@pytest.fixture
def bounced(story: Story) -> Story:
    """Monday 09:20: the text about P1 was refused for good; P2 has another mother."""
    contacts = (
        contact("P1", name="Ada Bell"),
        contact("P1", 2),
        contact("P2", email="cy@example.org"),
    )
    story.opens(pupil("P1"), pupil("P2"), contacts=contacts).register(f"{DAY}T09:15", P1="N/")
    story.run(f"{DAY}T09:20")
    story.post.answers.append(GONE)
    story.send(f"{DAY}T09:25")
    return story


def _tasks(story: Story, *states: TaskState) -> list[Task]:
    return [task for task in story.tasks(*states) if task.rule.startswith(UNREACHABLE)]


def test_what_bounced_is_passed_over_and_one_task_is_made(bounced: Story) -> None:
    """One task for the office, by the next school day, however often the rules run; the father is next."""
    for when in (f"{DAY}T10:00", f"{DAY}T11:00"):
        bounced.run(when)
    (task,) = _tasks(bounced)
    assert (task.rule, task.subject, task.role, task.assignee) == (RULE, "P1", "office", "ao")
    assert task.step == "find a number that works for Ada Bell"
    assert task.because == f"a message to {HER} was refused for good: nothing is sent there any more"
    assert "firstbell families works P1-1" in task.script
    assert f"{task.due:%Y-%m-%d}" == NEXT
    (entry,) = bounced.ledger("unreachable")
    assert (entry["contact_id"], entry["address"]) == ("P1-1", HER)
    bounced.register(f"{NEXT}T09:15", P1="N/").run(f"{NEXT}T09:20")
    bounced.send(f"{NEXT}T09:25")
    assert [one.contact_id for one in bounced.post.took] == ["P1-2"]


def test_another_number_takes_the_task_back(bounced: Story) -> None:
    """A new number comes in: nothing is left to find. The dead one comes back: there is again, once."""
    bounced.run(f"{DAY}T10:00")
    bounced.learns(f"{DAY}T10:30", contact("P1", phone="07700 900555", name="Ada Bell")).run(f"{DAY}T11:00")
    (task,) = _tasks(bounced, TaskState.WITHDRAWN)
    assert task.ended_because == Reason.ADDRESS_WORKS.sentence
    assert _tasks(bounced) == []
    bounced.learns(f"{DAY}T11:30", contact("P1", name="Ada Bell")).run(f"{DAY}T12:00")
    (again,) = _tasks(bounced)
    assert again.task_id != task.task_id
    assert len(bounced.ledger("unreachable")) == 3


def test_what_somebody_has_done_does_not_come_back(bounced: Story) -> None:
    """The office has looked, and the number stands: no second task, and nothing is sent there."""
    bounced.run(f"{DAY}T10:00")
    (task,) = _tasks(bounced)
    bounced.acts().dismiss([task.task_id], "ao", "the family has no other")
    bounced.run(f"{DAY}T11:00")
    assert _tasks(bounced) == []
    with bounced.store.reading() as unit:
        assert reach_of(unit, "S", bounced.now).bounced == {HER}


def test_another_address_of_the_same_contact_is_another_task(bounced: Story) -> None:
    """The number is dealt with; then her new number does not work either."""
    bounced.run(f"{DAY}T10:00")
    bounced.acts().dismiss([_tasks(bounced)[0].task_id], "ao", "asked her for another")
    bounced.learns(f"{DAY}T10:30", contact("P1", name="Ada Bell", phone="07700 900555"))
    with bounced.store.transaction() as unit:
        unit.note_bounce(Bounce("S", "P1-1", "+447700900555", "sms", bounced.now, "no such number"))
    bounced.run(f"{DAY}T11:00")
    assert ["900555" in task.because for task in _tasks(bounced)] == [True]


def test_a_number_that_works_after_all(bounced: Story) -> None:
    """Said by a person: the task goes, the number is written to again, and both stand in the ledger."""
    bounced.run(f"{DAY}T10:00")
    families = Families(bounced.store, lambda: bounced.now)
    person, again = families.works("Ada", "Asha", " it was off for an hour ")
    assert (person.contact_id, again) == ("P1-1", (HER,))
    bounced.run(f"{DAY}T11:00")
    assert _tasks(bounced) == []
    with bounced.store.reading() as unit:
        first, second = unit.bounces()
        assert reach_of(unit, "S", first.at).bounced == {HER}
        assert reach_of(unit, "S", bounced.now).bounced == frozenset()
    assert (first.because, first.works, first.message_id) == (
        "no such number",
        False,
        bounced.messages()[0].message_id,
    )
    assert (second.because, second.works, second.by) == ("it was off for an hour", True, "ao")
    (entry,) = bounced.ledger("bounce")
    assert entry["works"] == [HER]
    with pytest.raises(CannotDo, match="no number or address of Ada Bell has bounced"):
        families.works("Ada", "Asha", "")


def test_an_email_address_bounces_like_a_number(story: Story) -> None:
    """Noted at another school: here too it is looked for, of nobody whose own is merely like it."""
    alike = contact("P2", phone="020 7946 0011", email="nancy@example.org")
    contacts = (contact("P1", phone="", email="cy@example.org"), alike)
    story.opens(pupil("P1"), pupil("P2"), contacts=contacts)
    with story.store.transaction() as unit:
        for address in ("cy@example.org", HER):
            unit.note_bounce(Bounce("T", "C9", address, "email", story.now, "no such mailbox"))
    story.register(f"{DAY}T09:15").run(f"{DAY}T09:20")
    (task,) = _tasks(story)
    assert task.step == "find an e-mail address that works for A Parent"
    Families(story.store, lambda: story.now).works("P1-1", "ao", "asked her")
    with story.store.reading() as unit:
        assert unit.bounces()[-1].channel == "email"


@pytest.mark.parametrize(
    "now",
    [contact("P1", name="Ada Bell", restriction="no_contact"), pupil("P1", left_on=date(2025, 11, 9))],
    ids=["restricted", "left"],
)
def test_nobody_looks_for_whom_nobody_writes_to(bounced: Story, now: object) -> None:
    """A contact who may not be written to, or whose child has left, is nobody's task."""
    bounced.run(f"{DAY}T10:00")
    bounced.learns(f"{DAY}T10:30", now).run(f"{DAY}T11:00")  # type: ignore[arg-type]
    assert _tasks(bounced) == []
    assert len(_tasks(bounced, TaskState.WITHDRAWN)) == 1


def test_siblings_share_one_task(story: Story) -> None:
    """One parent of two children, one number: one task, about the first of them."""
    both = (contact("P1"), replace(contact("P1"), upn="P2"))
    story.opens(pupil("P1"), pupil("P2"), contacts=both).register(f"{DAY}T09:15", P2="N/").run(f"{DAY}T09:20")
    story.post.answers.append(GONE)
    story.send(f"{DAY}T09:25")
    story.run(f"{DAY}T10:00")
    (task,) = _tasks(story)
    assert (task.subject, task.family) == ("P1", "P1")


@pytest.mark.parametrize(
    "answer", [Refused("busy", passing=True, of_address=True), Refused("no credit left")]
)
def test_what_is_not_the_numbers_fault_is_not_held_against_it(story: Story, answer: Refused) -> None:
    """Trouble that may pass, or that has nothing to do with the number: no task, the number stays in use."""
    story.opens(pupil("P1")).register(f"{DAY}T09:15", P1="N/").run(f"{DAY}T09:20")
    story.post.answers.append(answer)
    story.send(f"{DAY}T09:25")
    story.run(f"{DAY}T10:00")
    assert _tasks(story) == []
    with story.store.reading() as unit:
        assert unit.bounces() == ()
