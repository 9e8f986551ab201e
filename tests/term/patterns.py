"""Spells, and weekdays missed beyond chance: from marks as text, in exact fractions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from functools import lru_cache
from itertools import groupby
from math import comb

from tests.term.clauses import Number, Size
from tests.term.code_table import absent, possible
from tests.term.known import Moment, Slot
from tests.term.measured import SHARED, extremes

MISSED, COUNTS, DOUBT = "missed", "counts", "doubt"


def spells(at: Moment, upn: str, over: str, codes: Sequence[str]) -> Number:
    """Runs of sessions of some codes; a session that was not possible neither ends nor begins one.

    A blank could be one of the codes, or end a spell, or be passed over: every way is followed.
    """
    slots, ways, known, inside = at.line(upn, over), {(False, 0)}, 0, False
    for slot in slots:
        blank = slot.code == ""
        if not blank and (slot.code is None or not possible(slot.code, slot.day)):
            continue
        coded = slot.code in codes
        if not blank:
            known, inside = known + (coded and not inside), coded
        on = {(True, count + (not going)) for going, count in ways} if coded or blank else set()
        off = {(False, count) for _, count in ways} if not coded else set()
        ways = on | off | (ways if blank else set())
        counts = [count for _, count in ways]
        ways = {way for way in ways if way[1] in {min(counts), min(counts) + 1, max(counts) - 1, max(counts)}}
    could = {count for _, count in ways}
    blanks = sum(slot.code == "" for slot in slots) if len(could) > 1 else 0
    found = [slot for slot in slots if slot.code in codes]
    return Number(known, extremes(min(could), max(could)), blanks, at.window(over), found)


@lru_cache(SHARED)
def days_missed(at: Moment, upn: str, over: str) -> Number:
    """Half the sessions missed; a blank could be one more."""
    slots = at.line(upn, over)
    away = [slot for slot in slots if slot.code and absent(slot.code, slot.day)]
    blanks = sum(slot.code == "" for slot in slots)
    could = frozenset[Size | None]({Fraction(len(away), 2), Fraction(len(away) + blanks, 2)})
    return Number(len(away), could, blanks, at.window(over), away, 2)


def weekday_pattern(at: Moment, upn: str, over: str, codes: Sequence[str], one_in: int) -> Number:
    """Weekdays that chance alone leaves standing out so much at most once in so many pupils."""
    slots, window = at.line(upn, over), at.window(over)
    said = {day: _said(list(mine), codes) for day, mine in groupby(slots, key=lambda slot: slot.day)}
    alarm = one_in * (len({_weekday(session.day) for session in window}) or 1)
    days = {day: words for day, words in said.items() if words}
    sure = {day: MISSED in words for day, words in days.items() if words != {DOUBT}}
    known = {weekday for weekday in range(7) if _rare(sure, weekday, alarm)}
    least, most = (
        sum(
            _rare(
                {
                    day: MISSED in words or (DOUBT in words and (_weekday(day) == weekday) == there)
                    for day, words in days.items()
                },
                weekday,
                alarm,
            )
            for weekday in range(7)
        )
        for there in (False, True)
    )
    blanks = sum(slot.code == "" for slot in slots) if most > least else 0
    found = [slot for slot in slots if slot.code in codes and _weekday(slot.day) in known]
    return Number(len(known), extremes(least, most), blanks, window, found)


def _said(mine: Sequence[Slot], codes: Sequence[str]) -> frozenset[str]:
    """What a day says: missed, counting, in doubt; nothing where it does not count."""
    if any(slot.code in codes for slot in mine):
        return frozenset({MISSED})
    counts = {COUNTS} if any(slot.code and possible(slot.code, slot.day) for slot in mine) else set()
    return frozenset(counts | ({DOUBT} if any(slot.code == "" for slot in mine) else set()))


def _rare(missed: Mapping[str, bool], weekday: int, alarm: int) -> bool:
    on = [day for day in missed if _weekday(day) == weekday]
    hits = sum(missed[day] for day in on)
    return _chance(len(on), hits, len(missed), sum(missed.values())) * alarm <= 1


@lru_cache(100_000)
def _chance(there: int, hits: int, days: int, missed: int) -> Fraction:
    """How often so many of the days missed, or more, fall on that weekday."""
    tail = sum(comb(there, j) * comb(days - there, missed - j) for j in range(hits, min(there, missed) + 1))
    return Fraction(tail, comb(days, missed))


@lru_cache(1000)
def _weekday(day: str) -> int:
    return date.fromisoformat(day).weekday()
