"""notices_to_one_parent: the most penalty notices that one parent has had for this pupil.

Unit: notices. Formula: notices issued in the window, from 19 August 2024 on, that were not withdrawn, to the
contact who had the most; one that names no contact counts for every parent. Source: Education (Penalty
Notices) (England) (Amendment) Regulations 2024 (SI 2024/210) and the national framework in Working together
to improve school attendance: two notices to a parent for a child within three years, and no third.
"""

from __future__ import annotations

import numpy as np

from engine.instants import Instants
from engine.measures.measure import Asked, Measure, Measured, certain
from engine.notices import FIRST_COUNTED
from engine.snapshot import Snapshot


def notices_to_one_parent(snapshot: Snapshot, instants: Instants, asked: Asked) -> Measured:
    """The most notices to one contact of each pupil; what is not in the history was not issued.

    >>> from dataclasses import replace
    >>> from datetime import date
    >>> from engine.records import Event
    >>> from engine.sample import school, AFTER
    >>> from engine.windows import Window
    >>> issued = [Event("P1", "S", "penalty_notice", date(2025, 9, day), contact_id="C1") for day in (8, 9)]
    >>> pupil = Snapshot.build(replace(school("// //").facts, events=tuple(issued)))
    >>> notices_to_one_parent(pupil, AFTER, Asked(Window.parse("last 3 years"))).numerator.tolist()
    [[2]]
    """
    notices, days = snapshot.notices, asked.over.days(snapshot.calendar, instants)
    issued = notices.issued[:, None]
    counted = (np.maximum(days.first, FIRST_COUNTED) <= issued) & (issued <= days.last)
    counted &= instants.days < notices.ended[:, None]
    most = np.zeros((len(snapshot.people), instants.days.size), dtype=np.int64)
    for contact in {"", *notices.contact}:
        theirs = np.array([each in {"", contact} for each in notices.contact], dtype=np.bool_)
        found = np.zeros_like(most)
        np.add.at(found, notices.row[theirs], counted[theirs].astype(np.int64))
        most = np.maximum(most, found)
    return certain(
        most,
        asked.over.bounds(snapshot.calendar, instants),
        events=lambda row, number: notices.place[(notices.row == row) & counted[:, number]],
    )


MEASURE = Measure(
    "notices_to_one_parent",
    "penalty notices to one parent",
    "notices",
    ("over",),
    notices_to_one_parent,
    of_sessions=False,
)
