"""What was handed over, looked up in vain, and had arrived all the same: its receipt comes while it waits."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from messaging.channels.channel import Refused, Unsure
from tests.workflows.story import Story, contact, pupil
from tests.workflows.test_receipts import receipt, receipts
from tests.workflows.test_sending_reviewed import (
    DAY,
    AsItIsClaimed,
    handed_over_in_vain,
    recall_list,
    siblings,
)
from workflows import outbox, rewording, settling
from workflows.handing_over import LEASE
from workflows.values import Message, MessageState


@pytest.fixture
def texted(story: Story) -> Story:
    """Monday 09:20: the first-day text about P1 is queued."""
    story.opens(pupil("P1")).register(f"{DAY}T09:15", P1="N/").run(f"{DAY}T09:20")
    return story


def test_one_worded_anew_that_had_arrived_stands_with_the_words_of_then(texted: Story) -> None:
    """Looked up in vain, worded anew by a person; then its receipt comes: it speaks of the words before."""
    message = handed_over_in_vain(texted)
    rewording.edit(texted.store, message.message_id, "Asha", "kinder", texted.now, "KitP1, please ring")
    receipts(texted).take([receipt(message, "1", "delivered")])
    (arrived,) = texted.messages()
    assert (arrived.state, arrived.text, arrived.edited_by) == (MessageState.DELIVERED, message.text, "")


def test_one_that_was_refused_may_be_worded_anew(texted: Story) -> None:
    """The key was wrong: it certainly did not go, and nobody has its words but we."""
    texted.post.answers = [Refused("the key is wrong", passing=True, of_provider=True)]
    texted.send(f"{DAY}T09:25")
    (message,) = texted.messages(MessageState.QUEUED)
    done = rewording.edit(
        texted.store, message.message_id, "Asha", "kinder", texted.now, "KitP1, please ring"
    )
    assert (done.after.text, done.after.handed) == ("KitP1, please ring", "")


def test_one_made_anew_that_had_arrived_does_not_leave_again(texted: Story) -> None:
    """Looked up in vain, withdrawn, its ground is back; then its receipt comes: the family has it already."""
    message = handed_over_in_vain(texted)
    texted.corrects(f"{DAY}T09:40", "P1", DAY, "/-").run(f"{DAY}T09:41")
    texted.corrects(f"{DAY}T09:42", "P1", DAY, "N-").run(f"{DAY}T09:43")
    (again,) = texted.messages(MessageState.QUEUED)
    receipts(texted).take([receipt(message, "1", "delivered")])
    texted.send(f"{DAY}T09:50")
    (arrived,) = texted.messages()
    assert (arrived.state, texted.post.took) == (MessageState.DELIVERED, [])
    assert arrived.made_as_of == message.made_as_of < again.made_as_of


def test_one_made_anew_for_another_number_is_another(texted: Story) -> None:
    """What may have arrived at the number before says nothing to whoever has the new one."""
    handed_over_in_vain(texted)
    texted.learns(f"{DAY}T09:40", replace(contact("P1"), phone="07700 900999"))
    texted.corrects(f"{DAY}T09:40", "P1", DAY, "/-").run(f"{DAY}T09:41")
    texted.corrects(f"{DAY}T09:42", "P1", DAY, "N-").run(f"{DAY}T09:43")
    (again,) = texted.messages(MessageState.QUEUED)
    assert (again.address[-3:], again.via, again.handed) == ("999", "", "")


def test_what_was_put_right_since_is_looked_for_in_the_words_that_arrived(story: Story) -> None:
    """Approved, looked up in vain, a mark put right, worded anew by itself; then its receipt comes."""
    story.opens(pupil("P1"), before={"P1": "OO OO"}).register(f"{DAY}T09:15").run(f"{DAY}T09:20")
    (waiting,) = story.messages(MessageState.AWAITING_APPROVAL)
    outbox.approve(story.store, [waiting.message_id], "Asha", "", story.now)
    message = handed_over_in_vain(story)
    story.corrects(f"{DAY}T09:40", "P1", "2025-10-07", "O/")
    story.send(f"{DAY}T10:30")
    (anew,) = story.messages(MessageState.AWAITING_APPROVAL)
    assert anew.text != message.text
    receipts(story).take([receipt(message, "1", "delivered")])
    (arrived,) = story.messages()
    assert (arrived.text, arrived.said, arrived.handed) == (message.text, message.said, "")
    assert arrived.approved_by == message.approved_by != ""


def one_text_in_vain(story: Story) -> Message:
    """One text for P1 and P2, looked up in vain: both wait by themselves; the one that spoke."""
    siblings(story)
    story.post.answers = [Unsure("the line went dead"), Refused("busy", passing=True)]
    story.send(f"{DAY}T09:25")
    (speaker,) = [each for each in story.messages() if each.told]
    story.now += LEASE + timedelta(minutes=1)
    story.deliverer().deliver()
    assert {(each.state, each.told_with) for each in story.messages()} == {(MessageState.QUEUED, "")}
    return speaker


def test_one_text_for_two_children_that_had_arrived_told_of_both(story: Story) -> None:
    """Its receipt comes while both wait again: neither is told of a second time."""
    speaker = one_text_in_vain(story)
    receipts(story).take([receipt(speaker, "1", "delivered")])
    story.send(f"{DAY}T10:30")
    assert {each.state for each in story.messages()} == {MessageState.DELIVERED}
    assert sorted(each.told_with for each in story.messages()) == ["", speaker.message_id]
    assert [each.told for each in story.messages() if each.told] == [speaker.told]
    assert story.post.took == []


def test_a_text_that_left_alone_speaks_for_nobody_else(story: Story) -> None:
    """One text for two in vain; then one of them leaves alone and arrives: the other needs its own."""
    speaker = one_text_in_vain(story)
    (other,) = [each for each in story.messages() if each.message_id != speaker.message_id]
    outbox.hold(story.store, [other.message_id], "Asha", "ask first", story.now)
    story.send(f"{DAY}T10:30")
    receipts(story).take([receipt(speaker, "1", "delivered")])
    states = {each.message_id: each.state for each in story.messages()}
    assert states == {speaker.message_id: MessageState.DELIVERED, other.message_id: MessageState.DRAFTED}


def test_what_somebody_says_was_sent_is_what_was_handed_over_last(texted: Story) -> None:
    """In vain, worded anew, in doubt again, and the provider's log shows the second: that is what arrived."""
    message = handed_over_in_vain(texted)
    rewording.edit(texted.store, message.message_id, "Hana", "kinder", texted.now, "KitP1, please ring")
    outbox.approve(texted.store, [message.message_id], "Asha", "", texted.now)
    texted.post.answers = [Unsure("the line went dead")]
    texted.send(f"{DAY}T10:30")
    settling.settle(texted.store, message.message_id, "Asha", "their log", texted.now, sent=True)
    receipts(texted).take([receipt(message, "1", "delivered")])
    (arrived,) = texted.messages()
    assert (arrived.state, arrived.text) == (MessageState.DELIVERED, "KitP1, please ring")


