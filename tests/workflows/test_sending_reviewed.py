"""Sending as a stranger looks at it: what its parts do to each other when several things happen at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial

import pytest

from engine.instants import read_instant
from messaging.channels.channel import Refused, Unsure
from tests.workflows.story import Story, contact, pupil, templates
from tests.workflows.test_receipts import receipt, receipts
from workflows import outbox, settling
from workflows.handing_over import LEASE
from workflows.heard import Words
from workflows.ports import Unit
from workflows.recall_list import RecallList
from workflows.recheck import UNDELIVERED
from workflows.replies import Replies
from workflows.values import Message, MessageState

DAY = "2025-11-10"
HER = "+447700900011"


def recall_list(story: Story) -> RecallList:
    """The recall list at the time of the story."""
    return RecallList(story.store, story.library, templates(), lambda: story.now)


@pytest.fixture
def texted(story: Story) -> Story:
    """Monday 09:20: the first-day text about P1 is queued."""
    story.opens(pupil("P1")).register(f"{DAY}T09:15", P1="N/").run(f"{DAY}T09:20")
    return story


def siblings(story: Story) -> Story:
    """Monday 09:20: P1 and P2 have one parent, and both were not there."""
    both = (contact("P1"), replace(contact("P1"), upn="P2"))
    story.opens(pupil("P1"), pupil("P2"), contacts=both).register(f"{DAY}T09:15", P1="N/", P2="N/")
    story.run(f"{DAY}T09:20")
    return story


def concern(story: Story) -> Message:
    """A text about P1's attendance, approved and sent; nobody is at work on its case."""
    story.opens(pupil("P1"), before={"P1": "OO O/"}).register(f"{DAY}T09:15").run(f"{DAY}T09:20")
    (waiting,) = story.messages(MessageState.AWAITING_APPROVAL)
    outbox.approve(story.store, [waiting.message_id], "Asha", "", story.now)
    story.send(f"{DAY}T09:30")
    if open_now := [task.task_id for task in story.tasks()]:
        story.acts().dismiss(open_now, "Hana", "for the story")
    (message,) = story.messages(MessageState.SENT)
    return message


@dataclass
class Watched:
    """A store that says after each commit where every message stands."""

    story: Story
    states: list[set[MessageState]]

    def transaction(self) -> AbstractContextManager[Unit]:
        """As the store's own."""
        return self._watched()

    def reading(self) -> AbstractContextManager[Unit]:
        """As the store's own."""
        return self.story.store.reading()

    @contextmanager
    def _watched(self) -> Iterator[Unit]:
        with self.story.store.transaction() as unit:
            yield unit
        self.states.append({each.state for each in self.story.messages()})


@dataclass
class AsItIsClaimed(Watched):
    """A store in which something comes in, once, between the claim of a text and its handing over."""

    happens: Callable[[], object]
    happened: bool = False

    @contextmanager
    def _watched(self) -> Iterator[Unit]:
        with self.story.store.transaction() as unit:
            yield unit
        if not self.happened and self.story.messages(MessageState.CLAIMED):
            self.happened = True
            self.happens()


def test_one_text_for_two_children_is_settled_for_both_at_once(story: Story) -> None:
    """It did not go; no second sender finds one of them in the queue while the other is still in doubt."""
    siblings(story)
    story.post.answers = [Unsure("the line went dead")]
    story.send(f"{DAY}T09:25")
    story.now += LEASE + timedelta(minutes=1)
    watched = Watched(story, [])
    replace(story.deliverer(), store=watched).deliver()
    assert {MessageState.QUEUED} in watched.states
    assert {MessageState.QUEUED, MessageState.UNKNOWN} not in watched.states


def test_a_text_tried_again_stands_by_what_is_said_of_the_second(story: Story) -> None:
    """The telephone was off, somebody tries again, now it is on: it was delivered."""
    message = concern(story)
    receipts(story).take([receipt(message, "1", "undelivered")])
    settling.retry(story.store, [message.message_id], "Asha", story.now)
    story.settings = replace(story.settings, family=replace(story.settings.family, day=9, week=9))
    story.send(f"{DAY}T10:30")
    second = [receipt(message, "2", code, reference="SM2") for code in ("sent", "delivered")]
    receipts(story).take([second[0]])
    receipts(story).take([replace(second[1], event_id="3")])
    (message,) = story.messages()
    assert message.state is MessageState.DELIVERED


