"""What is learnt between drafting and sending, up to the last moment, and what each message becomes by it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date

from engine.reasons import Reason
from engine.records import Event
from engine.rulebook.rulebook import Source
from messaging.channels import by_kind
from messaging.channels.channel import Outgoing, Sent
from tests.workflows.story import RULES, Post, Story, contact, pupil, templates
from tests.workflows.test_words import CONCERN, DAY, HOME, drafted, holding
from workflows import outbox
from workflows.deliver import Deliver
from workflows.library import Library, SchoolSource
from workflows.values import Bounce, Message, MessageState


@dataclass
class Meanwhile(Post):
    """A channel during whose first message something happens."""

    happens: Callable[[], object] = field(default=lambda: None)

    def send(self, outgoing: Outgoing) -> Sent:
        """Let it happen, once, and take the message."""
        if not self.took:
            self.took.append(outgoing)
            self.happens()
            self.took.clear()
        return super().send(outgoing)


def _two_texted(story: Story) -> Story:
    story.opens(pupil("P1"), pupil("P2")).register(f"{DAY}T09:15", P1="N/", P2="N/")
    story.run(f"{DAY}T09:20")
    return story


def _send_while(story: Story, happens: Callable[[], object]) -> list[Outgoing]:
    post = Meanwhile(happens=happens)
    deliver = Deliver(story.store, story.library, by_kind(post), lambda: story.now, templates=templates())
    deliver.deliver()
    return post.took


def _states(story: Story) -> dict[str, str]:
    return {message.subject: message.state.value for message in story.messages()}


def test_a_mark_put_right_while_the_text_before_it_leaves_keeps_the_next_one(story: Story) -> None:
    """Both were judged and claimed together; the register changed during the first: one leaves."""
    _two_texted(story)
    first, second = sorted(story.messages(), key=lambda each: each.message_id)
    took = _send_while(story, lambda: story.corrects(f"{DAY}T09:21", second.subject, DAY, "L/"))
    assert [one.message_id for one in took] == [first.message_id]
    assert _states(story) == {first.subject: "sent", second.subject: "withdrawn"}


def test_a_number_that_proves_dead_while_the_text_before_it_leaves_gets_none(story: Story) -> None:
    """Another school's text to it came back a moment ago: this one is withdrawn, though it was claimed."""
    _two_texted(story)
    first, second = sorted(story.messages(), key=lambda each: each.message_id)

    def bounces() -> None:
        dead = Bounce("T", "other", second.address, "sms", story.now, "no such number")
        with story.store.transaction() as unit:
            unit.note_bounce(dead)

    took = _send_while(story, bounces)
    assert [one.message_id for one in took] == [first.message_id]
    (kept,) = story.messages(MessageState.WITHDRAWN)
    assert kept.ended_because == Reason.CONTACT_CHANGED.sentence


def test_an_import_about_something_else_holds_nobody_up(story: Story) -> None:
    """What came in is looked at, nothing speaks against it: both leave, once each."""
    _two_texted(story)
    took = _send_while(story, lambda: story.corrects(f"{DAY}T09:21", "P1", "2025-11-03", "L/"))
    assert len({one.message_id for one in took}) == len(took) == 2
    assert set(_states(story).values()) == {"sent"}


def _letter(story: Story) -> Message:
    holding(story, "attendance-concern", "letter")
    story.opens(pupil("P1"), contacts=(contact("P1", address=HOME),), before={"P1": "OO OO OO"})
    (letter,) = drafted(story)
    outbox.approve(story.store, [letter.message_id], "Asha", "read", story.now)
    return letter


def test_a_letter_whose_dates_were_put_right_since_it_was_approved_is_read_again(story: Story) -> None:
    """The rule still holds, the table of days does not: made anew, and back to whoever approves."""
    letter = _letter(story)
    assert "| Wednesday 8 October | all day |" in letter.text
    story.corrects(f"{DAY}T09:40", "P1", "2025-10-08", "//")
    story.send(f"{DAY}T10:00")
    (now,) = story.messages()
    assert (now.state, now.ended_because) == (
        MessageState.AWAITING_APPROVAL,
        Reason.WORDS_CHANGED.sentence,
    )
    assert "Tuesday 7 October" in now.text
    assert "8 October" not in now.text
    assert (now.approved_by, story.post.took) == ("", [])
    assert outbox.approvable(story.store).singly == (now.message_id,)
    outbox.approve(story.store, [now.message_id], "Asha", "read again", story.now)
    story.send(f"{DAY}T11:00")
    assert [one.text for one in story.post.took] == [now.text]


def test_what_changed_without_being_told_of_asks_nobody(story: Story) -> None:
    """A mark before the days of the letter is another: no word of it changes, so it leaves as approved."""
    letter = _letter(story)
    story.learns(f"{DAY}T09:40", Event("P1", "S", "meeting", date(2025, 10, 20), note="talked"))
    story.send(f"{DAY}T10:00")
    assert [one.text for one in story.post.took] == [letter.text]


