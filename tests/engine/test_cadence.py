"""What comes round comes round once, on the right day, in every kind of week."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.cadence import FORMS, Cadence, Slot
from engine.calendar import Calendar
from engine.instants import local, local_instant
from engine.records import School, SchoolDay, Term
from engine.sample import weekdays

SCHOOL = School("S", "S", "secondary", am_opens=time(8, 40), am_closes=time(9, 10))
TERMS = (
    Term("S", "2025/26", "autumn", 1, date(2025, 9, 1), date(2025, 10, 24)),
    Term("S", "2025/26", "autumn", 2, date(2025, 11, 3), date(2025, 12, 19)),
    Term("S", "2025/26", "spring", 1, date(2026, 1, 5), date(2026, 2, 13)),
    Term("S", "2025/26", "spring", 2, date(2026, 2, 23), date(2026, 3, 31)),
)
YEAR = tuple(
    day
    for term in TERMS
    for day in weekdays(term.starts, (term.ends - term.starts).days + 1)
    if term.starts <= day <= term.ends
)
BEGIN, END = datetime(2025, 8, 1, tzinfo=UTC), datetime(2026, 8, 1, tzinfo=UTC)
FIRST, LAST = BEGIN.replace(tzinfo=None), END.replace(tzinfo=None)


def calendar(*off: date, afternoons_off: tuple[date, ...] = ()) -> Calendar:
    """The year but for some days, or their afternoons."""
    days = [SchoolDay("S", day, am=True, pm=day not in afternoons_off) for day in YEAR if day not in off]
    return Calendar.build(SCHOOL, days, TERMS)


def slots(words: str, *off: date, **told: tuple[date, ...]) -> list[Slot]:
    """All slots of the year."""
    return Cadence.parse(words).slots(calendar(*off, **told), TERMS, BEGIN, END)


def test_every_form_shown_is_understood() -> None:
    """The forms in the message are themselves cadences, and each has a slot."""
    for form in FORMS:
        assert slots(form), form


def test_every_school_day_at_a_clock_time_in_winter_and_summer() -> None:
    """08:40 is 08:40 on both sides of both clock changes; an INSET day has none."""
    found = slots("every school day at 08:40", date(2025, 10, 24))
    assert len(found) == len(YEAR) - 1
    assert {local(slot.at).time() for slot in found} == {time(8, 40)}
    assert {slot.at.hour for slot in found} == {7, 8}


def test_bells() -> None:
    """Before the morning register opens, after it closes; no afternoon bell where none is held."""
    first = slots("every school day 20 minutes before am opens")[0]
    assert local(first.at) == local(local_instant(date(2025, 9, 1), time(8, 20)))
    off = date(2025, 12, 19)
    rung = {slot.anchor for slot in slots("every school day when pm closes", afternoons_off=(off,))}
    assert rung == {day.isoformat() for day in YEAR} - {off.isoformat()}


def test_a_bell_may_ring_for_the_day_before() -> None:
    """Sixteen hours before the register opens is the evening before, and is found that evening."""
    words = "every school day 960 minutes before am opens"
    found = slots(words)[0]
    assert (found.anchor, local(found.at).isoformat()) == ("2025-09-01", "2025-08-31T16:40:00+01:00")
    evening = datetime(2025, 8, 31, 16, tzinfo=UTC)
    assert Cadence.parse(words).slots(calendar(), TERMS, evening.replace(hour=12), evening) == [found]


def test_weekly_moves_with_the_week() -> None:
    """A Monday that is closed gives way to Tuesday, a lost Friday to Thursday; a closed week has none."""
    monday = {slot.anchor: local(slot.at).date() for slot in slots("every Monday at 15:45", date(2025, 9, 8))}
    assert (monday["2025-W37"], monday["2025-W38"]) == (date(2025, 9, 9), date(2025, 9, 15))
    assert "2025-W44" not in monday
    friday = {
        slot.anchor: local(slot.at).date() for slot in slots("every Friday at 15:45", date(2025, 9, 12))
    }
    assert friday["2025-W37"] == date(2025, 9, 11)


def test_fortnights_count_school_weeks_of_the_year() -> None:
    """Every other week, over a half-term too: the week of half-term does not change whose turn it is."""
    every = [slot.anchor for slot in slots("every Friday at 15:45")]
    assert [slot.anchor for slot in slots("every other Friday at 15:45")] == every[::2]


def test_terms_and_half_terms() -> None:
    """The third school day of each half-term, the last day of each term; nothing without terms."""
    third = [local(slot.at).date() for slot in slots("school day 3 of every half-term at 15:45")]
    assert third == [date(2025, 9, 3), date(2025, 11, 5), date(2026, 1, 7), date(2026, 2, 25)]
    last = [
        (slot.anchor, local(slot.at).date().isoformat())
        for slot in slots("last school day of every term at 12:00")
    ]
    assert last == [("2025/26 autumn", "2025-12-19"), ("2025/26 spring", "2026-03-31")]
    assert slots("school day 60 of every half-term at 12:00") == []
    without = Cadence.parse("school day 1 of every term at 12:00").slots(calendar(), (), BEGIN, END)
    assert without == []


def test_through_the_morning() -> None:
    """From the first to the last, both inside, each with its own name."""
    found = slots("every school day every 30 minutes from 09:30 to 10:30")[:3]
    assert [slot.anchor for slot in found] == ["2025-09-01 1", "2025-09-01 2", "2025-09-01 3"]
    assert [local(slot.at).time() for slot in found] == [time(9, 30), time(10), time(10, 30)]


def test_dates_hold_in_the_holidays_too() -> None:
    """A date named is a date meant."""
    assert [slot.anchor for slot in slots("on 2025-12-29, 2026-01-12 at 09:00")] == [
        "2025-12-29",
        "2026-01-12",
    ]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("every day at 08:40", "is no cadence; write one like: every school day at 08:40"),
        ("every school day", "is no cadence"),
        ("every Monday at 8:40", "is no cadence"),
        ("every school day at 01:30", "the clocks change"),
        ("every school day every 30 minutes from 01:00 to 09:00", "the clocks change"),
        ("every school day every 1 minutes from 09:00 to 10:00", "every 5 minutes is the most often"),
        ("on 2026-02-30 at 09:00", "'2026-02-30' is no date"),
        ("every 1 at 09:00", "is no cadence"),
    ],
)
def test_what_is_no_cadence_is_said(words: str, said: str) -> None:
    """A sentence with what would be one."""
    with pytest.raises(ValueError, match="clocks" if "clocks" in said else "is no|most often") as wrong:
        Cadence.parse(words)
    assert said in str(wrong.value)


@given(
    st.sampled_from(FORMS),
    st.sets(st.sampled_from(YEAR), max_size=20),
    st.lists(st.datetimes(FIRST, LAST), max_size=6),
)
def test_however_the_time_is_cut_each_slot_comes_once(
    words: str, off: set[date], cuts: list[datetime]
) -> None:
    """Looked for day by day or year by year, early or late: the same slots, none twice, in order."""
    cadence, held = Cadence.parse(words), calendar(*off)
    whole = cadence.slots(held, TERMS, BEGIN, END)
    edges = [BEGIN, *sorted(cut.replace(tzinfo=UTC) for cut in cuts), END]
    pieces = [cadence.slots(held, TERMS, *edge) for edge in pairwise(edges)]
    assert [slot for piece in pieces for slot in piece] == whole
    assert len({slot.anchor for slot in whole}) == len(whole)
    assert all(one.at < other.at for one, other in pairwise(whole))
    if not words.startswith("on "):
        assert {local(slot.at).date() for slot in whole} <= set(YEAR) - off
