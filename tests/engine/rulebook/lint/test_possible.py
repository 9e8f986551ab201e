"""Whether a condition can hold, against every number tried one by one."""

from __future__ import annotations

from datetime import date
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from engine.rulebook.lint.possible import holds, possible
from engine.rulebook.lint.quantities import Reach, quantity
from engine.rulebook.lint.sample import clause
from engine.rulebook.model import Clause, Condition, Group
from engine.truth import SCALE

DAY = date(2026, 1, 5)
COMPARISONS = ("at_least", "above", "at_most", "below", "exactly")
WINDOWS = ("today", "last 2 school days")
MOST = 4


def one(window: str, comparison: str, number: float) -> Clause:
    """One clause about lateness."""
    return clause("late_sessions", **{"over": window, comparison: number})


CLAUSES = st.builds(
    one, st.sampled_from(WINDOWS), st.sampled_from(COMPARISONS), st.integers(0, 10).map(lambda n: n / 2)
)
CONDITIONS: st.SearchStrategy[Condition] = st.recursive(
    CLAUSES,
    lambda parts: st.one_of(
        st.builds(Group, st.sampled_from(("all", "any")), st.lists(parts, min_size=1, max_size=3).map(tuple)),
        st.builds(Group, st.just("not"), st.tuples(parts)),
        st.builds(
            Group, st.just("at_least"), st.lists(parts, min_size=2, max_size=3).map(tuple), st.integers(1, 2)
        ),
    ),
    max_leaves=5,
)


@given(CONDITIONS)
def test_what_is_found_impossible_is_so_for_every_number(condition: Condition) -> None:
    """And what is found possible is so for one: all counts of both windows are tried."""
    today, two_days = (quantity(one(window, "at_least", 1)) for window in WINDOWS)
    tried = (
        holds(condition, DAY, {today: now * SCALE, two_days: both * SCALE})
        for now, both in product(range(3), range(MOST + 1))
    )
    assert possible(condition, DAY) is any(tried)


@given(st.lists(st.integers(-200, 1200), max_size=4), st.booleans(), st.sampled_from([None, 1000]))
def test_every_stretch_between_cuts_has_its_number(cuts: list[int], whole: bool, high: int | None) -> None:  # noqa: FBT001
    """No number of the reach lies on another side of a cut than all of those chosen."""
    reach = Reach(0, high, whole=whole)
    chosen = reach.numbers(cuts)

    def side(number: float) -> tuple[int, ...]:
        return tuple((number > cut) - (number < cut) for cut in cuts)

    there = range(0, (high or 1400) + 1, SCALE if whole else 1)
    assert {side(number) for number in there} <= {side(number) for number in chosen}
    assert all(0 <= number <= (high or 10**6) for number in chosen)


def test_what_is_too_much_to_try_passes_as_possible() -> None:
    """A file made to hurt costs no more than any other; groups that are not known here say nothing."""
    never = one("today", "at_least", 9)
    many = [
        clause("late_sessions", over=f"last {days} school days", at_least=1, below=1) for days in range(1, 40)
    ]
    assert possible(Group("any", tuple(many)), DAY)
    few = tuple(many[:6])
    assert not possible(Group("any", few), DAY)
    assert possible(Group("any", few * 300), DAY)
    assert possible(Group("one day", (never,)), DAY)
    assert not possible(Group("all", (Group("one day", (never,)), never)), DAY)


def test_some_of_several_hold_as_soon_as_enough_of_them_do() -> None:
    """Known numbers decide where they can: enough hold, or too few are left that could."""
    late, later, unknown = (
        one("today", "at_least", 1),
        one("today", "at_least", 2),
        one(WINDOWS[1], "above", 0),
    )
    two = Group("at_least", (late, later, unknown), 2)
    today = quantity(late)
    assert [holds(two, DAY, {today: number * SCALE}) for number in (0, 1, 2)] == [False, None, True]
