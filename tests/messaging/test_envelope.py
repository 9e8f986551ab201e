"""Where letters go, and where none goes."""

from __future__ import annotations

import pytest

from messaging.envelope import address_lines, why_no_letter


@pytest.mark.parametrize(
    ("field", "lines"),
    [
        ("12 Mill Lane, Southampton, SO14 1AA", ("12 Mill Lane", "Southampton", "SO14 1AA")),
        ("12,Mill Lane\r\nSouthampton so141aa", ("12 Mill Lane", "Southampton", "SO14 1AA")),
        ("Flat 3; 9b, Rose Court,, W1A 1HQ", ("Flat 3", "9b Rose Court", "W1A 1HQ")),
        ("The Old Mill\u202e EC1A1BB", ("The Old Mill", "EC1A 1BB")),
        (
            "Flat 3, Rose Court, 214 High Road, Highfield, Southampton, Hampshire, SO17 2AA",
            ("Flat 3, Rose Court", "214 High Road", "Highfield", "Southampton", "Hampshire", "SO17 2AA"),
        ),
        ("  ", ()),
    ],
)
def test_lines_of_a_field(field: str, lines: tuple[str, ...]) -> None:
    """However it was written: the number with its street, the postcode last and alone, six lines at most."""
    assert address_lines(field) == lines


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("", "no address for Mrs Khan is on record"),
        ("12 Mill Lane, Southampton", "does not end with a UK postcode"),
        ("12 Mill Lane, 75001 Paris", "does not end with a UK postcode"),
        ("SO14 1AA", "has 1 lines"),
        ("Address withheld, SO14 1AA", "no letter reaches Mrs Khan at 'Address withheld, SO14 1AA'"),
        ("no fixed abode, ZZ99 3VZ", "no letter reaches"),
        ("care of nobody, ZZ99 3VZ", "no letter reaches"),
    ],
)
def test_nobody_writes_to_nowhere(field: str, said: str) -> None:
    """What is missing, and what to do, in one sentence for the office."""
    sentence = why_no_letter("Mrs Khan", address_lines(field))
    assert said in sentence
    assert "have it entered" in sentence


def test_a_letter_names_somebody() -> None:
    """An envelope to nobody is opened by anybody."""
    assert "names nobody" in why_no_letter("\u200b ", address_lines("12 Mill Lane, SO14 1AA"))
    assert why_no_letter("Mrs Khan", address_lines("12 Mill Lane, SO14 1AA")) == ""
