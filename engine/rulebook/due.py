"""When something is due, in school time."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from engine.calendar import Calendar
from engine.instants import local, local_instant
from engine.measures.measure import Dated

_AFTER_CLOSE = re.compile(r"([0-9]{1,3}) minutes after close")
_LATER = re.compile(r"([0-9]{1,3}) minutes later")
_SCHOOL_DAYS = re.compile(r"([0-9]{1,3}) school days?")
_THAT_DAY = "end of that school day"
_SAME_DAY = "same day"
FORMS = ("15 minutes after close", "20 minutes later", _THAT_DAY, _SAME_DAY, "5 school days")
_MINUTES = "minutes"
_PLAIN_MINUTES = "minutes later"
_SCALE = 100


@dataclass(frozen=True, slots=True)
class Due:
    """A due rule by its words.

    `N minutes after close`, or a threshold in such minutes: of the register that the ground is about.
    `N minutes later`: than the task is made. `end of that school day`: the day the ground is about.
    `same day`: the day of as-of, or the next school day. `N school days`: the end of the Nth school day
    after as-of.
    """

    words: str
    unit: str
    count: int = 0
    threshold: Dated | None = None

    @classmethod
    def parse(cls, words: str, minutes: Mapping[str, Dated] | None = None) -> Due:
        """The due rule that some words name; a ValueError lists the forms allowed.

        `minutes` are the thresholds in minutes after close, by name.

        >>> Due.parse("5 school days").count
        5
        """
        if minutes and words in minutes:
            return cls(words, _MINUTES, threshold=minutes[words])
        for pattern, unit in (
            (_AFTER_CLOSE, _MINUTES),
            (_LATER, _PLAIN_MINUTES),
            (_SCHOOL_DAYS, "days"),
        ):
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
        if self.unit == _MINUTES and session is not None:
            return calendar.register_closes(session) + timedelta(minutes=self._minutes(ground))
        if self.unit == _PLAIN_MINUTES:
            return as_of + timedelta(minutes=self.count)
        if self.unit == _THAT_DAY:
            return local_instant(ground, ends)
        count = self.count if self.unit == "days" else 0
        return local_instant(calendar.day_after(today, count), ends)

    @property
    def of_the_ground(self) -> bool:
        """Whether it depends on the session that the ground is about: else it is the same for everybody.

        >>> Due.parse("15 minutes after close").of_the_ground, Due.parse("same day").of_the_ground
        (True, False)
        """
        return self.unit in {_MINUTES, _THAT_DAY}

    @property
    def at_the_minute(self) -> bool:
        """Whether it is a moment of the register's own, not the end of a school day."""
        return self.unit == _MINUTES

    def _minutes(self, day: date) -> int:
        return self.count if self.threshold is None else (self.threshold.on(day) or 0) // _SCALE
