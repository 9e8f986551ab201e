"""The numbers that the shipped rules ask for, one pupil or class at a time, from marks as text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache
from itertools import groupby, product

from tests.term.clauses import Number, Size
from tests.term.code_table import absent, possible
from tests.term.known import Moment, Session, Slot
from tests.term.law import covered, school_age, standing_notices

WHOLE = "whole register"
SHARED = 1000  # answers kept for the rules that ask the same of a pupil again
ABSENT_DAY, PASSED, ENDS = "absent", "passed over", "ends the run"


def counted(slots: Sequence[Slot], window: Sequence[Session], found: Sequence[Slot]) -> Number:
    """A plain count: every blank could be one more."""
    blanks = sum(slot.code == "" for slot in slots)
    return Number(len(found), extremes(len(found), len(found) + blanks), blanks, window, found)


def extremes(*values: int) -> frozenset[Size | None]:
    """Whole numbers that a count could be."""
    return frozenset(values)


@lru_cache(SHARED)
def possible_sessions(at: Moment, upn: str, over: str) -> Number:
    """How many sessions the pupil could have attended."""
    slots = at.line(upn, over)
    return counted(slots, at.window(over), [s for s in slots if s.code and possible(s.code, s.day)])


@lru_cache(SHARED)
def coded_sessions(at: Moment, upn: str, over: str, codes: Sequence[str]) -> Number:
    """How many sessions carry one of some codes."""
    slots = at.line(upn, over)
    return counted(slots, at.window(over), [slot for slot in slots if slot.code in codes])


@lru_cache(SHARED)
def absence_rate(at: Moment, upn: str, over: str) -> Number:
    """Absent of possible sessions."""
    away, could, blanks = _absence(at.line(upn, over))
    rates = _rates(len(away), could, blanks)
    return Number(len(away), rates, blanks, at.window(over), away, could)


@lru_cache(SHARED)
def absence_change(at: Moment, upn: str, over: str, before: str) -> Number:
    """The rate of a window less that of the one before it, as one fraction."""
    away, could, blanks = _absence(at.line(upn, over))
    away_then, could_then, blanks_then = _absence(at.line(upn, before))
    now, then = _rates(len(away), could, blanks), _rates(len(away_then), could_then, blanks_then)
    changes = frozenset(None if a is None or b is None else a - b for a, b in product(now, then))
    return Number(
        len(away) * could_then - len(away_then) * could,
        changes,
        blanks + blanks_then,
        at.window(over),
        away,
        could * could_then,
    )


def _absence(slots: Sequence[Slot]) -> tuple[list[Slot], int, int]:
    """The absences, how many sessions were possible, and how many blanks there are."""
    away = [slot for slot in slots if slot.code and absent(slot.code, slot.day)]
    could = sum(bool(slot.code) and possible(slot.code or "", slot.day) for slot in slots)
    return away, could, sum(slot.code == "" for slot in slots)


def _rates(away: int, could: int, blanks: int) -> frozenset[Size | None]:
    """The lowest and highest rate; None where every session may turn out not to have been possible."""
    rates: set[Size | None] = set()
    if could + blanks:
        rates = {Fraction(away, could + blanks), Fraction(away + blanks, could + blanks)}
    return frozenset(rates | ({None} if not could else set()))


def age_of_oldest(at: Moment, upn: str, codes: Sequence[str]) -> Number:
    """School days since the oldest mark of some codes; an older blank could be one."""
    slots, days = at.line(upn, WHOLE), at.school_days()
    ages = {day: len(days) - place - 1 for place, day in enumerate(days)}
    found = [slot for slot in slots if slot.code in codes]
    age = max((ages[slot.day] for slot in found), default=0)
    older = [ages[slot.day] for slot in slots if slot.code == "" and ages[slot.day] > age]
    return Number(age, extremes(age, *older), len(older), at.window(WHOLE), found)


@lru_cache(SHARED)
def consecutive_absent_days(at: Moment, upn: str, codes: Sequence[str]) -> Number:
    """The day of absence that today is: an absent morning decides until the afternoon has closed."""
    return _run(_days_back(at.line(upn, WHOLE)), at.window(WHOLE), codes)


def finished_absent_days(at: Moment, upn: str, codes: Sequence[str]) -> Number:
    """Days of absence in a row, all of whose sessions have closed."""
    return _run(_days_back(at.line(upn, "whole days")), at.window("whole days"), codes)


def days_towards_return(at: Moment, upn: str, codes: Sequence[str]) -> Number:
    """The same, of sessions within compulsory school age; without a date of birth perhaps none of it."""
    days = (
        day if _of_age(at, upn, day) else [slot._replace(code=None) for slot in day]
        for day in _days_back(at.line(upn, "whole days"))
    )
    return _perhaps_of_age(at, upn, _run(days, at.window("whole days"), codes))


def sessions_towards_return(at: Moment, upn: str, over: str, codes: Sequence[str]) -> Number:
    """Sessions of some codes within compulsory school age."""
    slots = _of_age(at, upn, at.line(upn, over))
    return _perhaps_of_age(at, upn, counted(slots, at.window(over), [s for s in slots if s.code in codes]))


@lru_cache(SHARED)
def sessions_towards_notice(at: Moment, upn: str, over: str, codes: Sequence[str]) -> Number:
    """The same, less the sessions that a notice covers."""
    notices = standing_notices(at.known.history, upn, at.today)
    slots = [slot for slot in _of_age(at, upn, at.line(upn, over)) if not covered(notices, slot.day)]
    return _perhaps_of_age(at, upn, counted(slots, at.window(over), [s for s in slots if s.code in codes]))


def mark_awaited(at: Moment, upn: str) -> Number:
    """Whether today's morning register is still open and says nothing of this pupil yet."""
    open_now = [
        session
        for session in at.known.sessions
        if session.day == at.today and session.half == "AM" and at.as_of < session.closes
    ]
    found = [slot for slot in (at.slot(upn, session) for session in open_now) if slot.code == ""]
    return Number(len(found), extremes(len(found)), 0, open_now, found)


