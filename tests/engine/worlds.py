"""Schools made up at random, as rows, and the snapshot of the engine over the same rows."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from random import Random

from engine.records import Event, Pupil, School, SchoolDay, Term
from engine.sample import facts, grid
from engine.snapshot import Snapshot
from tests.engine.oracle import World, local

STARTS = (
    date(2024, 8, 26),  # the first weeks under the regulations of 2024
    date(2025, 3, 10),  # the clocks go forward on 30 March
    date(2025, 6, 16),  # across the summer into the next school year
    date(2025, 10, 6),  # the clocks go back on 26 October
    date(2025, 12, 1),
)
TIMES = ((0, 0), (8, 39), (8, 39), (9, 9), (9, 10), (9, 15), (12, 59), (13, 24), (13, 25), (16, 0), (23, 59))
_LONG = (("O", "O", "N", "G"), ("O", "O", "N", "G"), ("I",), ("O", "U", "N"), ("E",), ("O", "N"))
_ABSENT = ("I", "I", "N", "O", "O", "G", "U", "M", "C2", "E", "H", "T")
_OTHER = ("L", "B", "D", "Y4", "Y1", "X", "#", "Z", "J", "J1", "K")


def world(random: Random, weeks: int, pupils: int) -> World:
    """A school of so many weeks and pupils, everything about it at random."""
    start = random.choice(STARTS)
    days = tuple(_days(random, start, weeks))
    rows = [row for number in range(pupils) for row in _spells(random, f"P{number}", start, weeks)]
    upns = sorted({row.upn for row in rows})
    return World(
        School(
            "S",
            "School",
            "secondary",
            lessons_per_day=random.choice((None, 5, 6)),
            am_closes=time(9, 10),
            pm_closes=time(13, 25),
        ),
        days,
        _terms(random, start, weeks),
        tuple(rows),
        tuple(event for upn in upns for event in _events(random, upn, start, weeks)),
        {key: code for upn in upns for key, code in _marks(random, upn, days).items()},
    )


def instants(random: Random, some: World) -> list[datetime]:
    """A few instants before, within and after a school's calendar, in no order."""
    first = min((row.date for row in some.days), default=STARTS[0])
    last = max((row.date for row in some.days), default=STARTS[0])
    span = (last - first).days + 10
    days = [first + timedelta(days=random.randint(-3, span)) for _ in range(3)]
    days += [last] if random.random() < 0.5 else []
    return [local(day, *random.choice(TIMES)) for day in days]


def snapshot(some: World) -> Snapshot:
    """What the engine makes of the same rows."""
    marks: dict[str, dict[tuple[date, int], str]] = {row.upn: {} for row in some.pupils}
    for (upn, day, half), code in some.marks.items():
        marks[upn][day, half] = code
    return Snapshot.build(facts(some.school, some.days, some.terms, some.pupils, grid(marks), some.events))


def _days(random: Random, start: date, weeks: int) -> list[SchoolDay]:
    rows: list[SchoolDay] = []
    summer = date(2025, 7, 22)
    for week in range(weeks):
        monday = start + timedelta(weeks=week)
        if random.random() < 0.12 or (start.month == 6 and summer < monday < date(2025, 9, 1)):
            continue
        for weekday in range(7):
            if weekday > 4 and random.random() < 0.97:
                continue
            kind = random.choices(("term", "inset", "closure", "holiday", "exam"), (90, 4, 2, 2, 2))[0]
            half = random.random()
            day = monday + timedelta(days=weekday)
            rows.append(SchoolDay("S", day, am=half > 0.03, pm=half < 0.96, kind=kind))
    random.shuffle(rows)
    return rows


def _terms(random: Random, start: date, weeks: int) -> tuple[Term, ...]:
    """No terms, or half-terms that cover part of the calendar; across the summer two school years."""
    if random.random() < 0.4:
        return ()
    end = start + timedelta(weeks=weeks + random.randint(-1, 1))
    if start.month == 6:
        old, new = random.choice(((22, date(2025, 9, 1)), (22, date(2025, 8, 4)), (13, date(2025, 7, 14))))
        return (
            Term("S", "2024/25", "summer", 2, start, date(2025, 7, old)),
            Term("S", "2025/26", "autumn", 1, new, max(end, date(2025, 9, 5))),
        )
    first = start.year if start.month >= 8 else start.year - 1
    cut = start + timedelta(weeks=random.randint(0, weeks), days=4)
    label = f"{first}/{first % 100 + 1}"
    return (
        Term("S", label, "autumn", 1, start, cut),
        Term("S", label, "autumn", 2, cut + timedelta(days=random.choice((1, 10))), max(cut, end)),
    )


