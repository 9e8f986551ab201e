"""A stretch of school time: so many school days, or so many school weeks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

import numpy as np

from engine.calendar import Calendar

_WORDS = re.compile(r"([1-9][0-9]?) school (day|week)s?")
FORMS = ("10 school days", "3 school weeks")
_WEEK = 7


@dataclass(frozen=True, slots=True)
class Span:
    """So many school days or weeks; `words` as written."""

    words: str
    count: int
    weeks: bool

    @classmethod
    def parse(cls, words: str) -> Span:
        """The span that some words name; a ValueError lists the forms allowed.

        >>> Span.parse("3 school weeks")
        Span(words='3 school weeks', count=3, weeks=True)
        """
        found = _WORDS.fullmatch(words)
        if not found:
            raise ValueError(f"{words!r} is no stretch of school time; write one like: {', '.join(FORMS)}")
        return cls(words, int(found[1]), found[2] == "week")

    def after(self, calendar: Calendar, on: date) -> date:
        """The school day on which the span after a date is over.

        Weeks: the same weekday, so many school weeks later, or the next school day where it has no
        school; holidays are passed over. Beyond the calendar each week counts as one.

        >>> from engine.sample import school
        >>> Span.parse("2 school days").after(school("// // //").calendar, date(2025, 9, 8))
        datetime.date(2025, 9, 10)
        """
        if not self.weeks:
            return calendar.day_after(on, self.count)
        monday = on.toordinal() - on.weekday()
        later = calendar.weeks[np.searchsorted(calendar.weeks, monday, side="right") :]
        if self.count <= later.size:
            wanted = int(later[self.count - 1])
        else:
            last = int(later[-1]) if later.size else monday
            wanted = last + _WEEK * (self.count - int(later.size))
        return calendar.day_after(date.fromordinal(wanted + on.weekday()), 0)
