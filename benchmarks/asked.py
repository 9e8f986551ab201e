"""What Firstbell and its peers are asked over one store, and how their answers are kept and compared.

Plain counts: absent and possible sessions of the school year, by pupil. All measures: every one that a
condition of the shipped packs asks for, over every window and code set it asks it for, each with its bounds
for marks not taken; but for `mark_awaited`, which in the evening is 0 for everybody.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.stores import TUESDAY, evening

if TYPE_CHECKING:
    from numpy.typing import NDArray

AS_OF = evening(TUESDAY)
TODAY = TUESDAY
WEEKS_OF_A_NOTICE, WEEKS_OF_A_CHANGE = 10, 4

PUPIL = (
    "absent", "possible", "blank",
    "late_absent", "late_possible", "late_blank",
    "early_absent", "early_possible", "early_blank",
    "change", "change_least", "change_most", "change_of", "change_of_whole",
    "unexplained_today", "blank_today",
    "towards_notice", "towards_notice_least", "towards_notice_most",
    "ill", "ill_least", "ill_most",
    "run_shortest", "run_longest", "run_blank",
    "joint_shortest", "joint_longest", "joint_blank",
    "return_shortest", "return_least", "return_longest", "return_blank",
    "sick_shortest", "sick_least", "sick_longest", "sick_blank",
    "age_of_n", "age_of_n_most", "age_of_n_blank",
)  # fmt: skip
"""The answers that have a number for each pupil, in the order of (school, pupil); `class_blank` has one for
each class, in the order of (school, class)."""

Answers = dict[str, "NDArray[np.int64]"]


def keep(path: Path, answers: Answers) -> None:
    """Answers as a file, for `differing`."""
    with path.open("wb") as handle:
        np.savez(handle, allow_pickle=False, **answers)


def differing(one: str, other: str) -> list[str]:
    """The answers in which two files differ, with how many and the first; empty: they are equal."""
    found = []
    with np.load(one) as these, np.load(other) as those:
        if set(these.files) != set(those.files):
            return [f"{sorted(set(these.files) ^ set(those.files))} only in one"]
        for name in these.files:
            if these[name].shape != those[name].shape:
                found.append(f"{name}: {these[name].shape} and {those[name].shape}")
            elif (unlike := np.flatnonzero(these[name] != those[name])).size:
                row = int(unlike[0])
                found.append(
                    f"{name}: {unlike.size} differ, row {row}: {these[name][row]}, {those[name][row]}"
                )
    return found
