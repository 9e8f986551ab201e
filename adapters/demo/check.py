"""The demo held against England: its pupils' year through the engine's own measures, line by line.

Published bands are of 2022/23 and the published code mix is of 2024/25, two different levels of absence. So
the same pupils live the year twice: once at the level of the bands, which then judges the bands, and once at
the level of 2024/25 (the one the demo lives at), which judges the codes. The calendar is that of 2025/26
both times, and so are the codes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from adapters.demo import england
from adapters.demo.facts import facts_of
from adapters.demo.places import fill
from adapters.demo.pupils_year import enrolled, years_of
from adapters.demo.tally import Tally
from engine.snapshot import Snapshot

if TYPE_CHECKING:
    from collections.abc import Iterator

    from adapters.demo.calendar import Row
    from adapters.demo.places import Place

Say = Callable[[str, int, int], None]

BAND_POINTS = 1.0
OVER_HALF_POINTS = 0.4
CODE_PERCENT = 10.0
BANDS = "Pupils by absence band, 2022/23"
CODES = "Sessions by code, 2024/25"
MEANS = "Overall absence"
PERSISTENT = "Pupils missing 10 % and more"
YEARS = "Pupils over 10 % by year group, 2022/23"
NEEDS = "Pupils over 10 % by need, 2022/23"
DAYS = "Absence by weekday, 100 is the week's mean"


@dataclass(frozen=True, slots=True)
class Line:
    """One figure in percent: ours beside the published one; `allowed` is None where nothing is judged.

    Where it is `relative`, the tolerance is in percent of the published figure, else in points.
    """

    group: str
    phase: str
    name: str
    ours: float
    published: float
    allowed: float | None = None
    relative: bool = False

    @property
    def off(self) -> float:
        """How far ours is from the published figure, in points or in percent of it."""
        apart = self.ours - self.published
        return 100 * apart / self.published if self.relative else apart

    @property
    def holds(self) -> bool:
        """Whether the line is within its tolerance."""
        return self.allowed is None or abs(self.off) <= self.allowed


def check(seed: int, pupils: int, say: Say) -> list[Line]:
    """Every line for one seed, with `pupils` in each phase. `say` is told what is counted, and how far."""
    lines: list[Line] = []
    first = 0
    for phase in england.PHASES:
        places = fill(phase, pupils, first)
        first += len(places)
        rows: dict[Place, list[Row]] = {place: [] for place in places}
        by_id = {place.school_id: place for place in places}
        for town, people in enrolled(seed, places):
            for row in people.pupils:
                rows[by_id[row["school_id"]]].append(row)
            say(f"seed {seed}, {phase}: pupils", town[-1].number - places[0].number + 1, len(places))
        bands = _tally(seed, phase, rows, None, say)
        codes = _tally(seed, phase, rows, england.ABSENCE_2024_25[phase], say)
        lines += [*_judged(phase, bands, codes), *_shown(phase, bands, codes)]
    return lines


def _tally(seed: int, phase: str, rows: dict[Place, list[Row]], level: float | None, say: Say) -> Tally:
    tally = Tally()
    what = f"seed {seed}, {phase}: {'a year as 2022/23' if level is None else 'a year as 2024/25'}"
    say(what, 0, len(rows))
    codes = () if level is None else tuple(england.judged(phase))
    for number, (place, true) in enumerate(years_of(seed, phase, rows, level), start=1):
        tally.add(Snapshot.build(facts_of(place, rows[place], true)), codes)
        say(what, number, len(rows))
    return tally


def _judged(phase: str, bands: Tally, codes: Tally) -> Iterator[Line]:
    above = [bands.published, *bands.above[1:].tolist(), 0]
    for number, name in enumerate(england.BAND_NAMES):
        ours = _percent(above[number] - above[number + 1], bands.published)
        allowed = OVER_HALF_POINTS if number == len(england.BAND_NAMES) - 1 else BAND_POINTS
        yield Line(BANDS, phase, name, ours, england.BANDS[phase][number], allowed)
    for code, published in england.judged(phase).items():
        ours = _percent(codes.coded[code], codes.possible)
        yield Line(CODES, phase, code, ours, published, CODE_PERCENT, relative=True)


def _shown(phase: str, bands: Tally, codes: Tally) -> Iterator[Line]:
    for year, tally, of_phase in (
        ("2022/23", bands, england.ABSENCE_2022_23),
        ("2024/25", codes, england.ABSENCE_2024_25),
    ):
        yield Line(MEANS, phase, year, _percent(tally.absent, tally.possible), of_phase[phase])
    ours = _percent(codes.persistent, codes.everybody)
    yield Line(PERSISTENT, phase, "2024/25", ours, england.PERSISTENT_2024_25[phase])
    for year, published in zip(england.YEARS[phase], england.OVER_TEN_BY_YEAR[phase], strict=True):
        yield Line(YEARS, phase, year, _percent(*reversed(bands.groups[f"year {year}"])), published)
    for need, published in england.OVER_TEN_BY_NEED[phase].items():
        yield Line(NEEDS, phase, need, _percent(*reversed(bands.groups[need])), published)
    absent, possible = codes.weekdays
    week = absent.sum() / max(possible.sum(), 1)
    published_week = sum(england.ABSENCE_BY_WEEKDAY[phase]) / 5
    for number, weekday in enumerate(england.WEEKDAYS):
        ours = 100 * float(absent[number] / max(possible[number], 1) / max(week, 1e-9))
        published = 100 * england.ABSENCE_BY_WEEKDAY[phase][number] / published_week
        yield Line(DAYS, phase, weekday, ours, published)


def _percent(part: int, whole: int) -> float:
    return 100 * part / whole if whole else 0.0
