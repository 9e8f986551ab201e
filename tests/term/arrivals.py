"""A term as it comes to be known: the rows of a trust, each with the instant at which it arrives."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from adapters.demo import DemoTrust
from tests.term.known import LONDON, Row

HOURS = ((8, 45), (9, 20), (12, 0), (16, 0), (9, 15), (13, 15))
"""When the day's one run is, by turns: before the register closes, once it has, at noon, after school, and
at the very minute of a close (09:15 in the primary school, 13:15 in the secondary school)."""
FIRST, LAST = date(2025, 9, 1), date(2025, 12, 19)


class Arrival(NamedTuple):
    """A row of one file, and the instant from which it is known."""

    at: datetime
    kind: str
    row: Row


@dataclass(frozen=True)
class Term:
    """What is there before the term (`base`, by file), and what arrives in it, in order."""

    base: Mapping[str, Sequence[Row]]
    arrivals: Sequence[Arrival]

    def between(self, after: datetime, until: datetime) -> dict[str, list[Row]]:
        """The rows that arrive in a span, by file; of two marks of one session only the later."""
        files: dict[str, list[Row]] = {}
        latest: dict[tuple[str, str, str], Row] = {}
        for at, kind, row in self.arrivals:
            if after < at <= until and kind == "marks":
                latest[row["upn"], row["date"], row["session"]] = row
            elif after < at <= until:
                files.setdefault(kind, []).append(row)
        return files | ({"marks": list(latest.values())} if latest else {})


def of_demo(trust: DemoTrust) -> Term:
    """The demo's own days, import by import."""
    base = {kind: list(rows) for kind, rows in trust.base.items()}
    arrivals = [
        Arrival(delivery.at.replace(tzinfo=LONDON), kind, row)
        for delivery in trust.deliveries
        for kind, rows in delivery.files.items()
        for row in rows
    ]
    return Term(base, in_order(arrivals))


def in_order(arrivals: Iterable[Arrival]) -> list[Arrival]:
    """Arrivals by their instant; those of one instant keep their order."""
    return sorted(arrivals, key=lambda arrival: arrival.at)


def runs(last: date = LAST) -> list[datetime]:
    """The instant of each day's run up to a day: every weekday, holidays too, and every third Saturday."""
    days = [FIRST + timedelta(days=n) for n in range((last - FIRST).days + 1)]
    wanted = [day for day in days if day.weekday() < 5 or (day.weekday() == 5 and day.day % 3 == 1)]
    return [
        datetime(day.year, day.month, day.day, *HOURS[number % len(HOURS)], tzinfo=LONDON)
        for number, day in enumerate(wanted)
    ]
