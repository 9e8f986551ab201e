"""The calls of an hour laid onto people: nobody split, nobody overladen, none forgotten, always the same."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import groupby

from hypothesis import given
from hypothesis import strategies as st

from tests.made import TASK
from workflows.call_plan import Family, Laid, lay_out, timetable

NOW = datetime(2025, 11, 14, 8, 46, tzinfo=UTC)
PEOPLE = ("a", "b", "c", "d")


def _ends(minutes: int) -> datetime:
    return NOW + timedelta(minutes=minutes)


@st.composite
def mornings(draw: st.DrawFn) -> tuple[list[Family], dict[str, int]]:
    """Families, most pressing first (so those that end first), and minutes that are spoken for."""
    ends = sorted(draw(st.lists(st.integers(-3, 25), max_size=9)))
    families = [
        Family(
            f"f{number}",
            draw(st.integers(1, 9)),
            _ends(end),
            draw(st.sampled_from(("", *PEOPLE))),
            tuple(
                tuple(draw(st.lists(st.sampled_from(PEOPLE), unique=True, max_size=3)))
                for _ in range(draw(st.integers(0, 2)))
            ),
        )
        for number, end in enumerate(ends)
    ]
    return families, draw(st.dictionaries(st.sampled_from(PEOPLE), st.integers(0, 12)))


def _plain(families: list[Family], busy: dict[str, int]) -> dict[str, Laid]:
    """The same meaning, minute by minute: everybody has a diary of the minutes that are taken."""
    diary: dict[str, list[str]] = {person: ["busy"] * busy.get(person, 0) for person in ("", *PEOPLE)}
    laid: dict[str, Laid] = {}

    def room(person: str, family: Family) -> int:
        to_come = [one for one in families[families.index(family) + 1 :] if one.adult == person]
        own = 0 if person == family.adult else sum(one.minutes for one in to_come)
        return int((family.ends - NOW).total_seconds()) // 60 - len(diary[person]) - own

    for family in families:
        able = [[family.adult]] if family.adult else []
        able += [
            sorted(group, key=lambda who: (-room(who, family), group.index(who))) for group in family.others
        ]
        found = [who for group in able for who in group if room(who, family) >= family.minutes]
        chosen = found[0] if found else family.adult
        diary[chosen] += [family.key] * family.minutes
        laid[family.key] = Laid(chosen, fits=bool(found))
    return laid


@given(mornings())
def test_the_plan_is_that_of_a_diary(morning: tuple[list[Family], dict[str, int]]) -> None:
    """Against a slow plain reading, minute by minute; and twice the same."""
    families, busy = morning
    assert lay_out(families, busy, NOW) == _plain(families, busy)
    assert lay_out(families, dict(reversed(busy.items())), NOW) == lay_out(families, busy, NOW)


@given(mornings())
def test_what_a_plan_promises(morning: tuple[list[Family], dict[str, int]]) -> None:
    """Each family once, with one who may have it; nobody over their minutes; no guest before one's own."""
    families, busy = morning
    laid = lay_out(families, busy, NOW)
    assert sorted(laid) == sorted(family.key for family in families)
    taken = Counter(busy)
    alone = Counter(busy)
    for family in families:  # the most pressing first, as they are rung
        got = laid[family.key]
        assert got.adult in {family.adult, *(who for group in family.others for who in group)}
        taken[got.adult] += family.minutes
        if got.fits:
            assert _ends(taken[got.adult]) <= family.ends
        else:
            assert got.adult == family.adult
            free = {who for group in family.others for who in group} - {one.adult for one in families}
            assert all(_ends(taken[who] + family.minutes) > family.ends for who in free)
        alone[family.adult] += family.minutes
        if family.adult and _ends(alone[family.adult]) <= family.ends:
            assert got == Laid(family.adult, fits=True), "with nobody else's calls it would have stayed"


@given(st.lists(st.tuples(st.sampled_from(("", *PEOPLE)), st.integers(1, 9), st.booleans()), max_size=12))
def test_the_timetable_leaves_no_gap_and_hides_nothing(told: list[tuple[str, int, bool]]) -> None:
    """Everybody's calls follow each other in the list's order; those over the end say by how much."""
    tasks = [
        replace(
            TASK, task_id=f"t{number}", assignee=who, minutes=minutes, expires_at=_ends(12) if tied else None
        )
        for number, (who, minutes, tied) in enumerate(told)
        for ends in [_ends(12) if tied else None]
    ]
    planned = timetable(tasks, NOW)
    tied = [task for task in tasks if task.assignee and task.expires_at]
    assert sorted(planned) == sorted(task.task_id for task in tied)
    for _, theirs in groupby(sorted(tied, key=lambda task: task.assignee), lambda task: task.assignee):
        at = NOW
        for task in theirs:
            assert planned[task.task_id].at == at
            at += timedelta(minutes=task.minutes)
            assert planned[task.task_id].over == max(0, (at - _ends(12)) // timedelta(minutes=1))


def test_a_part_of_a_minute_over_is_a_minute_over() -> None:
    """Thirty seconds past the minute, four minutes no longer fit into four."""
    task = replace(TASK, assignee="a", minutes=4, expires_at=_ends(4))
    later = NOW + timedelta(seconds=30)
    assert timetable([task], later)[task.task_id].over == 1
    assert lay_out([Family("f", 4, _ends(4), "a")], {}, later) == {"f": Laid("a", fits=False)}
