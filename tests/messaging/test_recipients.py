"""Who is texted: a table of the rules, and one property that no list of contacts may break."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.records import Contact
from messaging.phones import Mobile, NotMobile, mobile
from messaging.recipients import PURPOSES, PassedOverWhy, choose

MOTHER: Final = Contact(
    contact_id="mother",
    upn="P1",
    name="A. Bell",
    parental_responsibility=True,
    lives_with=True,
    priority=1,
    phone="07700 900001",
)
FATHER: Final = replace(MOTHER, contact_id="father", priority=2, phone="07700 900002")

PHONES: Final = st.sampled_from(
    ["07700 900001", "+447700900001", "07700 900002", "07700 900003", "020 7946 0123", "", "ring the bell"]
)
CONTACTS: Final = st.lists(
    st.builds(
        Contact,
        contact_id=st.sampled_from("abcdef"),
        upn=st.just("P1"),
        name=st.just("A. Bell"),
        parental_responsibility=st.booleans(),
        lives_with=st.booleans(),
        priority=st.integers(1, 3),
        phone=PHONES,
        may_receive=st.lists(st.sampled_from(PURPOSES), max_size=2, unique=True).map(tuple),
        restriction=st.sampled_from(
            ["none", "none", "none", "no_contact", "court_order", "ask_dsl", "", "None"]
        ),
    ),
    max_size=6,
    unique_by=lambda contact: contact.contact_id,
)


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
        (replace(MOTHER, phone=""), NotMobile.EMPTY),
        (replace(MOTHER, phone="020 7946 0123"), NotMobile.LANDLINE),
    ],
)
def test_who_is_passed_over_and_why(first: Contact, why: PassedOverWhy | NotMobile) -> None:
    """The first reason in order is the one given, and the next contact gets the text."""
    choice = choose([first, FATHER], "absence")
    assert [(passed.contact_id, passed.why) for passed in choice.passed_over] == [("mother", why)]
    assert choice.contact == FATHER
    assert choice.mobile == Mobile("+447700900002", fictional=True)
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
    assert choose([FATHER, first], "absence").contact == first


def test_ties_are_settled_the_same_way_every_day() -> None:
    """Equal priority: parental responsibility first, then the contact_id, whatever the order of the rows."""
    carer = replace(MOTHER, contact_id="a-carer", parental_responsibility=False)
    aunt = replace(MOTHER, contact_id="aunt")
    for rows in ([carer, MOTHER, aunt], [aunt, carer, MOTHER], [MOTHER, aunt, carer]):
        assert choose(rows, "letters").contact == aunt


def test_a_number_shared_with_a_restricted_contact_is_blocked_too() -> None:
    """The handset a restricted father reads is not texted because the mother's row names it as well."""
    father = replace(FATHER, restriction="no_contact", phone="+44 7700 900001")
    choice = choose([MOTHER, father], "absence")
    assert choice.contact is None
    assert choice.passed_over[0].why is PassedOverWhy.SHARED_NUMBER


def test_no_contacts_no_choice() -> None:
    """A pupil without contacts gets an empty choice, not an error."""
    choice = choose([], "praise")
    assert (choice.contact, choice.mobile, choice.passed_over) == (None, None, ())


def test_mixed_up_calls_are_refused() -> None:
    """An unknown purpose, or two pupils' contacts in one list, is a fault of the caller."""
    with pytest.raises(ValueError, match="use one of absence, letters, praise"):
        choose([MOTHER], "marketing")
    with pytest.raises(ValueError, match="more than one pupil"):
        choose([MOTHER, replace(FATHER, upn="P2")], "absence")


@given(contacts=CONTACTS, purpose=st.sampled_from(PURPOSES))
def test_a_restricted_contact_is_never_reached(contacts: list[Contact], purpose: str) -> None:
    """Whatever the rest, neither a restricted person nor their number is chosen, and nobody is left out."""
    choice = choose(contacts, purpose)
    restricted = [contact for contact in contacts if contact.restriction != "none"]
    passed = {passed.contact_id for passed in choice.passed_over}
    assert choice.contact not in restricted
    assert choice.mobile not in [mobile(contact.phone) for contact in restricted]
    assert passed >= {contact.contact_id for contact in restricted}
    if choice.contact is None:
        assert choice.mobile is None
        assert passed == {contact.contact_id for contact in contacts}
    else:
        assert choice.mobile == mobile(choice.contact.phone)
        assert choice.contact.contact_id not in passed
