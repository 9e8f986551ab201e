"""What families write back: whose it is, who reads it, what waits meanwhile, and what STOP does."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from engine.instants import read_instant
from engine.reasons import Outcome, Reason
from engine.records import SCHOOL, School, Staff
from messaging.wishes import NO, YES
from tests.workflows.story import Story, contact, outcomes, pupil, reasons
from tests.workflows.test_receipts import MESSAGE
from workflows import outbox
from workflows.acting import CannotDo
from workflows.heard import Words
from workflows.recheck import REPLY
from workflows.replies import Listed, Replies
from workflows.stopping import opt_out
from workflows.values import Message, MessageState, Task, TaskState
from workflows.wishes import Families

DAY, NEXT = "2025-11-10", "2025-11-11"
HER, HIS = "+447700900011", "+447700900021"


def replies(story: Story) -> Replies:
    """The use case at the time of the story."""
    return Replies(story.store, lambda: story.now, story.settings)


def writes(story: Story, when: str, text: str, sender: str = HER, event_id: str = "") -> bool:
    """A text comes in at an instant."""
    story.now = max(story.now, read_instant(when))
    told = Words("twilio", event_id or f"{when} {text}", "sms", sender, "+447700900999", text, story.now)
    return replies(story).take(told)


def unread(story: Story, school_id: str = "S") -> frozenset[str]:
    """About whom somebody has written what nobody has read."""
    with story.store.reading() as unit:
        return unit.unread_replies(school_id)


def to_read(story: Story) -> list[Task]:
    """The open tasks of replies."""
    return [task for task in story.tasks() if task.rule.startswith(REPLY)]


@pytest.fixture
def sent(story: Story) -> Message:
    """Monday 09:25: the first-day text about P1 has left to their mother."""
    contacts = (
        contact("P1", name="Ada Bell"),
        contact("P1", 2, name="Bo Bell"),
        contact("P2", name="Cy Kite"),
    )
    story.opens(pupil("P1", first_name="Kit"), pupil("P2"), contacts=contacts)
    story.register(f"{DAY}T09:15", P1="N/").run(f"{DAY}T09:20")
    story.send(f"{DAY}T09:25")
    (message,) = story.messages(MessageState.SENT)
    return message


def test_a_reply_lands_on_the_owners_list(story: Story, sent: Message) -> None:
    """On the case of the message, with whoever has its open task, by the end of the day, in her words."""
    (call,) = [task for task in story.tasks(rule=sent.rule) if task.case_id == sent.case_id]
    assert writes(story, f"{DAY}T09:40", "Sorry, he has a temperature")
    (task,) = to_read(story)
    assert (task.rule, task.case_id, task.stage) == (f"{REPLY}{sent.rule}", sent.case_id, sent.stage)
    assert (task.assignee, task.role, task.family) == (call.assignee, call.role, call.family)
    assert task.step == "read what Ada Bell wrote"
    assert task.because == 'Ada Bell wrote: "Sorry, he has a temperature"'
    assert "07700 900011, Mon 10 Nov 09:40:\nSorry, he has a temperature" in task.script
    assert sent.text in task.script
    assert "It may be I (illness)" in task.script
    assert task.due == read_instant(f"{DAY}T15:30")
    assert unread(story) == {"P1"}
    (entry,) = story.ledger("reply")
    assert (entry["words"], entry["contact_id"], entry["message"]) == (
        "Sorry, he has a temperature",
        "P1-1",
        sent.message_id,
    )
    (found,) = replies(story).listed(unread=True)
    assert (found.wrote, found.about, found.owner, found.code) == (
        "Ada Bell",
        "Kit Kite",
        "Asha Officer",
        "I",
    )


def test_told_twice_it_is_kept_once_and_a_second_joins_the_same_task(story: Story, sent: Message) -> None:
    """A provider repeats itself; a family writes again: one task, with all the words."""
    with story.store.reading() as unit:
        learnt = unit.learnt("S")
    assert writes(story, f"{DAY}T09:40", "He is ill", event_id="SM1")
    with story.store.reading() as unit:
        assert unit.learnt("S") != learnt, "a sender that has begun looks once more"
    assert not writes(story, f"{DAY}T09:41", "He is ill", event_id="SM1")
    assert writes(story, f"{DAY}T09:45", "Back tomorrow", event_id="SM2")
    (task,) = to_read(story)
    assert task.because == 'Ada Bell wrote: "He is ill"; then: "Back tomorrow"'
    assert task.script.index("Back tomorrow") < task.script.index("He is ill")
    found = replies(story).listed()
    assert [each.reply.text for each in found] == ["Back tomorrow", "He is ill"]
    assert f"firstbell replies read {found[0].reply.reply_id} --by" in task.script
    with pytest.raises(
        CannotDo, match=r'they wrote again since: "Back tomorrow"; read that as well, by its own'
    ):
        replies(story).read(found[1].reply.reply_id, "Asha")
    replies(story).read(found[0].reply.reply_id, "Asha")
    assert not any(each.unread for each in replies(story).listed())
    assert writes(story, f"{DAY}T10:00", "Thank you", event_id="SM3")
    (again,) = to_read(story)
    assert again.step == "read what Ada Bell wrote (2)"


def test_reading_ends_it_and_a_person_accepts_the_code(story: Story, sent: Message) -> None:
    """The task is done in her name, the ledger has who accepted what, and no mark is set."""
    writes(story, f"{DAY}T09:40", "He is ill")
    (found,) = replies(story).listed()
    read = replies(story).read(found.reply.reply_id[:6], "Asha", "i", "her mother wrote")
    assert not read.unread
    assert to_read(story) == []
    assert unread(story) == frozenset()
    (task,) = [each for each in story.tasks(TaskState.DONE) if each.rule.startswith(REPLY)]
    assert (task.ended_because, task.by) == ("read by Asha Officer, I accepted", "ao")
    assert task.note == "her mother wrote; Enter it in the register system: Firstbell writes no marks."
    (entry,) = story.ledger("reply read")
    assert (entry["by"], entry["code"], entry["why"]) == ("ao", "I", "her mother wrote")
    with pytest.raises(CannotDo, match="was read already: read by Asha Officer, I accepted"):
        replies(story).read(found.reply.reply_id, "Asha")
    story.run(f"{DAY}T09:50")
    assert story.explain(f"{DAY}T09:50", "P1", sent.rule)["result"] == "matched", "the mark is as it was"


@pytest.mark.parametrize(
    ("beginning", "by", "code", "why", "sentence"),
    [
        ("", "Asha", "Q9", "", "'Q9' is no code that a session of 2025-11-10 can have"),
        ("", "Asha", "H", "", "'H' is no code that a session of 2025-11-10 can have"),
        ("", "Asha", "#", "", "'#' is no code"),
        (
            "",
            "Asha",
            "C",
            "a wedding",
            "C is leave of absence, which only the head may grant: Asha Officer is",
        ),
        ("", "Hana", "C", " ", "--why says what makes it exceptional"),
        ("", "Nemo", "I", "", "nobody 'Nemo' on the staff"),
        ("r-zz", "Asha", "", "", "there is no reply 'r-zz'; 'firstbell replies list --all' shows the ids"),
    ],
)
def test_what_cannot_be_accepted_is_refused(
    story: Story, sent: Message, beginning: str, by: str, code: str, why: str, sentence: str
) -> None:
    """No code of that day, leave that only the head grants, nobody: it stays unread."""
    writes(story, f"{DAY}T09:40", "May he go to a wedding?")
    (found,) = replies(story).listed()
    with pytest.raises(CannotDo, match=sentence):
        replies(story).read(beginning or found.reply.reply_id, by, code, why)
    assert unread(story) == {"P1"}
    assert replies(story).read(found.reply.reply_id, "Hana", "C", "her sister's wedding").task is not None


def test_the_ladder_stands_still_until_it_is_read(story: Story) -> None:
    """Day one was called and written about, and she wrote: day two waits, and says so; read, it acts."""
    story.opens(pupil("P1")).register(f"{DAY}T09:15", P1="OO").run(f"{DAY}T15:45")
    (call,) = story.tasks(rule="absence-day-1")
    with story.store.transaction() as unit:
        unit.add((), (), [replace(MESSAGE, case_id=call.case_id, ladder=call.ladder, ended_at=story.now)])
    writes(story, f"{DAY}T16:00", "He will be back on Thursday")
    run = story.register(f"{NEXT}T09:15", P1="OO").run(f"{NEXT}T15:45")
    assert outcomes(run)["absence-day-2"] == Outcome.HOLD
    assert reasons(run, "absence-day-2") == [Reason.REPLY_UNREAD.value]
    assert story.tasks(rule="absence-day-2") == []
    told = story.explain(f"{NEXT}T15:45", "P1", "absence-day-2")
    assert Reason.REPLY_UNREAD.sentence in str(told["because"])
    replies(story).read(replies(story).listed()[0].reply.reply_id, "Tom")
    run = story.run(f"{NEXT}T15:50")
    assert outcomes(run)["absence-day-2"] == Outcome.ACT


def test_no_run_takes_it_back(story: Story, sent: Message) -> None:
    """The mark is put right, the call is not needed any more; what she wrote is still to be read."""
    writes(story, f"{DAY}T09:40", "He was late for the bus")
    story.corrects(f"{DAY}T09:50", "P1", DAY, "//").run(f"{DAY}T09:55")
    assert story.tasks(rule=sent.rule) == []
    assert len(to_read(story)) == 1
    story.run(f"{NEXT}T09:55")
    assert len(to_read(story)) == 1


def test_by_the_reference_she_quotes(story: Story, sent: Message) -> None:
    """Of two messages the one she means; a reference of somebody else's is not hers to quote."""
    later = replace(
        sent, message_id="m-later", case_id=sent.case_id, step="again", ref="ABCD1234", rule="absence-day-1"
    )
    later = replace(later, ended_at=sent.ended_at and sent.ended_at + timedelta(minutes=5))
    other = replace(later, message_id="m-other", step="other", ref="WXYZ9876", address=HIS, contact_id="P2-1")
    with story.store.transaction() as unit:
        unit.add((), (), [later, other])
    writes(story, f"{DAY}T09:40", "which day?", event_id="1")
    assert [each.reply.message_id for each in replies(story).listed()] == ["m-later"]
    writes(
        story, f"{DAY}T09:41", f"about ref. {sent.ref[:4].lower()} {sent.ref[4:]}: he is ill", event_id="2"
    )
    assert replies(story).listed()[0].reply.message_id == sent.message_id
    writes(story, f"{DAY}T09:42", "Ref WXYZ9876 who is that?", event_id="3")
    assert replies(story).listed()[0].reply.message_id == "m-later"