def test_once_found_nothing_is_in_doubt_any_more(story: Story) -> None:
    """One text for two children in vain, and a second time: it is found, for both."""
    one_text_in_vain(story)
    story.post.answers = [KeyboardInterrupt()]
    with pytest.raises(KeyboardInterrupt):
        story.send(f"{DAY}T10:30")
    story.now += LEASE + timedelta(minutes=1)
    story.deliverer().deliver()
    assert {(each.state, each.handed) for each in story.messages()} == {(MessageState.SENT, "")}


def test_one_receipt_is_one_line_for_each_child(story: Story) -> None:
    """It comes while both are claimed as one again: told of once each, though they are found in two ways."""
    speaker = one_text_in_vain(story)
    story.now += timedelta(minutes=10)
    comes = AsItIsClaimed(story, [], lambda: receipts(story).take([receipt(speaker, "1", "delivered")]))
    replace(story.deliverer(), store=comes).deliver()
    assert comes.happened
    assert {each.state for each in story.messages()} == {MessageState.DELIVERED}
    assert len(story.ledger("receipt")) == 2


@pytest.mark.parametrize("state", [MessageState.CLAIMED, MessageState.FAILED_PERMANENT])
def test_a_child_who_joined_later_was_not_told_of(story: Story, state: MessageState) -> None:
    """One text for two in vain; a third is to leave with them; the first had arrived, without the third."""
    three = tuple(replace(contact("P1"), upn=upn) for upn in ("P1", "P2", "P3"))
    story.opens(*map(pupil, ("P1", "P2", "P3")), contacts=three)
    story.register(f"{DAY}T09:15", P1="N/", P2="N/", P3="N/").run(f"{DAY}T09:20")
    first, second, third = sorted(each.message_id for each in story.messages())
    story.post.answers = [Refused("busy", passing=True)]
    story.send(f"{DAY}T09:21", third)
    story.post.answers = [Unsure("the line went dead"), Refused("busy", passing=True)]
    story.send(f"{DAY}T09:25", first, second)
    story.now += LEASE + timedelta(minutes=1)
    story.deliverer().deliver(only=(first, second))
    story.now += timedelta(minutes=15)
    (speaker,) = [each for each in story.messages() if each.message_id == first]

    def arrived() -> None:
        receipts(story).take([receipt(speaker, "1", "delivered")])

    if state is MessageState.CLAIMED:
        replace(story.deliverer(), store=AsItIsClaimed(story, [], arrived)).deliver()
    else:
        story.post.answers = [Refused("it will not take it")]
        story.deliverer().deliver()
        arrived()
    states = {each.message_id: each.state for each in story.messages()}
    assert states[first] is states[second] is MessageState.DELIVERED
    assert states[third] is not MessageState.DELIVERED


