"""What leaves, what is taken back at the last moment, and what happens when a sender falls silent."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from threading import Barrier, Thread

import pytest

from adapters.store import open_store
from engine.reasons import Reason
from engine.records import Contact, Event, Pupil, School, Staff
from messaging.channels import by_kind
from messaging.channels.channel import Accepted, Outgoing, Refused, Sent, Unsure
from tests.workflows.story import Post, Story, contact, pupil
from workflows import outbox
from workflows.acting import CannotDo
from workflows.deliver import Deliver
from workflows.handing_over import LEASE
from workflows.looking_up import FORGOTTEN
from workflows.outbox import NotInOutbox
from workflows.settling import settle
from workflows.values import MessageState

DAY = "2025-11-10"


@pytest.fixture
def texted(story: Story) -> Story:
    """Monday 09:20: two pupils absent without a reason, a text for each waiting to leave."""
    story.opens(pupil("P1"), pupil("P2")).register(f"{DAY}T09:15", P1="N/", P2="N/")
    story.run(f"{DAY}T09:20")
    return story


def _states(story: Story) -> dict[str, str]:
    return {message.subject: message.state.value for message in story.messages()}


def _said(story: Story) -> list[tuple[object, object]]:
    return [(entry["state"], entry["because"]) for entry in story.ledger("message")]


def test_what_is_queued_leaves_once(texted: Story) -> None:
    """Sent with the provider's reference and in the ledger; a second time there is nothing to send."""
    done = texted.send(f"{DAY}T09:25")
    assert [message.state for message in done.messages] == [MessageState.SENT] * 2
    assert sorted(one.to for one in texted.post.took) == ["+447700900011", "+447700900021"]
    assert texted.messages()[0].reference == f"ref-{texted.messages()[0].message_id}"
    assert texted.send(f"{DAY}T09:26").messages == ()
    assert len(texted.post.took) == 2
    assert _said(texted) == [("sent", ""), ("sent", "")]


def test_only_the_messages_named_leave(texted: Story) -> None:
    """The others wait."""
    first = texted.messages()[0]
    texted.send(f"{DAY}T09:25", first.message_id)
    assert _states(texted)[first.subject] == "sent"
    assert sorted(_states(texted).values()) == ["queued", "sent"]


def test_a_text_whose_ground_went_after_it_was_queued_is_withdrawn(texted: Story) -> None:
    """N became I between drafting and sending: not sent, the reason in message and ledger."""
    texted.corrects(f"{DAY}T09:24", "P1", DAY, "I/")
    texted.send(f"{DAY}T09:25")
    assert _states(texted) == {"P1": "withdrawn", "P2": "sent"}
    assert [one.contact_id for one in texted.post.took] == ["P2-1"]
    assert ("withdrawn", Reason.GROUND_GONE.sentence) in _said(texted)


def test_a_text_that_the_marks_leave_in_doubt_waits(texted: Story) -> None:
    """The mark was taken off: neither sent nor withdrawn; put back, it leaves."""
    texted.corrects(f"{DAY}T09:24", "P1", DAY, "-/")
    texted.send(f"{DAY}T09:25")
    assert _states(texted) == {"P1": "queued", "P2": "sent"}
    texted.corrects(f"{DAY}T09:28", "P1", DAY, "N/")
    texted.send(f"{DAY}T09:30")
    assert _states(texted) == {"P1": "sent", "P2": "sent"}


def test_a_text_that_waited_too_long_expires(texted: Story) -> None:
    """Its time passed: never sent, and said so."""
    texted.send(f"{DAY}T16:00")
    assert texted.post.took == []
    assert _said(texted) == [("expired", Reason.EXPIRED.sentence)] * 2


def test_a_child_back_on_site_is_not_texted_about(story: Story) -> None:
    """The afternoon register has the child present before the morning's text left: withdrawn, not sent."""
    story.opens(pupil("P1"), pupil("P2")).register(f"{DAY}T09:15", P1="N-", P2="N-")
    story.run(f"{DAY}T11:00")
    story.register(f"{DAY}T13:15", P1="N/", P2="NN")
    story.send(f"{DAY}T13:20")
    assert _states(story) == {"P1": "withdrawn", "P2": "sent"}
    assert ("withdrawn", Reason.ON_SITE.sentence) in _said(story)


