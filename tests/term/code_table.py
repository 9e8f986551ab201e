"""What each code says of a session, by its date: written from the published table, not from the engine."""

from __future__ import annotations

from functools import cache

ATTENDED, ABSENT, POSSIBLE_ONLY, OUT = "attended", "absent", "possible only", "out of count"
NEW_IN_2024 = ("K", "C1", "C2", "J1", "Q", "Y1", "Y2", "Y3", "Y4", "Y5", "Y6", "Y7")
FIRST_DAY_OF_THE_NEW = "2024-08-19"
ALWAYS = {
    ATTENDED: ("/", "\\", "L", "V", "P", "W", "B", "J"),
    ABSENT: ("I", "M", "R", "S", "T", "E", "C", "H", "F", "G", "N", "O", "U"),
    OUT: ("D", "X", "Y", "Z", "#"),
}
SINCE_2024 = {
    ATTENDED: ("K",),
    ABSENT: ("C1", "C2", "J1"),
    OUT: ("Q", "Y1", "Y2", "Y3", "Y4", "Y5", "Y6", "Y7"),
}


def meaning(code: str, day: str) -> str:
    """Attended, absent, possible only or out of count; KeyError where there was no such code on that day.

    A retired code (H, F, J, Y) keeps its old class. X in the two pandemic years was a possible session.

    >>> meaning("J", "2025-09-08"), meaning("J1", "2025-09-08"), meaning("X", "2021-03-01")
    ('attended', 'absent', 'possible only')
    """
    if code == "X" and "2020-08-01" <= day <= "2022-07-31":
        return POSSIBLE_ONLY
    if code in NEW_IN_2024 and day < FIRST_DAY_OF_THE_NEW:
        raise KeyError(f"there was no {code} on {day}")
    for table in (ALWAYS, SINCE_2024):
        for kind, codes in table.items():
            if code in codes:
                return kind
    raise KeyError(f"{code!r} is no code")


@cache
def possible(code: str, day: str) -> bool:
    """Whether a session with this code counts among the possible ones."""
    return meaning(code, day) != OUT


@cache
def absent(code: str, day: str) -> bool:
    """Whether a session with this code counts as absence."""
    return meaning(code, day) == ABSENT