def test_after_a_fortnight_it_is_about_nothing_in_particular(story: Story, sent: Message) -> None:
    """The contact is known: her child's, on a case of its own; what she adds joins it."""
    late = "2025-11-25T10:00"
    writes(story, late, "Is there school on Friday?", event_id="1")
    (task,) = to_read(story)
    assert (task.rule, task.subject, task.assignee) == ("reply/no-message", "P1", "ao")
    assert task.step == "read what Ada Bell wrote"
    writes(story, late, "Hello?", event_id="2")
    assert len(to_read(story)) == 1
    story.register(late).run(late)
    assert len(to_read(story)) == 1
    story.now += timedelta(hours=1)
    replies(story).read(replies(story).listed()[0].reply.reply_id, "Asha")
    writes(story, "2025-11-26T10:00", "Hello again", event_id="3")
    (again,) = to_read(story)
    assert again.case_id != task.case_id


def test_from_a_number_that_nobody_knows(story: Story, sent: Message) -> None:
    """Never lost: the officer of the first school finds out who it is."""
    writes(story, f"{DAY}T17:00", "Is this the school?", "+447700900888")
    (task,) = to_read(story)
    assert (task.subject, task.assignee, task.step) == (f"{SCHOOL}S", "ao", "read what 07700 900888 wrote")
    assert task.due == read_instant(f"{NEXT}T15:30"), "the day is over"
    story.register(f"{NEXT}T09:15").run(f"{NEXT}T09:20")
    assert len(to_read(story)) == 1
    writes(story, f"{NEXT}T09:30", "Short code", "60777", event_id="2")
    (found, _) = replies(story).listed()
    assert (found.wrote, found.about) == ("60777", "Sample School")


