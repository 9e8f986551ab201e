"""Who is written to, by which kind of channel, and why not the others: a table of the rules."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

import pytest

from engine.records import Contact
from messaging.email_addresses import NotEmail
from messaging.passed_over import PassedOverWhy
from messaging.phones import NotMobile
from messaging.recipients import STATUTORY, Choice, Reach, choose
from messaging.wishes import NO, YES, About, Wish, Wishes

MOTHER: Final = Contact(
    contact_id="mother",
    upn="P1",
    name="A. Bell",
    relationship="mother",
    parental_responsibility=True,
    lives_with=True,
    priority=1,
    phone="07700 900001",
    email="a.bell@example.org",
    address="12 Larch Road, Ashgrove, AB1 2CD",
)
FATHER: Final = replace(
    MOTHER,
    contact_id="father",
    relationship="Dad",
    priority=2,
    phone="07700 900002",
    email="dad@example.org",
    lives_with=False,
    address="3 Mill Walk\nAshgrove\nAB1 9ZZ",
)
AUNT: Final = replace(
    FATHER,
    contact_id="aunt",
    relationship="aunt",
    priority=3,
    parental_responsibility=False,
    phone="020 7946 0123",
    email="",
    address="",
)
CARER: Final = replace(
    MOTHER, contact_id="carer", relationship="foster carer", parental_responsibility=False, priority=5
)
WORKER: Final = replace(
    FATHER,
    contact_id="worker",
    relationship="Social Worker (county)",
    phone="07700 900007",
    address="County Hall, Ashgrove, AB1 1AA",
    parental_responsibility=True,
    priority=1,
)
SCHOOL: Final = replace(WORKER, contact_id="virtual", relationship="virtual school", priority=9)
AT: Final = datetime(2025, 11, 10, 9, 0, tzinfo=UTC)


def said(contact_id: str, about: About, value: str = NO, address: str = "") -> Wish:
    """Something that was said at this school."""
    return Wish("S", contact_id, address, about, value, "ao", AT)


def reach(*wishes: Wish, bounced: tuple[str, ...] = ()) -> Reach:
    """What is known about reaching the family."""
    return Reach(Wishes.of(wishes, "S"), frozenset(bounced))


def who(choice: Choice) -> list[tuple[str, str]]:
    """Whom a choice names, and by which kind of channel."""
    return [(each.contact.contact_id, each.channel) for each in choice.chosen]


def passed(choice: Choice) -> dict[str, object]:
    """Why the others were passed over."""
    return {each.contact_id: each.why for each in choice.passed_over}


@pytest.mark.parametrize(
    ("first", "why"),
    [
        (replace(MOTHER, restriction="no_contact"), PassedOverWhy.NO_CONTACT),
        (replace(MOTHER, restriction="court_order", may_receive=("praise",)), PassedOverWhy.COURT_ORDER),
        (replace(MOTHER, restriction="ask_dsl", phone=""), PassedOverWhy.ASK_DSL),
        (replace(MOTHER, restriction="injunction"), PassedOverWhy.OTHER_RESTRICTION),
        (replace(MOTHER, restriction=""), PassedOverWhy.OTHER_RESTRICTION),
        (replace(MOTHER, may_receive=("letters", "praise"), lives_with=False), PassedOverWhy.NOT_FOR_PURPOSE),
        (
            replace(MOTHER, parental_responsibility=False, lives_with=False, phone=""),
            PassedOverWhy.EMERGENCY_ONLY,
        ),
        (replace(WORKER, phone="07700 900001"), PassedOverWhy.PROFESSIONAL),
        (replace(MOTHER, phone=""), NotMobile.EMPTY),
        (replace(MOTHER, phone="020 7946 0123"), NotMobile.LANDLINE),
    ],
)
def test_who_is_passed_over_and_why(first: Contact, why: PassedOverWhy | NotMobile) -> None:
    """The first reason in order is the one given, and the next contact gets the text."""
    choice = choose([first, FATHER], "absence")
    assert passed(choice) == {first.contact_id: why}
    (to,) = choice.chosen
    assert (to.contact, to.channel, to.address) == (FATHER, "sms", "+447700900002")
    assert why.sentence


@pytest.mark.parametrize(
    "first",
    [
        MOTHER,
        replace(MOTHER, lives_with=False),
        replace(MOTHER, parental_responsibility=False),
        replace(MOTHER, may_receive=("praise", "absence")),
    ],
)
def test_either_link_and_the_right_purpose_are_enough(first: Contact) -> None:
    """Parental responsibility or the same home suffices; a list that holds the purpose does not bar."""
    assert [each.contact for each in choose([FATHER, first], "absence").chosen] == [first]


def test_ties_are_settled_the_same_way_every_day() -> None:
    """Equal priority: parental responsibility first, then the contact_id, whatever the order of the rows."""
    carer = replace(MOTHER, contact_id="a-carer", parental_responsibility=False)
    aunt = replace(MOTHER, contact_id="aunt")
    for rows in ([carer, MOTHER, aunt], [aunt, carer, MOTHER], [MOTHER, aunt, carer]):
        assert who(choose(rows, "letters")) == [("aunt", "sms")]


@pytest.mark.parametrize(
    ("kind", "hers", "his", "why"),
    [
        ("sms", {}, {"phone": "+44 7700 900001"}, PassedOverWhy.SHARED_NUMBER),
        ("sms", {}, {"phone": "07700 900001 (evenings) / 020 7946 0001"}, PassedOverWhy.SHARED_NUMBER),
        ("call", {"phone": "020 7946 0001"}, {"phone": "+44 20 7946 0001"}, PassedOverWhy.SHARED_NUMBER),
        ("email", {}, {"email": "dad@example.org; A.Bell@Example.org"}, PassedOverWhy.SHARED_EMAIL),
        ("letter", {}, {"address": "12, Larch Rd AB12CD"}, PassedOverWhy.SHARED_HOME),
        ("letter", {}, {"address": "", "lives_with": True}, PassedOverWhy.SHARED_HOME),
    ],
)
def test_what_a_restricted_contact_shares_is_blocked_too(
    kind: str, hers: dict[str, str], his: dict[str, object], why: PassedOverWhy
) -> None:
    """Handset, mailbox and front door that a restricted father reads at: nothing goes there in her name."""
    father = replace(FATHER, restriction="no_contact", **his)  # type: ignore[arg-type]
    choice = choose([replace(MOTHER, **hers), father], "absence", (kind,))  # type: ignore[arg-type]
    assert choice.chosen == ()
    assert passed(choice) == {"mother": why, "father": PassedOverWhy.NO_CONTACT}


def test_a_parent_elsewhere_still_gets_letters() -> None:
    """A restricted contact who lives with the child is none against the other parent's front door."""
    at_home = replace(MOTHER, restriction="ask_dsl")
    assert who(choose([at_home, FATHER], "letters", ("letter",))) == [("father", "letter")]


