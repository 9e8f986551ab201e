"""What providers say of messages: kept once, in any order the same, and never for what did not leave."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messaging.channels.channel import Unsure
from messaging.channels.provider_codes import Came, meaning
from messaging.recipients import Reach, choose
from tests.workflows.story import Story, contact, pupil
from workflows import outbox
from workflows.heard import Receipt
from workflows.receipts import Receipts, Took, last_word, standing
from workflows.recheck import UNDELIVERED, UNREACHABLE
from workflows.values import UNSENT, Bounce, Message, MessageState, TaskState
from workflows.wishes import Families

DAY = "2025-11-10"
T0 = datetime(2025, 11, 10, 9, 30, tzinfo=UTC)
HER = "+447700900011"


def receipt(
    message: Message, event_id: str, code: str, minutes: int | None = None, **more: object
) -> Receipt:
    """What SendGrid, or with no time Twilio, says of a message."""
    provider = "twilio" if minutes is None else "sendgrid"
    found = meaning(provider, code)
    plain = Receipt(
        *(provider, event_id, message.message_id, "SM1", message.address, found.outcome),
        *(None if minutes is None else T0 + timedelta(minutes=minutes), code, found.sentence),
        *(found.of_address, found.opted_out, T0),
    )
    return replace(plain, **more)  # type: ignore[arg-type]


def receipts(story: Story) -> Receipts:
    """The use case at the time of the story."""
    return Receipts(story.store, lambda: story.now, story.settings)


@pytest.fixture
def sent(story: Story) -> Message:
    """Monday 09:25: the first-day text about P1 has left."""
    story.opens(pupil("P1")).register(f"{DAY}T09:15", P1="N/").run(f"{DAY}T09:20")
    story.send(f"{DAY}T09:25")
    (message,) = story.messages(MessageState.SENT)
    return message


ANY = st.builds(
    lambda number, came, minutes: (number, came, minutes),
    st.integers(0, 30),
    st.sampled_from(Came),
    st.none() | st.integers(0, 5),
)


def _of(message: Message, told: tuple[int, Came, int | None]) -> Receipt:
    number, came, minutes = told
    return receipt(
        message, f"e{number}", "sent", outcome=came, at=minutes and T0 + timedelta(minutes=minutes)
    )


MESSAGE = Message(
    *("m-1", "c-1", "S", "P1", "r", "l", 1, "s", "P1-1", "sms", HER, "t", "v", "words", "because", T0),
    *("run", "book", MessageState.SENT),
    ended_at=T0,
)


@given(told=st.lists(ANY, max_size=6), data=st.data())
def test_any_order_and_any_repetition_come_to_the_same(
    told: list[tuple[int, Came, int | None]], data: st.DataObject
) -> None:
    """One by one, each folded into what stands by all before it: as if all had come at once, once each."""
    said = [_of(MESSAGE, one) for one in told]
    again = data.draw(st.permutations(said + said[: data.draw(st.integers(0, len(said)))]))
    state = data.draw(st.sampled_from([MessageState.SENT, MessageState.SENDING, MessageState.UNKNOWN]))
    message = replace(MESSAGE, state=state)
    for number in range(1, len(again) + 1):
        word = last_word(frozenset(again[:number]))
        message = standing(message, word) if word else message
    whole = last_word(said)
    assert (last_word(again) is None) == (whole is None)
    if whole:
        after = standing(replace(MESSAGE, state=state), whole)
        assert (message.state, message.ended_because) == (after.state, after.ended_because)
        assert message.receipt_at == after.receipt_at


@given(
    word=ANY, state=st.sampled_from([s for s in MessageState if s in UNSENT or s is MessageState.WITHDRAWN])
)
def test_what_did_not_leave_is_not_moved(word: tuple[int, Came, int | None], state: MessageState) -> None:
    """Queued, or withdrawn: no receipt makes it sent."""
    message = replace(MESSAGE, state=state)
    told = last_word([_of(message, word)])
    assert told is None or standing(message, told) == message


def test_by_time_where_there_is_one_by_rank_else() -> None:
    """A bounce after a delivery counts, a delivery after a block too; without times the worse one holds."""
    late = [receipt(MESSAGE, "b", "bounce", 5), receipt(MESSAGE, "d", "delivered", 3)]
    assert last_word(late) == late[0]
    early = [receipt(MESSAGE, "b", "blocked", 1), receipt(MESSAGE, "d", "delivered", 3)]
    assert last_word(early) == early[1]
    untimed = [receipt(MESSAGE, code, code) for code in ("sent", "delivered", "undelivered", "queued")]
    assert last_word(untimed) == untimed[2]
    assert last_word([receipt(MESSAGE, "x", "99999")]) is None, "a code that nobody knows says nothing"


def test_one_handed_over_and_looked_up_in_vain_has_left_after_all() -> None:
    """It waits in the queue again; the receipt keeps it from being sent twice."""
    queued = replace(MESSAGE, state=MessageState.QUEUED, via="twilio", ended_at=None)
    after = standing(queued, receipt(queued, "d", "delivered"))
    assert (after.state, after.ended_at) == (MessageState.DELIVERED, T0)


def test_kept_once_with_a_line_in_the_ledger(story: Story, sent: Message) -> None:
    """Delivered, told twice: one change. Of a message nobody knows: kept, and counted."""
    told = [receipt(sent, "1", "delivered"), receipt(sent, "1", "delivered"), receipt(sent, "0", "sent")]
    assert receipts(story).take(told) == Took(new=2, again=1)
    (message,) = story.messages()
    assert message.state is MessageState.DELIVERED
    (entry,) = story.ledger("receipt")
    assert (entry["state"], entry["code"], entry["because"]) == (
        "delivered",
        "delivered",
        "the telephone has it",
    )
    strange = replace(told[0], event_id="9", message_id="m-of-somebody-else")
    assert receipts(story).take([strange, strange]) == Took(again=1, unknown=1)
    with story.store.reading() as unit:
        assert [each.event_id for each in unit.receipts("m-of-somebody-else")] == ["9"]


def test_one_that_may_have_left_is_settled(story: Story) -> None:
    """Nobody answered, and nobody can be asked: the receipt says that it arrived."""
    story.opens(pupil("P1")).register(f"{DAY}T09:15", P1="N/").run(f"{DAY}T09:20")
    story.post.answers.append(Unsure("the line went dead"))
    story.post.deaf = True
    story.send(f"{DAY}T09:25")
    (message,) = story.messages(MessageState.UNKNOWN)
    receipts(story).take([receipt(message, "1", "delivered")])
    (message,) = story.messages()
    assert (message.state, message.ended_because, message.reference) == (MessageState.DELIVERED, "", "SM1")
    assert message.claimed_at is None
    story.send(f"{DAY}T09:40")
    assert story.messages() == [message]


def test_a_brother_told_with_her_follows(story: Story) -> None:
    """One text about both: it did not arrive, so neither was told."""
    both = (contact("P1"), replace(contact("P1"), upn="P2"))
    story.opens(pupil("P1"), pupil("P2"), contacts=both).register(f"{DAY}T09:15", P1="N/", P2="N/")
    story.run(f"{DAY}T09:20")
    story.send(f"{DAY}T09:25")
    (speaker,) = [each for each in story.messages() if not each.told_with]
    receipts(story).take([receipt(speaker, "1", "undelivered")])
    assert {each.state for each in story.messages()} == {MessageState.FAILED_TEMPORARY}
    receipts(story).take([receipt(speaker, "2", "delivered", outcome=Came.DELIVERED, at=None)])
    assert {each.state for each in story.messages()} == {MessageState.FAILED_TEMPORARY}, "the worse one holds"


def test_a_dead_number_is_looked_for_like_one_refused_at_sending(story: Story, sent: Message) -> None:
    """The next run asks the office for another; the call about the child is somebody's already."""
    receipts(story).take([receipt(sent, "1", "30005")])
    (message,) = story.messages()
    assert message.state is MessageState.FAILED_PERMANENT
    assert message.ended_because == "the network does not know this number: ask the family for the right one"
    story.run(f"{DAY}T09:40")
    rules = [task.rule for task in story.tasks()]
    assert f"{UNREACHABLE}P1-1" in rules
    assert not [rule for rule in rules if rule.startswith(UNDELIVERED)]