def _spells(random: Random, upn: str, start: date, weeks: int) -> list[Pupil]:
    """A pupil's time on roll: all of it, part of it, or twice."""

    def at(share: float) -> date:
        return start + timedelta(days=round(weeks * 7 * share))

    born = random.choice(
        (
            date(2013, 5, 1),
            date(2013, 5, 1),
            None,
            date(2020, random.randint(1, 12), 28),
            date(2021, 1, 1),
            date(2020, 2, 29),
            date(2009, 8, 31),
            date(2009, 9, 1),
        )
    )
    spells: list[tuple[date, date | None]] = [(date(2024, 8, 1), None)]
    shape = random.random()
    if shape < 0.1:
        spells = [(at(0.3), None)]
    elif shape < 0.2:
        spells = [(date(2024, 8, 1), at(0.8))]
    elif shape < 0.3:
        spells = [(date(2024, 8, 1), at(0.3)), (at(0.5), None)]
    known, flags = random.random() < 0.4, random.choice(((), (), ("medical",), ("youth offending worker",)))
    return [
        Pupil(
            upn,
            "S",
            "A",
            "B",
            "8",
            first,
            last,
            date_of_birth=born,
            form=random.choice(("8A", "8B", "")),
            social_worker=known,
            flags=flags,
        )
        for first, last in spells
    ]


def _marks(random: Random, upn: str, days: tuple[SchoolDay, ...]) -> dict[tuple[str, date, int], str]:
    """A mark for nearly every session, absence in spells, and at most five blanks."""
    absence = random.choice((0.02, 0.1, 0.3, 0.6, 0.95))
    codes: tuple[str, ...] = _ABSENT
    odd = 0.1
    if random.random() < 0.15:  # one who is away for weeks, for one kind of reason
        absence, codes, odd = 0.998, random.choice(_LONG), 0.002
    spell, code = 0, "/"
    marks: dict[tuple[str, date, int], str] = {}
    for row in sorted(days, key=lambda row: row.date):
        for half in (0, 1):
            if spell == 0:
                spell = random.choice((1, 1, 2, 4, 10))
                draw = random.random()
                code = random.choice(codes) if draw < absence else "/"
                code = random.choice(_OTHER) if random.random() < odd else code
            spell -= 1
            marks[upn, row.date, half] = code
    if random.random() < 0.1:  # one who is away on one weekday, and on no other
        weekday = random.randrange(5)
        marks = {key: "O" if key[1].weekday() == weekday else "/" for key in marks}
    for key in random.sample(sorted(marks), min(len(marks), random.choice((0, 0, 1, 2, 3)))):
        marks[key] = ""
    if marks and random.random() < 0.3:  # today's register, not taken yet
        latest = max(day for _, day, _ in marks)
        marks[upn, latest, 0] = marks[upn, latest, 1] = ""
    return marks


def _events(random: Random, upn: str, start: date, weeks: int) -> list[Event]:
    """No notice, or a few, with and without a period, some of them withdrawn."""

    def some_day() -> date:
        return start + timedelta(days=random.randint(0, weeks * 7))

    out: list[Event] = []
    for _ in range(random.choice((0, 0, 0, 1, 2, 3))):
        on = some_day()
        since, until = random.choice(((None, None), (some_day(), None), (None, some_day()), (some_day(), on)))
        contact = random.choice(("", "C1", "C2"))
        outcome = "withdrawn" if random.random() < 0.1 else ""
        out.append(Event(upn, "S", "penalty_notice", on, since, until, contact, outcome))
        if random.random() < 0.4:
            names = random.random() < 0.5
            named, whom = (since, contact) if names else (None, "")
            out.append(Event(upn, "S", "penalty_withdrawn", some_day(), named, None, whom))
    out.append(Event(upn, "S", "meeting", some_day(), outcome=random.choice(("", "missed"))))
    for kind in ("notice_to_improve", "contract", "home_visit"):
        if random.random() < 0.3:
            until, said = random.choice((None, some_day())), random.choice(("", "no answer"))
            out.append(Event(upn, "S", kind, some_day(), None, until, outcome=said))
    for _ in range(random.choice((0, 1, 2))):
        on = some_day()
        out.append(
            Event(
                upn, "S", "plan", on, random.choice((None, on, some_day())), random.choice((None, some_day()))
            )
        )
    return out