def test_one_number_of_two_parents_is_one_text() -> None:
    """Two contacts with one number: the first of them gets the text, nobody a second."""
    assert who(choose([MOTHER, replace(FATHER, phone="+447700900001")], "letters")) == [("mother", "sms")]


@pytest.mark.parametrize(
    ("kinds", "mother", "wanted"),
    [
        (("letter",), {}, ("letter", "12 Larch Road\nAshgrove\nAB1 2CD")),
        (("email", "letter"), {}, ("email", "a.bell@example.org")),
        (("email", "letter"), {"email": "a.bell@"}, ("letter", "12 Larch Road\nAshgrove\nAB1 2CD")),
        (("sms", "email"), {"phone": "020 7946 0123"}, ("email", "a.bell@example.org")),
        (("call",), {"phone": "020 7946 0123"}, ("call", "+442079460123")),
    ],
)
def test_each_kind_has_an_address_of_its_own(
    kinds: tuple[str, ...], mother: dict[str, str], wanted: tuple[str, str]
) -> None:
    """The first kind that works for a contact is taken, before the next contact is."""
    (to,) = choose([replace(MOTHER, **mother), FATHER], "letters", kinds).chosen  # type: ignore[arg-type]
    assert (to.contact.contact_id, to.channel, to.address) == ("mother", *wanted)


@pytest.mark.parametrize(
    ("kind", "mother", "why"),
    [
        ("email", {"email": ""}, NotEmail.EMPTY),
        ("email", {"email": "a bell"}, NotEmail.NOT_AN_ADDRESS),
        ("letter", {"address": ""}, PassedOverWhy.NO_ADDRESS),
        ("letter", {"address": "with her sister"}, PassedOverWhy.NO_ADDRESS),
        ("call", {"phone": "n/a"}, NotMobile.NOT_A_NUMBER),
    ],
)
def test_no_address_no_message(kind: str, mother: dict[str, str], why: object) -> None:
    """What is missing or muddled is named, and the father is next."""
    choice = choose([replace(MOTHER, **mother), FATHER], "letters", (kind,))  # type: ignore[arg-type]
    assert (who(choice), passed(choice)) == ([("father", kind)], {"mother": why})


