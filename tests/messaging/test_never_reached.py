"""What no list of contacts may break: a restricted contact is reached in nobody's name."""

from __future__ import annotations

from typing import Final

from hypothesis import given
from hypothesis import strategies as st

from engine.records import Contact
from messaging.passed_over import PassedOver
from messaging.recipients import CHANNEL_KINDS, PURPOSES, STATUTORY, choose, way_to

PHONES: Final = st.sampled_from(
    ["07700 900001", "+447700900001", "07700 900002", "07700 900003", "020 7946 0123", "", "ring the bell"]
)
EMAILS: Final = st.sampled_from(["a@example.org", "A@Example.org", "b@example.org", "", "a@example.org or b"])
HOMES: Final = st.sampled_from(
    ["12 Larch Road, Ashgrove", "12 Larch Rd, Ashgrove, AB1 2CD", "3 Mill Walk, Ashgrove", ""]
)
TIES: Final = st.sampled_from(
    ["mother", "Dad", "foster carer", "social worker", "virtual school", "aunt", ""]
)
CONTACTS: Final = st.lists(
    st.builds(
        Contact,
        contact_id=st.sampled_from("abcdef"),
        upn=st.just("P1"),
        name=st.just("A. Bell"),
        relationship=TIES,
        parental_responsibility=st.booleans(),
        lives_with=st.booleans(),
        priority=st.integers(1, 3),
        phone=PHONES,
        email=EMAILS,
        address=HOMES,
        may_receive=st.lists(st.sampled_from(PURPOSES[:3]), max_size=2, unique=True).map(tuple),
        restriction=st.sampled_from(
            ["none", "none", "none", "no_contact", "court_order", "ask_dsl", "", "None"]
        ),
    ),
    max_size=6,
    unique_by=lambda contact: contact.contact_id,
)
KINDS: Final = st.lists(st.sampled_from(CHANNEL_KINDS), min_size=1, unique=True).map(tuple)


@given(contacts=CONTACTS, purpose=st.sampled_from(PURPOSES), kinds=KINDS, looked_after=st.booleans())
def test_a_restricted_contact_is_never_reached(
    contacts: list[Contact], purpose: str, kinds: tuple[str, ...], *, looked_after: bool
) -> None:
    """Neither they nor number, mailbox or home of theirs is chosen, and nobody is left out."""
    kinds = ("letter",) if purpose == STATUTORY else kinds
    choice = choose(contacts, purpose, kinds, looked_after=looked_after)
    restricted = [contact for contact in contacts if contact.restriction != "none"]
    chosen, over = (
        {each.contact.contact_id for each in choice.chosen},
        {each.contact_id for each in choice.passed_over},
    )
    assert over >= {contact.contact_id for contact in restricted}
    assert not chosen & over
    if not chosen:
        assert over == {contact.contact_id for contact in contacts}
    for to in choice.chosen:
        for barred in restricted:
            digits, mails = barred.phone.replace(" ", ""), barred.email.casefold()
            assert to.channel not in {"sms", "call"} or to.address[3:] not in digits
            assert to.channel != "email" or to.address not in mails
            assert to.channel != "letter" or to.address[:7] != barred.address[:7]
            assert to.channel != "letter" or not (to.contact.lives_with and barred.lives_with)
        again = way_to(to.contact, contacts, purpose, to.channel, looked_after=looked_after)
        assert again == to
    for each in choice.passed_over:
        (contact,) = [one for one in contacts if one.contact_id == each.contact_id]
        found = [way_to(contact, contacts, purpose, kind, looked_after=looked_after) for kind in kinds]
        assert all(isinstance(one, PassedOver) for one in found)
