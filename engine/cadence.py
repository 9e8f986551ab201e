"""When recurring work comes round, in a school's own time: daily to termly, never in a closure.

A cadence is a day rule and a time rule, in words that a head of year can read aloud. Its slots are found
in the school's calendar: nothing here knows what is done in them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby

from engine.calendar import Calendar
from engine.instants import local, local_instant
from engine.records import HALVES, School, Term

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
FORMS = (
    "every school day at 08:40",
    "every school day 5 minutes after am closes",
    "every school day every 30 minutes from 09:30 to 12:00",
    "every Monday at 15:45",
    "every other Friday at 15:45",
    "school day 3 of every half-term at 15:45",
    "last school day of every term at 12:00",
    "on 2026-01-12, 2026-06-01 at 09:00",
)
_CLOCK = r"([01][0-9]|2[0-3]):([0-5][0-9])"
_TIME = re.compile(
    rf"(?P<at>at {_CLOCK})"
    r"|(?P<minutes>[0-9]{1,3}) minutes? (?P<side>before|after) (?P<bell>(?:am|pm) (?:opens|closes))"
    r"|when (?P<then>(?:am|pm) (?:opens|closes))"
    rf"|every (?P<step>[0-9]{{1,3}}) minutes from (?P<first>{_CLOCK}) to (?P<last>{_CLOCK})"
)
_DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_DAYS = re.compile(
    r"(?P<daily>every school day)"
    rf"|every (?P<other>other )?(?P<weekday>{'|'.join(WEEKDAYS)})"
    r"|(?:school day (?P<nth>[1-9][0-9]?)|(?P<end>last school day)) of every (?P<span>half-term|term)"
    rf"|on (?P<dates>{_DATE}(?:, {_DATE})*)"
)
_DOUBTFUL = (time(1), time(2))  # the hour that the clocks skip in March and repeat in October
_SHORTEST = 5
_WEEK = 7


@dataclass(frozen=True, slots=True)
class Slot:
    """One time that something comes round: `anchor` names it once and for all, `at` is its instant (UTC)."""

    anchor: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Cadence:
    """A cadence by its words; `days` and `times` are what was understood, by the names in the patterns."""

    words: str
    days: Mapping[str, str]
    times: Mapping[str, str]

    @classmethod
    def parse(cls, words: str) -> Cadence:
        """The cadence that some words name; a ValueError says what is wrong, or lists the forms allowed.

        >>> Cadence.parse("every other Friday at 15:45").days["weekday"]
        'Friday'
        """
        days = _DAYS.match(words)
        rest = words[days.end() :].strip() if days else ""
        times = _TIME.fullmatch(rest)
        if days is None or times is None:
            raise ValueError(f"{words!r} is no cadence; write one like: {'; '.join(FORMS)}")
        for name in ("at", "first", "last"):
            if times[name] and _DOUBTFUL[0] <= _clock(times[name]) < _DOUBTFUL[1]:
                raise ValueError(
                    f"{words!r}: between 01:00 and 02:00 the clocks change: that hour comes twice in October "
                    "and not at all in March; write another time"
                )
        if times["step"] and int(times["step"]) < _SHORTEST:
            raise ValueError(f"{words!r}: every {_SHORTEST} minutes is the most often")
        if times["step"] and _clock(times["last"]) < _clock(times["first"]):
            raise ValueError(f"{words!r}: it would never come, for it ends before it begins")
        if days["dates"]:
            for written in days["dates"].split(", "):
                _date(written)
        return cls(
            words, *({name: said or "" for name, said in part.groupdict().items()} for part in (days, times))
        )

    def slots(
        self, calendar: Calendar, terms: Sequence[Term], since: datetime, until: datetime
    ) -> list[Slot]:
        """The slots of a school after one instant and up to another, in order.

        Dates named one by one hold whatever the calendar says; all others are school days of it. Without
        `terms` nothing comes round by term or half-term.

        >>> from engine.sample import school
        >>> from engine.instants import read_instant as at
        >>> snapshot = school("// //")
        >>> daily = Cadence.parse("every school day 5 minutes after am closes")
        >>> first, last = at("2025-09-08T00:00"), at("2025-09-09T09:20")
        >>> [slot.anchor for slot in daily.slots(snapshot.calendar, (), first, last)]
        ['2025-09-08', '2025-09-09']
        """
        # A bell's minutes before or after may reach into the day beside it.
        first = local(since).date() - timedelta(days=1)
        last = min(local(until).date(), date.max - timedelta(days=1)) + timedelta(days=1)
        found = [
            slot
            for anchor, day in self._dated(calendar, terms, first, last)
            if first <= day <= last
            for slot in self._timed(calendar, anchor, day)
            if since < slot.at <= until
        ]
        return sorted(found, key=lambda slot: slot.at)

    def _dated(
        self, calendar: Calendar, terms: Sequence[Term], first: date, last: date
    ) -> Iterator[tuple[str, date]]:
        """Each day it comes round, with the name of that time: the day, the week, the half-term.

        Those before the first or after the last that are asked for may be left out.
        """
        if self.days["dates"]:
            for written in self.days["dates"].split(", "):
                yield written, _date(written)
            return
        if self.days["daily"]:
            near = calendar.days[
                slice(*calendar.days.searchsorted((first.toordinal(), last.toordinal() + 1)))
            ]
            yield from ((day.isoformat(), day) for day in map(date.fromordinal, near.tolist()))
            return
        held = calendar.dates
        if self.days["weekday"]:
            yield from self._weekly(calendar, held)
        else:
            yield from self._by_span(terms, held)

    def _weekly(self, calendar: Calendar, held: Sequence[date]) -> Iterator[tuple[str, date]]:
        """Of every school week (of every other one of the year, the first included) the day nearest."""
        wanted = WEEKDAYS.index(self.days["weekday"])
        weeks = [list(days) for _, days in groupby(held, key=lambda day: day.toordinal() - day.weekday())]
        for _, of_year in groupby(weeks, key=lambda days: calendar.year_of(days[0])):
            for number, days in enumerate(of_year):
                if self.days["other"] and number % 2:
                    continue
                later = [day for day in days if day.weekday() >= wanted]
                year, week, _weekday = days[0].isocalendar()
                yield f"{year}-W{week:02}", later[0] if later else days[-1]

    def _by_span(self, terms: Sequence[Term], held: Sequence[date]) -> Iterator[tuple[str, date]]:
        """The nth or the last school day of each term or half-term; a span too short for it has none."""
        half = self.days["span"] == "half-term"
        spans: dict[str, tuple[date, date]] = {}
        for term in sorted(terms, key=lambda term: term.starts):
            name = f"{term.year} {term.term}" + (f" {term.half_term}" if half else "")
            first, last = spans.get(name, (term.starts, term.ends))
            spans[name] = (min(first, term.starts), max(last, term.ends))
        for name, (first, last) in spans.items():
            days = [day for day in held if first <= day <= last]
            place = -1 if self.days["end"] else int(self.days["nth"]) - 1
            if days and place < len(days):
                yield name, days[place]

    def _timed(self, calendar: Calendar, anchor: str, day: date) -> Iterator[Slot]:
        """The instants of one day; a bell that does not ring that day rings for nobody."""
        times = self.times
        if times["step"]:
            at, last = (local_instant(day, _clock(times[name])) for name in ("first", "last"))
            number = 1
            while at <= last:
                yield Slot(f"{anchor} {number}", at)
                at, number = at + timedelta(minutes=int(times["step"])), number + 1
        elif times["at"]:
            yield Slot(anchor, local_instant(day, _clock(times["at"])))
        else:
            half, event = (times["bell"] or times["then"]).split()
            begin, end = calendar.day.searchsorted((day.toordinal(), day.toordinal() + 1))
            if HALVES.index(half.upper()) in calendar.half[begin:end]:
                minutes = int(times["minutes"] or 0) * (-1 if times["side"] == "before" else 1)
                bell = local_instant(day, _bell(calendar.school, half, event))
                yield Slot(anchor, bell + timedelta(minutes=minutes))


def _clock(words: str) -> time:
    return time.fromisoformat(words.removeprefix("at "))


def _date(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise ValueError(f"{written!r} is no date; write it as 2026-01-12") from None


def _bell(school: School, half: str, event: str) -> time:
    bells = {
        ("am", "opens"): school.am_opens,
        ("am", "closes"): school.am_closes,
        ("pm", "opens"): school.pm_opens,
        ("pm", "closes"): school.pm_closes,
    }
    return bells[half, event]
