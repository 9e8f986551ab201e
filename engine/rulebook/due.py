"""When something is due, in school time."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from engine.calendar import Calendar
from engine.instants import local, local_instant

_AFTER_CLOSE = re.compile(r"(\d+) minutes after close")
_SCHOOL_DAYS = re.compile(r"(\d+) school days?")
_THAT_DAY = "end of that school day"
_SAME_DAY = "same day"
FORMS = ("15 minutes after close", _THAT_DAY, _SAME_DAY, "5 school days")


@dataclass(frozen=True, slots=True)
class Due:
    """A due rule by its words.

    `N minutes after close`: of the register that the ground is about. `end of that school day`: the day
    the ground is about. `same day`: the day of as-of, or the next school day. `N school days`: the end
    of the Nth school day after as-of.
    """

    words: str
    unit: str
    count: int = 0

    @classmethod
    def parse(cls, words: str) -> Due:
        """The due rule that some words name; a ValueError lists the forms allowed.

        >>> Due.parse("5 school days").count
        5
        """
        for pattern, unit in ((_AFTER_CLOSE, "minutes"), (_SCHOOL_DAYS, "days")):
            found = pattern.fullmatch(words)
            if found:
                return cls(words, unit, int(found[1]))
        if words in {_THAT_DAY, _SAME_DAY}:
            return cls(words, words)
        raise ValueError(f"{words!r} is not a due time; write one like: {', '.join(FORMS)}")

    def at(self, calendar: Calendar, as_of: datetime, session: int | None, ends: time) -> datetime:
        """The instant (UTC) at which it is due.

        `session` is the session the ground is about (None: as-of's day stands in), `ends` the end of
        the school day, local time.
        """
        today = local(as_of).date()
        ground = date.fromordinal(int(calendar.day[session])) if session is not None else today
        if self.unit == "minutes" and session is not None:
            return calendar.register_closes(session) + timedelta(minutes=self.count)
        if self.unit == _THAT_DAY:
            return local_instant(ground, ends)
        count = self.count if self.unit == "days" else 0
        return local_instant(calendar.day_after(today, count), ends)
