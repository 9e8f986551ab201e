"""The published picture of England that the demo's absence is drawn from, and held against.

All figures: Department for Education, official statistics under the Open Government Licence v3.0. Three
series stand here, and they are not interchangeable: the school census of 2022/23 says how absence is spread
over pupils, the daily feed of 2024/25 says what it is made of, a census of 2016/17 lends the finer shape
below 10 %. Percentages throughout; phases are `primary`, `secondary` and `special`.
"""

from __future__ import annotations

PHASES = ("primary", "secondary", "special")
YEARS = {
    "primary": tuple(str(year) for year in range(1, 7)),
    "secondary": tuple(str(year) for year in range(7, 12)),
    "special": tuple(str(year) for year in range(1, 12)),
}
"""The year groups that the census publishes: pupils of compulsory school age, so no Reception."""

BAND_NAMES = (*(f"{low} to {low + 5}" for low in range(0, 50, 5)), "over 50")
BANDS = {
    "primary": (56.117, 27.671, 9.174, 3.207, 1.389, 0.720, 0.415, 0.255, 0.182, 0.125, 0.745),
    "secondary": (46.307, 27.168, 11.007, 4.775, 2.570, 1.624, 1.130, 0.833, 0.662, 0.522, 3.403),
    "special": (35.266, 26.402, 13.604, 7.090, 3.982, 2.544, 1.717, 1.274, 0.995, 0.889, 6.238),
}
"""Share of pupils in each 5-point band of absence, England 2022/23. A band holds its upper edge.

Source: absence-distributions-dashboard, absence bands 2016/17 to 2022/23, all pupils of the phase.
"""

BELOW_TEN = {
    "primary": ((11.9, 15.8, 24.8, 20.4, 16.3), (33.7, 25.2, 18.7, 13.8)),
    "secondary": ((12.7, 16.0, 23.4, 19.5, 16.5), (31.2, 24.3, 19.1, 15.0)),
    "special": ((8.2, 13.8, 23.0, 21.3, 19.3), (28.1, 23.6, 19.8, 16.8)),
}
"""Shape within the two lowest bands, in percent of the band: no absence, then point by point.

Source: absence-distributions-dashboard, 1-point bands, England 2016/17 (the last year published so finely).
"""


def _shares(text: str) -> dict[str, float]:
    words = text.split()
    return {code: float(share) for code, share in zip(words[::2], words[1::2], strict=True)}


CODES = {
    "primary": _shares(
        "L 1.10234  B 0.17923  K 0.01316  P 0.09003  V 0.75812  "
        "I 2.85806  M 0.25905  R 0.10212  T 0.01487  E 0.03322  C 0.32265  C1 0.00318  C2 0.12977  "
        "J1 0.01720  G 0.56431  U 0.16336  O 0.72866  N 0.05046"
    ),
    "secondary": _shares(
        "L 2.85684  B 0.31374  K 0.06368  P 0.15203  V 0.81641  W 0.30809  "
        "I 3.62888  M 0.37149  R 0.09178  S 0.09986  T 0.00335  E 0.31249  C 0.46189  C1 0.00438  "
        "C2 0.30910  J1 0.01564  G 0.34341  U 0.29581  O 2.59001  N 0.06625"
    ),
    "special": _shares(
        "L 0.76905  B 0.89366  K 0.10965  P 0.05290  V 0.49892  W 0.06070  "
        "I 5.12179  M 0.98889  R 0.07713  S 0.02320  T 0.00777  E 0.17196  C 1.67405  C1 0.00700  "
        "C2 1.42758  J1 0.00950  G 0.40872  U 0.28109  O 2.60968  N 0.07356"
    ),
}
"""Sessions by code in percent of possible sessions, England, whole year 2024/25.

Source: attendance-data-dashboard, full year 2024/25, from the counts. Left out: J and H, which ended in
August 2024 and live on in a few registers, and what is below 0.001 % (S and W in primaries).
"""