def test_a_text_that_arrives_before_it_is_tried_again_is_not(story: Story) -> None:
    """Tried again by a person, and still in the queue as the provider says that it has arrived after all."""
    message = concern(story)
    receipts(story).take([receipt(message, "1", "blocked", 1)])
    settling.retry(story.store, [message.message_id], "Asha", story.now)
    receipts(story).take([receipt(message, "2", "delivered", 4)])
    story.send(f"{DAY}T10:30")
    assert len(story.post.took) == 1


def test_a_text_tried_again_needs_no_call(story: Story) -> None:
    """It failed, which is somebody's task; it is tried again and arrives: the task is over."""
    message = concern(story)
    receipts(story).take([receipt(message, "1", "blocked", 1)])
    settling.retry(story.store, [message.message_id], "Asha", story.now)
    story.send(f"{DAY}T10:30")
    assert story.messages(MessageState.SENT)
    assert story.tasks(rule=UNDELIVERED + message.rule) == []


def test_one_that_fails_again_is_somebodys_again(story: Story) -> None:
    """It did not arrive, arrived after all, and came back in the end: somebody tells the family."""
    message = concern(story)
    said = [receipt(message, "1", "blocked", 1), receipt(message, "2", "delivered", 2)]
    for each in [*said, receipt(message, "3", "blocked", 3)]:
        receipts(story).take([each])
    assert len(story.tasks(rule=UNDELIVERED + message.rule)) == 1


def test_what_arrives_after_all_and_is_wrong_by_then_is_on_the_list(texted: Story) -> None:
    """It did not arrive; the child had been there; a run looked; then it arrives all the same."""
    texted.send(f"{DAY}T09:25")
    (message,) = texted.messages(MessageState.SENT)
    receipts(texted).take([receipt(message, "1", "blocked", 1)])
    texted.corrects(f"{DAY}T09:40", "P1", DAY, "/-")
    texted.run(f"{DAY}T09:41")
    receipts(texted).take([receipt(message, "2", "delivered", 20)])
    texted.run(f"{DAY}T10:00")
    assert [each.message.message_id for each in recall_list(texted).on_it()] == [message.message_id]


def handed_over_in_vain(story: Story) -> Message:
    """Nobody answered, and the look-up found nothing: back in the queue, and its time has not come."""
    story.post.answers = [Unsure("the line went dead"), Refused("busy", passing=True)]
    story.send(f"{DAY}T09:25")
    story.now += LEASE + timedelta(minutes=1)
    story.deliverer().deliver()
    (message,) = story.messages(MessageState.QUEUED)
    return message


def test_one_held_back_in_the_queue_has_left_after_all(texted: Story) -> None:
    """Held back after it was looked up in vain; the receipt says that it arrived: it cannot be sent again."""
    message = handed_over_in_vain(texted)
    outbox.hold(texted.store, [message.message_id], "Asha", "ask first", texted.now)
    receipts(texted).take([receipt(message, "1", "delivered")])
    (message,) = texted.messages()
    assert message.state is MessageState.DELIVERED


def test_one_that_was_claimed_and_not_begun_was_handed_to_nobody(texted: Story) -> None:
    """A correction came in between: withdrawn, and no provider is said to have had it."""
    texted.now = read_instant(f"{DAY}T09:25")
    corrected = partial(texted.corrects, f"{DAY}T09:24", "P1", DAY, "/-")
    replace(texted.deliverer(), store=AsItIsClaimed(texted, [], corrected)).deliver()
    assert [(each.state, each.via) for each in texted.messages()] == [(MessageState.WITHDRAWN, "")]