def test_a_letter_whose_template_is_another_by_now_is_looked_at_as_it_stands(story: Story) -> None:
    """The dates changed and the words cannot be made as they were: a person decides about the old ones."""
    letter = _letter(story)
    story.corrects(f"{DAY}T09:40", "P1", "2025-10-08", "//")
    others = dict(templates())
    key = ("attendance-concern", "letter", "en")
    others[key] = replace(others[key], version="another")
    story.now = story.now.replace(hour=10)
    Deliver(story.store, story.library, by_kind(story.post), lambda: story.now, templates=others).deliver(
        story.now
    )
    (now,) = story.messages()
    assert (now.state, now.text) == (MessageState.AWAITING_APPROVAL, letter.text)


def test_a_text_nobody_had_to_approve_says_what_is_so_now(story: Story) -> None:
    """It leaves by itself, so it is worded anew by itself: one day of the three was put right in between."""
    text = CONCERN % ("send", "attendance-concern", "sms", "letters")
    story.library = Library((SchoolSource(Source("trust", "concern.yaml", text)),))
    story.opens(pupil("P1"), before={"P1": "OO OO OO"})
    (before,) = drafted(story)
    story.corrects(f"{DAY}T09:24", "P1", "2025-10-08", "//")
    story.send(f"{DAY}T09:25")
    (now,) = story.messages()
    assert now.state is MessageState.SENT
    assert [one.text for one in story.post.took] == [now.text]
    assert ("3 days" in before.text, "2 days" in now.text) == (True, True)


def test_a_family_with_another_number_is_texted_there(story: Story) -> None:
    """The number changed after drafting: withdrawn at sending, drafted anew by the next run, sent once."""
    story.opens(pupil("P1")).register(f"{DAY}T09:15", P1="N/").run(f"{DAY}T09:20")
    story.learns(f"{DAY}T09:22", contact("P1", phone="07700 900977"))
    story.send(f"{DAY}T09:25")
    (gone,) = story.messages()
    assert (gone.state, gone.ended_because) == (MessageState.WITHDRAWN, Reason.CONTACT_CHANGED.sentence)
    story.run(f"{DAY}T09:30")
    story.send(f"{DAY}T09:35")
    assert [one.to for one in story.post.took] == ["+447700900977"]
    assert _states(story) == {"P1": "sent"}


def test_a_letter_that_waits_for_a_person_does_not_silence_the_morning(story: Story) -> None:
    """Drafted before breakfast, not approved yet; at 09:20 nobody knows where the child is: the text leaves.

    Once it has left, the letter waits for another day, whoever approves it.
    """
    rules = [
        Source("trust", path.name, path.read_text()) for path in (RULES / "trust").glob("first-days.yaml")
    ]
    rules.append(
        Source("trust", "concern.yaml", CONCERN % ("approve", "attendance-concern", "letter", "letters"))
    )
    story.library = Library(tuple(map(SchoolSource, rules)))
    story.opens(pupil("P1"), contacts=(contact("P1", address=HOME),), before={"P1": "OO OO OO"})
    story.run(f"{DAY}T07:00")
    (letter,) = story.messages()
    assert (letter.state, letter.channel) == (MessageState.AWAITING_APPROVAL, "letter")
    story.register(f"{DAY}T09:15", P1="N/").run(f"{DAY}T09:20")
    outbox.approve(story.store, [letter.message_id], "Asha", "read", story.now)
    story.send(f"{DAY}T09:25")
    assert [one.channel for one in story.post.took] == ["sms"]
    story.send("2025-11-11T09:25")
    assert [one.channel for one in story.post.took] == ["sms", "letter"]


def test_a_receipt_that_is_quicker_than_the_answer_stands(story: Story) -> None:
    """While the line is slow the provider has reported already: what it said is kept, and told."""
    _two_texted(story)
    first = min(story.messages(), key=lambda each: each.message_id)

    class Prompt(Post):
        def send(self, outgoing: Outgoing) -> Sent:
            with story.store.transaction() as unit:
                there = unit.message(outgoing.message_id)
                assert there
                arrived = replace(there, state=MessageState.DELIVERED, reference="ref-1", worker="")
                unit.update((), (), [arrived], story.now)
            return super().send(outgoing)

    sender = Deliver(story.store, story.library, by_kind(Prompt()), lambda: story.now)
    done = sender.deliver(only=[first.message_id])
    assert [each.state for each in done.messages] == [MessageState.DELIVERED]
    assert _states(story)[first.subject] == "delivered"


def test_a_sender_told_to_stop_claims_nothing_more(story: Story) -> None:
    """After the first text it is told to stop: the second goes back into the queue, and that is all."""
    sender = _two_texted(story).deliverer()
    sender.stopping = lambda: bool(story.post.took)
    done = sender.deliver()
    assert sorted(each.state.value for each in done.messages) == ["queued", "sent"]
    assert sorted(_states(story).values()) == ["queued", "sent"]