def test_with_no_school_in_the_store_it_is_kept(story: Story) -> None:
    """Before anything was taken in: listed, without a task."""
    writes(story, f"{DAY}T09:40", "Hello?")
    (found,) = replies(story).listed()
    assert (found.wrote, found.task, found.school) == ("07700 900011", None, "")
    with pytest.raises(CannotDo, match="is on nobody's list"):
        replies(story).read(found.reply.reply_id, "Asha")


def test_an_answer_about_two_children_is_about_both(story: Story) -> None:
    """One text spoke of both: both ladders wait, and reading it once is enough."""
    both = (contact("P1", name="Ada Bell"), replace(contact("P1", name="Ada Bell"), upn="P2"))
    story.opens(pupil("P1"), pupil("P2"), contacts=both).register(f"{DAY}T09:15", P1="N/", P2="N/")
    story.run(f"{DAY}T09:20")
    story.send(f"{DAY}T09:25")
    writes(story, f"{DAY}T09:40", "Both are ill", event_id="1")
    writes(story, f"{DAY}T09:41", "Both of them", event_id="2")
    assert unread(story) == {"P1", "P2"}
    assert len(to_read(story)) == 2
    replies(story).read(replies(story).listed()[0].reply.reply_id, "Asha", "I")
    assert unread(story) == frozenset()


