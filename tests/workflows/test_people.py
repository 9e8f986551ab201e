"""Whose task it is: the chain of semantics 21, one link after the other."""

from __future__ import annotations

import pytest

from engine.records import Staff
from tests.workflows.story import contact, pupil
from workflows.people import families, owner


def _staff(staff_id: str, role: str, *covers: str, deputy: str = "") -> Staff:
    return Staff(staff_id, "S", staff_id.title(), roles=(role,), covers=covers, deputy=deputy)


TUTOR = "form_tutor"
KEY = _staff("key", "senco")
FORM = _staff("z-form", TUTOR, "8A")
YEAR = _staff("y-year", TUTOR, "8")
WHOLE = _staff("a-whole", TUTOR)
OTHER = _staff("b-other", TUTOR, "9", "9B", deputy="deputy")
DEPUTY = _staff("deputy", "office")
OFFICER = _staff("officer", "attendance_officer")


@pytest.mark.parametrize(
    ("staff", "wanted"),
    [
        ((KEY, FORM, YEAR, WHOLE, OTHER, DEPUTY, OFFICER), "key"),
        ((FORM, YEAR, WHOLE, OTHER, DEPUTY, OFFICER), "z-form"),
        ((YEAR, WHOLE, OTHER, DEPUTY, OFFICER), "y-year"),
        ((WHOLE, OTHER, DEPUTY, OFFICER), "a-whole"),
        ((OTHER, DEPUTY, OFFICER), "deputy"),
        ((OTHER, OFFICER), "officer"),
        ((OTHER,), ""),
        ((), ""),
    ],
)
def test_the_next_in_line_takes_the_task(staff: tuple[Staff, ...], wanted: str) -> None:
    """Key adult, form, year, everybody, deputy, officer, nobody, whatever the order of the rows."""
    child = pupil("P1", key_adult="key")
    assert owner(TUTOR, child, staff) == owner(TUTOR, child, staff[::-1]) == wanted


def test_a_legal_step_passes_the_key_adult_over() -> None:
    """Only the role that may decide it owns it."""
    assert owner(TUTOR, pupil("P1", key_adult="key"), (KEY, FORM), key_adult=False) == "z-form"


def test_a_class_is_looked_after_by_who_covers_it() -> None:
    """A member of the class stands in for it; with nobody in it only those who cover everybody."""
    assert owner(TUTOR, pupil("P1"), (FORM, WHOLE)) == "z-form"
    assert owner(TUTOR, None, (FORM, WHOLE)) == "a-whole"


def test_families_are_joined_by_contacts_also_in_a_chain() -> None:
    """P1 and P2 share one parent, P2 and P3 the other: one family; P4 is on its own."""
    told = [("a", "P2"), ("a", "P1"), ("b", "P3"), ("b", "P2"), ("c", "P4")]
    found = families(contact(upn, contact_id=who) for who, upn in told)
    assert found == {"P1": "P1", "P2": "P1", "P3": "P1", "P4": "P4"}
