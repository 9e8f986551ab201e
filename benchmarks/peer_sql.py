"""What both peers read from the store, and the code classes they look marks up in.

The peers have it a little easier than Firstbell. They may take it that every pupil has one spell on roll and
at most one notice, that weeks have five days, that one code table serves the whole year, that the instant
judged is an evening, that no mark stands outside the roll; and, for the plain counts, that the register holds
nothing but marks that count.
"""

from __future__ import annotations

import re
from pathlib import Path

from benchmarks.asked import TODAY
from engine import codes

ABSENT, POSSIBLE, UNAUTHORISED, DAY, UNEXCUSED, ILL, UNEXPLAINED, PASSED, BLANK, CLOSED = (
    1 << bit for bit in range(10)
)
"""Flags of a mark: what it counts towards; `PASSED` is not a possible session, `CLOSED` no session at all."""
ODD = ABSENT | UNAUTHORISED | DAY | UNEXPLAINED | PASSED | BLANK
PLAIN = "/ \\ "
"""A day plainly present, as nine of ten are: neither peer looks at such a day but where it ends a run."""
RUNS = {"run": DAY, "joint": UNEXCUSED, "return": UNAUTHORISED, "sick": ILL}
OF_AGE = {"return", "sick"}
"""The runs asked for, the flag of each; those in OF_AGE pass over what is outside compulsory school age."""

REGISTER = """
    select school_id, upn, group_concat(week, ' ') as weeks, group_concat(marks, '') as marks
    from register_week group by school_id, upn
"""
"""One row a pupil: SQLite glues the weeks in the order of the key, which is far quicker to hand over."""

PUPILS = """
    select school_id, upn, admitted_on, left_on, date_of_birth as born,
        iif(form = '', year_group, form) as class
    from pupil
"""
DAYS = f"""
    select school_id, date, am and kind not in ('inset', 'closure', 'holiday') as am,
        pm and kind not in ('inset', 'closure', 'holiday') as pm
    from calendar where date <= '{TODAY}'
"""
TERMS = f"""
    select school_id, min(starts) as starts from term
    group by school_id, year having '{TODAY}' between min(starts) and max(ends)
"""
NOTICES = f"""
    select n.school_id, n.upn, n.from_ as first, iif(n.until = '', n."on", n.until) as last
    from event n
    where n.kind = 'penalty_notice' and n."on" <= '{TODAY}' and n.outcome <> 'withdrawn' and not exists (
        select 1 from event w
        where w.kind = 'penalty_withdrawn' and w.school_id = n.school_id and w.upn = n.upn
            and w."on" between n."on" and '{TODAY}'
            and w.contact_id in ('', n.contact_id) and w.from_ in ('', n.from_))
"""


def address(store: Path) -> str:
    """The store as the drivers name it."""
    return f"sqlite:///{store.absolute()}"


def flags() -> dict[str, int]:
    """The flags of each code as its cell spells it: two characters, a blank for no mark."""
    found = {"  ": BLANK, "..": CLOSED}
    sets = codes.CODE_SETS
    for code in sorted(set().union(*sets.values()) | set("DXQZ#") | {f"Y{n}" for n in range(1, 8)}):
        entry = codes.look_up(code, TODAY)
        if entry is None:
            continue
        found[code.ljust(2)] = (
            entry.absent * ABSENT
            | entry.possible * POSSIBLE
            | (code in sets["penalty notice"]) * UNAUTHORISED
            | (code in sets["day of absence"]) * DAY
            | (code in set("GNO")) * UNEXCUSED
            | (code in sets["illness"]) * ILL
            | (code in sets["unexplained"]) * UNEXPLAINED
            | (not entry.possible) * PASSED
        )
    return found


def pattern(flag: int) -> str:
    """A regular expression that meets a cell with a flag as often as there is one in a row of cells."""
    cells = [cell for cell, has in flags().items() if has & flag]
    single = "".join(re.escape(cell[0]) for cell in cells if cell[1] == " ")
    return "|".join((f"[{single}] ", *(re.escape(cell) for cell in cells if cell[1] != " ")))


NOT_POSSIBLE = PASSED | BLANK | CLOSED
"""Cells that are no possible session are few: the possible ones are the rest."""
