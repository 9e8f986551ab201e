"""Telephone fields: the hard cases of real ones; the published table is in test_conformance."""

from __future__ import annotations

import pytest

from messaging.phones import Mobile, NotMobile, Unusable, mobile, telephone


@pytest.mark.parametrize(
    ("field", "why"),
    [
        ("", NotMobile.EMPTY),
        (" \u200b\t", NotMobile.EMPTY),
        ("07700 900123 (mum, after 6)", NotMobile.NOT_A_NUMBER),
        ("07700 900123 / 07700 900124", NotMobile.NOT_A_NUMBER),
        ("07700900123 07700900124", NotMobile.NOT_VALID),
        ("07700 900123 x12", NotMobile.NOT_A_NUMBER),
        ("\u0660\u0667\u0667", NotMobile.NOT_A_NUMBER),
        ("()-", NotMobile.NOT_A_NUMBER),
        ("7.7009E+10", NotMobile.NOT_A_NUMBER),
        ("07700 90012", NotMobile.NOT_VALID),
        ("+999 7700 900123", NotMobile.NOT_UK),
        ("+353 85 012 3456", NotMobile.NOT_UK),
        ("020 7946 0123", NotMobile.LANDLINE),
        ("07020 123456", NotMobile.OTHER_SERVICE),
        ("07640 123456", NotMobile.OTHER_SERVICE),
    ],
)
def test_what_stands_in_real_fields(field: str, why: NotMobile) -> None:
    """Notes, two numbers in one field, spreadsheet damage: each is refused for its own reason."""
    assert mobile(field) == Unusable(why)


@pytest.mark.parametrize("field", ["07700 900000", "7700900999", "+44 (0)7700\u2011900\u2013500"])
def test_numbers_of_fiction_are_known_as_such(field: str) -> None:
    """The whole drama range is usable and marked, however it is written."""
    found = mobile(field)
    assert isinstance(found, Mobile)
    assert found.fictional


def test_neighbours_of_the_fictional_range_are_not_fictional() -> None:
    """One digit below and above the range is no fiction."""
    assert not [n for n in ("07700 899999", "07700 901000") if getattr(mobile(n), "fictional", False)]


def test_a_landline_is_rung_and_nothing_worse() -> None:
    """What a text cannot reach a person may: a landline, not a paid redirection, nor a note."""
    assert telephone("(020) 7946 0123") == "+442079460123"
    assert telephone("07700 900123") == "+447700900123"
    assert telephone("07020 123456") == Unusable(NotMobile.OTHER_SERVICE)
    assert telephone("ring the bell") == Unusable(NotMobile.NOT_A_NUMBER)
