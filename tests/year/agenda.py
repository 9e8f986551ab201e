"""What happens at two small schools over a span of days, minute by minute, whoever serves and whoever dies.

Registers come in as an office's do: some forms before the register closes, some late, marks corrected later.
Snow closes both schools, and one of them enters it a day late; a boiler fails at noon. The clock is looked at
when a run is due: the time between is jumped over.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from adapters.demo import build
from adapters.demo.calendar import Row, calendar_rows
from engine.instants import local_instant

Files = Mapping[str, Collection[Row]]
IMPORT, LOOK, WORK, SEND, EVENING = range(5)
"""What there is to do; of what comes in the same minute, in this order."""
SNOW, BOILER = date(2026, 1, 8), date(2026, 1, 12)
CLOSED = {("ashgrove", SNOW, "AM"), ("ashgrove", SNOW, "PM"), ("thornbury", SNOW, "AM")} | {
    ("thornbury", SNOW, "PM"),
    ("thornbury", BOILER, "PM"),
}
TOLD = (  # when the office enters it
    (local_instant(SNOW, time(7, 30)), "thornbury", SNOW),
    (local_instant(SNOW + timedelta(days=1), time(8, 30)), "ashgrove", SNOW),
    (local_instant(BOILER, time(12, 40)), "thornbury", BOILER),
)
REGISTERS, EARLY = time(9, 20), time(8, 55)
WORKS = (time(9, 26), time(11, 5), time(13, 30), time(15, 50))
SENDS = (time(10, 35), time(15, 55))
OVER = time(18, 5)


@dataclass(frozen=True, order=True, slots=True)
class Event:
    """One thing that happens at an instant; `files` are what an import brings."""

    at: datetime
    what: int
    files: Files = field(default_factory=dict, compare=False)


@dataclass(frozen=True, slots=True)
class Agenda:
    """What is there before the first day, from when on, and what then happens, in order."""

    begins: datetime
    base: Files
    events: tuple[Event, ...]

    @property
    def days(self) -> int:
        """How many days are lived."""
        return sum(event.what == EVENING for event in self.events)


def agenda(seed: int, pupils: int, since: date, days: int, asleep: Collection[date] = ()) -> Agenda:
    """`days` school days of two schools with so many pupils; `asleep` are days on which nobody serves.

    On the last day asleep the machine comes up again at two.
    """
    trust = build(seed=seed, schools=2, pupils=pupils, days=days, since=since, stories=False)
    school_of = {row["upn"]: row["school_id"] for row in trust.base["pupils"]}
    form_of = {row["upn"]: row["form"] for row in trust.base["pupils"]}
    events: list[Event] = []
    for delivery in trust.deliveries:
        day, at = delivery.at.date(), delivery.at.time()
        brought: dict[time, list[Row]] = defaultdict(list)
        for row in delivery.files["marks"]:
            if (school_of[row["upn"]], date.fromisoformat(row["date"]), row["session"]) in CLOSED:
                continue
            early = at == REGISTERS and (ord(form_of[row["upn"]][-1]) + day.toordinal()) % 2
            brought[EARLY if early else at].append(row)
        events += [Event(local_instant(day, when), IMPORT, {"marks": rows}) for when, rows in brought.items()]
    for when, school_id, day in TOLD:
        (place,) = (place for place in trust.places if place.school_id == school_id)
        rows = [_shut(row) for row in calendar_rows(place) if row["date"] == f"{day}"]
        events.append(Event(when, IMPORT, {"calendar": rows}))
    lived = sorted({delivery.at.date() for delivery in trust.deliveries})
    for day in lived:
        for what, times in ((WORK, WORKS), (SEND, SENDS), (EVENING, (OVER,))):
            events += [Event(local_instant(day, each), what) for each in times]
        up = time(14) if day in asleep and day + timedelta(days=1) not in asleep else time.max
        looks = (each for each in _looks() if day not in asleep or each >= up)
        events += [Event(local_instant(day, each), LOOK) for each in looks]
    begins = local_instant(lived[0], time(7))
    ends = local_instant(lived[-1], time.max)
    return Agenda(begins, trust.base, tuple(sorted(e for e in events if begins <= e.at <= ends)))


def _looks() -> Iterator[time]:
    """Every five minutes until the registers are in, every quarter of an hour of the morning, then as due."""
    for minute in (*range(7 * 60 + 55, 9 * 60 + 25, 5), *range(9 * 60 + 30, 12 * 60 + 1, 15)):
        yield time(*divmod(minute, 60))
    yield from (time(13, 10), time(13, 15), time(15, 45), time(18))


def _shut(row: Row) -> Row:
    """A day of a calendar on which what is in `CLOSED` is not held."""
    day = date.fromisoformat(row["date"])
    held = {half.lower(): "0" for half in ("AM", "PM") if (row["school_id"], day, half) in CLOSED}
    return row | held | {"kind": "closure", "note": "nobody could be let in"}
