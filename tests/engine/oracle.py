"""Every measure and clause again, slowly: a pupil at a time, a session at a time, no arrays.

Written from the semantics, not from the engine: it shares only the records that come in. What is
missing is not reasoned about but tried: every blank is filled in every way that could turn out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from itertools import product
from zoneinfo import ZoneInfo

from engine.records import Event, Pupil, School, SchoolDay, Term

LONDON = ZoneInfo("Europe/London")
PRESENT = ("/", "\\", "L", "B", "K", "P", "V", "W", "J")
AUTHORISED = ("I", "M", "R", "S", "T", "E", "C", "C1", "C2", "J1", "H", "F")
UNAUTHORISED = ("G", "O", "U", "N")
OUT_OF_COUNT = ("D", "X", "Q", "Y", "Y1", "Y2", "Y3", "Y4", "Y5", "Y6", "Y7", "Z", "#")
ABSENT = (*AUTHORISED, *UNAUTHORISED)
NOT_ON_ROLL = "not on roll"
FALSE, UNKNOWN, TRUE = 0, 1, 2
NOT_APPLICABLE = 3


@dataclass(frozen=True)
class Session:
    """A half-day that the calendar holds."""

    day: date
    half: int
    closes: datetime


@dataclass(frozen=True)
class Ask:
    """One clause with one comparison; `needed` is the plain number."""

    measure: str
    over: str
    codes: tuple[str, ...]
    comparison: str
    needed: Fraction


@dataclass(frozen=True)
class All:
    """Every part must hold."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True)
class AnyOf:
    """One part must hold."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True)
class Not:
    """The part must not hold."""

    part: Condition


Condition = Ask | All | AnyOf | Not
Filled = list[tuple[Session, str]]
Rate = tuple[int, int]


@dataclass
class World:
    """One school, as rows; `marks` by UPN, date and half (0 morning, 1 afternoon)."""

    school: School
    days: tuple[SchoolDay, ...]
    terms: tuple[Term, ...]
    pupils: tuple[Pupil, ...]
    events: tuple[Event, ...]
    marks: Mapping[tuple[str, date, int], str]
    sessions: list[Session] = field(default_factory=list)

    def __post_init__(self) -> None:
        closing = (self.school.am_closes, self.school.pm_closes)
        for row in sorted(self.days, key=lambda row: row.date):
            for half, held in enumerate((row.am, row.pm)):
                if held and row.kind in {"term", "exam"}:
                    closes = datetime.combine(row.date, closing[half], tzinfo=LONDON)
                    self.sessions.append(Session(row.date, half, closes))

    def year(self, on: date) -> str:
        """The school year of a day: the terms' label, else from August to July."""
        for label in dict.fromkeys(term.year for term in self.terms):
            mine = [term for term in self.terms if term.year == label]
            if min(t.starts for t in mine) <= on <= max(t.ends for t in mine):
                return label
        first = on.year - (on < date(on.year, 8, 1))
        return f"{first}/{str(first + 1)[-2:]}"

    def window(self, words: str, as_of: datetime) -> list[Session]:
        """The closed sessions of a window."""
        today = as_of.astimezone(LONDON).date()
        closed = [session for session in self.sessions if session.closes <= as_of]
        if words == "whole register":
            return closed
        if words == "today":
            return [session for session in closed if session.day == today]
        if words == "year to date":
            return [session for session in closed if self.year(session.day) == self.year(today)]
        _, count, _, unit = words.split()
        of = _monday if unit == "weeks" else _itself
        begun = sorted({of(s.day) for s in self.sessions if of(s.day) <= today})[-int(count) :]
        return [session for session in closed if of(session.day) in begun]

    def on_roll(self, upn: str, day: date) -> bool:
        """Whether one of a pupil's spells holds the day."""
        return any(p.admitted_on <= day <= (p.left_on or date.max) for p in self.pupils if p.upn == upn)

    def code(self, upn: str, session: Session) -> str:
        """The mark of a session; empty where none was taken."""
        if not self.on_roll(upn, session.day):
            return NOT_ON_ROLL
        return self.marks.get((upn, session.day, session.half), "")

    def born(self, upn: str) -> date | None:
        """The date of birth on a pupil's latest spell."""
        spells = sorted((p for p in self.pupils if p.upn == upn), key=lambda p: p.admitted_on)
        return spells[-1].date_of_birth

    def judge(self, condition: Condition, upn: str, as_of: datetime) -> int:
        """What a condition says of a pupil: strong Kleene over its clauses, 3 where not on roll.

        Without any session there is no calendar yet, and nothing can be told.
        """
        if not self.on_roll(upn, as_of.astimezone(LONDON).date()):
            return NOT_APPLICABLE
        if not self.sessions:
            return UNKNOWN
        return self._hold(condition, upn, as_of)

    def _hold(self, condition: Condition, upn: str, as_of: datetime) -> int:
        if isinstance(condition, All):
            return min(self._hold(part, upn, as_of) for part in condition.parts)
        if isinstance(condition, AnyOf):
            return max(self._hold(part, upn, as_of) for part in condition.parts)
        if isinstance(condition, Not):
            return TRUE - self._hold(condition.part, upn, as_of)
        return _clause(condition, self._outcomes(condition, upn, as_of))

    def _outcomes(self, ask: Ask, upn: str, as_of: datetime) -> Iterator[int | Rate]:
        """The number for every way the missing facts could turn out."""
        window = self.window(ask.over, as_of)
        today = as_of.astimezone(LONDON).date()
        for filled in self._ways(upn, window, ask.codes or ("I",)):
            if ask.measure == "absence_rate":
                absent = sum(code in ABSENT for _, code in filled)
                yield absent, absent + sum(code in PRESENT for _, code in filled)
            elif ask.measure == "possible_sessions":
                yield sum(code in PRESENT or code in ABSENT for _, code in filled)
            elif ask.measure == "coded_sessions":
                yield sum(code in ask.codes for _, code in filled)
            elif ask.measure == "consecutive_absent_days":
                yield _run(filled, ask.codes)
            elif ask.measure == "age_of_oldest":
                yield self._age(filled, ask.codes, today)
            else:
                yield from self._towards_notice(filled, ask.codes, upn, today)

    def _ways(self, upn: str, window: list[Session], codes: Iterable[str]) -> Iterator[Filled]:
        known = [(session, self.code(upn, session)) for session in window]
        blanks = [place for place, (_, code) in enumerate(known) if not code]
        for choice in product((next(iter(codes)), "/", "D"), repeat=len(blanks)):
            filled = list(known)
            for place, code in zip(blanks, choice, strict=True):
                filled[place] = (filled[place][0], code)
            yield filled

    def _age(self, filled: Filled, codes: tuple[str, ...], today: date) -> int:
        for session, code in filled:
            if code in codes:
                return len({s.day for s in self.sessions if session.day < s.day <= today})
        return 0

    def _towards_notice(self, filled: Filled, codes: tuple[str, ...], upn: str, today: date) -> Iterator[int]:
        notices = [event for event in self._standing(today) if event.upn == upn]
        free = [
            session.day
            for session, code in filled
            if code in codes and not any(_covers(notice, session.day) for notice in notices)
        ]
        born = self.born(upn)
        if born is None:
            yield 0
            yield len(free)
        else:
            yield sum(starts_school(born) <= day <= leaves_school(born) for day in free)

    def _standing(self, today: date) -> list[Event]:
        """The notices issued by a day and not withdrawn by then, each withdrawal ending one of them."""
        standing = [e for e in self.events if e.kind == "penalty_notice" and e.outcome != "withdrawn"]
        for withdrawal in sorted(self.events, key=lambda event: event.on):
            if withdrawal.kind != "penalty_withdrawn" or withdrawal.on > today:
                continue
            meant = [
                notice
                for notice in standing
                if notice.upn == withdrawal.upn
                and notice.on <= withdrawal.on
                and withdrawal.contact_id in {"", notice.contact_id}
                and withdrawal.from_ in {None, notice.from_}
            ]
            if meant:
                standing.remove(max(meant, key=lambda notice: notice.on))
        return [notice for notice in standing if notice.on <= today]


