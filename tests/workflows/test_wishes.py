"""What families say reaches what is drafted and what leaves; what cannot be meant is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from engine.instants import Instants, read_instant
from engine.match import Judge
from engine.reasons import Reason
from engine.records import School
from engine.snapshot import Snapshot
from messaging.passed_over import PassedOverWhy
from messaging.wishes import NO, YES, About, Wish
from tests.workflows.story import Story, contact, pupil
from workflows import outbox
from workflows.acting import CannotDo
from workflows.gets_what import gets_what
from workflows.leaving import Leaving
from workflows.subjects import NotKnown
from workflows.values import MessageState
from workflows.wishes import Families

DAY = "2025-11-10"
HER = "+447700900011"


@pytest.fixture
def families(story: Story) -> Families:
    """A school on Monday morning: a concern drafted about P1, who has two parents; P2 is another's child."""
    contacts = (
        contact("P1", name="Ada Bell", email="ada@example.org"),
        contact("P1", 2, name="Bo Bell"),
        contact("P2", name="Cy Kite", phone="07700 900011"),
    )
    story.opens(pupil("P1"), pupil("P2"), contacts=contacts, before={"P1": "OO O/"})
    story.register(f"{DAY}T09:15").run(f"{DAY}T09:20")
    return Families(story.store, lambda: story.now)


def test_what_is_said_is_kept_and_told(story: Story, families: Families) -> None:
    """A wish for each of her addresses, in her words; one entry in the ledger; nothing said is changed."""
    person, told = families.wish(
        "ada", "Asha", {About.PRAISE: NO, About.LANGUAGE: " Polish "}, " less of that ", "at the gate"
    )
    assert (person.contact_id, person.name) == ("P1-1", "Ada Bell")
    said = [(wish.about, wish.value, wish.address) for wish in told]
    assert said == [
        (About.PRAISE, NO, HER),
        (About.PRAISE, NO, "ada@example.org"),
        (About.LANGUAGE, "Polish", ""),
    ]
    assert told[0] == Wish("S", "P1-1", HER, About.PRAISE, NO, "ao", story.now, "at the gate", "less of that")
    families.wish("P1-1", "ao", {About.PRAISE: YES}, "that was hasty")
    with story.store.reading() as unit:
        assert unit.wishes()[:3] == told
        assert unit.verify()[1] == ()
    first, second = story.ledger("wish")
    assert first == {
        "contact_id": "P1-1",
        "wishes": {"praise": "no", "language": "Polish"},
        "addresses": [HER, "ada@example.org"],
        "by": "ao",
        "how": "at the gate",
        "words": "less of that",
    }
    assert second["wishes"] == {"praise": "yes"}


def test_texts_and_emails_are_left_out_each_at_its_own_address(families: Families) -> None:
    """No texts is of the number, no e-mails of the mailbox; somebody without one is known by name alone."""
    _, told = families.wish("P1-1", "ao", {About.SMS: NO, About.EMAIL: NO}, "no")
    assert [wish.address for wish in told] == [HER, "ada@example.org"]
    _, told = families.wish("P1-2", "ao", {About.EMAIL: NO}, "no")
    assert [(wish.contact_id, wish.address) for wish in told] == [("P1-2", "")]


@pytest.mark.parametrize(
    ("say", "kind", "sentence"),
    [
        (lambda f: f.wish("ada", "ao", {}, "words"), CannotDo, "say what they wish: --no-texts"),
        (lambda f: f.wish("ada", "ao", {About.SMS: NO}, " "), CannotDo, "--why is what the family said"),
        (lambda f: f.wish("ada", "nemo", {About.SMS: NO}, "no"), CannotDo, "nobody 'nemo' on the staff"),
        (
            lambda f: f.wish("Adda Bell", "ao", {About.SMS: NO}, "no"),
            NotKnown,
            r"did you mean Ada Bell \(P1-1\)",
        ),
        (lambda f: f.wish("", "ao", {About.SMS: NO}, "no"), NotKnown, "there is no contact ''"),
        (
            lambda f: f.wish("bell", "ao", {About.SMS: NO}, "no"),
            NotKnown,
            r"several people: Ada Bell \(P1-1, S\), Bo",
        ),
        (lambda f: f.works("ada", "ao", ""), CannotDo, "no number or address of Ada Bell has bounced"),
    ],
)
def test_what_cannot_be_meant_is_refused(
    story: Story, families: Families, say: Callable[[Families], object], kind: type[Exception], sentence: str
) -> None:
    """Each in words that say what would do; nothing is kept."""
    with pytest.raises(kind, match=sentence):
        say(families)
    with story.store.reading() as unit:
        assert unit.wishes() == ()
    assert story.ledger("wish") == []


def test_more_people_than_can_be_named(story: Story) -> None:
    """Five by name, the others counted."""
    story.opens(*(pupil(f"P{number}") for number in range(1, 8)))
    with pytest.raises(NotKnown, match=r"\(P5-1, S\) and 2 more; give a contact's id"):
        Families(story.store, lambda: story.now).wish("parent", "ao", {About.SMS: NO}, "no")