def test_the_same_number_at_two_schools(story: Story, sent: Message) -> None:
    """No message lately: each school hears it, about a child of its own; reading it once is enough."""
    _other_school(story, left=True)
    writes(story, "2025-11-25T10:00", "We are moving", event_id="1")
    assert (unread(story), unread(story, "T")) == (frozenset({"P1"}), frozenset({"P8"}))
    (found,) = replies(story).listed()
    replies(story).read(found.reply.reply_id, "Asha")
    assert (unread(story), unread(story, "T")) == (frozenset(), frozenset())


def _other_school(story: Story, *, left: bool = False) -> None:
    """Another school where her number is on record; of her children there one may have left."""
    gone = pupil("P7", school_id="T", left_on=read_instant("2025-10-01T00:00").date() if left else None)
    her = contact("P7", contact_id="T-1", name="A. Bell", phone="07700 900011")
    with story.store.transaction() as unit:
        unit.take("schools", "T", [School("T", "Other School", "secondary")], story.now, "s.csv")
        unit.take("pupils", "T", [gone, pupil("P8", school_id="T")], story.now, "p.csv")
        unit.take("contacts", "T", [her, replace(her, upn="P8")], story.now, "c.csv")
        unit.take(
            "staff", "T", [Staff("tao", "T", "Tia Other", roles=("attendance_officer",))], story.now, "f"
        )


@pytest.mark.parametrize("word", ["STOP", " stop. ", "Stop All", "UNSUBSCRIBE", "cancel", "End!", "quit"])
def test_stop_holds_at_every_school_for_whoever_has_the_number(
    story: Story, sent: Message, word: str
) -> None:
    """A wish in the family's words, by itself; nobody is asked to read it, nothing stands still."""
    _other_school(story)
    assert writes(story, f"{DAY}T09:40", word)
    assert (to_read(story), unread(story)) == ([], frozenset())
    with story.store.reading() as unit:
        (wish,) = unit.wishes()
        assert (wish.address, wish.value, wish.by, wish.words) == (HER, NO, "family", word)
        assert [line.kind for line in unit.ledger("T")] == ["wish"]
    assert story.ledger("wish")[0]["contact_id"] == "P1-1"
    assert [each.task for each in replies(story).listed()] == [None]
    writes(story, f"{DAY}T09:50", word, event_id="again")
    with story.store.reading() as unit:
        assert len(unit.wishes()) == 1, "said ten times it is written down once"


