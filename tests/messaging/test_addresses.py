"""E-mail fields, postal addresses and relationships as schools write them."""

from __future__ import annotations

import sys

import pytest

from messaging.email_addresses import Email, NoEmail, NotEmail, email
from messaging.fictional import is_fictional
from messaging.postal import same_door
from messaging.relationships import Tie, tie


@pytest.mark.parametrize(
    ("field", "found"),
    [
        ("", NoEmail(NotEmail.EMPTY)),
        (" \u200b\t", NoEmail(NotEmail.EMPTY)),
        ("none", NoEmail(NotEmail.NOT_AN_ADDRESS)),
        ("a@b.uk; c@d.uk", NoEmail(NotEmail.NOT_AN_ADDRESS)),
        ("Sam Bell <sam@bell.uk>", NoEmail(NotEmail.NOT_AN_ADDRESS)),
        ("sam@bell.uk\nBcc: all@bell.uk", NoEmail(NotEmail.NOT_AN_ADDRESS)),
        (" O'Neill@Bell.UK ", Email("o'neill@bell.uk", fictional=False)),
        ("a@mail.example.com", Email("a@mail.example.com", fictional=True)),
    ],
)
def test_what_stands_in_real_email_fields(field: str, found: Email | NoEmail) -> None:
    """One address and nothing else, in small letters; no name server is asked."""
    assert email(field) == found
    assert "dns" not in sys.modules


@pytest.mark.parametrize("address", ["x@example.org", "x@a.example.net", "x@school.example", "x@y.test"])
def test_domains_of_fiction(address: str) -> None:
    """Nobody can own them; a domain that only ends like one is real."""
    assert is_fictional(address)
    assert not is_fictional(address.replace("@", "@my").replace("exam", "exem").replace(".test", ".testing"))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("12 Larch Road, Ashgrove, AB1 2CD", "12 LARCH RD\nAshgrove\nab12cd", True),
        ("12 Larch Road, Ashgrove", "12 Larch Road, Ashgrove, AB1 2CD", True),
        ("2/12 Larch Road, Ashgrove", "Flat 2, 12 Larch Road, Ashgrove", True),
        ("Rose Cottage, AB1 2CD", "The Barn, Mill Lane, AB1 2CD", True),
        ("Rose Cottage, Mill Lane", "Rose Cottage, Ashgrove", True),
        ("Rose Cottage, Mill Lane", "The Barn, Mill Lane", False),
        ("12 Larch Road, AB1 2CD", "12 Larch Road, AB1 3EF", False),
        ("Rose Cottage, Mill Lane, AB1 2CD", "Rose Cottage, 12 Mill Lane, AB1 2CD", True),
        ("12 Larch Road, AB1 2CD", "14 Larch Road, AB1 2CD", False),
        ("12 Larch Road, Ashgrove", "14 Larch Road, Ashgrove", False),
        ("12 Larch Road, Ashgrove", "12 Mill Walk, Fenton", False),
        ("", "", False),
    ],
)
def test_two_addresses_are_one_door_or_not(one: str, other: str, *, same: bool) -> None:
    """Told by postcode and numbers, not by spelling; in doubt they are one."""
    assert same_door(one, other) is same_door(other, one) is same


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("Mother", Tie.PARENT),
        ("STEP-DAD", Tie.PARENT),
        ("step father", Tie.PARENT),
        ("Legal guardian", Tie.PARENT),
        ("Foster_Mother", Tie.CARER),
        ("Kinship Carer (aunt)", Tie.CARER),
        ("Children's Home", Tie.CARER),
        ("Social-Worker", Tie.SOCIAL_WORKER),
        ("foster carer's social worker", Tie.SOCIAL_WORKER),
        ("Virtual School Headteacher", Tie.VIRTUAL_SCHOOL),
        ("Youth Justice worker", Tie.PROFESSIONAL),
        ("Grandmother", Tie.OTHER),
        ("Godparent", Tie.OTHER),
        ("Lodger", Tie.OTHER),
        ("", Tie.OTHER),
    ],
)
def test_what_somebody_is_to_a_child(written: str, wanted: Tie) -> None:
    """Words of any spelling; a word that is not known makes nobody a parent."""
    assert tie(written) is wanted