def test_a_wish_said_after_drafting_keeps_the_text_here(story: Story, families: Families) -> None:
    """Approved already, and judged again when it would leave: it does not, for it is the family's wish."""
    (waiting,) = story.messages(MessageState.AWAITING_APPROVAL)
    outbox.approve(story.store, [waiting.message_id], "Asha", "", story.now)
    families.wish("P1-1", "ao", {About.SMS: NO}, "STOP", "by text")
    story.send(f"{DAY}T09:30")
    (message,) = story.messages()
    assert (message.state, message.ended_because) == (MessageState.WITHDRAWN, Reason.FAMILY_WISH.sentence)
    assert story.post.took == []


def test_a_wish_said_before_drafting_asks_the_next_parent_or_nobody(story: Story) -> None:
    """Her wish leaves the father; his too leaves nobody, and the decision says that it is their wish."""
    contacts = (contact("P1"), contact("P1", 2), contact("P2"))
    before = {"P1": "OO O/", "P2": "OO O/"}
    story.opens(pupil("P1"), pupil("P2"), contacts=contacts, before=before)
    families = Families(story.store, lambda: story.now)
    for who in ("P1-1", "P2-1"):
        families.wish(who, "ao", {About.LETTERS: NO}, "we know")
    story.register(f"{DAY}T09:15").run(f"{DAY}T09:20")
    assert [message.contact_id for message in story.messages()] == ["P1-2"]
    told = [entry["reasons"] for entry in story.ledger("decision") if entry["subject"] == "P2"]
    assert any(Reason.FAMILY_WISH.value in reasons for reasons in told if isinstance(reasons, list))


def test_first_day_texts_go_on(story: Story) -> None:
    """Left out of everything: the first contact about an absence is still made."""
    story.opens(pupil("P1"))
    Families(story.store, lambda: story.now).wish("P1-1", "ao", {About.ALL: NO, About.SMS: NO}, "never")
    story.register(f"{DAY}T09:15", P1="N/").run(f"{DAY}T09:20")
    story.send(f"{DAY}T09:25")
    assert [one.to for one in story.post.took] == [HER]


def test_who_gets_what(story: Story, families: Families) -> None:
    """By pupil or by contact; a number left out is left out for whoever else has it."""
    families.wish("P1-1", "ao", {About.SMS: NO}, "no texts")
    (by_upn,) = gets_what(story.store, "P1", story.now)
    assert (by_upn,) == gets_what(story.store, "bo bell", story.now)
    to = {key: [each.contact.contact_id for each in choice.chosen] for key, choice in by_upn.choices.items()}
    assert to["absence", "sms"] == ["P1-1"]
    assert (to["letters", "sms"], to["letters", "email"], to["statutory", "letter"]) == (
        ["P1-2"],
        ["P1-1"],
        [],
    )
    assert [wish.words for wish in by_upn.wishes["P1-1"]] == ["no texts"]
    assert by_upn.wishes["P1-2"] == ()
    (other,) = gets_what(story.store, "P2", story.now, ["S"])
    assert [each.why for each in other.choices["letters", "sms"].passed_over] == [PassedOverWhy.WISH]
    assert [wish.contact_id for wish in other.wishes["P2-1"]] == ["P1-1"]
    with pytest.raises(NotKnown, match="there is no contact 'P9'"):
        gets_what(story.store, "P9", story.now)
    story.learns(f"{DAY}T10:00", pupil("P2", left_on=date(2025, 11, 7)))
    with pytest.raises(NotKnown, match="no child of 'P2-1' is on roll today"):
        gets_what(story.store, "P2-1", story.now)


def test_the_same_id_at_two_schools_is_two_people(story: Story, families: Families) -> None:
    """A contact's wish is kept for their school; of the other school's P1-1 nothing was said."""
    with story.store.transaction() as unit:
        unit.take("schools", "T", [School("T", "Other School", "secondary")], story.now, "s.csv")
        unit.take("pupils", "T", [replace(pupil("P7"), school_id="T")], story.now, "p.csv")
        other = contact("P7", contact_id="P1-1", name="Dee Other", phone="07700 900099")
        unit.take("contacts", "T", [other], story.now, "c.csv")
    with pytest.raises(NotKnown, match=r"Dee Other \(P1-1, T\); give a contact's id, or name the --school"):
        families.wish("P1-1", "ao", {About.SMS: NO}, "no")
    families.wish("P1-1", "ao", {About.ALL: NO}, "no", schools=["S"])
    (there,) = gets_what(story.store, "P7", story.now)
    assert there.wishes == {"P1-1": ()}


def test_a_contact_who_is_gone_is_not_written_to(story: Story, families: Families) -> None:
    """A message to somebody who is no contact of the child any more does not leave."""
    (message,) = story.messages()
    with story.store.reading() as unit:
        snapshot = Snapshot.build(unit.facts("S", story.now))
    leaving = Leaving(Judge(snapshot, Instants.of([read_instant(f"{DAY}T09:25")])))
    rule = story.library.for_school("S").rule(message.rule)
    found = leaving.obstacle(replace(message, contact_id="gone"), rule)
    assert found is not None
    assert found.reason is Reason.CONTACT_CHANGED
    assert families.clock() == story.now


def test_an_apostrophe_from_a_word_processor_costs_no_second_part(story: Story) -> None:
    """O’Neill is texted as O'Neill; Zoë stays Zoë."""
    story.opens(pupil("P1", first_name="Zoë-O\u2019Neill\u00a0Jo")).register(f"{DAY}T09:15", P1="N/")
    story.run(f"{DAY}T09:20")
    (message,) = story.messages()
    assert "Zoë-O'Neill Jo" in message.text
    assert "\u2019" not in message.text