PRESENT = {
    "primary": {"/": 45.90462, "\\": 46.70513},
    "secondary": {"/": 42.76122, "\\": 44.13349},
    "special": {"/": 42.20750, "\\": 42.52532},
}
"""The marks that say present, in the same terms. Source: as `CODES`; they are what the others leave."""

NOT_POSSIBLE = {
    "primary": {"D": 0.046, "Y1": 0.004},
    "secondary": {"D": 0.407, "Y1": 0.010},
    "special": {"D": 0.098, "Y1": 0.401},
}
"""Marks outside the possible sessions, per 100 possible ones.

Source: attendance-data-dashboard, all codes, week of 9 September 2024 (no whole year is published).
"""

ABSENCE_2024_25 = {"primary": 5.2473, "secondary": 8.5945, "special": 12.8823}
ABSENCE_2022_23 = {"primary": 5.973, "secondary": 9.313, "special": 13.071}
"""Overall absence: the daily feed's whole years, as they stood on 10 August 2023 for 2022/23."""

PERSISTENT_2024_25 = {"primary": 13.505, "secondary": 24.318, "special": 35.799}
"""Pupils who missed 10 % and more. Source: attendance-data-dashboard, full year 2024/25."""

OVER_TEN_BY_YEAR = {
    "primary": (19.17, 16.27, 15.22, 15.27, 15.67, 15.69),
    "secondary": (19.85, 25.41, 28.88, 29.72, 30.38),
    "special": (43.06, 38.72, 35.77, 34.66, 34.23, 34.04, 34.74, 37.67, 40.07, 43.12, 44.11),
}
OVER_TEN_BY_NEED = {
    "primary": {"fsm": 29.40, "no fsm": 11.20, "sen": 25.74, "no sen": 13.91},
    "secondary": {"fsm": 44.95, "no fsm": 20.20, "sen": 39.06, "no sen": 23.78},
    "special": {"fsm": 44.62, "no fsm": 32.75},
}
"""Pupils over 10 % by year group and by need, 2022/23. Source: as `BANDS`."""

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri")
ABSENCE_BY_WEEKDAY = {
    "primary": (3.925, 3.654, 3.489, 3.655, 4.433),
    "secondary": (5.399, 5.530, 5.486, 5.702, 6.482),
    "special": (9.586, 9.818, 9.802, 10.099, 11.131),
}
"""Overall absence by weekday. Source: attendance-data-dashboard, daily, week of 9 September 2024."""

SHARE_FSM = {"primary": 0.257, "secondary": 0.240, "special": 0.460}
SHARE_SEN = {"primary": (0.133, 0.264), "secondary": (0.130, 0.238), "special": (1.0, 1.0)}
"""Pupils eligible for free school meals; any special need among those who are not, and are. As `BANDS`."""

PULL_FSM = {"primary": 0.651, "secondary": 0.700, "special": 0.322}
PULL_SEN = {"primary": 0.342, "secondary": 0.363, "special": 0.0}
PULL_YEAR = {
    "primary": (0.170, 0.022, -0.050, -0.059, -0.045, -0.038),
    "secondary": (-0.257, -0.056, 0.065, 0.106, 0.143),
    "special": (0.172, 0.039, -0.057, -0.099, -0.117, -0.124, -0.099, -0.024, 0.039, 0.119, 0.150),
}
SPREAD_OF_SCHOOLS = 0.15
"""How far need and year pull a pupil up the queue of absence, in standard deviations.

Fitted for this project: a probit on the pupils over 10 % by year, meals and need, 2022/23 (as `BANDS`).
"""


def judged(phase: str) -> dict[str, float]:
    r"""The codes of a phase that the check judges: above 1 in 1,000 possible sessions.

    >>> sorted(judged("primary"))
    ['/', 'B', 'C', 'C2', 'G', 'I', 'L', 'M', 'O', 'R', 'U', 'V', '\\']
    """
    return PRESENT[phase] | {code: share for code, share in CODES[phase].items() if share > 0.1}
