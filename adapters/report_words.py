"""What a report's figures are called, on the screen and on paper alike."""

from __future__ import annotations

from collections.abc import Mapping

from workflows.day_report import Duties, Flow

TASKS = ("carried in", "opened", "done", "dismissed", "withdrawn", "missed", "carried on")
DUTIES = ("in time", "late", "not done")
NOTHING_YET = "NOTHING YET"
NO_MARKS = "no mark of this day is known, so nobody can be said to be here or away"


def counts(tasks: Flow, duties: Duties) -> list[str]:
    """The figures in the order of TASKS and DUTIES; none is a dot, so that the others are seen."""
    found = (
        tasks.carried_in,
        tasks.opened,
        tasks.done,
        tasks.dismissed,
        tasks.withdrawn,
        tasks.missed,
        tasks.carried_out,
        duties.on_time,
        duties.late,
        duties.missing,
    )
    return [f"{count:,}" if count else "·" for count in found]


def came_of_it(outcomes: Mapping[str, int]) -> str:
    """How often each outcome was recorded, in one line."""
    return ", ".join(f"{name} {count}" for name, count in outcomes.items())


def how_many(listed: int, unseen: int) -> str:
    """How many were absent without a reason, and of how many nobody took care."""
    told = f"; nothing was done about {unseen} of them" if unseen else ""
    return f"{listed} absent without a reason{told}"