@pytest.mark.parametrize(
    "now",
    [
        contact("P1", restriction="no_contact"),
        contact("P1", restriction="court_order"),
        contact("P1", phone="07700 900999"),
        contact("P1", phone=""),
    ],
    ids=["no_contact", "court_order", "another number", "no number"],
)
def test_a_contact_who_may_not_be_texted_any_more_is_not(texted: Story, now: Contact) -> None:
    """Restricted, or the number changed, after the text was drafted: it does not go to that number."""
    texted.learns(f"{DAY}T09:23", now)
    texted.send(f"{DAY}T09:25")
    assert _states(texted) == {"P1": "withdrawn", "P2": "sent"}
    assert [one.contact_id for one in texted.post.took] == ["P2-1"]
    assert ("withdrawn", Reason.CONTACT_CHANGED.sentence) in _said(texted)


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        (Event("P1", "S", "hold", date(2025, 11, 10)), Reason.HOLD),
        (pupil("P1", social_worker=True), Reason.SOCIAL_WORKER),
        (pupil("P1", flags=("bereaved",)), Reason.BEREAVED),
    ],
)
def test_a_circumstance_learnt_after_drafting_asks_a_person(
    texted: Story, told: Event | Pupil, reason: Reason
) -> None:
    """Nothing goes by itself any more: the text waits for approval, and goes once a person said so."""
    texted.learns(f"{DAY}T09:23", told)
    texted.send(f"{DAY}T09:25")
    assert _states(texted) == {"P1": "awaiting_approval", "P2": "sent"}
    assert ("awaiting_approval", reason.sentence) in _said(texted)
    (waiting,) = texted.messages(MessageState.AWAITING_APPROVAL)
    outbox.approve(texted.store, [waiting.message_id], "Asha Officer", "agreed with the DSL", texted.now)
    texted.send(f"{DAY}T09:30")
    assert _states(texted)["P1"] == "sent"


def test_what_was_approved_before_a_hold_asks_again(story: Story) -> None:
    """Approved on Monday, the family bereaved on Tuesday: it does not leave until a person says so again."""
    story.opens(pupil("P1"), before={"P1": "OO O/"}).register(f"{DAY}T09:15")
    story.run(f"{DAY}T09:20")
    (draft,) = story.messages(MessageState.AWAITING_APPROVAL)
    outbox.approve(story.store, [draft.message_id], "Asha Officer", "", story.now)
    story.learns("2025-11-11T08:10", pupil("P1", flags=("bereaved",)))
    story.send("2025-11-11T08:30")
    assert story.post.took == []
    (again,) = story.messages()
    assert (again.state, again.approved_by) == (MessageState.AWAITING_APPROVAL, "")
    assert again.ended_because == Reason.BEREAVED.sentence
    outbox.approve(story.store, [draft.message_id], "Asha Officer", "spoke with her", story.now)
    story.send("2025-11-11T08:40")
    assert [one.message_id for one in story.post.took] == [draft.message_id]


def test_what_needs_approval_waits_for_it(story: Story) -> None:
    """A letter stage is drafted and waits; approved by a person, with the reason in the ledger, it leaves."""
    story.opens(pupil("P1"), before={"P1": "OO O/"}).register(f"{DAY}T09:15")
    story.run(f"{DAY}T09:20")
    (draft,) = story.messages(MessageState.AWAITING_APPROVAL)
    assert story.send(f"{DAY}T09:25").messages == ()
    assert story.send(f"{DAY}T09:25", draft.message_id).messages == ()
    outbox.approve(story.store, [draft.message_id], "Asha Officer", "spoke to the tutor", story.now)
    story.send(f"{DAY}T09:30")
    (sent,) = story.messages()
    assert (sent.state, sent.approved_by, story.post.took[0].text) == ("sent", "ao", draft.text)
    (entry,) = story.ledger("approval")
    assert (entry["by"], entry["why"], entry["text"]) == ("ao", "spoke to the tutor", draft.text)


def test_an_approval_is_one_persons_of_the_school(story: Story) -> None:
    """Strangers, several people and the staff of another school are refused, with who was probably meant."""
    story.opens(pupil("P1"), before={"P1": "OO O/"}).register(f"{DAY}T09:15")
    story.run(f"{DAY}T09:20")
    story.learns(f"{DAY}T09:21", Staff("cen", "S", "Cora Central"))
    elsewhere = [Staff("ao", "T", "Tessa Elsewhere"), Staff("cen", "T", "Cora Central")]
    with story.store.transaction() as unit:
        for records in ([School("T", "Other School", "primary")], elsewhere):
            unit.take("told", "T", records, story.now, "told.csv")
    (draft,) = story.messages(MessageState.AWAITING_APPROVAL)
    for by, words in (
        ("A. Okafor", r"nobody 'A. Okafor' on the staff; 'firstbell staff list' shows everybody"),
        ("Asha Oficer", r"nobody 'Asha Oficer' on the staff; did you mean Asha Officer \(ao\)\?"),
        ("ao", r"'ao' fits several people: Asha Officer \(ao, S\), Tessa Elsewhere \(ao, T\)"),
        ("Tessa", f"{draft.message_id} is of S, and Tessa Elsewhere is not on its staff"),
    ):
        with pytest.raises(CannotDo, match=words):
            outbox.approve(story.store, [draft.message_id], by, "", story.now)
    assert outbox.approvable(story.store, "Tessa") == outbox.Waiting((), (), (draft.message_id,))
    assert outbox.approvable(story.store, "Cora") == outbox.Waiting((draft.message_id,), (), ())
    assert story.ledger("approval") == []


