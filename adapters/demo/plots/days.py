"""Stories of the first days of an absence, and of reasons nobody has found out."""

from __future__ import annotations

from adapters.demo.stories import Plot

TEXT = "absent-without-reason"
STALE = "reason-not-established"


def _both(when: str, day: str, code: str) -> tuple[tuple[str, str, str], ...]:
    return ((when, f"{day} AM", code), (when, f"{day} PM", code))


FIRST_DAYS = (
    Plot(
        TEXT,
        "Absent, no reason, nobody rings",
        "the text drafted on Monday at 09:20 goes at 10:35; the reason comes on Tuesday",
        {"2025-11-10": "NN"},
        _both("Tue 15:45", "2025-11-10", "I"),
    ),
    Plot(
        TEXT,
        "The mother rings at 10:20",
        "N at 09:20, I at 10:30: the text and the call are withdrawn",
        {"2025-11-10": "NI"},
        (("Mon 10:30", "2025-11-10 AM", "I"),),
    ),
    Plot(
        TEXT,
        "Late, not absent",
        "N at 09:20, U at 10:30: withdrawn, the child is on site",
        {"2025-11-13": "N/"},
        (("Thu 10:30", "2025-11-13 AM", "U"),),
    ),
    Plot(
        TEXT,
        "Gone after lunch, found in the music room",
        "N at 13:20 is texted; corrected to present at 15:45: withdrawn",
        {"2025-11-12": "/N"},
        (("Wed 15:45", "2025-11-12 PM", "\\"),),
    ),
    Plot(TEXT, "In late, marked U", "no first-day text: the child is on site", {"2025-11-13": "U/"}),
    Plot(
        TEXT,
        "Two siblings absent the same day",
        "one family, two children: side by side on the list",
        {"2025-11-12": "NN"},
        _both("Thu 15:45", "2025-11-12", "I"),
        siblings=True,
    ),
    Plot("absence-day-1", "A day of illness, reported", "day 1 on Wednesday", {"2025-11-12": "II"}),
    Plot(
        "absence-day-1",
        "Day 1 waits for the first contact",
        "held while the first-day contact is open: one person at a time owns the call",
        {"2025-11-12": "NN"},
        _both("Wed 15:45", "2025-11-12", "I"),
    ),
    Plot(
        "absence-day-1",
        "A late morning breaks the run",
        "Wednesday is day 1 again, not day 3: on Tuesday the child was on site",
        {"2025-11-10": "II U/ II"},
    ),
    Plot(
        "absence-day-2", "A second day", "day 2 on Wednesday takes over from day 1", {"2025-11-11": "II II"}
    ),
    Plot(
        "absence-day-3", "A third day", "day 3 on Wednesday takes over from day 2", {"2025-11-10": "II II II"}
    ),
    Plot(
        "absence-day-3",
        "A run over the weekend",
        "Thursday, Friday, Monday: Monday is day 3",
        {"2025-11-06": "II II II"},
    ),
)

STALE_REASONS = (
    Plot(
        STALE,
        "An N from before half-term",
        "Friday 24 October is six school days old on Monday",
        {"2025-10-24": "NN"},
    ),
    Plot(
        STALE,
        "Settled a day too late",
        "six school days old on Tuesday morning; I at 15:45: withdrawn",
        {"2025-11-03": "NN"},
        _both("Tue 15:45", "2025-11-03", "I"),
    ),
    Plot(
        STALE,
        "Settled in time",
        "never matched: O on Monday, before the sixth school day",
        {"2025-11-04": "NN"},
        _both("Mon 15:45", "2025-11-04", "O"),
    ),
)
