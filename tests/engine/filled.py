"""What marks say once every blank is filled: the numbers of the oracle, from the semantics."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from itertools import pairwise
from math import comb

PRESENT = ("/", "\\", "L", "B", "K", "P", "V", "W", "J")
AUTHORISED = ("I", "M", "R", "S", "T", "E", "C", "C1", "C2", "J1", "H", "F")
UNAUTHORISED = ("G", "O", "U", "N")
OUT_OF_COUNT = ("D", "X", "Q", "Y", "Y1", "Y2", "Y3", "Y4", "Y5", "Y6", "Y7", "Z", "#")
ABSENT = (*AUTHORISED, *UNAUTHORISED)
NOT_ON_ROLL = "not on roll"


@dataclass(frozen=True)
class Session:
    """A half-day that the calendar holds."""

    day: date
    half: int
    closes: datetime


@dataclass(frozen=True)
class Ask:
    """One clause with one comparison; `needed` is the plain number, `on` a weekday (0 is Monday).

    `until` is in minutes after the close of the morning register, `kinds` and `outcomes` are of history.
    """

    measure: str
    over: str
    codes: tuple[str, ...]
    comparison: str
    needed: Fraction
    on: int = 0
    until: int = 0
    kinds: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()
    one_in: int = 2


Filled = list[tuple[Session, str]]
Value = Fraction | None


def windows(ask: Ask) -> tuple[str, str]:
    """The window of a measure, and the one it is held against or goes on in; the same where there is none."""
    if ask.measure == "projected_absence_rate":
        return ask.over, "year to date"
    return ask.over, before(ask.over) if ask.measure == "absence_change" else ask.over


def before(words: str) -> str:
    """The window of equal length just before one of school days or weeks.

    >>> before("last 4 school weeks"), before("the 2 school days before the last 3")
    ('the 4 school weeks before the last 4', 'the 2 school days before the last 5')
    """
    numbers = [int(word) for word in words.split() if word.isdigit()]
    return f"the {numbers[0]} school {'weeks' if 'weeks' in words else 'days'} before the last {sum(numbers)}"


def number_of(ask: Ask, filled: Filled, other: Filled) -> Value:
    """A number that the marks of a window say, or those of two."""
    codes = [code for _, code in filled]
    match ask.measure:
        case "absence_rate":
            return rate(filled)
        case "absence_change":
            now, then = rate(filled), rate(other)
            return None if now is None or then is None else now - then
        case "possible_sessions":
            return Fraction(possible(filled))
        case "days_missed":
            return Fraction(absent(filled), 2)
        case "late_sessions":
            return Fraction(codes.count("L") + codes.count("U"))
        case "coded_rate":
            coded = sum(code in ask.codes and code in (*PRESENT, *ABSENT) for code in codes)
            return Fraction(100 * coded, possible(filled)) if possible(filled) else None
        case "coded_sessions" | "sessions_since_event":
            return Fraction(sum(code in ask.codes for code in codes))
        case "weekday_sessions":
            return Fraction(sum(code in ask.codes and s.day.weekday() == ask.on for s, code in filled))
        case "consecutive_absent_days" | "finished_absent_days":
            return Fraction(run(filled, ask.codes))
        case "spells":
            counted = [code in ask.codes for code in codes if code not in (*OUT_OF_COUNT, NOT_ON_ROLL)]
            return Fraction(sum(here and not last for last, here in pairwise([False, *counted])))
        case _:
            raise ValueError(f"the oracle knows no measure {ask.measure}")


def absent(filled: Filled) -> int:
    """How many sessions count as absence."""
    return sum(code in ABSENT for _, code in filled)


def possible(filled: Filled) -> int:
    """How many sessions the pupil could have attended."""
    return sum(code in PRESENT or code in ABSENT for _, code in filled)


def rate(filled: Filled) -> Value:
    """Absent of possible sessions in percent; None of nothing."""
    return Fraction(100 * absent(filled), possible(filled)) if possible(filled) else None


def projected(filled: Filled, year: Filled, to_come: int) -> Value:
    """The rate at the end of the year if what is to come is like the window."""
    like_this = rate(filled)
    if like_this is None or not possible(year) + to_come:
        return None
    return (100 * absent(year) + to_come * like_this) / (possible(year) + to_come)


def run(filled: Filled, codes: tuple[str, ...]) -> int:
    """Absent days from the latest back to the first day that is neither absent nor passed over."""
    length = 0
    for day in sorted({session.day for session, _ in filled}, reverse=True):
        count = [code for s, code in filled if s.day == day and code not in (*OUT_OF_COUNT, NOT_ON_ROLL)]
        if not count:
            continue
        if not all(code in codes for code in count):
            break
        length += 1
    return length


def stand_out(filled: Filled, codes: tuple[str, ...], alarm: int) -> set[int]:
    """The weekdays whose days with one of some codes come so often by chance at most once in `alarm`."""
    said: dict[date, list[str]] = {}
    for session, code in filled:
        said.setdefault(session.day, []).append(code)
    coded = {day for day, each in said.items() if set(codes) & set(each)}
    days = coded | {day for day, each in said.items() if {*PRESENT, *ABSENT} & set(each)}
    found = set()
    for weekday in range(7):
        there = sum(day.weekday() == weekday for day in days)
        hit = sum(day.weekday() == weekday for day in coded)
        ways = [
            comb(there, j) * comb(len(days) - there, len(coded) - j)
            for j in range(hit, min(there, len(coded)) + 1)
        ]
        if Fraction(sum(ways), comb(len(days), len(coded))) * alarm <= 1:
            found.add(weekday)
    return found


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


def _birthday(born: date, age: int) -> date:
    if (born.month, born.day) == (2, 29) and (born.year + age) % 4:
        return date(born.year + age, 3, 1)
    return date(born.year + age, born.month, born.day)
