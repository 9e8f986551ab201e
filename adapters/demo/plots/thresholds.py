"""Stories at the edges of numbers: 5, 10 and 50 percent, ten unauthorised sessions, twenty possible ones."""

from __future__ import annotations

from adapters.demo.stories import Plot

NEAR = "near-persistent-absence"
PERSISTENT = "persistent-absence"
SEVERE = "severe-absence"
NOTICE = "penalty-notice-threshold"

RATES = (
    Plot(
        NEAR,
        "Exactly 5 percent",
        "4 of 80 on Monday at 13:20 (four Y1 sessions do not count)",
        {"2025-09-15": "Y1,Y1 Y1,Y1", "2025-09-24": "O/", "2025-10-01": "OO", "2025-11-10": "/O"},
    ),
    Plot(
        PERSISTENT,
        "Exactly 10 percent",
        "9 of 90 on Thursday at 13:20: attendance of 90.0 percent is persistent absence",
        {"2025-09-17": "CC CC", "2025-10-07": "OO", "2025-10-21": "OO", "2025-11-13": "/O"},
    ),
    Plot(
        SEVERE,
        "Exactly half",
        "43 of 86 on Tuesday at 13:20; the penalty-notice threshold is met as well",
        {"2025-09-15": "II " * 10, "2025-10-06": "OO " * 10, "2025-11-10": "I/ OO"},
    ),
    Plot(
        PERSISTENT,
        "Two reasons to write on one day",
        "N today and over 10 percent (9 of 85): one message a day, the other is put off",
        {"2025-09-10": "CC CC", "2025-10-08": "OO OO", "2025-11-11": "NN"},
        (("Wed 15:45", "2025-11-11 AM", "O"), ("Wed 15:45", "2025-11-11 PM", "O")),
    ),
    Plot(
        PERSISTENT,
        "Mostly illness",
        "9 of 85 on Tuesday, all of it I: a person decides, nothing goes by itself",
        {"2025-09-15": "II II", "2025-10-06": "II II", "2025-11-11": "II"},
    ),
    Plot(
        PERSISTENT,
        "A missing mark that matters",
        "8 absences and a blank: unknown until Friday morning, when a ninth would no longer be 10 percent",
        {"2025-09-10": "CC CC", "2025-10-08": "OO OO", "2025-10-14": "/-"},
    ),
    Plot(
        NEAR,
        "A missing mark that does not",
        "1 absence and a blank: not matched either way",
        {"2025-09-23": "M/", "2025-10-14": "-/"},
    ),
    Plot(
        PERSISTENT,
        "Too new to judge",
        "3 of 19 says nothing on Friday morning; 3 of 20 in the afternoon does",
        {"2025-11-05": "OO", "2025-11-12": "O/"},
        pupil={"admitted_on": "2025-11-03"},
    ),
    Plot(
        SEVERE,
        "Left in October",
        "not applicable: no longer on roll",
        {"2025-09-08": "OO " * 20},
        pupil={"left_on": "2025-10-24"},
    ),
)

FINED = {"kind": "penalty_notice", "on": "2025-09-29", "from": "2025-09-08", "until": "2025-09-09"}
TEN = {"2025-09-08": "GG GG", "2025-10-14": "OO OO", "2025-11-11": "OO"}

NOTICES = (
    Plot(
        NOTICE,
        "Holiday and lateness across half-term",
        "6 G and 4 U: the tenth on Wednesday; a person considers a notice",
        {"2025-10-22": "GG GG GG", "2025-11-04": "U/ U/ U/", "2025-11-12": "U/"},
        history=({"kind": "leave_refused", "on": "2025-10-15", "from": "2025-10-22", "until": "2025-10-24"},),
    ),
    Plot(
        NOTICE,
        "A week's holiday, leave refused",
        "10 G in one week: met by Friday, before the week begins",
        {"2025-11-03": "GG " * 5},
        history=({"kind": "leave_refused", "on": "2025-10-20", "from": "2025-11-03", "until": "2025-11-07"},),
    ),
    Plot(
        NOTICE,
        "Ten late arrivals",
        "10 U: met on Monday, though the child was on site each day",
        {"2025-10-21": "U/ " * 10},
    ),
    Plot(
        NOTICE,
        "Nine is not ten",
        "4 G and 5 U: not matched, short by one",
        {"2025-09-22": "U/ U/ U/ U/", "2025-10-23": "GG GG", "2025-11-12": "U/"},
    ),
    Plot(
        NOTICE,
        "Four are dealt with already",
        "10, but an earlier notice covers 4: not matched, short by four",
        TEN,
        history=(FINED | {"outcome": "paid"},),
    ),
    Plot(
        NOTICE,
        "An earlier notice was withdrawn",
        "it covers nothing: 10 on Tuesday at 13:20",
        TEN,
        history=(FINED, FINED | {"kind": "penalty_withdrawn", "on": "2025-10-06"}),
    ),
    Plot(
        NOTICE,
        "The tenth was illness",
        "met on Tuesday with an N; I at 15:45 leaves 9: the proposal is withdrawn",
        {"2025-10-06": "OO OO OO OO O/", "2025-11-11": "N/"},
        (("Tue 15:45", "2025-11-11 AM", "I"),),
    ),
)
