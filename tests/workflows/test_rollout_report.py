"""A staged trial: which years stand on which side, over which days, and what can be told."""

from __future__ import annotations

from datetime import date

import pytest

from engine.instants import read_instant
from tests.workflows.story import Story, changed, pupil, shipped
from workflows.library import Library
from workflows.rollout_report import RolloutReport, rollout_reports
from workflows.subjects import NotKnown

RULE = "falling-attendance"
AT = "2025-11-14T16:00"
UPNS = tuple(f"P{number}" for number in range(1, 9))
YEARS = {"P1": "9", "P2": "9", "P3": "8", "P4": "8", "P5": "10", "P6": "7"}
WAVES = (
    "[{cohort: {years: [9]}, from: 2025-11-10}, {cohort: {years: [8]}, from: 2025-11-13}, {from: 2025-12-01}]"
)


def library(waves: str = WAVES, more: str = "") -> Library:
    """All that is shipped; one rule comes in waves."""
    title = "    title: Attendance is falling\n"
    return changed(shipped(), "changes.yaml", title, f"{title}    rollout: {waves}\n{more}")


def lived(story: Story) -> Story:
    """Eight pupils through a week; of year 9 P7 has left, P8 is flagged. P1 and P5 are ill a day."""
    left = pupil("P7", year_group="9", left_on=date(2025, 11, 7))
    here = [pupil(upn, year_group=year) for upn, year in YEARS.items()]
    story.opens(*here, left, pupil("P8", year_group="9", flags=("away",)), before={"P3": "II", "P5": "II II"})
    for day in range(10, 15):
        ill = {"P1": "II", "P5": "I/"} if day == 11 else {}
        story.register(f"2025-11-{day}T15:30", f"2025-11-{day}", **ill)
    return story


def report(story: Story, *dates: str, rules: Library | None = None) -> RolloutReport:
    """The one school's."""
    first, last = (date.fromisoformat(each) if each else None for each in (*dates, "", "")[:2])
    (found,) = rollout_reports(
        story.store, rules or library(), RULE, read_instant(AT), read_instant(AT), (first, last)
    )
    return found


def test_without_dates_it_is_the_first_wave_alone(story: Story) -> None:
    """Monday to Wednesday: year 9 beside all others, and as many days before; not who left or is flagged."""
    found = report(lived(story), rules=library(more="    applies_to: {unless_flagged: [away]}\n"))
    assert (found.first, found.last, found.days) == (date(2025, 11, 10), date(2025, 11, 12), 3)
    assert (found.reached, found.waiting, found.between) == (("9",), ("10", "7", "8"), 0)
    assert (found.compared.reached.pupils, found.compared.reached.now) == (2, (2, 12))
    assert (found.compared.waiting.pupils, found.compared.waiting.now) == (4, (1, 24))
    assert found.before == date(2025, 11, 5)
    assert found.compared.level is None, "two pupils say nothing"


def test_with_dates_those_whose_wave_came_within_them_are_left_out(story: Story) -> None:
    """The whole week: year 8 came on Thursday, on neither side; from Thursday on it stands with year 9."""
    week = report(lived(story), "2025-11-10", "2025-11-14")
    assert (week.reached, week.waiting, week.between) == (("9",), ("10", "7"), 2)
    late = report(story, "2025-11-13")
    assert (late.first, late.last, late.days) == (date(2025, 11, 13), date(2025, 11, 14), 2)
    assert late.reached == ("8", "9")


def test_days_before_are_of_the_same_school_year_or_none(story: Story) -> None:
    """The register begins on 6 October: twenty days before are there, one more is not."""
    lived(story)
    whole = library("[{cohort: {years: [9]}, from: 2025-10-20}]")
    assert report(story, "2025-10-20", "2025-10-31", rules=whole).before == date(2025, 10, 13)
    found = report(story, "2025-10-20", rules=whole)
    assert (found.days, found.before, found.compared.reached.before) == (15, None, (0, 0))


def test_what_cannot_be_compared_is_said(story: Story) -> None:
    """No such rule, no rollout, no day, each with what there is; a holiday is a comparison of nothing."""
    lived(story)
    with pytest.raises(
        NotKnown, match="no rule 'severe-absence' has a rollout; rules that have: falling-attendance"
    ):
        rollout_reports(story.store, library(), "severe-absence", story.now, story.now)
    with pytest.raises(NotKnown, match="rules that have: none"):
        rollout_reports(story.store, shipped(), RULE, story.now, story.now)
    with pytest.raises(NotKnown, match="from 2025-12-01 to 2025-11-14 there is no day"):
        report(story, rules=library("[{from: 2025-12-01}]"))
    empty = report(story, "2025-10-25", "2025-11-01", rules=library("[{from: 2025-10-20}]"))
    assert (empty.days, empty.before, empty.compared.reached.pupils) == (0, None, 0)