def missing_marks(at: Moment, members: Sequence[str], over: str) -> Number:
    """Marks not taken in a class; its sessions are named once each, without a code."""
    blanks = [slot for upn in members for slot in at.line(upn, over) if slot.code == ""]
    return Number(len(blanks), extremes(len(blanks)), 0, at.window(over), sorted(set(blanks)))


def _of_age(at: Moment, upn: str, slots: Iterable[Slot]) -> list[Slot]:
    """Those within compulsory school age; without a date of birth all of them."""
    born = at.known.latest(upn).get("date_of_birth")
    first, last = school_age(born) if born else ("", "9")
    return [slot for slot in slots if first <= slot.day <= last]


def _perhaps_of_age(at: Moment, upn: str, found: Number) -> Number:
    if at.known.latest(upn).get("date_of_birth"):
        return found
    return replace(found, could_be=found.could_be | extremes(0))


def _days_back(slots: Sequence[Slot]) -> Iterator[list[Slot]]:
    """The slots of each day, the latest day first."""
    for _, day in groupby(reversed(slots), key=lambda slot: slot.day):
        yield list(day)[::-1]


def _run(back: Iterable[list[Slot]], window: Sequence[Session], codes: Sequence[str]) -> Number:
    """The run of absent days that stands at the end, with every length it could have."""
    lengths: set[int] = set()
    going = {0}
    days: list[list[Slot]] = []  # looked at so far: no run goes back further
    for day in back:
        days.append(day)
        could = _day(day, codes)
        lengths |= going if ENDS in could else set()
        going = {n + 1 for n in going if ABSENT_DAY in could} | {n for n in going if PASSED in could}
        if not going:
            break
    lengths |= going
    certain, longest = _back(days, codes, "/"), _back(days, codes, codes[0])
    found = [slot for day in certain for slot in day if slot.code in codes]
    blanks = sum(slot.code == "" for day in longest for slot in day) if len(lengths) > 1 else 0
    return Number(min(lengths), extremes(*lengths), blanks, window, sorted(found))


def _day(day: Sequence[Slot], codes: Sequence[str]) -> set[str]:
    """What a day can be in a run: its blanks taken as absent, as present and as not possible."""
    blanks = [place for place, slot in enumerate(day) if slot.code == ""]
    could = set()
    for fill in product((codes[0], "/", "D"), repeat=len(blanks)):
        filled = list(day)
        for place, code in zip(blanks, fill, strict=True):
            filled[place] = filled[place]._replace(code=code)
        counts = [slot.code in codes for slot in filled if slot.code and possible(slot.code, slot.day)]
        could.add(PASSED if not counts else ABSENT_DAY if all(counts) else ENDS)
    return could


def _back(days: Sequence[Sequence[Slot]], codes: Sequence[str], blank: str) -> list[Sequence[Slot]]:
    """The days of the run, latest first, if every blank is this code; those passed over among them."""
    run = []
    for day in days:
        filled = [slot._replace(code=blank) if slot.code == "" else slot for slot in day]
        if _day(filled, codes) == {ENDS}:
            break
        run.append(day)
    return run
