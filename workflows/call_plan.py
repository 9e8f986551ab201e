"""The calls of an hour laid onto the people who are there: whose each family is, and when each call comes.

Pure: minutes and names in, a plan out; the same in, the same out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from workflows.values import Task


@dataclass(frozen=True, slots=True)
class Family:
    """The calls of one family: `minutes` in all, to be made before `ends`.

    `adult` is the staff id of whom they know, empty where there is nobody; `others` are who may take them
    instead, those who look after them in the first group, the rest in the next.
    """

    key: str
    minutes: int
    ends: datetime
    adult: str
    others: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Laid:
    """Whose a family is for this hour, and whether they have the minutes."""

    adult: str
    fits: bool


def lay_out(families: Sequence[Family], busy: Mapping[str, int], now: datetime) -> dict[str, Laid]:
    """One adult for each family, given the most pressing first; `busy` are minutes already spoken for.

    A family stays with its adult where the minutes between now and its end hold it after all that presses
    more. Else it goes to whoever of the first group with room has the most minutes left (the earlier in the
    group where it is the same); room is what their own families do not need. What fits nobody stays with its
    adult, in its place, and does not fit.

    >>> from datetime import UTC
    >>> now = datetime(2025, 11, 14, 8, 46, tzinfo=UTC)
    >>> ends = now + timedelta(minutes=9)
    >>> own = [Family(key, 4, ends, "tutor", (("head-of-year",),)) for key in "abcd"]
    >>> {key: (laid.adult, laid.fits) for key, laid in lay_out(own, {"head-of-year": 5}, now).items()}
    {'a': ('tutor', True), 'b': ('tutor', True), 'c': ('head-of-year', True), 'd': ('tutor', False)}
    """
    taken, kept_free = Counter(busy), Counter[str]()
    for family in families:
        kept_free[family.adult] += family.minutes
    laid: dict[str, Laid] = {}
    for family in families:
        whole = int((family.ends - now) / timedelta(minutes=1))
        kept_free[family.adult] -= family.minutes
        if family.adult and taken[family.adult] + family.minutes <= whole:
            adult = family.adult
        else:
            load = {who: taken[who] + kept_free[who] for group in family.others for who in group}
            able = ([w for w in group if load[w] + family.minutes <= whole] for group in family.others)
            adult = min(next(filter(None, able), [""]), key=lambda who: load.get(who, 0))
        laid[family.key] = Laid(adult or family.adult, fits=bool(adult))
        taken[adult or family.adult] += family.minutes
    return laid


@dataclass(frozen=True, slots=True)
class Planned:
    """When a call comes, and by how many minutes it would be over its end: 0 where it fits."""

    at: datetime
    over: int


def timetable(tasks: Iterable[Task], now: datetime) -> dict[str, Planned]:
    """When each piece of time-anchored work comes, by task id: everybody's one after the other, from now on.

    `tasks` stand in the order of the list. Work that nobody has does not come at all.
    """
    free: dict[tuple[str, str], datetime] = {}
    planned: dict[str, Planned] = {}
    for task in tasks:
        if task.expires_at is None or not task.assignee:
            continue
        who = (task.school_id, task.assignee)
        begins = free.get(who, now)
        free[who] = begins + timedelta(minutes=task.minutes)
        late = free[who] - task.expires_at
        planned[task.task_id] = Planned(begins, max(0, -(-late // timedelta(minutes=1))))
    return planned
