"""What the office entered, and when: most reasons arrive after the register, so a session starts as N.

A school's entries are arrays (pupils x sessions): what was entered first and at which moment, what it was
changed to and when. Moments count four to a day, see `calendar.MOMENTS`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from adapters.demo.calendar import entry_moment

NEVER = np.iinfo(np.int16).max
_MOMENTS = 4

# How a reason comes to be known, in percent: at once, next moment, end of day, days later.
KNOWN = {
    "I": (58, 28, 7, 7),
    "M": (85, 12, 3, 0),
    "O": (20, 4, 12, 64),
    "G": (70, 0, 0, 30),
    "U": (35, 65, 0, 0),
    "L": (96, 4, 0, 0),
}


@dataclass(frozen=True, slots=True)
class Fix:
    """A correction in the lived days: from `moment` on, `session` carries `code`."""

    moment: int
    session: int
    code: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """One pupil's sessions as a story tells them: what was first entered ('' is a blank), and the fixes."""

    first: tuple[str, ...]
    fixes: tuple[Fix, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Entries:
    """A school's register as it came to be, pupils x sessions.

    `first` (two characters, empty for a blank) is entered at `entered` and becomes `final` at `changed`;
    NEVER where it does not.
    """

    first: NDArray[np.bytes_]
    entered: NDArray[np.int16]
    final: NDArray[np.bytes_]
    changed: NDArray[np.int16]

    def play(self, row: int, sheet: Sheet) -> None:
        """Let a pupil follow a story's sheet as far as it goes, and be present from then on."""
        size = len(sheet.first)
        self.first[row, :size] = [code.encode() for code in sheet.first]
        self.first[row, size:] = np.tile([b"/", b"\\"], self.first.shape[1])[size : self.first.shape[1]]
        self.final[row] = self.first[row]
        self.changed[row] = NEVER
        for fix in sheet.fixes:
            self.final[row, fix.session] = fix.code.encode()
            self.changed[row, fix.session] = fix.moment

    def withhold(self, rows: NDArray[np.int64], session: int, until: int) -> None:
        """Let some pupils' marks of one session be entered only at moment `until`, or NEVER.

        What was found out until then is entered at once.
        """
        self.entered[rows, session] = until
        known = rows[self.changed[rows, session] <= until]
        self.first[known, session] = self.final[known, session]
        self.changed[known, session] = NEVER

    def at(self, moment: int) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bytes_]]:
        """The entries of one moment, register by register: pupils, sessions and codes."""
        here = slice(0, moment // _MOMENTS * 2 + 2)  # nothing is entered before its day
        first, entered, changed = self.first[:, here], self.entered[:, here], self.changed[:, here]
        changing = (changed == moment) & (entered < moment)
        pupils, sessions = np.nonzero(((entered == moment) & (first != b"")) | changing)
        codes = np.where(changing, self.final[:, here], first)[pupils, sessions]
        return pupils, sessions, codes

    def before(self, moment: int) -> NDArray[np.bytes_]:
        """What stands in the register before a moment (P x S), empty where nothing was entered."""
        stands = np.where(self.changed < moment, self.final, self.first)
        return np.where(self.entered < moment, stands, b"")


def surfaced(rng: np.random.Generator, final: NDArray[np.bytes_]) -> Entries:
    """How true codes (P x S) came to be known: a spell of one code is N until its reason is known.

    A session is entered as its register is taken; a spell whose reason comes later is changed then.
    """
    size, sessions = final.shape
    entered = np.array([entry_moment(session) for session in range(sessions)], dtype=np.int16)
    known = np.zeros(final.shape, dtype=np.int16)
    for code, percent in KNOWN.items():
        here = final == code.encode()
        begins = here.copy()
        begins[:, 1:] &= ~here[:, :-1]
        spell = np.cumsum(begins).reshape(final.shape) - 1
        start = np.nonzero(begins)[1]
        how = np.searchsorted(np.cumsum(percent), rng.random(start.size) * 100, side="right")
        last_of_day = start // 2 * _MOMENTS + 3
        days_later = last_of_day + _MOMENTS * rng.integers(1, 6, start.size)
        moments = np.choose(how, (entered[start], entered[start] + 1, last_of_day, days_later))
        known[here] = moments[spell[here]]
    late = known > entered
    return Entries(
        first=np.where(late, b"N", final).astype("S2"),
        entered=np.tile(entered, (size, 1)),
        final=final.copy(),
        changed=np.where(late, known, NEVER).astype(np.int16),
    )