@pytest.fixture
def concern(story: Story) -> Message:
    """A text about P1's attendance, approved and sent; nobody is at work on its case."""
    story.opens(pupil("P1"), before={"P1": "OO O/"}).register(f"{DAY}T09:15").run(f"{DAY}T09:20")
    (waiting,) = story.messages(MessageState.AWAITING_APPROVAL)
    outbox.approve(story.store, [waiting.message_id], "Asha", "", story.now)
    story.send(f"{DAY}T09:30")
    open_now = [task.task_id for task in story.tasks()]
    if open_now:
        story.acts().dismiss(open_now, "Hana", "for the story")
    (message,) = story.messages(MessageState.SENT)
    return message


def test_what_did_not_arrive_becomes_somebodys_task(story: Story, concern: Message) -> None:
    """The telephone was off: today somebody tells the family another way; it arrives late: no need."""
    receipts(story).take([receipt(concern, "1", "blocked", 1)])
    (task,) = story.tasks()
    assert (task.rule, task.assignee) == (UNDELIVERED + concern.rule, "ao")
    assert task.step == "tell the family another way: the text did not arrive"
    assert concern.text in task.script
    assert f"{task.due:%Y-%m-%d}" == DAY
    assert story.ledger("receipt")[-1]["task"] == task.task_id
    receipts(story).take([receipt(concern, "3", "deferred", 9), receipt(concern, "4", "blocked", 2)])
    assert [each.task_id for each in story.tasks()] == [task.task_id], "told once"
    story.register(f"{DAY}T10:00").run(f"{DAY}T10:00")
    assert [each.task_id for each in story.tasks(rule=task.rule)] == [task.task_id], "no run takes it back"
    receipts(story).take([receipt(concern, "2", "delivered", 4)])
    assert story.tasks(rule=task.rule) == []
    (task,) = story.tasks(TaskState.WITHDRAWN, rule=task.rule)
    assert task.ended_because == "its provider says that it was delivered after all"


