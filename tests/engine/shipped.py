"""The rule packs and calendars as shipped, read from the folder rules/."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from engine.rulebook.calendars import TestCalendar, read_calendar
from engine.rulebook.rulebook import Rulebook, Source, read_rulebook

RULES = Path(__file__).parents[2] / "rules"
LAYERS = {"england": "national", "trust": "trust", "schools": "school"}


def packs() -> tuple[Source, ...]:
    """Every rule pack, as a source whose name is its path below the checkout."""
    return tuple(
        Source(LAYERS[path.parent.name], f"rules/{path.parent.name}/{path.name}", path.read_text("utf-8"))
        for path in sorted(RULES.glob("*/*.yaml"))
        if path.parent.name in LAYERS
    )


@cache
def rulebook() -> Rulebook:
    """All of them together."""
    return read_rulebook(packs())


@cache
def calendars() -> dict[str, TestCalendar]:
    """The calendars that tests may name; one that cannot be read is a ValueError."""
    found: dict[str, TestCalendar] = {}
    for path in sorted((RULES / "calendars").glob("*.yaml")):
        calendar, problems = read_calendar(path.name, path.read_text("utf-8"))
        if calendar is None:
            raise ValueError("; ".join(map(str, problems)))
        found[path.stem] = calendar
    return found