def starts_school(born: date) -> date:
    """The first 31 August, 31 December or 31 March on or after the fifth birthday."""
    day = _birthday(born, 5)
    while (day.month, day.day) not in {(8, 31), (12, 31), (3, 31)}:
        day += timedelta(days=1)
    return day


def leaves_school(born: date) -> date:
    """The last Friday in June of the school year (from 1 September) of the sixteenth birthday."""
    sixteen = _birthday(born, 16)
    year = sixteen.year + 1 if sixteen >= date(sixteen.year, 9, 1) else sixteen.year
    return max(date(year, 6, day) for day in range(1, 31) if date(year, 6, day).isoweekday() == 5)


def local(day: date, hour: int, minute: int) -> datetime:
    """An instant by the clock in England."""
    return datetime.combine(day, time(hour, minute), tzinfo=LONDON)


def _birthday(born: date, age: int) -> date:
    if (born.month, born.day) == (2, 29) and (born.year + age) % 4:
        return date(born.year + age, 3, 1)
    return date(born.year + age, born.month, born.day)


def _run(filled: Filled, codes: tuple[str, ...]) -> int:
    """Absent days from the latest back to the first day that is neither absent nor passed over."""
    length = 0
    for day in sorted({session.day for session, _ in filled}, reverse=True):
        possible = [code for s, code in filled if s.day == day and code not in (*OUT_OF_COUNT, NOT_ON_ROLL)]
        if not possible:
            continue
        if not all(code in codes for code in possible):
            break
        length += 1
    return length


def _covers(notice: Event, day: date) -> bool:
    return (notice.from_ or date.min) <= day <= (notice.until or notice.on)


def _clause(ask: Ask, outcomes: Iterable[int | Rate]) -> int:
    values = {Fraction(100 * o[0], o[1]) if o[1] else None for o in map(_as_rate, outcomes)}
    if ask.measure != "absence_rate":
        values = {value and value / 100 for value in values}
    if ask.comparison == "exactly" and ask.measure != "consecutive_absent_days":
        return _between(ask.needed, values)
    held = {value is not None and _meets(value, ask.comparison, ask.needed) for value in values}
    return UNKNOWN if len(held) > 1 else TRUE if held == {True} else FALSE


def _between(needed: Fraction, values: set[Fraction | None]) -> int:
    """`exactly` for what is not a run: both extremes decide (semantics 5)."""
    numbers = [value for value in values if value is not None]
    if not numbers or not min(numbers) <= needed <= max(numbers):
        return FALSE
    return TRUE if len(values) == 1 else UNKNOWN


def _as_rate(outcome: int | Rate) -> Rate:
    return outcome if isinstance(outcome, tuple) else (outcome, 1)


def _meets(value: Fraction, comparison: str, needed: Fraction) -> bool:
    return {
        "at_least": value >= needed,
        "above": value > needed,
        "at_most": value <= needed,
        "below": value < needed,
        "exactly": value == needed,
    }[comparison]


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _itself(day: date) -> date:
    return day