def test_an_approval_is_all_or_nothing(texted: Story) -> None:
    """An id that is not there or does not wait: nobody's message is approved, and the sentence says why."""
    (one, _) = texted.messages()
    for wrong, words in (("m-none", "there is no message m-none"), (one.message_id, "is queued")):
        with pytest.raises(NotInOutbox, match=words):
            outbox.approve(texted.store, [wrong], "Asha Officer", "", texted.now)
    assert texted.ledger("approval") == []


def test_a_refusal_for_good_is_kept_with_its_reason_and_one_that_may_pass_is_tried_again(
    texted: Story,
) -> None:
    """Failed is failed; a passing trouble goes back to the queue, and leaves some minutes later."""
    texted.post.answers = [Refused("no such number"), Refused("provider busy", passing=True)]
    texted.send(f"{DAY}T09:25")
    assert sorted(_states(texted).values()) == ["failed_permanent", "queued"]
    texted.send(f"{DAY}T09:25:30")
    assert sorted(_states(texted).values()) == ["failed_permanent", "queued"]
    texted.send(f"{DAY}T09:28")
    assert sorted(_states(texted).values()) == ["failed_permanent", "sent"]
    assert [state for state, _ in _said(texted)] == ["failed_permanent", "queued", "sent"]


def test_an_unsure_message_is_looked_up_before_it_is_sent_again(texted: Story) -> None:
    """Not found: back in the queue and sent once; while nobody answers it stays unknown."""
    texted.post.answers = [Unsure("the line broke")]
    texted.send(f"{DAY}T09:25")
    assert sorted(_states(texted).values()) == ["sent", "unknown"]
    texted.post.deaf = True
    texted.send(f"{DAY}T09:40")
    assert "unknown" in _states(texted).values()
    texted.post.deaf = False
    texted.send(f"{DAY}T09:50")
    assert set(_states(texted).values()) == {"sent"}
    assert len(texted.post.took) == 2


def test_a_channel_that_has_forgotten_is_not_believed(texted: Story) -> None:
    """It keeps messages for a week: not found after that says nothing, so nothing is sent again by itself."""
    texted.post.answers = [Unsure("the line broke")]
    texted.post.remembers = timedelta(days=7)
    texted.send(f"{DAY}T09:25")
    texted.send("2025-11-18T09:25")
    (unknown,) = texted.messages(MessageState.UNKNOWN)
    assert unknown.ended_because == FORGOTTEN
    assert len(texted.post.took) == 1
    (asked,) = (task for task in texted.tasks() if task.step == "find out whether the text arrived")
    assert f"outbox settle {unknown.message_id} --sent" in asked.script
    texted.send("2025-11-18T09:35")
    assert len([task for task in texted.tasks() if task.step == asked.step]) == 1, "asked once"
    settle(texted.store, unknown.message_id, "Asha", "the mother has it", texted.now, sent=True)
    assert [task for task in texted.tasks() if task.step == asked.step] == []


def test_a_crash_after_acceptance_sends_nothing_twice(texted: Story) -> None:
    """The provider took it and we died before writing it down: found by its id, not sent again."""
    texted.post.answers = [KeyboardInterrupt()]
    with pytest.raises(KeyboardInterrupt):
        texted.send(f"{DAY}T09:25")
    assert "sending" in _states(texted).values()
    texted.send(f"{DAY}T09:27")
    assert "sending" in _states(texted).values(), "another sender may still be at it"
    texted.send(f"{DAY}T09:40")
    assert set(_states(texted).values()) == {"sent"}
    assert len(texted.post.took) == len({one.message_id for one in texted.post.took}) == 2


def test_a_crash_before_the_channel_took_it_sends_it_once(texted: Story) -> None:
    """Claimed and never handed over: the channel knows nothing of it, so it leaves the next time."""

    class Dying:
        name, real, repeatable, per_minute, remembers = "post", False, True, 0, None

        def withheld(self, to: str) -> str:
            return ""

        def send(self, outgoing: Outgoing) -> Sent:
            raise KeyboardInterrupt(outgoing.message_id)

        def find(self, outgoing: Outgoing, since: datetime) -> Accepted | None:
            return None

    with pytest.raises(KeyboardInterrupt):
        Deliver(texted.store, texted.library, by_kind(Dying()), lambda: texted.now).deliver()
    texted.send(f"{DAY}T09:40")
    assert set(_states(texted).values()) == {"sent"}
    assert len(texted.post.took) == 2


