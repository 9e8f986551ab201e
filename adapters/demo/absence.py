"""A plausible autumn for each pupil: absence in spells, and what the office knew of it when.

A pupil has a tendency; spells of illness, appointments, unexplained days, lateness and the rest start with
chances that follow from it. What is true (the final code) and what is first entered differ: most reasons
arrive after the register, so a session starts as N and is corrected minutes or days later.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from adapters.demo.calendar import DAYS, LIVED, entry_moment

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

    from adapters.demo.calendar import Row

PRESENT = ("/", "\\")
SESSIONS = 2 * len(DAYS)
NEVER = 10_000

# How a reason comes to be known, in percent: at once, next moment, end of day, days later, not at all.
KNOWN = {
    "I": (58, 28, 7, 6.8, 0.2),
    "M": (85, 12, 3, 0, 0),
    "O": (20, 4, 12, 62, 2),
    "G": (70, 0, 0, 30, 0),
    "U": (35, 65, 0, 0, 0),
    "L": (96, 4, 0, 0, 0),
}

# Chance a day of a new spell for the average pupil, its code, and weights of lengths (in sessions).
SPELLS = (
    (0.0170, "I", {1: 8, 2: 40, 4: 26, 6: 14, 8: 7, 10: 5}),
    (0.0045, "M", {1: 1}),
    (0.0085, "O", {1: 30, 2: 45, 4: 20, 6: 5}),
    (0.0016, "C", {2: 3, 4: 1}),
    (0.0040, "U", {1: 1}),
    (0.0330, "L", {1: 1}),
)
HOLIDAYS = (date(2025, 9, 8), date(2025, 10, 13), date(2025, 10, 20), date(2025, 11, 3), date(2025, 11, 10))


@dataclass(frozen=True, slots=True)
class Fix:
    """A correction in the lived week: from `moment` on, `session` carries `code`."""

    moment: int
    session: int
    code: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """One pupil's sessions since 4 September: what was first entered ('' is a blank), and the fixes."""

    first: tuple[str, ...]
    fixes: tuple[Fix, ...] = ()


def tendency(rng: Random, pupil: Row) -> float:
    """How much likelier than the average pupil this one is to be away; a school's mean is about 1.3."""
    need = 1.8 if pupil["fsm"] == "1" else 1.06
    if pupil["sen"] != "N":
        need *= 1.35
    return need * (0.8 + 0.1 * (int(pupil["year_group"]) - 7)) * rng.gammavariate(1.25, 1 / 1.25)


def autumn(rng: Random, pupil: Row) -> list[str]:
    """The true codes of one ordinary pupil, two a day."""
    codes = list(PRESENT * len(DAYS))
    amount = tendency(rng, pupil)
    chances = [chance * amount for chance, _, _ in SPELLS]
    day = 0
    while day < len(DAYS):
        draw = rng.random()
        for chance, (_, code, lengths) in zip(chances, SPELLS, strict=True):
            draw -= chance
            if draw < 0:
                length = rng.choices(list(lengths), list(lengths.values()))[0]
                start = 2 * day + (length == 1 and code not in "UL" and rng.random() < 0.5)
                _fill(codes, start, length, code)
                day += length // 2
                break
        day += 1
    if rng.random() < 0.02 * amount:
        _fill(codes, 2 * DAYS.index(rng.choice(HOLIDAYS)), 10, "G")
    if rng.random() < 0.015 * amount:
        _fill(codes, 2 * rng.randrange(len(DAYS)), 2 * rng.randint(1, 5), "E")
    return codes


def long_absence(rng: Random) -> list[str]:
    """The true codes of a pupil who hardly comes: refusal, long illness or a part-time timetable."""
    codes = list(PRESENT * len(DAYS))
    kind = rng.choices(("refusal", "illness", "part-time"), (60, 20, 20))[0]
    if kind == "part-time":
        codes[1::2] = ["C2"] * len(DAYS)
        return codes
    start = rng.randrange(12)
    while start < len(DAYS):
        length = rng.randint(4, 12)
        _fill(codes, 2 * start, 2 * length, "I" if kind == "illness" else rng.choice("IOO"))
        start += length + rng.randint(1, 3)
    return codes


def _fill(codes: list[str], start: int, length: int, code: str) -> None:
    for session in range(start, min(SESSIONS, start + length)):
        codes[session] = code


def surfaced(rng: Random, codes: Sequence[str]) -> Sheet:
    """Turn true codes into what was entered: N until the reason is known, then corrected.

    A correction before the lived week is already in the codes first entered; one inside it is a fix.
    """
    first, fixes = list(codes), []
    start = 0
    while start < SESSIONS:
        code, end = codes[start], start + 1
        while end < SESSIONS and codes[end] == code:
            end += 1
        if code in KNOWN:
            known = _known_at(rng, code, start, end - start)
            unknown = [session for session in range(start, end) if entry_moment(session) < known]
            if known >= 4 * LIVED:
                for session in unknown:
                    first[session] = "N"
            if 4 * LIVED <= known < 4 * len(DAYS):
                fixes += [Fix(known, session, code) for session in unknown]
        start = end
    return Sheet(tuple(first), tuple(fixes))


def _known_at(rng: Random, code: str, start: int, length: int) -> int:
    entered, last_of_day = entry_moment(start), start // 2 * 4 + 3
    how = rng.choices(range(5), KNOWN[code])[0]
    if how == 4 and length > 4:  # a long silence is always broken: nobody waits weeks for a reason
        how = 3
    days_later = last_of_day + 4 * rng.randint(1, 5)
    return (entered, entered + 1, last_of_day, days_later, NEVER)[how]
