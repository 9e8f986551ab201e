"""Marks as an array say what the same marks say one by one."""

from __future__ import annotations

from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from engine.records import HALVES, Mark
from workflows.marks import Marks

MARKS = st.lists(
    st.builds(
        Mark,
        upn=st.sampled_from(["A1", "Ç3"]),
        school_id=st.sampled_from(["", "S"]),
        date=st.dates(date(1900, 1, 1), date(2100, 12, 31)),
        session=st.sampled_from(HALVES),
        code=st.sampled_from(["", "/", "\\", "C1"]),
        recorded_at=st.none() | st.just(datetime(2025, 9, 15, 8, 20, 1, tzinfo=UTC)),
        minutes_late=st.none() | st.integers(0, 720),
    )
)


@given(marks=MARKS)
def test_marks_come_out_as_they_went_in(marks: list[Mark]) -> None:
    """Every field of every mark survives the array, to the second; a part of them is marks again."""
    told = Marks.of(marks)
    assert list(told) == marks
    assert list(told[1:3]) == marks[1:3]
    assert Marks.of(told) is told
