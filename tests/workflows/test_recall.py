"""What left and is contradicted later: on the list with an apology, off it again, made good."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from engine.reasons import Reason, Result
from engine.records import SchoolDay
from engine.snapshot import Snapshot
from tests.workflows.story import Story, contact, pupil, templates
from workflows import outbox, recall
from workflows.acting import CannotDo
from workflows.outbox import NotInOutbox
from workflows.recall_list import OnTheList, RecallList
from workflows.values import LEFT, Message, MessageState
from workflows.why import why

DAY = "2025-11-10"


@pytest.fixture
def told(story: Story) -> Story:
    """Monday 09:25: two families have been told that their child is absent."""
    story.opens(pupil("P1"), pupil("P2")).register(f"{DAY}T09:15", P1="N/", P2="N/")
    story.run(f"{DAY}T09:20")
    story.send(f"{DAY}T09:25")
    return story


@pytest.fixture
def wrong(told: Story) -> Story:
    """At half past nine P1 was in after all, and a run has seen it."""
    told.corrects(f"{DAY}T09:28", "P1", DAY, "//")
    told.run(f"{DAY}T09:30")
    return told


def _list(story: Story) -> RecallList:
    return RecallList(story.store, story.library, templates(), lambda: story.now)


def _on_it(story: Story) -> list[OnTheList]:
    return list(_list(story).on_it())


def _one(story: Story, message_id: str) -> Message:
    (found,) = (each for each in story.messages() if each.message_id == message_id)
    return found


def _is_now(story: Story, message: Message, **now: object) -> None:
    """What a sender makes of a message."""
    with story.store.transaction() as unit:
        unit.update((), (), (replace(_one(story, message.message_id), **now),), story.now)  # type: ignore[arg-type]


def test_what_the_register_contradicts_is_listed_with_an_apology(wrong: Story) -> None:
    """N became present after the text left: who was told what, what the register says, the words to send."""
    (each,) = _on_it(wrong)
    assert each.child == "KitP1 Kite"
    assert each.message.contradicted_because == (
        "the register now says of the morning of Monday 10 November: present in the morning"
    )
    sorry = each.apology
    assert sorry is not None
    assert (sorry.state, sorry.apology_for) == (MessageState.AWAITING_APPROVAL, each.message.message_id)
    assert sorry.text == (
        "Sample School: we are sorry. We told you KitP1 was absent on the morning of Monday 10 November. "
        f"That was our mistake: the register has been put right. You need do nothing. Ref {sorry.ref}"
    )
    kept = ("case_id", "stage", "contact_id", "channel", "address", "purpose", "rule", "made_as_of")
    assert all(getattr(sorry, name) == getattr(each.message, name) for name in kept)
    assert sorry.ref != each.message.ref
    (line,) = wrong.ledger("recall")
    assert (line["state"], line["apology"]) == ("contradicted", sorry.message_id)
    assert outbox.approvable(wrong.store).singly == (sorry.message_id,), "no batch takes it along"


def test_the_next_run_leaves_it_so(wrong: Story) -> None:
    """Once listed, one apology, one line; neither a run nor a look withdraws the apology as a draft."""
    stood = wrong.standing()
    wrong.run(f"{DAY}T09:40")
    _list(wrong).look()
    assert wrong.standing() == stood
    assert len(wrong.ledger("recall")) == 1


@pytest.mark.parametrize("token", ["I/", "O/", "M/", "C/", "U/", "L/", "-/"])
def test_a_reason_that_comes_in_contradicts_nothing(told: Story, token: str) -> None:
    """The text said that nobody knew why: now they do, or the child came late, or the mark is taken off."""
    told.corrects(f"{DAY}T09:28", "P1", DAY, token)
    told.run(f"{DAY}T09:30")
    assert _on_it(told) == []


@pytest.mark.parametrize("token", ["//", "V/", "D/"])
def test_a_child_who_was_in_or_with_the_school_was_not_absent(told: Story, token: str) -> None:
    """Present, on a visit, at another school: the family was told of an absence that was none."""
    told.corrects(f"{DAY}T09:28", "P1", DAY, token)
    told.run(f"{DAY}T09:30")
    assert [each.message.subject for each in _on_it(told)] == ["P1"]


def test_it_is_the_session_named_that_counts(story: Story) -> None:
    """The text named the afternoon: that the morning stays unexplained does not make it true."""
    story.opens(pupil("P1")).register(f"{DAY}T13:20", P1="NN")
    story.run(f"{DAY}T13:25")
    story.send(f"{DAY}T13:30")
    assert "the afternoon of Monday 10 November" in story.post.took[0].text
    story.corrects(f"{DAY}T13:35", "P1", DAY, "/N")
    story.run(f"{DAY}T13:40")
    assert _on_it(story) == []
    story.corrects(f"{DAY}T13:45", "P1", DAY, "N\\")
    story.run(f"{DAY}T13:50")
    (each,) = _on_it(story)
    assert each.message.contradicted_because.endswith(
        "the afternoon of Monday 10 November: present in the afternoon"
    )


def test_a_day_that_turns_out_to_be_closed_contradicts_everything_said_of_it(told: Story) -> None:
    """The calendar is put right: there was no session to be absent from."""
    closed = SchoolDay("S", told.now.date(), am=False, pm=False, kind="closure")
    told.learns(f"{DAY}T09:28", closed)
    told.run(f"{DAY}T09:30")
    assert sorted(each.message.subject for each in _on_it(told)) == ["P1", "P2"]
    assert all("nothing at all" in each.message.contradicted_because for each in _on_it(told))


def test_a_mark_put_back_takes_it_off(wrong: Story) -> None:
    """The apology that has not left would be the mistake now: withdrawn. Wrong again, drafted again."""
    wrong.corrects(f"{DAY}T09:35", "P1", DAY, "N/")
    wrong.run(f"{DAY}T09:40")
    assert _on_it(wrong) == []
    (sorry,) = (each for each in wrong.messages() if each.apology_for)
    assert (sorry.state, sorry.ended_because) == (MessageState.WITHDRAWN, Reason.RECALL_UNDONE.sentence)
    assert _one(wrong, sorry.apology_for).contradicted_because == ""
    wrong.corrects(f"{DAY}T09:45", "P1", DAY, "//")
    run = wrong.run(f"{DAY}T09:50")
    assert [each.apology and each.apology.state for each in _on_it(wrong)] == ["awaiting_approval"]
    assert sorry.message_id in {each.message_id for each in run.schools[0].messages}
    assert [line["state"] for line in wrong.ledger("recall")] == ["contradicted", "borne out", "contradicted"]


def test_an_apology_on_its_way_is_waited_for(wrong: Story) -> None:
    """The mark is put back while a sender has it in hand: what became of the apology comes first."""
    (each,) = _on_it(wrong)
    assert each.apology is not None
    _is_now(wrong, each.apology, state=MessageState.UNKNOWN, claimed_at=wrong.now)
    wrong.corrects(f"{DAY}T09:35", "P1", DAY, "N/")
    wrong.run(f"{DAY}T09:40")
    assert len(_on_it(wrong)) == 1
    _is_now(wrong, each.apology, state=MessageState.WITHDRAWN)
    wrong.run(f"{DAY}T09:45")
    assert _on_it(wrong) == []


def test_when_the_apology_has_left_the_message_is_recalled(wrong: Story) -> None:
    """It is off the list, has still left, and counts for the family."""
    (each,) = _on_it(wrong)
    assert each.apology is not None
    _is_now(wrong, each.apology, state=MessageState.SENT, ended_at=wrong.now)
    wrong.run(f"{DAY}T09:40")
    assert _on_it(wrong) == []
    original = _one(wrong, each.message.message_id)
    assert original.state is MessageState.RECALLED
    assert original.state in LEFT
    with wrong.store.reading() as unit:
        assert len(unit.left(each.message.made_as_of, wrong.now)) == 2, "the apology itself counts nowhere"
    assert [line["state"] for line in wrong.ledger("recall")] == ["contradicted", "recalled"]


def test_a_person_says_that_no_apology_is_needed(wrong: Story) -> None:
    """Somebody rang: the apology is withdrawn, the message settled; who and why is in the ledger."""
    (each,) = _on_it(wrong)
    assert each.apology is not None
    with pytest.raises(NotInOutbox, match="is not on the recall list: it is awaiting approval"):
        _list(wrong).none_needed([each.apology.message_id], "Asha", "x")
    _list(wrong).none_needed([each.message.message_id], "Asha", "rang them myself")
    assert _on_it(wrong) == []
    sorry = _one(wrong, each.apology.message_id)
    assert (sorry.state, sorry.ended_because) == (MessageState.WITHDRAWN, Reason.NO_APOLOGY.sentence)
    assert wrong.ledger("recall")[-1]["because"] == "rang them myself"
    wrong.run(f"{DAY}T09:40")
    assert _on_it(wrong) == []


def test_an_apology_that_may_have_left_is_not_called_off(wrong: Story) -> None:
    """Neither is anything settled before a sender is done."""
    (each,) = _on_it(wrong)
    assert each.apology is not None
    _is_now(wrong, each.apology, state=MessageState.SENDING, claimed_at=wrong.now)
    with pytest.raises(NotInOutbox, match="is sending: it may have left"):
        _list(wrong).none_needed([each.message.message_id], "Asha", "x")


def test_a_person_puts_on_the_list_what_no_register_shows(told: Story) -> None:
    """It went to the wrong parent: no mark takes it off; twice, unsent or an apology, it is refused."""
    first, other = sorted(told.messages(), key=lambda each: each.subject)
    with pytest.raises(CannotDo, match="--why is empty: say what was wrong with it"):
        _list(told).add([first.message_id], "Asha", " ")
    _list(told).add([first.message_id], "Asha", "that was his aunt")
    (each,) = _on_it(told)
    assert each.message.contradicted_because == "Asha Officer says: that was his aunt"
    assert each.apology is not None
    assert each.apology.text == (
        "Sample School: we are sorry. What we told you about KitP1 on Monday 10 November was wrong. That was "
        f"our mistake. You need do nothing. Ref {each.apology.ref}"
    )
    told.corrects(f"{DAY}T09:35", "P1", DAY, "N/")
    told.run(f"{DAY}T09:40")
    assert len(_on_it(told)) == 1
    with pytest.raises(NotInOutbox, match="is on the recall list already"):
        _list(told).add([other.message_id, first.message_id], "Asha", "x")
    assert len(_on_it(told)) == 1
    _is_now(told, each.apology, state=MessageState.SENT)
    with pytest.raises(NotInOutbox, match="is an apology itself"):
        _list(told).add([each.apology.message_id], "Asha", "x")


def test_siblings_told_together_get_an_apology_for_the_one_concerned(story: Story) -> None:
    """One text for two children; only about one of them it was wrong."""
    both = (contact("P1"), replace(contact("P2"), contact_id="P1-1", phone=contact("P1").phone))
    story.opens(pupil("P1"), pupil("P2"), contacts=both).register(f"{DAY}T09:15", P1="N/", P2="N/")
    story.run(f"{DAY}T09:20")
    story.send(f"{DAY}T09:25")
    assert [one.text.count("Kit") for one in story.post.took] == [2]
    story.corrects(f"{DAY}T09:28", "P2", DAY, "//")
    story.run(f"{DAY}T09:30")
    (each,) = _on_it(story)
    assert each.apology is not None
    assert ("KitP2" in each.apology.text, "KitP1" in each.apology.text) == (True, False)


def test_a_concern_that_loses_its_ground_is_listed_too(story: Story) -> None:
    """Marks of October are put right after a text of concern left: the apology speaks of all of it."""
    story.opens(pupil("P1"), before={"P1": "OO OO O/"}).register(f"{DAY}T09:15", P1="OO")
    story.run(f"{DAY}T09:20")
    (draft,) = story.messages(MessageState.AWAITING_APPROVAL)
    outbox.approve(story.store, [draft.message_id], "Asha", "", story.now)
    story.send(f"{DAY}T09:25")
    for day in ("2025-10-06", "2025-10-07"):
        story.corrects("2025-11-12T10:00", "P1", day, "//")
    story.run("2025-11-12T10:05")
    (each,) = _on_it(story)
    assert each.apology is not None
    assert "What we told you about KitP1 on Monday 10 November was wrong." in each.apology.text


def test_what_is_on_its_way_is_judged_once_it_is_settled(story: Story) -> None:
    """Nobody knows yet whether it left: when it turns out that it did, it is on the list after all."""
    story.opens(pupil("P1")).register(f"{DAY}T09:15", P1="N/")
    story.run(f"{DAY}T09:20")
    (message,) = story.messages()
    _is_now(story, message, state=MessageState.UNKNOWN, claimed_at=story.now, via="post")
    story.corrects(f"{DAY}T09:28", "P1", DAY, "//")
    story.run(f"{DAY}T09:30")
    assert _on_it(story) == []
    _is_now(story, message, state=MessageState.SENT, ended_at=story.now)
    story.run(f"{DAY}T09:40")
    assert len(_on_it(story)) == 1


def test_a_look_finds_what_a_run_would(told: Story) -> None:
    """The list itself is up to date before the next run; a second look builds nothing and changes nothing."""
    told.corrects(f"{DAY}T09:28", "P1", DAY, "//")
    _list(told).look()
    (each,) = _on_it(told)
    assert each.message.subject == "P1"
    _list(told).none_needed([each.message.message_id], "Asha", "x")
    stood = told.standing()
    _list(told).look()
    assert told.standing() == stood


def test_what_is_not_believed_yet_and_a_dry_run_list_nothing(told: Story) -> None:
    """A run on the register of before the correction says nothing of the register as it now stands."""
    told.corrects(f"{DAY}T09:28", "P1", DAY, "//")
    told.run(f"{DAY}T09:30", known_at=f"{DAY}T09:25")
    told.run(f"{DAY}T09:30", dry=True)
    assert _on_it(told) == []


def test_no_words_no_apology_but_on_the_list(told: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    """A wording that is not there, or lacks a value: the family was told wrongly all the same."""
    first, _ = sorted(told.messages(), key=lambda each: each.subject)
    _is_now(told, first, said=json.dumps(json.loads(first.said) | {"school": ""}))
    told.corrects(f"{DAY}T09:28", "P1", DAY, "//")
    told.run(f"{DAY}T09:30")
    (each,) = _on_it(told)
    assert each.apology is None
    monkeypatch.setattr("workflows.apology.OF_ONE_SESSION", "nothing")
    told.corrects(f"{DAY}T09:38", "P2", DAY, "//")
    told.run(f"{DAY}T09:40")
    assert [each.apology for each in _on_it(told)] == [None, None]


def test_what_was_drafted_before_it_was_kept_cannot_be_held_against_the_register(told: Story) -> None:
    """An older store: what such a text said of which session nobody wrote down."""
    first, _ = sorted(told.messages(), key=lambda each: each.subject)
    said = json.loads(first.said)
    del said["spoken_of"]
    _is_now(told, first, said=json.dumps(said))
    told.corrects(f"{DAY}T09:28", "P1", DAY, "//")
    told.run(f"{DAY}T09:30")
    assert _on_it(told) == []


def test_a_family_that_asks_is_told_that_it_was_wrong(wrong: Story) -> None:
    """Who quotes the reference of a message on the list hears what the register says now."""
    (each,) = _on_it(wrong)
    answer = why(wrong.store, wrong.library, each.message.ref, "", wrong.now)
    assert answer.stands == f"it was sent, and was wrong: {each.message.contradicted_because}"


def test_a_message_is_still_contradicted_as_long_as_the_register_says_so(wrong: Story) -> None:
    """What is asked at the moment an apology would leave."""
    (each,) = _on_it(wrong)
    with wrong.store.reading() as unit:
        snapshot = Snapshot.build(unit.facts("S", wrong.now))
    gone, there = (Result.NOT_MATCHED, "no N"), (Result.MATCHED, "")
    assert recall.still_contradicted(snapshot, each.message, gone)
    letter = replace(each.message, purpose="letters")
    assert recall.still_contradicted(snapshot, letter, gone)
    assert not recall.still_contradicted(snapshot, letter, there)
    assert recall.still_contradicted(snapshot, replace(letter, contradicted_by="ao"), there)
    assert not recall.still_contradicted(snapshot, replace(each.message, contradicted_at=None), gone)
