"""Numbers of pupils added up: for each class, or for the school as a whole."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.register import Sessions
from engine.snapshot import Snapshot
from engine.windows import Bounds


def added_up(snapshot: Snapshot, numbers: NDArray[np.int64], subject: str) -> NDArray[np.int64]:
    """A number of every pupil (P x T) as the sum over the members of each class, or of the school.

    >>> from engine.sample import school
    >>> added_up(school("//", "//"), np.array([[1], [2]]), "class").tolist()
    [[3]]
    """
    if subject == "school":
        total: NDArray[np.int64] = numbers.sum(axis=0, keepdims=True)
        return total
    sums = np.zeros((len(snapshot.classes), numbers.shape[1]), dtype=np.int64)
    np.add.at(sums, snapshot.class_no, numbers)
    return sums


def sessions_of(snapshot: Snapshot, flags: NDArray[np.bool_], bounds: Bounds, subject: str) -> Sessions:
    """The sessions of a window at which some member's mark carries a flag.

    >>> from engine import codes
    >>> from engine.sample import school
    >>> window = Bounds(np.array([0]), np.array([4]))
    >>> sessions_of(school("// I/", "// //"), codes.absent_marks(), window, "school")(0, 0).tolist()
    [2]
    """

    def sessions(row: int, number: int) -> NDArray[np.int64]:
        first, last = int(bounds.lo[number]), int(bounds.hi[number])
        mine = snapshot.class_no == row if subject == "class" else np.s_[:]
        return first + np.flatnonzero(flags[snapshot.register.marks[mine, first:last]].any(axis=0))

    return sessions
