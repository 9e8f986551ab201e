"""One number of one subject in words: what the sentence of a rule may name of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from engine.codes import CODES
from engine.match import Weighed
from engine.records import Event
from engine.rulebook.model import percent_or_number
from engine.snapshot import Snapshot
from engine.wording import percent

_SHOWN_DATES = 6
_ON_SITE = "U"


@dataclass(frozen=True, slots=True)
class InWords:
    """A number as words, made as they are asked for: one property for each of `engine.wording.FIELDS`.

    >>> from engine.match import Judge
    >>> from engine.measures import MEASURES, Asked
    >>> from engine.rulebook.model import Clause, Place, Test
    >>> from engine.sample import AFTER, school
    >>> from engine.truth import Comparison
    >>> from engine.windows import Window
    >>> asked = Asked(Window.parse("whole register"), frozenset("IN"))
    >>> one = (Test(Comparison.AT_LEAST, 100),)
    >>> pupil, trace = school("// IN"), []
    >>> _ = Judge(pupil, AFTER).hold(Clause(MEASURES["coded_sessions"], asked, one, Place("f", 1, 1)), trace)
    >>> InWords(pupil, trace[0], 0, 0).dates, InWords(pupil, trace[0], 0, 0).codes
    ('Tue 9 Sep', '1 I, 1 N')
    """

    snapshot: Snapshot
    weighed: Weighed
    row: int
    at: int

    @property
    def numerator(self) -> str:
        """The number itself."""
        return str(self._numerator)

    @property
    def denominator(self) -> str:
        """What it is a part of; 0 where it is no part."""
        return str(self._denominator)

    @property
    def missing(self) -> str:
        """How many marks not taken could change it."""
        return str(self.weighed.measured.missing.item(self.row, self.at))

    @property
    def percent(self) -> str:
        """Its rate, cut to one decimal."""
        return percent(abs(self._numerator), self._denominator)

    @property
    def threshold(self) -> str:
        """What the first test of its clause compares it with."""
        return str(percent_or_number(self.weighed.needed[0][self.at]))

    @property
    def first(self) -> str:
        """The first session of its window; empty where there is none."""
        return self._session(int(self.weighed.measured.bounds.lo[self.at]))

    @property
    def last(self) -> str:
        """The last session of its window; empty where there is none."""
        return self._session(int(self.weighed.measured.bounds.hi[self.at]) - 1)

    @property
    def dates(self) -> str:
        """The sessions it counts as a short list; the latest ones where there are many."""
        if self._events:
            return ", ".join(
                _said(event.on.isoformat(), "").rstrip() for event in self._events[-_SHOWN_DATES:]
            )
        sessions = [self.snapshot.calendar.name(session) for session in self._sessions.tolist()]
        shown = sessions[-_SHOWN_DATES:]
        whole: dict[str, list[str]] = {}
        for on, half in shown:
            whole.setdefault(on, []).append(half)
        parts = [_said(on, "" if len(halves) > 1 else halves[0]).rstrip() for on, halves in whole.items()]
        more = len(sessions) - len(shown)
        return (f"{more} earlier and " if more else "") + ", ".join(parts)

    @property
    def codes(self) -> str:
        """How often which code, `18 O, 2 U (on site)`, or kind of event; of a class or school nothing."""
        if self._events:
            kinds = Counter(event.kind.replace("_", " ") for event in self._events)
            return ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items()))
        if self.weighed.clause.asked.subject != "pupil":
            return ""
        marks = self.snapshot.register.marks[self.row].take(self._sessions)
        found = Counter(map(CODES.__getitem__, marks.tolist()))
        return ", ".join(
            f"{count} {code}{' (on site)' if code == _ON_SITE else ''}"
            for code, count in sorted(found.items())
        )

    @property
    def _numerator(self) -> int:
        return self.weighed.measured.numerator.item(self.row, self.at)

    @property
    def _denominator(self) -> int:
        of = self.weighed.measured.denominator
        return 0 if of is None else of.item(self.row, self.at)

    @property
    def _events(self) -> list[Event]:
        return self.weighed.events(self.snapshot, self.row, self.at)

    @property
    def _sessions(self) -> NDArray[np.int64]:
        return self.weighed.measured.sessions(self.row, self.at)

    def _session(self, session: int) -> str:
        bounds = self.weighed.measured.bounds
        there = bounds.hi[self.at] > bounds.lo[self.at]
        return _said(*self.snapshot.calendar.name(session)) if there else ""


@lru_cache(maxsize=10_000)
def _said(on: str, half: str) -> str:
    day = date.fromisoformat(on)
    return f"{day:%a} {day.day} {day:%b} {half}"
