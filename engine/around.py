"""The cases around a rule test: the same pupil a session earlier, one mark fewer, joined later, in another week.

Each has a name that a teacher reads, and is a test of its own whose expectation somebody still has to fill
in. The order is always the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any

from engine import codes
from engine.explain import counted_sessions
from engine.instants import local, local_instant, read_instant
from engine.rulebook.model import Rule, clauses
from engine.rulebook.shapes import TestShape
from engine.scenes import Marks, Scene, marks_of

_AFTERNOON = time(16)
_NOON = time(12)
_A_WEEKEND = 4
_FRIDAY = 4
_FURTHEST = 100
"""How many sessions ago a pupil may have joined, at most."""
_MOST_WEEKS = 11
_OTHERS = ("I", "O", "N", "M", "D", "C2", "U", "L", "B")
_HERE = frozenset("/\\")
_TIMES = ("", "one session", "two sessions", "three sessions")


@dataclass(frozen=True, slots=True)
class Case:
    """One case around another: what is different about it, and the test that tells it."""

    name: str
    shape: TestShape


def around(scene: Scene, rule: Rule) -> Iterator[Case]:
    """Every case around a scene in which a rule is asked something."""
    own = _Around(scene, rule)
    yield from own.in_time()
    yield from own.of_marks()
    yield from own.of_codes()
    yield from own.of_the_pupil()
    yield from own.in_the_year()


class _Around:
    """The scene at hand, its marks other than present, and the sessions that the rule counts."""

    def __init__(self, scene: Scene, rule: Rule) -> None:
        self.shape, self.rule = scene.shape, rule
        judge = scene.judged.judge
        self.calendar = judge.snapshot.calendar
        self.sessions = [(date.fromisoformat(day), int(half == "PM")) for day, half in self.calendar.names]
        self.closed = int(self.calendar.closed(judge.instants)[0])
        self.at = local(read_instant(self.shape.as_of))
        self.marks: Marks = {session: code for session, code in marks_of(self.shape).items() if code not in _HERE}
        counted = counted_sessions(scene.judged.judgements[rule.id], 0) if rule.subject == "pupil" else ()
        self.counted = sorted({self.sessions[number] for number in counted} & set(self.marks)) or sorted(self.marks)

    def in_time(self) -> Iterator[Case]:
        """Another moment: before and after a register closes, the next day, weeks later."""
        if self.closed:
            closes = local(self.calendar.register_closes(self.closed - 1))
            yield self._at("a minute before the register closes", closes - timedelta(minutes=1))
            yield self._at("the minute the register closes", closes)
        if self.closed < len(self.sessions):
            closes = local(self.calendar.register_closes(self.closed))
            yield self._at("the session after", closes)
        later = [day for day in self.calendar.dates if day > self.at.date()]
        for number, name in ((0, "the school day after"), (1, "two school days after")):
            if number < len(later):
                yield self._at(name, datetime.combine(later[number], _AFTERNOON))
        for weeks in range(1, _MOST_WEEKS + 1):
            if day := self._weeks_later(weeks):
                yield self._at(f"{_many(weeks)} later", datetime.combine(day, self.at.time()))

    def of_marks(self) -> Iterator[Case]:
        """One mark more or fewer, a mark not taken, a mark put right."""
        if not self.counted:
            return
        for count in range(1, min(len(self.counted), len(_TIMES) - 1) + 1):
            gone = dict.fromkeys(self.counted[-count:], "/")
            yield self._marked(f"{_TIMES[count]} fewer", self.marks | gone)
        for session in [*self.counted[:1], *self.counted[-1:]]:
            first = "first" if session == self.counted[0] else "last"
            yield self._marked(f"the {first} of the marks was not taken", self.marks | {session: ""})
        day, half = self.counted[-1]
        line = self._token(day, {half: "/"})
        yield self._with("a mark corrected to present", corrected={day: line})
        yield from self._more()
        yield from self._further_back()

    def of_codes(self) -> Iterator[Case]:
        """The same marks with another code, and one of them alone with another."""
        own = sorted({code for clause in clauses(self.rule.when) for code in clause.asked.codes})
        if self.rule.message:
            own += sorted(self.rule.message.unless_last_mark - set(own))
        known = [code for code in dict.fromkeys((*own, *_OTHERS)) if code not in _HERE]
        for code in known if self.counted else ():
            if codes.known(code):
                yield self._marked(f"each of them coded {code}", self.marks | dict.fromkeys(self.counted, code))
                yield self._marked(f"the last of them coded {code}", self.marks | {self.counted[-1]: code})
                day, _ = self.counted[-1]
                yield self._marked(f"the morning as it is, the afternoon coded {code}", self.marks | {(day, 1): code})
        for code in own[:1]:
            mixed = {session: own[number % len(own)] for number, session in enumerate(self.counted)}
            yield self._marked(f"codes of all the kinds it counts, {code} first", self.marks | mixed)

    def of_the_pupil(self) -> Iterator[Case]:
        """Joined late, registered elsewhere for a while, gone, under age."""
        weeks = [day for day in reversed(self._mondays()) if day <= self.at.date()]
        for number, monday in enumerate(weeks[: _MOST_WEEKS + 1]):
            name = {0: "joined this week", 1: "joined last week"}.get(number, f"joined {_many(number)} ago")
            yield self._pupil(name, admitted_on=monday)
        for back, session in enumerate(reversed(self.sessions[: self.closed]), start=1):
            if back <= _FURTHEST and session[1] == 0:
                yield self._pupil(f"joined {back} sessions ago", admitted_on=session[0])
        yield self._pupil("left the day before", left_on=self.at.date() - timedelta(days=1))
        yield self._pupil("not yet of compulsory school age", date_of_birth=date(self.at.year - 4, 3, 1))

    def in_the_year(self) -> Iterator[Case]:
        """The same at the end of a term, after the holiday, after the clocks change."""
        days = list(self.calendar.dates)
        if self.at.date() not in days:
            return
        for name, day in landmarks(days, self.at.date()):
            yield self._moved(name, days, days.index(day) - days.index(self.at.date()))

    def _more(self) -> Iterator[Case]:
        free = [s for s in self.sessions[: self.closed] if s not in self.marks]
        before = [session for session in reversed(free) if session < self.counted[0]]
        after = [session for session in free if session > self.counted[0]]
        code = self.marks[self.counted[-1]]
        for count in range(1, len(_TIMES)):
            for more, where in ((before, "before"), (after, "after")):
                if count <= len(more):
                    added = dict.fromkeys(more[:count], code)
                    yield self._marked(f"{_TIMES[count]} more, {where}", self.marks | added)

    def _further_back(self) -> Iterator[Case]:
        """The first of the marks, so many school weeks and days earlier than it was."""
        for moved, what in (([self.counted[0]], "the first of the marks"), (self.counted, "the marks")):
            for days in range(1, 60):
                place = [self.sessions.index(session) - 2 * days for session in moved if session in self.sessions]
                if len(place) < len(moved) or min(place) < 0:
                    break
                rest = {session: code for session, code in self.marks.items() if session not in moved}
                there = {self.sessions[p]: self.marks[s] for p, s in zip(place, moved, strict=True)}
                if not set(rest) & set(there):
                    many = f"{days} school day{'s' if days > 1 else ''}"
                    yield self._marked(f"{what} {many} earlier", rest | there)

    def _moved(self, name: str, days: Sequence[date], by: int) -> Case:
        """Everything by so many school days, later or earlier."""
        place = {day: number for number, day in enumerate(days)}

        def there(day: date) -> date:
            return days[min(max(place[day] + by, 0), len(days) - 1)] if day in place else day

        marks = {(there(day), half): code for (day, half), code in self.marks.items()}
        at = datetime.combine(there(self.at.date()), self.at.time())
        return Case(name, self._changed(self._written(marks), as_of=at.isoformat(timespec="minutes")))

    def _weeks_later(self, weeks: int) -> date | None:
        later = [day for day in self._mondays() if day > self.at.date()]
        if weeks > len(later):
            return None
        wanted = later[weeks - 1] + timedelta(days=self.at.weekday())
        return wanted if wanted in self.calendar.dates else None

    def _mondays(self) -> list[date]:
        return [date.fromordinal(week) for week in self.calendar.weeks.tolist()]

    def _token(self, day: date, other: Mapping[int, str]) -> str:
        return token([other.get(half, self.marks.get((day, half), "/")) for half in (0, 1)])

    def _at(self, name: str, at: datetime) -> Case:
        return self._with(name, as_of=at.strftime("%Y-%m-%dT%H:%M"))

    def _pupil(self, name: str, **said: object) -> Case:
        return self._with(name, pupil=self.shape.pupil.model_copy(update=said))

    def _marked(self, name: str, marks: Marks) -> Case:
        return Case(name, self._changed(self._written(marks)))

    def _with(self, name: str, **said: object) -> Case:
        return Case(name, self._changed(said))

    def _written(self, marks: Marks) -> dict[str, Any]:
        return {"marks": lines_of(marks), "corrected": {}}

    def _changed(self, said: Mapping[str, Any], **more: object) -> TestShape:
        return self.shape.model_copy(update={**said, **more})


def landmarks(days: Sequence[date], on: date) -> Iterator[tuple[str, date]]:
    """The next days from a date on that are like no other: a term's last and first, the clocks changed.

    >>> days = [date(2025, 10, 23), date(2025, 10, 24), date(2025, 11, 3)]
    >>> [(name, day.isoformat()) for name, day in landmarks(days, days[0])]
    [('last day of term', '2025-10-24'), ('first day after the clocks change', '2025-11-03')]
    """
    found: dict[str, date] = {}
    for before, day in pairwise(day for day in days if day >= on):
        if (day - before).days > _A_WEEKEND:
            found.setdefault("last day of term", before)
        if _offset(day) != _offset(before):
            found.setdefault("first day after the clocks change", day)
        elif (day - before).days > _A_WEEKEND:
            found.setdefault("first day of term", day)
    yield from found.items()


def _offset(day: date) -> timedelta | None:
    return local(local_instant(day, _NOON)).utcoffset()


def lines_of(marks: Marks) -> dict[date, str]:
    """Marks in compact notation: a line for each stretch of weekdays with a mark other than present.

    >>> lines_of({(date(2025, 9, 12), 0): "I", (date(2025, 9, 15), 1): "C2"})
    {datetime.date(2025, 9, 12): 'I/ /,C2'}
    """
    told = {session: code for session, code in marks.items() if code not in _HERE}
    lines: dict[date, list[str]] = {}
    first = last = date.min
    for day in sorted({day for day, _ in told}):
        if (day - last).days > (3 if last.weekday() == _FRIDAY else 1) or last == date.min:
            first = day
            lines[first] = []
        lines[first].append(token([told.get((day, half), "/") for half in (0, 1)]))
        last = day
    return {day: " ".join(line) for day, line in lines.items()}


def token(pair: Sequence[str]) -> str:
    """A morning and an afternoon in compact notation.

    >>> token(["I", "/"]), token(["", "C2"])
    ('I/', '-,C2')
    """
    said = [code or "-" for code in pair]
    return "".join(said) if all(len(code) == 1 for code in said) else ",".join(said)


def _many(weeks: int) -> str:
    return "a school week" if weeks == 1 else f"{weeks} school weeks"
