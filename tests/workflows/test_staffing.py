"""What is said about who is out: kept for ever, told in the ledger, refused where it cannot be meant."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time

import pytest

from engine.instants import read_instant
from tests.workflows.story import STAFF, Story, pupil
from tests.workflows.test_cover import CALL, DAY, NEXT, TARGET
from workflows.acting import CannotDo
from workflows.staffing import Staffing
from workflows.values import StaffOut

MONDAY, TUESDAY = date(2025, 11, 10), date(2025, 11, 11)


@pytest.fixture
def said(story: Story) -> Staffing:
    """A school on Monday morning, with a call for the tutor."""
    story.opens(pupil("P1"), before={"P1": TARGET}).run(f"{DAY}T08:10")
    return Staffing(story.store, lambda: story.now, time(15, 30))


def test_what_is_said_is_kept_and_told(story: Story, said: Staffing) -> None:
    """Out for two days, back on the second: two rows, two entries, nothing changed behind anybody's back."""
    out = said.out("tom", "ao", (MONDAY, TUESDAY), " a cold ")
    assert (out.name, out.tasks) == ("Tom Tutor", 1)
    back = said.back("tutor", "Asha", TUESDAY, at=read_instant(f"{NEXT}T07:00"))
    assert back.tasks == 0
    with story.store.reading() as unit:
        assert unit.staff_out("S") == (out.said, back.said)
        assert unit.staff_out("elsewhere") == ()
        assert unit.verify()[1] == ()
    assert out.said == StaffOut("S", "tutor", MONDAY, TUESDAY, "ao", story.now, "a cold")
    assert story.ledger("staff") == [
        {
            "action": "out",
            "staff": "tutor",
            "from": DAY,
            "by": "ao",
            "until": NEXT,
            "because": "a cold",
        },
        {"action": "back", "staff": "tutor", "from": NEXT, "by": "ao"},
    ]


@pytest.mark.parametrize(
    ("say", "sentence"),
    [
        (lambda s: s.out("tom", "ao", (TUESDAY, MONDAY)), "--until 2025-11-10 is before 2025-11-11"),
        (
            lambda s: s.out("tom", "ao", (MONDAY, date(2027, 1, 1))),
            "is more than a year: name an earlier day",
        ),
        (
            lambda s: s.out("nemo", "ao", (MONDAY, MONDAY)),
            "nobody 'nemo' on the staff; 'firstbell staff list'",
        ),
        (lambda s: s.out("a", "ao", (MONDAY, MONDAY)), r"'a' fits several people: Asha Officer \(ao, S\), "),
        (lambda s: s.out("tom", "nemo", (MONDAY, MONDAY)), "nobody 'nemo' on the staff of S"),
        (lambda s: s.back("tom", "ao", MONDAY), "Tom Tutor is not out on 2025-11-10 or later"),
    ],
)
def test_what_cannot_be_meant_is_refused_and_leaves_nothing(
    story: Story, said: Staffing, say: Callable[[Staffing], object], sentence: str
) -> None:
    """Each in words that say what would do; nothing is kept."""
    with pytest.raises(CannotDo, match=sentence):
        say(said)
    with story.store.reading() as unit:
        assert unit.staff_out("S") == ()
    assert story.ledger("staff") == []


def test_days_that_bring_no_work_are_counted_apart(said: Staffing) -> None:
    """A weekend has no school day; of Monday to Tuesday two are to come at eight, one after the bell."""
    weekend = said.out("tutor", "ao", (date(2025, 11, 15), date(2025, 11, 16)))
    assert (weekend.school_days, weekend.to_come, weekend.tasks) == (0, 0, 0)
    both = said.out("tutor", "ao", (MONDAY, TUESDAY))
    assert (both.school_days, both.to_come, both.tasks) == (2, 2, 1)
    late = said.out("tutor", "ao", (MONDAY, TUESDAY), at=read_instant(f"{DAY}T16:00"))
    assert (late.school_days, late.to_come, late.tasks) == (2, 1, 0)


def test_who_is_back_is_back_for_later_days_too_and_that_is_told(said: Staffing) -> None:
    """Somebody back on Monday is not out from Tuesday on either; what was taken back before is not named."""
    for first in (MONDAY, TUESDAY):
        said.out("tutor", "ao", (first, first))
    said.out("ao", "ao", (TUESDAY, TUESDAY))
    assert said.back("tutor", "ao", MONDAY).undone == (TUESDAY,)
    said.out("tutor", "ao", (MONDAY, MONDAY))
    assert said.back("tutor", "ao", MONDAY).undone == ()


def test_who_is_there_today(story: Story, said: Staffing) -> None:
    """Those who are out come first, with their last day; whose work somebody has is beside their own."""
    before = {each.staff.staff_id: each for each in said.present(story.now)["Sample School"]}
    assert (before["tutor"].minutes, before["tutor"].covering) == (4, ())
    said.out("tutor", "ao", (MONDAY, TUESDAY))
    story.run(f"{DAY}T08:15")
    people = said.present(story.now)["Sample School"]
    assert len(people) == len(STAFF)
    first, second = people[:2]
    assert (first.staff.name, first.out, first.tasks, first.covering) == ("Tom Tutor", TUESDAY, 0, ())
    assert (second.staff.name, second.out, second.deputy) == ("Asha Officer", None, "")
    assert (second.tasks, second.minutes, second.covering) == (1, 4, ("Tom Tutor",))
    gone = said.present(read_instant(f"{DAY}T09:20"))["Sample School"]
    assert [each.minutes for each in gone] == [0] * len(STAFF), "its hour is over"
    assert CALL in {task.rule for task in story.tasks()}
