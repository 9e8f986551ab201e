"""What people do in the outbox: two pairs of eyes, held back, worded anew, settled, tried again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from engine.reasons import Reason
from engine.records import Event
from messaging.channels.channel import Unsure
from tests.workflows.story import Story, contact, pupil
from workflows import outbox, rewording, settling
from workflows.acting import CannotDo
from workflows.outbox import NotInOutbox
from workflows.settings import TwoPeople
from workflows.values import Message, MessageState

DAY = "2025-11-10"


@pytest.fixture
def texted(story: Story) -> Story:
    """Monday 09:20: two pupils absent without a reason, a text for each waiting to leave."""
    story.opens(pupil("P1"), pupil("P2")).register(f"{DAY}T09:15", P1="N/", P2="N/")
    story.run(f"{DAY}T09:20")
    return story


@pytest.fixture
def asked(story: Story) -> Story:
    """Monday 09:20: of two pupils far below their attendance, a text for each waits for approval."""
    own = {"P1": "OO OO O/", "P2": "OO OO O/"}
    story.opens(pupil("P1"), pupil("P2"), before=own).register(f"{DAY}T09:15", P1="OO", P2="OO")
    story.run(f"{DAY}T09:20")
    assert len(story.messages(MessageState.AWAITING_APPROVAL)) == 2
    return story


def _one(story: Story, message_id: str) -> Message:
    (found,) = (each for each in story.messages() if each.message_id == message_id)
    return found


def _ids(story: Story, *states: MessageState) -> list[str]:
    return [each.message_id for each in sorted(story.messages(*states), key=lambda each: each.subject)]


def test_where_two_approve_it_waits_for_the_second(asked: Story) -> None:
    """The first leaves it 1 of 2, the same person is refused, another queues it; the ledger has both."""
    first, _ = _ids(asked, MessageState.AWAITING_APPROVAL)
    (half,) = outbox.approve(asked.store, [first], "Asha", "read", asked.now, TwoPeople.ALL)
    assert (half.state, half.first_approved_by) == (MessageState.AWAITING_APPROVAL, "ao")
    waiting = outbox.approvable(asked.store, "Asha")
    assert (waiting.by_another, first in waiting.together) == ((first,), False)
    with pytest.raises(CannotDo, match=r"Asha Officer has approved .* already: two people"):
        outbox.approve(asked.store, [first], "Asha", "again", asked.now, TwoPeople.ALL)
    (whole,) = outbox.approve(asked.store, [first], "Hana", "me too", asked.now, TwoPeople.ALL)
    assert (whole.state, whole.approved_by, whole.first_approved_by) == (MessageState.QUEUED, "head", "ao")
    told = [(line["by"], line["of_two"]) for line in asked.ledger("approval")]
    assert told == [("ao", 1), ("head", 2)]


@pytest.mark.parametrize(
    ("two", "purpose", "channel", "needed"),
    [
        (TwoPeople.NONE, "statutory", "letter", False),
        (TwoPeople.STATUTORY, "statutory", "letter", True),
        (TwoPeople.STATUTORY, "letters", "letter", False),
        (TwoPeople.LETTERS, "letters", "letter", True),
        (TwoPeople.LETTERS, "letters", "sms", False),
        (TwoPeople.ALL, "praise", "sms", True),
    ],
)
def test_who_must_be_two(asked: Story, two: TwoPeople, purpose: str, channel: str, needed: bool) -> None:  # noqa: FBT001
    """As the settings say: nobody, for what the law asks, for paper, for everything."""
    draft = replace(asked.messages(MessageState.AWAITING_APPROVAL)[0], purpose=purpose, channel=channel)
    with asked.store.transaction() as unit:
        unit.update((), (), (draft,), asked.now)
    (after,) = outbox.approve(asked.store, [draft.message_id], "Asha", "", asked.now, two)
    assert (after.state is MessageState.AWAITING_APPROVAL) == needed


def test_what_came_in_between_two_approvals_asks_both_again(asked: Story) -> None:
    """Only the second can have known of a hold put on meanwhile: one pair of eyes is not two."""
    first, second = _ids(asked, MessageState.AWAITING_APPROVAL)
    outbox.approve(asked.store, [first], "Asha", "", asked.now, TwoPeople.ALL)
    asked.learns(f"{DAY}T09:25", Event("P1", "S", "hold", asked.now.date()))
    asked.now += timedelta(minutes=1)
    outbox.approve(asked.store, [first], "Hana", "", asked.now, TwoPeople.ALL)
    asked.send(f"{DAY}T09:30")
    assert _one(asked, first).state is MessageState.AWAITING_APPROVAL
    assert asked.post.took == []
    assert _one(asked, second).state is MessageState.AWAITING_APPROVAL


def test_what_is_held_back_goes_with_no_batch(texted: Story) -> None:
    """Nobody sends it, no --all takes it; who approves it by its id releases it, and it leaves."""
    first, second = _ids(texted)
    (held,) = outbox.hold(texted.store, [first], "Asha", "the family rang", texted.now)
    assert (held.state, held.held_by, held.ended_because) == ("drafted", "ao", "the family rang")
    assert outbox.approvable(texted.store) == outbox.Waiting((), (), ())
    texted.send(f"{DAY}T09:25")
    assert [one.message_id for one in texted.post.took] == [second]
    outbox.approve(texted.store, [first], "Hana", "it was another child", texted.now)
    assert _one(texted, first).held_by == ""
    texted.send(f"{DAY}T09:26")
    assert [one.message_id for one in texted.post.took] == [second, first]
    assert [(line["by"], line["why"]) for line in texted.ledger("hold")] == [("ao", "the family rang")]


def test_what_is_held_back_loses_its_ground_like_any(texted: Story) -> None:
    """The mark is put right: withdrawn by the next run, though nobody released it."""
    first, _ = _ids(texted)
    outbox.hold(texted.store, [first], "Asha", "ask the tutor", texted.now)
    texted.corrects(f"{DAY}T09:25", "P1", DAY, "//")
    texted.run(f"{DAY}T09:30")
    held = _one(texted, first)
    assert (held.state, held.ended_because) == (MessageState.WITHDRAWN, Reason.GROUND_GONE.sentence)


def test_what_is_held_back_until_it_says_nothing_any_more_expires(texted: Story) -> None:
    """A first-day text is worth nothing in the evening: nobody is left with it, and the ledger says so."""
    first, _ = _ids(texted)
    outbox.hold(texted.store, [first], "Asha", "ask the tutor", texted.now)
    texted.run(f"{DAY}T16:00")
    assert _one(texted, first).state is MessageState.EXPIRED
    assert first in {line.get("message") for line in texted.ledger("missed")}


def test_a_hold_voids_what_was_approved(asked: Story) -> None:
    """Whoever approved it did not know of what is held against it: where two approve, two are asked anew."""
    first, _ = _ids(asked, MessageState.AWAITING_APPROVAL)
    outbox.approve(asked.store, [first], "Asha", "", asked.now, TwoPeople.ALL)
    outbox.hold(asked.store, [first], "Hal", "wait for the meeting", asked.now)
    (again,) = outbox.approve(asked.store, [first], "Asha", "", asked.now, TwoPeople.ALL)
    assert (again.state, again.approved_by) == (MessageState.AWAITING_APPROVAL, "")


def test_an_edit_voids_the_approval(asked: Story) -> None:
    """Approved, then worded anew: it waits again, for somebody else; the old words are in the ledger."""
    first, _ = _ids(asked, MessageState.AWAITING_APPROVAL)
    outbox.approve(asked.store, [first], "Hana", "", asked.now)
    words = "Sample School: KitP1 has missed some days \u2013\nwe\u2019d like to help.\n"
    done = rewording.edit(asked.store, first, "Asha", "kinder", asked.now, words)
    after = _one(asked, first)
    assert (after.state, after.approved_by, after.edited_by) == (MessageState.AWAITING_APPROVAL, "", "ao")
    assert after.text == "Sample School: KitP1 has missed some days - we'd like to help."
    (line,) = asked.ledger("edit")
    assert (line["was"], line["text"], line["approved_by"]) == (done.before.text, after.text, "head")
    assert first in outbox.approvable(asked.store).singly
    with pytest.raises(CannotDo, match=r"Asha Officer wrote the words of .*: somebody else reads"):
        outbox.approve(asked.store, [first], "Asha", "", asked.now)
    outbox.approve(asked.store, [first], "Hana", "", asked.now)
    asked.run(f"{DAY}T09:40")
    asked.send(f"{DAY}T09:45")
    assert [one.text for one in asked.post.took] == [after.text]


@pytest.mark.parametrize(
    ("words", "title", "why", "sentence"),
    [
        ("KitP1 was away.", "", " ", "--why is empty"),
        ("  ", "", "x", "the words do not name KitP1"),
        ("Your child was away.", "", "x", "the words do not name KitP1: a family with several"),
        ("KitP1 was \x07 away.", "", "x", "it could not be sent so: the text holds control characters"),
        ("KitP1 was away.", "About KitP1", "x", "is a text, which has no title"),
    ],
)
def test_words_that_cannot_stand_are_refused(
    asked: Story, words: str, title: str, why: str, sentence: str
) -> None:
    """Each with its sentence, and nothing is changed."""
    before = asked.standing()
    first, _ = _ids(asked, MessageState.AWAITING_APPROVAL)
    with pytest.raises(CannotDo, match=sentence):
        rewording.edit(asked.store, first, "Asha", why, asked.now, words, title)
    with pytest.raises(CannotDo, match="these are the words that"):
        rewording.edit(asked.store, first, "Asha", "x", asked.now, _one(asked, first).text)
    assert asked.standing() == before


def test_a_letter_is_laid_out_before_it_is_taken(asked: Story) -> None:
    """A row of a table with a cell too many; a title of its own."""
    draft = replace(
        _one(asked, _ids(asked)[0]), channel="letter", address="1 Mill Lane, SO14 1AA", title="KitP1"
    )
    with asked.store.transaction() as unit:
        unit.update((), (), (draft,), asked.now)
    row = "About KitP1\n\n| Date | Session |\n| Monday | morning | illness |"
    with pytest.raises(CannotDo, match="it cannot be laid out: the row"):
        rewording.edit(asked.store, draft.message_id, "Asha", "x", asked.now, row)
    done = rewording.edit(asked.store, draft.message_id, "Asha", "x", asked.now, "About KitP1.", "Our letter")
    assert (done.after.title, done.after.text) == ("Our letter", "About KitP1.")


def test_words_of_ones_own_are_said_of_one_child_alone(story: Story) -> None:
    """Two siblings share a number: the edited text leaves by itself, not as one for both."""
    both = (contact("P1"), replace(contact("P2"), contact_id="P1-1", phone=contact("P1").phone))
    story.opens(pupil("P1"), pupil("P2"), contacts=both).register(f"{DAY}T09:15", P1="N/", P2="N/")
    story.run(f"{DAY}T09:20")
    first, _ = _ids(story)
    rewording.edit(story.store, first, "Asha", "x", story.now, "KitP1 is not in school. Please call.")
    outbox.approve(story.store, [first], "Hana", "", story.now)
    story.send(f"{DAY}T09:25")
    assert not any(each.told_with or each.told for each in story.messages())
    assert "KitP1 is not in school. Please call." in {one.text for one in story.post.took}


def test_what_left_is_neither_edited_nor_held(texted: Story) -> None:
    """Nor approved, tried again or settled: it is gone, and each says so."""
    first, _ = _ids(texted)
    texted.send(f"{DAY}T09:25", first)
    store, now = texted.store, texted.now
    with pytest.raises(NotInOutbox, match="is sent: its words can be changed no more"):
        rewording.edit(store, first, "Asha", "x", now, "KitP1")
    with pytest.raises(NotInOutbox, match="is sent: only what waits for approval, or is queued"):
        outbox.hold(store, [first], "Asha", "x", now)
    with pytest.raises(NotInOutbox, match="is sent, it does not wait for approval"):
        outbox.approve(store, [first], "Asha", "x", now)
    with pytest.raises(NotInOutbox, match="is sent: only what failed for a cause that may pass"):
        settling.retry(store, [first], "Asha", now)
    with pytest.raises(NotInOutbox, match="is sent: there is no doubt to settle"):
        settling.settle(store, first, "Asha", "x", now, sent=True)
    with pytest.raises(NotInOutbox, match="there is no message m-none"):
        outbox.hold(store, ["m-none"], "Asha", "x", now)


def test_what_failed_for_a_while_is_tried_again(texted: Story) -> None:
    """As if it had never been tried, and it leaves."""
    first, _ = _ids(texted)
    failed = replace(
        _one(texted, first), state=MessageState.FAILED_TEMPORARY, attempts=5, ended_at=texted.now,
        ended_because="the network was busy",
    )  # fmt: skip
    with texted.store.transaction() as unit:
        unit.update((), (), (failed,), texted.now)
    (again,) = settling.retry(texted.store, [first], "Asha", texted.now, "they are back")
    assert (again.state, again.attempts, again.ended_at) == (MessageState.QUEUED, 0, None)
    texted.send(f"{DAY}T09:25", first)
    assert _one(texted, first).state is MessageState.SENT


@pytest.mark.parametrize("sent", [True, False])
def test_a_person_settles_what_nobody_can_be_asked_about(texted: Story, sent: bool) -> None:  # noqa: FBT001
    """Said to be sent it is; said not to be it leaves once more; the ledger has who and why."""
    first, _ = _ids(texted)
    texted.post.answers = [Unsure("the line went dead")]
    texted.post.deaf = True
    texted.send(f"{DAY}T09:25", first)
    assert _one(texted, first).state is MessageState.UNKNOWN
    settling.settle(texted.store, first, "Asha", "their log shows it", texted.now, sent=sent)
    assert _one(texted, first).state is (MessageState.SENT if sent else MessageState.QUEUED)
    assert _one(texted, first).ended_at == (_one(texted, first).claimed_at if sent else None)
    (line,) = texted.ledger("settle")
    assert (line["by"], line["why"]) == ("ao", "their log shows it")
    texted.send(f"{DAY}T09:40", first)
    assert len(texted.post.took) == int(not sent)


def test_one_message_for_two_children_is_settled_for_both(story: Story) -> None:
    """It was one text: what became of it became of it for each."""
    both = (contact("P1"), replace(contact("P2"), contact_id="P1-1", phone=contact("P1").phone))
    story.opens(pupil("P1"), pupil("P2"), contacts=both).register(f"{DAY}T09:15", P1="N/", P2="N/")
    story.run(f"{DAY}T09:20")
    story.post.answers = [Unsure("the line went dead")]
    story.post.deaf = True
    story.send(f"{DAY}T09:25")
    assert {each.state for each in story.messages()} == {MessageState.UNKNOWN}
    (quiet,) = (each for each in story.messages() if each.told_with)
    settling.settle(story.store, quiet.message_id, "Asha", "never arrived", story.now, sent=False)
    assert {(each.state, each.told_with) for each in story.messages()} == {(MessageState.QUEUED, "")}