@pytest.mark.parametrize("refused", ["the one that spoke", "the other"])
def test_that_one_of_two_was_refused_since_is_nothing_against_the_text_for_both(
    story: Story, refused: str
) -> None:
    """One text for two in vain; one of them is refused by itself; then the first had arrived."""
    speaker = one_text_in_vain(story)
    (other,) = [each for each in story.messages() if each.message_id != speaker.message_id]
    held = other if refused == "the one that spoke" else speaker
    outbox.hold(story.store, [held.message_id], "Asha", "look first", story.now)
    story.now += timedelta(minutes=10)
    story.post.answers = [Refused("not this one", of_address=False)]
    story.deliverer().deliver()
    assert story.messages(MessageState.FAILED_PERMANENT)
    receipts(story).take([receipt(speaker, "1", "delivered")])
    assert {each.state for each in story.messages()} == {MessageState.DELIVERED}


def test_words_that_come_back_as_it_is_claimed_are_looked_at(texted: Story) -> None:
    """The morning's text in vain; the child was there, missed the afternoon; the morning's had arrived."""
    message = handed_over_in_vain(texted)
    texted.corrects(f"{DAY}T09:40", "P1", DAY, "/-").run(f"{DAY}T09:41")
    texted.corrects(f"{DAY}T13:20", "P1", DAY, "/N").run(f"{DAY}T13:25")
    texted.run(f"{DAY}T13:26")
    comes = AsItIsClaimed(texted, [], lambda: receipts(texted).take([receipt(message, "1", "delivered")]))
    texted.now += timedelta(minutes=1)
    replace(texted.deliverer(), store=comes).deliver()
    texted.run(f"{DAY}T13:30")
    assert comes.happened
    assert [each.message.message_id for each in recall_list(texted).on_it()] == [message.message_id]


def test_an_apology_made_anew_that_had_arrived_does_not_leave_again(texted: Story) -> None:
    """In vain, taken back, wrong once more: then its receipt comes."""
    texted.send(f"{DAY}T09:25")
    texted.corrects(f"{DAY}T09:28", "P1", DAY, "//").run(f"{DAY}T09:30")
    (listed,) = recall_list(texted).on_it()
    assert listed.apology is not None
    outbox.approve(texted.store, [listed.apology.message_id], "Asha", "", texted.now)
    texted.post.answers = [Unsure("the line went dead"), Refused("busy", passing=True)]
    texted.send(f"{DAY}T09:35")
    texted.now += LEASE + timedelta(minutes=1)
    texted.deliverer().deliver()
    texted.corrects(f"{DAY}T09:50", "P1", DAY, "N/").run(f"{DAY}T09:51")
    texted.corrects(f"{DAY}T09:55", "P1", DAY, "//").run(f"{DAY}T09:56")
    receipts(texted).take([receipt(listed.apology, "1", "delivered")])
    (sorry,) = [each for each in texted.messages() if each.apology_for]
    assert sorry.state is MessageState.DELIVERED


@pytest.mark.parametrize("what", ["edit", "hold", "withdraw"])
def test_that_it_came_to_nothing_moves_nothing_that_waits(texted: Story, what: str) -> None:
    """Looked up in vain; people or the register said otherwise since; it did not arrive, as was believed."""
    message = handed_over_in_vain(texted)
    if what == "edit":
        rewording.edit(texted.store, message.message_id, "Hana", "wrong", texted.now, "KitP1, please ring")
    elif what == "hold":
        outbox.hold(texted.store, [message.message_id], "Asha", "nobody writes to them", texted.now)
    else:
        texted.corrects(f"{DAY}T09:40", "P1", DAY, "/-").run(f"{DAY}T09:41")
    before, tasks = texted.messages(), texted.tasks()
    receipts(texted).take([receipt(message, "1", "undelivered")])
    assert (texted.messages(), texted.tasks()) == (before, tasks)


def test_a_late_word_of_the_first_try_does_not_undo_a_retry(texted: Story) -> None:
    """It failed, somebody tries again; then comes, out of order, that the first was accepted once."""
    texted.send(f"{DAY}T09:25")
    (message,) = texted.messages()
    receipts(texted).take([receipt(message, "1", "undelivered")])
    settling.retry(texted.store, [message.message_id], "Asha", texted.now)
    receipts(texted).take([receipt(message, "2", "sent")])
    assert texted.messages(MessageState.QUEUED)


def test_tries_that_were_refused_leave_the_first_in_doubt(texted: Story) -> None:
    """In vain, worded anew, refused till it failed, tried again: the first had arrived, with its words."""
    message = handed_over_in_vain(texted)
    rewording.edit(texted.store, message.message_id, "Hana", "kinder", texted.now, "KitP1, please ring")
    outbox.approve(texted.store, [message.message_id], "Asha", "", texted.now)
    texted.post.answers = [Refused("busy", passing=True)] * 9
    while not texted.messages(MessageState.FAILED_TEMPORARY):
        texted.now += timedelta(minutes=20)
        texted.deliverer().deliver()
    texted.post.answers = []
    settling.retry(texted.store, [message.message_id], "Asha", texted.now)
    receipts(texted).take([receipt(message, "1", "delivered")])
    (arrived,) = texted.messages()
    assert (arrived.state, arrived.text) == (MessageState.DELIVERED, message.text)