def test_a_sender_that_overslept_its_claim_lets_go(texted: Story) -> None:
    """It fell asleep between two texts, and another sent the second: awake again it does not send it too."""

    class Sleepy(Post):
        def send(self, outgoing: Outgoing) -> Sent:
            sent = texted.post.send(outgoing)
            if len(texted.post.took) == 1:
                texted.now += LEASE + timedelta(minutes=1)
                texted.deliverer().deliver()
            return sent

    Deliver(texted.store, texted.library, by_kind(Sleepy()), lambda: texted.now).deliver()
    assert len(texted.post.took) == len({one.message_id for one in texted.post.took}) == 2
    assert set(_states(texted).values()) == {"sent"}


def test_a_claim_is_as_old_as_the_clock_says(texted: Story) -> None:
    """`--as-of` of another day neither makes a fresh claim look silent nor a silent one fresh."""
    texted.post.answers = [KeyboardInterrupt()]
    with pytest.raises(KeyboardInterrupt):
        texted.send(f"{DAY}T09:25")
    texted.deliverer().deliver(texted.now.replace(hour=11))
    assert "sending" in _states(texted).values(), "no five minutes have passed on the clock"
    texted.now = texted.now.replace(hour=10)
    texted.deliverer().deliver(texted.now.replace(hour=9, minute=26))
    assert set(_states(texted).values()) == {"sent"}


def test_two_senders_at_once_send_each_message_once(story: Story) -> None:
    """Twelve texts, three senders on one file: each message handed over once."""
    story.opens(*(pupil(f"P{n}") for n in range(1, 13)))
    story.register(f"{DAY}T09:15", **{f"P{n}": "N/" for n in range(1, 13)})
    story.run(f"{DAY}T09:20")
    start = Barrier(3)

    def send() -> None:
        with open_store(f"sqlite:///{story.store.path}", codes_hash="codes") as store:
            start.wait()
            Deliver(store, story.library, by_kind(story.post), lambda: story.now).deliver()

    threads = [Thread(target=send) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(story.post.took) == len({one.message_id for one in story.post.took}) == 12
    assert {message.state for message in story.messages()} == {MessageState.SENT}


def test_two_messages_about_a_pupil_leave_on_two_days(texted: Story) -> None:
    """Drafted on several days and approved on one: the higher stage goes, the other waits, told once."""
    first = next(message for message in texted.messages() if message.subject == "P1")
    higher = replace(first, message_id="m-0", stage=2, expires_at=None)
    with texted.store.transaction() as unit:
        unit.add((), (), (higher,))
        unit.update((), (), (replace(first, expires_at=None),), texted.now)
    texted.corrects(f"{DAY}T09:21", "P1", DAY, "NN")
    both = (first.message_id, "m-0")
    assert [m.message_id for m in texted.send(f"{DAY}T09:25", *both).of(MessageState.SENT)] == ["m-0"]
    texted.send(f"{DAY}T16:00", *both)
    assert _said(texted) == [("queued", Reason.MESSAGE_TODAY.sentence), ("sent", "")]
    texted.send("2025-11-11T08:00", *both)
    said = {message.message_id: message.ended_because for message in texted.messages(MessageState.SENT)}
    assert said == dict.fromkeys(both, "")


def test_a_message_whose_fate_is_unknown_keeps_the_next_one_waiting(texted: Story) -> None:
    """It may have left: a second text about the child does not follow it on the same day."""
    first = next(message for message in texted.messages() if message.subject == "P1")
    texted.post.answers = [Unsure("the line broke")]
    texted.send(f"{DAY}T09:25", first.message_id)
    with texted.store.transaction() as unit:
        unit.add((), (), (replace(first, message_id="m-0", stage=2),))
    texted.send(f"{DAY}T09:26", "m-0")
    assert {m.message_id: m.state.value for m in texted.messages() if m.subject == "P1"} == {
        first.message_id: "unknown",
        "m-0": "queued",
    }


def test_a_run_that_began_before_a_claim_judges_again(texted: Story) -> None:
    """A sender has a text in hand: whatever a run read of the school before that is out of date."""
    with texted.store.reading() as unit:
        before = unit.version("S")
    texted.post.answers = [KeyboardInterrupt()]
    with pytest.raises(KeyboardInterrupt):
        texted.send(f"{DAY}T09:25")
    assert "sending" in _states(texted).values()
    with texted.store.reading() as unit:
        assert unit.version("S") != before
