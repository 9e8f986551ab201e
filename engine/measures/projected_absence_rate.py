"""projected_absence_rate: the absence at the end of the school year, if it goes on as in a window.

Unit: percent. Formula: (A + R x a / p) / (P + R): A absent of P possible sessions in the year to date, a
of p in the window, R sessions of the calendar still to come in this school year. As one exact fraction:
(A x p + R x a) / ((P + R) x p). Source: Firstbell's own; the rates are those of the Department for
Education, Pupil absence in schools in England: methodology.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine import codes
from engine.instants import Instants
from engine.measures.measure import PERCENT, Asked, Measure, Measured
from engine.snapshot import Snapshot
from engine.windows import YEAR_TO_DATE, Bounds, Window, year_end


def projected_absence_rate(snapshot: Snapshot, instants: Instants, asked: Asked) -> Measured:
    """Where each pupil's year ends if the window is what the rest of it will be like.

    `sessions` are the absences of the year so far. Nothing of the calendar to come: the rate to date.

    >>> from engine.sample import school, AFTER
    >>> from engine.windows import Window
    >>> found = projected_absence_rate(school("II // // // //"), AFTER, Asked(Window.parse("year to date")))
    >>> found.numerator.tolist(), found.denominator.tolist()
    ([[20]], [[80]])
    """
    register, calendar = snapshot.register, snapshot.calendar
    window = asked.over.bounds(calendar, instants)
    year = Window.parse(YEAR_TO_DATE).without_last(asked.over.grace).bounds(calendar, instants)
    to_come = np.maximum(year_end(calendar, instants) - year.hi, 0)

    def counted(at: Bounds) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        absent = register.count("absent", codes.absent_marks(), at)
        return absent, register.count("possible", codes.possible_marks(), at), register.missing(at)

    absent, possible, blank = counted(window)
    so_far, held, unmarked = counted(year)
    most = possible + blank
    return Measured(
        numerator=so_far * possible + to_come * absent,
        low=so_far * most + to_come * absent,
        high=(so_far + unmarked) * most + to_come * (absent + blank),
        missing=unmarked,
        bounds=year,
        sessions=register.at(codes.absent_marks(), year),
        denominator=(held + to_come) * possible,
        whole=(held + unmarked + to_come) * most,
    )


MEASURE = Measure(
    "projected_absence_rate",
    "absence projected to the end of the school year",
    PERCENT,
    ("over",),
    projected_absence_rate,
    divides=lambda over: (over,),
)
