"""Whose task it is: the chain of semantics 21, one link after the other."""

from __future__ import annotations

import pytest

from engine.records import Staff
from tests.workflows.story import contact, pupil
from workflows.people import families, owner, second_owner


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


@pytest.mark.parametrize("by_work", ["Social Worker", "virtual school", "Youth offending worker"])
def test_a_professional_joins_no_two_families(by_work: str) -> None:
    """One social worker of two children who share nothing else: two families; a shared carer makes one."""
    shared = [contact(upn, contact_id="sw", relationship=by_work) for upn in ("P1", "P2", "P3")]
    carer = [contact(upn, contact_id="fc", relationship="foster carer") for upn in ("P2", "P3")]
    assert families([*shared, *carer]) == {"P1": "P1", "P2": "P2", "P3": "P2"}


STAND_IN = _staff("stand-in", "office", deputy="z-form")
TUTORED = _staff("tutored", TUTOR, "8A", deputy="stand-in")


@pytest.mark.parametrize(
    ("out", "wanted"),
    [
        ((), "key"),
        (("key",), "tutored"),
        (("key", "tutored"), "stand-in"),
        (("key", "tutored", "stand-in"), "y-year"),
        (("key", "tutored", "stand-in", "y-year"), "officer"),
        (("key", "tutored", "stand-in", "y-year", "officer"), ""),
    ],
)
def test_who_is_out_is_passed_over(out: tuple[str, ...], wanted: str) -> None:
    """Their deputy, else the next who covers the child, else the officer, else nobody."""
    staff = (KEY, TUTORED, STAND_IN, YEAR, OTHER, OFFICER)
    assert owner(TUTOR, pupil("P1", key_adult="key"), staff, out=out) == wanted


def test_a_key_adult_who_is_out_has_a_deputy() -> None:
    """The deputy of a key adult comes before the role."""
    key = _staff("key", "senco", deputy="officer")
    assert owner(TUTOR, pupil("P1", key_adult="key"), (key, FORM, OFFICER), out=("key",)) == "officer"


@pytest.mark.parametrize(
    ("out", "wanted"),
    [(("head",), "deputy"), (("head", "deputy"), "head-2"), (("head", "deputy", "head-2"), "head")],
)
def test_a_decision_waits_rather_than_go_astray(out: tuple[str, ...], wanted: str) -> None:
    """Head teacher, deputy, another head though of other years; then it waits for the first."""
    staff = (
        _staff("head", "headteacher", deputy="deputy"),
        _staff("head-2", "headteacher", "9"),
        DEPUTY,
        OFFICER,
    )
    found = owner("headteacher", pupil("P1"), staff, key_adult=False, out=out, reserved=True)
    assert found == wanted


def test_a_decision_that_nobody_holds_goes_to_the_officer() -> None:
    """Where the role is nobody's, the one who is asked instead may decide (`may_decide`)."""
    assert owner("headteacher", pupil("P1"), (OFFICER,), key_adult=False, reserved=True) == "officer"


def test_a_second_owner_is_somebody_who_is_there() -> None:
    """The deputy is out: the attendance officer is next."""
    staff = (TUTORED, STAND_IN, OFFICER)
    assert second_owner(TUTOR, "tutored", staff, reserved=False) == "stand-in"
    assert second_owner(TUTOR, "tutored", staff, reserved=False, out=("stand-in",)) == "officer"