def test_stop_takes_back_what_is_queued_and_leaves_the_calls(story: Story) -> None:
    """A letter by text, approved already, does not leave; what staff do by telephone goes on; START again."""
    contacts = (contact("P1"), contact("P2", phone="07700 900011"))
    story.opens(pupil("P1"), pupil("P2"), contacts=contacts, before={"P1": "OO O/"})
    story.register(f"{DAY}T09:15", P2="N/").run(f"{DAY}T09:20")
    waiting = story.messages(MessageState.AWAITING_APPROVAL)
    outbox.approve(story.store, [each.message_id for each in waiting], "Asha", "", story.now)
    calls = story.tasks(rule="absent-without-reason")
    writes(story, f"{DAY}T09:22", "STOP")
    story.send(f"{DAY}T09:30")
    ended = {each.purpose: (each.state, each.ended_because) for each in story.messages()}
    assert ended["letters"] == (MessageState.WITHDRAWN, Reason.FAMILY_WISH.sentence)
    assert ended["absence"][0] is MessageState.SENT, "that a child is missing, every parent is told"
    story.run(f"{DAY}T09:35")
    assert len(calls) == 1
    assert story.tasks(rule="absent-without-reason") == calls
    writes(story, f"{DAY}T10:00", "Unstop")
    with story.store.reading() as unit:
        assert [wish.value for wish in unit.wishes()] == [NO, YES]


def test_stop_in_a_sentence_is_read_by_somebody(story: Story, sent: Message) -> None:
    """She does not ask for silence, but for the bus."""
    writes(story, f"{DAY}T09:40", "The bus did not stop for him")
    with story.store.reading() as unit:
        assert unit.wishes() == ()
    assert len(to_read(story)) == 1


def test_an_opt_out_that_a_provider_tells_of(story: Story, sent: Message) -> None:
    """As the sender hears it: once, and not again where staff wrote it down before."""
    Families(story.store, lambda: story.now)
    with story.store.transaction() as unit:
        assert opt_out(unit, HER, "sms", "this number has texted STOP", story.now)
        assert not opt_out(unit, HER, "sms", "this number has texted STOP", story.now)
        assert opt_out(unit, "ada@example.org", "email", "spam", story.now)


def test_whoever_is_out_is_not_asked(story: Story, sent: Message) -> None:
    """Her call is Asha's, and Asha is out: the deputy reads it."""
    deputised = replace(Staff("ao", "S", "Asha Officer", roles=("attendance_officer",)), deputy="hoy")
    story.learns(f"{DAY}T09:26", deputised)
    from workflows.staffing import Staffing

    day = story.now.date()
    Staffing(story.store, lambda: story.now, story.settings.school_day_ends).out("ao", "slt", (day, day))
    writes(story, f"{DAY}T09:40", "He is ill")
    (task,) = to_read(story)
    assert (task.assignee, task.covering) == ("hoy", "ao")


def test_one_by_its_id(story: Story, sent: Message) -> None:
    """Shown as it stands; of several that begin alike none is taken."""
    for number in range(20):
        writes(story, f"{DAY}T09:40", f"number {number}", event_id=str(number))
    (first, *_) = replies(story).listed()
    found: Listed = replies(story).one(first.reply.reply_id)
    assert found.reply == first.reply
    with pytest.raises(CannotDo, match="fits several replies: r-"):
        replies(story).one("r-")
    assert replies(story).listed(["S"], unread=True) == replies(story).listed()


def test_what_may_be_about_a_childs_safety_is_read_first(story: Story, sent: Message) -> None:
    """Said at once or added later: it stands before the other work, and is not put off beyond its day."""
    writes(story, f"{DAY}T09:40", "He will be in later", event_id="1")
    assert [task.safeguarding for task in to_read(story)] == [False]
    writes(story, f"{DAY}T09:41", "he is scared of somebody", event_id="2")
    (task,) = to_read(story)
    assert task.safeguarding
    writes(story, f"{DAY}T09:42", "thank you", event_id="3")
    assert [each.safeguarding for each in to_read(story)] == [True]
    writes(story, f"{DAY}T09:43", "my son was threatened", HIS, event_id="4")
    assert [each.safeguarding for each in to_read(story)] == [True, True]


def test_in_the_holidays_it_is_there_all_the_same(story: Story, sent: Message) -> None:
    """On a Saturday for Monday; in the summer, beyond the calendar, without a school day to be due on."""
    writes(story, "2025-11-15T10:00", "Is he registered?", event_id="1")
    assert [task.due for task in to_read(story)] == [read_instant("2025-11-17T15:30")]
    writes(story, "2026-08-10T10:00", "When do we start?", event_id="2", sender=HIS)
    assert len(to_read(story)) == 2