def test_an_address_that_lives_after_all_is_written_to_again(story: Story, concern: Message) -> None:
    """Whichever of the two came first: the later one, by its own time, holds for the address too."""
    bounce, delivered = receipt(concern, "1", "bounce", 1), receipt(concern, "2", "delivered", 2)
    receipts(story).take([bounce])
    with story.store.reading() as unit:
        assert [each.works for each in unit.bounces()] == [False]
    receipts(story).take([delivered])
    with story.store.reading() as unit:
        assert [each.works for each in unit.bounces()] == [False, True]


def test_who_opts_out_has_a_number_that_works(story: Story, concern: Message) -> None:
    """Twilio says that the number has texted STOP: a wish, and no task to find another number."""
    receipts(story).take([receipt(concern, "1", "21610"), receipt(concern, "2", "21610")])
    with story.store.reading() as unit:
        assert unit.bounces() == ()
        assert [(wish.address, wish.about.value, wish.value) for wish in unit.wishes()] == [
            (HER, "sms", "no")
        ]
    assert len(story.ledger("wish")) == 1
    spam = replace(receipt(concern, "3", "spamreport", 1), message_id="", address="ada@example.org")
    receipts(story).take([spam])
    with story.store.reading() as unit:
        assert unit.wishes()[-1].address == "ada@example.org", "though the e-mail is none that we know"


def test_a_letter_that_came_back(story: Story) -> None:
    """Nothing more is posted there; the office finds out where they live; a person may say it is right."""
    home = "12 Mill Lane, Southampton, SO14 1AA"
    story.opens(pupil("P1"), contacts=(contact("P1", name="Ada Bell", address=home),))
    lines = "12 Mill Lane\nSouthampton\nSO14 1AA"
    with story.store.transaction() as unit:
        unit.note_bounce(Bounce("S", "P1-1", lines, "letter", story.now, "it came back"))
    reach = Reach(bounced=frozenset({lines}))
    own = (contact("P1", name="Ada Bell", address=home),)
    assert choose(own, "statutory", ("letter",)).chosen
    assert choose(own, "statutory", ("letter",), reach).chosen == ()
    for hour in ("09:15", "09:30"):
        story.register(f"{DAY}T{hour}").run(f"{DAY}T{hour}")
    (task,) = [each for each in story.tasks() if each.rule.startswith(UNREACHABLE)]
    assert task.step == "find a postal address that works for Ada Bell"
    assert "12 Mill Lane, Southampton, SO14 1AA was refused" in task.because
    assert Families(story.store, lambda: story.now).works("Ada", "ao", "she was away")[1] == (lines,)
    story.run(f"{DAY}T10:00")
    assert [each for each in story.tasks() if each.rule.startswith(UNREACHABLE)] == []


def test_a_recalled_one_stays_recalled() -> None:
    """That it was delivered is known already: an apology has followed it."""
    recalled = replace(MESSAGE, state=MessageState.RECALLED)
    assert standing(recalled, receipt(recalled, "d", "delivered")) == recalled