def test_one_withdrawn_in_the_queue_has_left_after_all(texted: Story) -> None:
    """Withdrawn since the child was there; the receipt says that it arrived: an apology is owed."""
    message = handed_over_in_vain(texted)
    texted.corrects(f"{DAY}T09:40", "P1", DAY, "/-")
    texted.run(f"{DAY}T09:41")
    receipts(texted).take([receipt(message, "1", "delivered")])
    texted.run(f"{DAY}T10:00")
    assert [each.message.message_id for each in recall_list(texted).on_it()] == [message.message_id]


def test_an_apology_that_reaches_nobody_owes_no_new_message(texted: Story) -> None:
    """Somebody says that it was wrong; the number is another by now: what was wrong is not said there too."""
    texted.send(f"{DAY}T09:25")
    (message,) = texted.messages(MessageState.SENT)
    recall_list(texted).add([message.message_id], "Asha", "he was in the library")
    (sorry,) = texted.messages(MessageState.AWAITING_APPROVAL)
    outbox.approve(texted.store, [sorry.message_id], "Asha", "", texted.now)
    texted.learns(f"{DAY}T09:40", replace(contact("P1"), phone="07700 900999"))
    texted.send(f"{DAY}T09:41")
    assert {case.owed_since for case in texted.cases()} == {""}


def test_nobody_is_asked_to_say_what_was_wrong(texted: Story) -> None:
    """On the recall list, and then it turns out that it never arrived: nobody rings to say it."""
    texted.send(f"{DAY}T09:25")
    (message,) = texted.messages(MessageState.SENT)
    texted.corrects(f"{DAY}T09:40", "P1", DAY, "/-")
    texted.run(f"{DAY}T09:41")
    receipts(texted).take([receipt(message, "1", "undelivered")])
    assert [each.rule for each in texted.tasks() if each.rule.startswith(UNDELIVERED)] == []


def test_what_never_arrived_is_not_apologised_for(texted: Story) -> None:
    """The same, and the apology was approved: the family has read nothing that was wrong."""
    texted.send(f"{DAY}T09:25")
    (message,) = texted.messages(MessageState.SENT)
    texted.corrects(f"{DAY}T09:40", "P1", DAY, "/-")
    texted.run(f"{DAY}T09:41")
    (sorry,) = texted.messages(MessageState.AWAITING_APPROVAL)
    outbox.approve(texted.store, [sorry.message_id], "Asha", "", texted.now)
    receipts(texted).take([receipt(message, "1", "undelivered")])
    texted.send(f"{DAY}T09:45")
    assert len(texted.post.took) == 1


def test_an_apology_that_does_not_arrive_is_somebodys(texted: Story) -> None:
    """Somebody is at work on the case, and knows nothing of an apology."""
    texted.send(f"{DAY}T09:25")
    (message,) = texted.messages(MessageState.SENT)
    recall_list(texted).add([message.message_id], "Asha", "he was in the library")
    (sorry,) = texted.messages(MessageState.AWAITING_APPROVAL)
    outbox.approve(texted.store, [sorry.message_id], "Asha", "", texted.now)
    texted.send(f"{DAY}T09:41")
    assert texted.tasks(), "the first contact is somebody's"
    receipts(texted).take([receipt(sorry, "1", "undelivered")])
    assert [each.rule for each in texted.tasks() if each.rule.startswith(UNDELIVERED)]


def test_one_held_back_stays_so_when_its_ground_comes_back(texted: Story) -> None:
    """Held back, withdrawn by a mark that was wrong, put right: still nobody has released it."""
    (message,) = texted.messages()
    outbox.hold(texted.store, [message.message_id], "Asha", "the mother is in hospital", texted.now)
    texted.corrects(f"{DAY}T09:30", "P1", DAY, "/-").run(f"{DAY}T09:31")
    texted.corrects(f"{DAY}T09:33", "P1", DAY, "N-").run(f"{DAY}T09:34")
    texted.send(f"{DAY}T09:35")
    assert texted.post.took == []