def test_an_emergency_contact_is_rung_last_and_only_about_an_absence() -> None:
    """An aunt may be telephoned when nobody else can be; she is not written to, nor rung about a pattern."""
    unheard = replace(MOTHER, phone="")
    first = replace(AUNT, priority=0)
    assert who(choose([first, unheard, FATHER], "absence", ("call",))) == [("father", "call")]
    assert who(choose([first, unheard], "absence", ("call",))) == [("aunt", "call")]
    assert passed(choose([first], "letters", ("call",))) == {"aunt": PassedOverWhy.EMERGENCY_ONLY}


def test_what_is_statutory_goes_to_every_parent_by_name() -> None:
    """Each by letter, whatever they wish; not a restricted one, nor somebody who is no parent."""
    step = replace(CARER, contact_id="step", relationship="Step-Father", address="12 Larch Road, AB1 2CD")
    order = replace(FATHER, contact_id="order", restriction="court_order", address="1 High Street, AB1 4XY")
    rows = [MOTHER, replace(FATHER, may_receive=("praise",)), AUNT, step, order, WORKER]
    rows += [replace(AUNT, contact_id="lodger", relationship="lodger", lives_with=True)]
    never = reach(*(said(each.contact_id, About.ALL) for each in rows))
    choice = choose(rows, STATUTORY, ("letter",), never)
    assert who(choice) == [("mother", "letter"), ("father", "letter"), ("step", "letter")]
    assert passed(choice) == {
        "worker": PassedOverWhy.PROFESSIONAL,
        "order": PassedOverWhy.COURT_ORDER,
        "aunt": PassedOverWhy.NOT_A_PARENT,
        "lodger": PassedOverWhy.NOT_A_PARENT,
    }


def test_a_looked_after_child() -> None:
    """The carer they live with, social worker and virtual school by letter; a parent only by a person."""
    rows = [
        WORKER,
        SCHOOL,
        CARER,
        replace(MOTHER, lives_with=False, address="7 Wharf Street, Ashgrove, AB1 5QT"),
        AUNT,
    ]
    text = choose(rows, "absence", looked_after=True)
    assert who(text) == [("carer", "sms")]
    assert passed(text) == {
        "worker": PassedOverWhy.PROFESSIONAL,
        "mother": PassedOverWhy.BIRTH_PARENT,
        "aunt": PassedOverWhy.EMERGENCY_ONLY,
        "virtual": PassedOverWhy.PROFESSIONAL,
    }
    assert who(choose(rows, "letters", ("sms", "letter"), looked_after=True)) == [
        ("carer", "sms"),
        ("worker", "letter"),
        ("virtual", "letter"),
    ]
    assert who(choose(rows, "praise", ("letter",), looked_after=True)) == [("carer", "letter")]
    statutory = choose(rows, STATUTORY, ("letter",), looked_after=True)
    assert who(statutory) == [("carer", "letter"), ("worker", "letter"), ("virtual", "letter")]
    assert passed(statutory)["mother"] is PassedOverWhy.BIRTH_PARENT
    assert who(choose(rows, "absence", ("call",), looked_after=True)) == [("carer", "call")]
    rung = [WORKER, replace(CARER, phone="")]
    assert who(choose(rung, "absence", ("call",), looked_after=True)) == [("worker", "call")]


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ({"relationship": "", "parental_responsibility": True}, PassedOverWhy.BIRTH_PARENT),
        ({"relationship": "birth mother", "parental_responsibility": False}, PassedOverWhy.BIRTH_PARENT),
        ({"relationship": "foster carer", "parental_responsibility": False}, PassedOverWhy.EMERGENCY_ONLY),
        ({"relationship": "youth offending worker"}, PassedOverWhy.PROFESSIONAL),
    ],
)
def test_who_of_a_looked_after_child_is_left_to_a_person(told: dict[str, object], why: PassedOverWhy) -> None:
    """A parent by the column or by the word, a carer of the past, a professional of another kind."""
    other = replace(MOTHER, contact_id="other", lives_with=False, **told)  # type: ignore[arg-type]
    assert passed(choose([CARER, other], "letters", ("letter",), looked_after=True)) == {"other": why}


