"""A phase counted school by school, by the engine's own measures and its own comparison."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, time
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from adapters.demo import england
from engine.codes import CODE_SETS
from engine.instants import Instants, local_instant
from engine.match import Judge
from engine.measures import MEASURES, Asked
from engine.measures.measure import WEEKDAYS
from engine.truth import SCALE, TRUE, Comparison, truth
from engine.windows import Window

if TYPE_CHECKING:
    from engine.measures import Measured
    from engine.snapshot import Snapshot

EDGES = tuple(range(0, 55, 5))
_YEAR = Window.parse("year to date")
_END = Instants.of([local_instant(date(2026, 7, 22), time(16))])
_SETS = ("present", "approved educational activity", "absence")
_POSSIBLE = frozenset(code for name in _SETS for code in CODE_SETS[name])


@dataclass(slots=True)
class Tally:
    """What was counted over the schools of one phase at the end of the school year.

    `above[n]` are the pupils of the published year groups over `EDGES[n]` percent, `groups` the pupils of
    each kind and those of them over 10; `persistent` are pupils at 10 % and more, of `everybody`.
    `coded` counts sessions by code; `weekdays` absent and possible sessions, Monday to Friday.
    """

    above: NDArray[np.int64] = field(default_factory=lambda: np.zeros(len(EDGES), dtype=np.int64))
    published: int = 0
    groups: dict[str, list[int]] = field(default_factory=dict)
    persistent: int = 0
    everybody: int = 0
    absent: int = 0
    possible: int = 0
    coded: dict[str, int] = field(default_factory=dict)
    weekdays: NDArray[np.int64] = field(default_factory=lambda: np.zeros((2, 5), dtype=np.int64))

    def add(self, snapshot: Snapshot, codes: tuple[str, ...]) -> None:
        """Count one school; sessions by code for `codes` only."""
        judge = Judge(snapshot, _END)
        rates = judge.measure(MEASURES["absence_rate"], Asked(_YEAR))
        self._pupils(snapshot, rates)
        self.absent += int(rates.numerator.sum())
        self.possible += int(judge.measure(MEASURES["possible_sessions"], Asked(_YEAR)).numerator.sum())
        for code in codes:
            counted = judge.measure(MEASURES["coded_sessions"], Asked(_YEAR, frozenset({code})))
            self.coded[code] = self.coded.get(code, 0) + int(counted.numerator.sum())
        for row, marks in enumerate((CODE_SETS["absence"], _POSSIBLE)):
            for number, weekday in enumerate(WEEKDAYS[:5]):
                asked = Asked(_YEAR, marks, on=weekday)
                counted = judge.measure(MEASURES["weekday_sessions"], asked)
                self.weekdays[row, number] += int(counted.numerator.sum())

    def _pupils(self, snapshot: Snapshot, rates: Measured) -> None:
        years = england.YEARS[snapshot.facts.school.phase]
        published = np.isin(snapshot.year_groups, years)
        over = {edge: _held(rates, Comparison.ABOVE, edge) & published for edge in EDGES}
        self.above += [int(held.sum()) for held in over.values()]
        self.published += int(published.sum())
        self.persistent += int(_held(rates, Comparison.AT_LEAST, 10).sum())
        self.everybody += published.size
        fsm = np.array([pupil.fsm for pupil in snapshot.people])
        sen = np.array([pupil.sen != "N" for pupil in snapshot.people])
        kinds = {"fsm": fsm, "no fsm": ~fsm, "sen": sen, "no sen": ~sen}
        kinds |= {f"year {year}": snapshot.year_groups == year for year in years}
        for name, members in kinds.items():
            count = self.groups.setdefault(name, [0, 0])
            count[0] += int((members & published).sum())
            count[1] += int((members & over[10]).sum())


def _held(rates: Measured, comparison: Comparison, percent: int) -> NDArray[np.bool_]:
    held: NDArray[np.bool_] = truth(rates, comparison, np.array([percent * SCALE]))[:, 0] == TRUE
    return held
