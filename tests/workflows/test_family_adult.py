"""Whom a family knows: key adult, then who has spoken with them, then the tutor of the youngest."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from engine.records import Staff
from tests.workflows.story import pupil
from workflows.family_adult import Choice, Why, choose, known_best, siblings

TUTOR = "form_tutor"
STAFF = (
    Staff("key", "S", "Kay Adult", roles=("senco",)),
    Staff("kay2", "S", "Kim Adult", roles=("dsl",), deputy="t8"),
    Staff("t7", "S", "Tim Seven", roles=(TUTOR,), covers=("7B",), deputy="hoy"),
    Staff("t8", "S", "Tom Eight", roles=(TUTOR,), covers=("8A",)),
    Staff("hoy", "S", "Hal Year", roles=("head_of_year",)),
)
CALLERS = ("t7", "t8", "hoy")
BIG, SMALL = pupil("P1"), pupil("P2", year_group="7", form="7B")
NAMED, OTHER = pupil("P3", key_adult="key"), pupil("P4", key_adult="kay2")
MONDAY = datetime(2025, 11, 10, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("children", "known", "out", "wanted"),
    [
        ((BIG, SMALL), (), (), Choice("t7", "", Why.ROLE)),
        ((BIG, SMALL), (), ("t7",), Choice("hoy", "t7", Why.ROLE)),
        ((BIG, SMALL), ("t8", "hoy"), (), Choice("t8", "", Why.SPOKEN)),
        ((BIG, SMALL), ("t8", "hoy"), ("t8",), Choice("hoy", "t8", Why.SPOKEN)),
        ((BIG, SMALL), ("t8",), ("t8",), Choice("t7", "t8", Why.ROLE)),
        ((BIG, SMALL), ("key", "gone"), (), Choice("t7", "", Why.ROLE)),
        ((BIG, NAMED), ("t8",), (), Choice("key", "", Why.KEY_ADULT)),
        ((BIG, NAMED), ("t8",), ("key",), Choice("t8", "key", Why.SPOKEN)),
        ((NAMED, OTHER), (), (), Choice("key", "", Why.KEY_ADULT)),
        ((NAMED, OTHER), ("t8", "kay2", "key"), (), Choice("kay2", "", Why.KEY_ADULT)),
        ((OTHER,), (), ("kay2",), Choice("t8", "kay2", Why.ROLE)),
        ((), (), (), Choice("hoy", "", Why.ROLE)),
        ((pupil("P5", year_group="sixth"), SMALL), (), (), Choice("t7", "", Why.ROLE)),
    ],
)
def test_one_adult_for_the_children_of_a_family(
    children: tuple[object, ...], known: tuple[str, ...], out: tuple[str, ...], wanted: Choice
) -> None:
    """Each link of the chain, everybody in and with somebody out; whatever the order of the children."""
    told = (TUTOR, CALLERS, known, STAFF, out)
    assert choose(children, *told) == choose(children[::-1], *told) == wanted  # type: ignore[arg-type]


def test_who_has_spoken_most_often_then_last() -> None:
    """Two conversations before one; of one each the later; siblings count for each other."""
    days = [MONDAY + timedelta(days=number) for number in range(4)]
    spoken = [("P1", "t8", days[0]), ("P2", "hoy", days[1]), ("P2", "t8", days[2]), ("P9", "t8", days[0])]
    spoken += [("P9", "hoy", days[3]), ("P8", "t8", days[0]), ("P8", "hoy", days[0])]
    assert known_best(spoken, {"P1": "P1", "P2": "P1"}) == {
        "P1": ("t8", "hoy"),
        "P9": ("hoy", "t8"),
        "P8": ("hoy", "t8"),
    }


def test_siblings_are_those_on_roll() -> None:
    """One who has left, or comes next year, has no say in who calls."""
    gone = pupil("P2", left_on=date(2025, 10, 1))
    coming = pupil("P3", admitted_on=date(2026, 9, 1))
    found = siblings([BIG, gone, coming, pupil("P4")], dict.fromkeys(("P1", "P2", "P3"), "P1"), MONDAY.date())
    assert {key: [child.upn for child in own] for key, own in found.items()} == {"P1": ["P1"], "P4": ["P4"]}
