"""The trust's pupils, and the school year they live through: the one drawing that demo and check share."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from adapters.demo.calendar import ADMITTED, pupil_days
from adapters.demo.people import People, by_form, enrol
from adapters.demo.places import TOWN
from adapters.demo.rates import Cohort
from adapters.demo.year import CODES, draw

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from adapters.demo.calendar import Row
    from adapters.demo.places import Place

LEAVES, JOINS = 0.005, 0.007
_OBSERVING = {"APKN", "ABAN", "OOTH"}
_TEXTS = np.array([*(code.encode() for code in CODES), *[b""] * (256 - len(CODES))], dtype="S2")


def stream(seed: int, part: str) -> Random:
    """A stream of its own for each part, so that a change in one does not redraw the others."""
    return Random(f"{seed} {part}")  # noqa: S311 - a story is drawn, not a secret


def array_stream(seed: int, part: str) -> np.random.Generator:
    """The same for what is drawn as arrays."""
    return np.random.default_rng([seed, *part.encode()])


def enrolled(seed: int, places: Sequence[Place]) -> Iterator[tuple[tuple[Place, ...], People]]:
    """The people of each town, some of whom join or leave during the year."""
    for first in range(0, len(places), TOWN):
        town = tuple(places[first : first + TOWN])
        people = enrol(stream(seed, f"people {first}"), town)
        insets = {place.school_id: place.inset for place in town}
        coming = stream(seed, f"roll {first}")
        for row in people.pupils:
            days, chance = pupil_days(insets[row["school_id"]]), coming.random()
            if chance < LEAVES:
                row["left_on"] = f"{days[coming.randrange(15, len(days) - 5)]}"
            elif chance < LEAVES + JOINS:
                row["admitted_on"] = f"{days[coming.randrange(5, len(days) - 20)]}"
        yield town, people


def years_of(
    seed: int, phase: str, pupils: Mapping[Place, Sequence[Row]], level: float | None
) -> Iterator[tuple[Place, NDArray[np.bytes_]]]:
    """The true codes of the year (pupils x sessions, two characters) of each school of a phase.

    `pupils` are the rows of pupils.csv of the schools of that phase, and `level` is as in `rates.absences`.
    Sessions off roll are empty.
    """
    if not pupils:
        return
    days = pupil_days(next(iter(pupils)).inset)
    cells = draw(array_stream(seed, f"year {phase}"), _cohort(phase, pupils), days, level)
    texts = _TEXTS[cells]
    afternoons = texts[:, :, 1]
    afternoons[afternoons == b"/"] = b"\\"
    begin = 0
    for place, rows in pupils.items():
        yield place, texts[begin : begin + len(rows)].reshape(len(rows), -1)
        begin += len(rows)


def _cohort(phase: str, pupils: Mapping[Place, Sequence[Row]]) -> Cohort:
    days = [f"{day}" for day in pupil_days(next(iter(pupils)).inset)]
    rows = [row for own in pupils.values() for row in own]
    forms = {
        key: number for number, key in enumerate(dict.fromkeys((r["school_id"], r["form"]) for r in rows))
    }
    schools = {place.school_id: number for number, place in enumerate(pupils)}
    since = [0 if row["admitted_on"] == f"{ADMITTED}" else days.index(row["admitted_on"]) for row in rows]
    until = [days.index(row["left_on"]) if row["left_on"] else len(days) - 1 for row in rows]
    return Cohort(
        phase=phase,
        year=np.array([by_form(row["form"])[0] for row in rows]),
        fsm=np.array([row["fsm"] == "1" for row in rows]),
        sen=np.array([row["sen"] != "N" for row in rows]),
        school=np.array([schools[row["school_id"]] for row in rows]),
        form=np.array([forms[row["school_id"], row["form"]] for row in rows]),
        observes=np.array([row["ethnicity"] in _OBSERVING for row in rows]),
        since=np.array(since),
        until=np.array(until),
    )