def test_a_wish_is_a_reason_and_the_next_contact_is_not_asked_for_it() -> None:
    """No praise for her; first-day texts and what the law asks for go on; the father gets what he wants."""
    no_praise, no_texts = said("mother", About.PRAISE), said("mother", About.SMS)
    choice = choose([MOTHER, FATHER], "praise", ("sms",), reach(no_praise))
    assert (who(choice), passed(choice)) == ([("father", "sms")], {"mother": PassedOverWhy.WISH})
    assert who(choose([MOTHER, FATHER], "letters", ("sms",), reach(no_praise))) == [("mother", "sms")]
    assert who(choose([MOTHER], "letters", ("sms", "email"), reach(no_texts))) == [("mother", "email")]
    assert who(choose([MOTHER], "absence", ("sms",), reach(no_texts))) == [("mother", "sms")]
    again = said("mother", About.ALL, YES)
    assert who(choose([MOTHER], "letters", ("sms",), reach(no_texts, again))) == [("mother", "sms")]
    assert who(choose([MOTHER], "letters", ("sms",), reach(again, no_texts))) == []


def test_an_opt_out_of_a_number_holds_for_whoever_has_it() -> None:
    """Said of the number at another school, by somebody else: her number is left out here too."""
    other = replace(said("uncle", About.SMS, address="+447700900001"), school_id="other")
    assert passed(choose([MOTHER], "letters", ("sms",), reach(other))) == {"mother": PassedOverWhy.WISH}
    stranger = replace(said("mother", About.SMS, address="+447700900009"), school_id="other")
    assert who(choose([MOTHER], "letters", ("sms",), reach(stranger))) == [("mother", "sms")]


def test_the_way_that_was_asked_for_comes_first() -> None:
    """Letters by e-mail, where there are words for it; taken back, the first kind is the first again."""
    by_email = said("mother", About.CHANNEL, "email")
    kinds = ("sms", "letter", "email")
    assert who(choose([MOTHER], "letters", kinds, reach(by_email))) == [("mother", "email")]
    assert who(choose([MOTHER], "letters", ("letter",), reach(by_email))) == [("mother", "letter")]
    taken_back = reach(by_email, said("mother", About.CHANNEL, NO))
    assert who(choose([MOTHER], "letters", kinds, taken_back)) == [("mother", "sms")]


def test_how_they_want_to_be_written_to_goes_with_them() -> None:
    """The language asked for goes before that of the record; large print and an interpreter where wished."""
    wishes = [said("mother", About.LARGE_PRINT, YES), said("mother", About.LANGUAGE, "Polish")]
    wishes.append(said("mother", About.INTERPRETER, "Polish"))
    rows = [replace(MOTHER, language="en")]
    (plain,) = choose(rows, "letters").chosen
    (wished,) = choose(rows, "letters", reach=reach(*wishes)).chosen
    assert (plain.language, plain.large_print, plain.interpreter) == ("en", False, "")
    assert (wished.language, wished.large_print, wished.interpreter) == ("Polish", True, "Polish")


def test_what_bounced_is_passed_over() -> None:
    """The next way, else the next contact, for the first-day text too; a person may ring it all the same."""
    dead = reach(bounced=("+447700900001",))
    assert who(choose([MOTHER, FATHER], "absence", ("sms", "email"), dead)) == [("mother", "email")]
    assert who(choose([MOTHER, FATHER], "absence", ("call",), dead)) == [("mother", "call")]
    choice = choose([MOTHER, FATHER], "absence", ("sms",), dead)
    assert (who(choice), passed(choice)) == ([("father", "sms")], {"mother": PassedOverWhy.BOUNCED})


def test_no_contacts_no_choice() -> None:
    """A pupil without contacts gets an empty choice, not an error."""
    assert choose([], "praise") == Choice((), ())


def test_mixed_up_calls_are_refused() -> None:
    """Unknown words, a legal text message, or two pupils' contacts in one list are faults of the caller."""
    with pytest.raises(ValueError, match="use one of absence, letters, praise, statutory"):
        choose([MOTHER], "marketing")
    for kinds in ((), ("fax",)):
        with pytest.raises(ValueError, match="use some of sms, email, letter, call"):
            choose([MOTHER], "absence", kinds)
    with pytest.raises(ValueError, match="goes by letter and in no other way"):
        choose([MOTHER], STATUTORY, ("sms",))
    with pytest.raises(ValueError, match="more than one pupil"):
        choose([MOTHER, replace(FATHER, upn="P2")], "absence")