def test_what_a_text_for_two_children_did_not_tell_is_told_of_each(story: Story) -> None:
    """It did not arrive; one of the two was in after all: nobody is asked to say that both were not."""
    siblings(story)
    story.send(f"{DAY}T09:25")
    story.acts().dismiss([task.task_id for task in story.tasks()], "Hana", "for the story")
    (speaker,) = [each for each in story.messages() if not each.told_with]
    receipts(story).take([receipt(speaker, "1", "undelivered")])
    made = [each for each in story.tasks() if each.rule.startswith(UNDELIVERED)]
    assert [(f"KitP{n}" in each.script) for each in made for n in (1, 2)].count(True) == 2
    story.corrects(f"{DAY}T09:40", speaker.subject, DAY, "/-").run(f"{DAY}T09:41")
    (left,) = [each for each in story.tasks() if each.rule.startswith(UNDELIVERED)]
    assert left.subject != speaker.subject


def test_nobody_is_asked_to_say_what_turns_out_to_be_wrong(story: Story) -> None:
    """It did not arrive, somebody is to ring; marks of October are put right: no call."""
    message = concern(story)
    receipts(story).take([receipt(message, "1", "undelivered")])
    assert story.tasks(rule=UNDELIVERED + message.rule)
    for day in ("2025-10-06", "2025-10-07"):
        story.corrects(f"{DAY}T10:00", "P1", day, "//")
    story.run(f"{DAY}T10:05")
    assert story.tasks(rule=UNDELIVERED + message.rule) == []


def test_in_doubt_about_two_children_until_somebody_knows(story: Story) -> None:
    """Nobody can be asked, then it turns out that it went: that is so of both."""
    siblings(story)
    story.post.answers = [KeyboardInterrupt()]
    with pytest.raises(KeyboardInterrupt):
        story.send(f"{DAY}T09:25")
    for state, deaf in ((MessageState.UNKNOWN, True), (MessageState.SENT, False)):
        story.post.deaf = deaf
        story.now += LEASE + timedelta(minutes=1)
        assert {each.state for each in story.deliverer().deliver().messages} == {state}
        assert {each.state for each in story.messages()} == {state}
    assert len(story.post.took) == 1


def test_what_a_parent_wrote_unasked_keeps_texts_about_all_their_children(story: Story) -> None:
    """At eight she writes that P2 is ill; both are away; nobody has read it: no text asks her where P2 is."""
    both = (contact("P1"), replace(contact("P1"), upn="P2"))
    story.opens(pupil("P1"), pupil("P2"), contacts=both)
    story.now = read_instant(f"{DAY}T08:00")
    words = Words("twilio", "SM7", "sms", HER, "+447700900900", "KitP2 is ill today", story.now)
    Replies(story.store, lambda: story.now, story.settings).take(words)
    story.register(f"{DAY}T09:15", P2="N/").run(f"{DAY}T09:20")
    story.send(f"{DAY}T09:25")
    assert story.post.took == []


def test_one_text_for_two_children_is_tried_again_for_both(story: Story) -> None:
    """It did not arrive, somebody tries one again: it was one text, so both children are told of again."""
    siblings(story)
    story.send(f"{DAY}T09:25")
    (speaker,) = [each for each in story.messages() if not each.told_with]
    receipts(story).take([receipt(speaker, "1", "undelivered")])
    settling.retry(story.store, [speaker.message_id], "Asha", story.now)
    assert {(each.state, each.told_with) for each in story.messages()} == {(MessageState.QUEUED, "")}
    story.send(f"{DAY}T09:30")
    assert [one.text.count("Kit") for one in story.post.took] == [2, 2]


def test_words_of_a_persons_own_that_are_made_anew_are_looked_at(story: Story) -> None:
    """Worded anew by hand, withdrawn, its ground is back: with the words of the template a person looks."""
    story.opens(pupil("P1")).register(f"{DAY}T09:15", P1="N/").run(f"{DAY}T09:20")
    (text,) = story.messages()
    with story.store.transaction() as unit:
        unit.update((), (), [replace(text, text="our own words", edited_by="ao")], story.now)
    story.corrects(f"{DAY}T09:22", "P1", DAY, "I/").run(f"{DAY}T09:23")
    story.corrects(f"{DAY}T09:24", "P1", DAY, "N/").run(f"{DAY}T09:25")
    (again,) = story.messages()
    assert (again.state, again.text) == (MessageState.AWAITING_APPROVAL, text.text)
