"""Compulsory school age, and the sessions that a penalty notice covers: semantics 12, read once more."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache

from tests.term.known import Row

FRIDAY = 5


@cache
def school_age(born: str) -> tuple[str, str]:
    """The first and the last day of compulsory school age of somebody born on a day.

    >>> school_age("2021-03-01"), school_age("2009-09-01")
    (('2026-03-31', '2037-06-26'), ('2014-12-31', '2026-06-26'))
    """
    fifth, sixteenth = birthday(born, 5), birthday(born, 16)
    ends = [f"{fifth.year}-{end}" for end in ("03-31", "08-31", "12-31")]
    starts = min(end for end in ends if end >= fifth.isoformat())
    leaves = date(sixteenth.year + (sixteenth.month > 8), 6, 30)
    while leaves.isoweekday() != FRIDAY:
        leaves -= timedelta(days=1)
    return starts, leaves.isoformat()


def birthday(born: str, age: int) -> date:
    """The day on which somebody attains an age; who is born on 29 February does so on 1 March."""
    year, month, day = (int(part) for part in born.split("-"))
    leap = (year + age) % 4 == 0
    return date(year + age, 3, 1) if (month, day) == (2, 29) and not leap else date(year + age, month, day)


def covered(notices: Sequence[Row], day: str) -> bool:
    """Whether a notice covers the sessions of a day: its period, or all up to its own day."""
    return any(
        (notice.get("from") or "0000") <= day <= (notice.get("until") or notice["on"]) for notice in notices
    )


def standing_notices(history: Sequence[Row], upn: str, today: str) -> list[Row]:
    """The notices issued to a pupil's parents by a day and not withdrawn by then.

    A withdrawal means the latest notice it can: of its contact and its period, where it names them.
    """
    mine = [row for row in history if row["upn"] == upn and row["on"] <= today]
    notices = [row for row in mine if row["kind"] == "penalty_notice" and row.get("outcome") != "withdrawn"]
    withdrawals = [row for row in mine if row["kind"] == "penalty_withdrawn"]
    for withdrawal in sorted(withdrawals, key=lambda row: row["on"]):
        meant = [
            notice
            for notice in notices
            if notice["on"] <= withdrawal["on"]
            and (withdrawal.get("contact_id") or notice.get("contact_id")) == notice.get("contact_id")
            and (withdrawal.get("from") or notice.get("from")) == notice.get("from")
        ]
        if meant:
            notices.remove(max(meant, key=lambda notice: notice["on"]))
    return notices
