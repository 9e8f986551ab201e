"""One school's register as the office keeps it: what stands on a day, and what each import brings."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from adapters.demo.calendar import ADMITTED, pupil_days
from adapters.demo.entries import Entries, surfaced
from adapters.demo.mix import ABSENT
from adapters.demo.rows import SchoolMarks
from adapters.demo.stories import event_row

if TYPE_CHECKING:
    from collections.abc import Container, Mapping, Sequence

    from adapters.demo.calendar import Row
    from adapters.demo.entries import Sheet
    from adapters.demo.places import Place

MOMENTS = 4
_LATE = 30  # minutes after which a late arrival is a U
_MUCH = 0.4
SUPPORT = (
    {"kind": "support_offered", "on": "2025-09-26"},
    {"kind": "meeting", "on": "2025-10-09"},
    {"kind": "plan", "on": "2025-10-14"},
)


@dataclass(frozen=True, slots=True, eq=False)
class KeptRegister:
    """A school's pupils and days, the entries of its year, and who is on roll when (pupils x sessions)."""

    place: Place
    pupils: tuple[Row, ...]
    days: tuple[date, ...]
    entries: Entries
    minutes: NDArray[np.uint8]
    on_roll: NDArray[np.bool_]

    @classmethod
    def of(
        cls,
        rng: np.random.Generator,
        place: Place,
        pupils: Sequence[Row],
        true: NDArray[np.bytes_],
        sheets: Mapping[str, Sheet],
    ) -> KeptRegister:
        """The register that grows out of a year's true codes; who plays a story follows its sheet."""
        days = pupil_days(place.inset)
        entries = surfaced(rng, true)
        for row, pupil in enumerate(pupils):
            if pupil["upn"] in sheets:
                entries.play(row, sheets[pupil["upn"]])
        since = np.array([np.datetime64(pupil["admitted_on"]) for pupil in pupils])
        until = np.array([np.datetime64(pupil["left_on"] or "9999-12-31") for pupil in pupils])
        dates = np.repeat(np.array(days, dtype="datetime64[D]"), 2)
        on_roll = (dates >= since[:, None]) & (dates <= until[:, None])
        minutes = rng.integers(2, 26, true.shape, dtype=np.uint8)
        return cls(place, tuple(pupils), days, entries, minutes, on_roll)

    def day(self, on: date) -> int:
        """The number of the first pupil day on or after a date."""
        return bisect_left(self.days, on)

    def withhold(self, form: str, session: int, until: int) -> None:
        """Let a form's register of one session be entered only at moment `until`, or NEVER."""
        rows = [row for row, pupil in enumerate(self.pupils) if pupil["form"] == form]
        self.entries.withhold(np.array(rows), session, until)

    def before(self, day: int) -> SchoolMarks:
        """What stands in the register before a day's first import; earlier days only."""
        stands = self.entries.before(MOMENTS * day)
        stands[:, 2 * day :] = b""
        pupils, sessions = np.nonzero((stands != b"") & self.on_roll)
        return self._marks(pupils, sessions, stands[pupils, sessions])

    def at(self, day: int, moment: int) -> SchoolMarks:
        """What one of a day's four imports brings."""
        pupils, sessions, codes = self.entries.at(MOMENTS * day + moment)
        there = self.on_roll[pupils, sessions]
        return self._marks(pupils[there], sessions[there], codes[there])

    def _marks(
        self, pupils: NDArray[np.int64], sessions: NDArray[np.int64], codes: NDArray[np.bytes_]
    ) -> SchoolMarks:
        minutes = self.minutes[pupils, sessions] * np.isin(codes, (b"L", b"U")) + _LATE * (codes == b"U")
        upns = tuple(pupil["upn"] for pupil in self.pupils)
        return SchoolMarks(upns, self.days, pupils, sessions, codes, minutes.astype(np.uint8))

    def history(self, rng: np.random.Generator, day: int, cast: Container[str]) -> list[Row]:
        """What is in the files before a day: support for who misses much, leave refused before a holiday.

        Who plays a story (`cast`, by UPN) brings a history of its own.
        """
        true = self.entries.final
        away = np.isin(true, [code.encode() for code in ABSENT])
        much = away[:, : 2 * day].sum(axis=1) > _MUCH * 2 * day
        holiday = true == b"G"
        told: list[Row] = []
        for row, pupil in enumerate(self.pupils):
            if pupil["upn"] in cast or rng.random() < 0.3:
                continue
            if much[row]:
                told += [event_row(pupil, event) for event in SUPPORT if event["on"] < f"{self.days[day]}"]
            if holiday[row].any():
                leaves = self.days[int(holiday[row].argmax()) // 2]
                asked = max(ADMITTED, leaves - timedelta(days=14))
                if asked < self.days[day]:
                    refused = {"kind": "leave_refused", "on": f"{asked}", "from": f"{leaves}"}
                    told.append(event_row(pupil, refused))
        return told
