"""What the shell waits for: `firstbell --help`, beside an interpreter that does nothing."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from statistics import median

from benchmarks.apart import Cost, command, firstbell
from benchmarks.figure import Figure
from benchmarks.places import Places

TITLE = "the shell"
HELP, TRIES = 0.3, 7


def measure(_places: Places) -> Iterator[Figure]:
    """The median of some tries each."""
    command(sys.executable, "-c", "pass")
    nothing = [command(sys.executable, "-c", "pass") for _ in range(TRIES)]
    firstbell("--help")
    helped = [firstbell("--help") for _ in range(TRIES)]
    yield Figure("python -c pass", _middle(nothing), note="the floor")
    yield Figure("firstbell --help", _middle(helped), bar=HELP, note=f"{TRIES} tries, the middle one")


def _middle(costs: list[Cost]) -> float:
    return median(cost.seconds for cost in costs)
