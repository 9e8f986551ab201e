"""A provider's pace and its rest: how long a sender waits, and what it costs the messages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from messaging.channels.channel import Accepted, Refused, Unsure
from workflows.provider import TROUBLES, after, left_alone, turn
from workflows.values import Provider

NOON = datetime(2025, 11, 10, 12, tzinfo=UTC)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
NEW = Provider("post")
DOWN = Refused("the provider is down", passing=True, of_provider=True)


@given(
    per_minute=st.integers(1, 3_000),
    pauses=st.lists(st.timedeltas(timedelta(), timedelta(seconds=5)), max_size=200),
)
def test_no_minute_takes_more_than_its_limit(per_minute: int, pauses: list[timedelta]) -> None:
    """However senders come: in any minute the places taken are at most the limit, and a second's more."""
    provider, at, taken = NEW, NOON, []
    for pause in pauses:
        at += pause
        provider, wait = turn(provider, at, per_minute)
        if not wait:
            taken.append(at)
    most = per_minute + per_minute / 60 + 1
    assert all(sum(each <= other < each + MINUTE for other in taken) <= most for each in taken)


def test_who_waits_as_told_gets_a_place() -> None:
    """Sixty a minute: two at once, then one a second, and whoever waits so long is let in."""
    provider, at, waits = NEW, NOON, []
    for _ in range(5):
        provider, wait = turn(provider, at, 60)
        if wait:
            waits.append(wait)
            at += wait
            provider, again = turn(provider, at, 60)
            assert not again
    assert waits == [SECOND] * 3


def test_without_a_limit_nobody_waits() -> None:
    """No place is kept for what takes as many as there are."""
    assert turn(NEW, NOON, 0) == (NEW, timedelta())


def test_troubles_in_a_row_close_it_and_one_message_tries_it() -> None:
    """Closed at the fifth, a minute, then two; meanwhile one sender tries and the others stay away."""
    provider = NEW
    for _ in range(TROUBLES):
        assert left_alone(provider, NOON) == ""
        provider = after(provider, DOWN, NOON)
    assert left_alone(provider, NOON) == "the provider is down; post is tried again at 12:01"
    assert turn(provider, NOON, 0) == (provider, MINUTE)
    trying, wait = turn(provider, NOON + MINUTE, 0)
    assert not wait
    assert turn(trying, NOON + MINUTE, 0)[1] == MINUTE
    worse = after(trying, Unsure("no answer came"), NOON + MINUTE)
    assert left_alone(worse, NOON + MINUTE) == "no answer came; post is tried again at 12:03"
    assert after(worse, Accepted("x"), NOON + 3 * MINUTE) == Provider("post", next_at=worse.next_at)


def test_it_never_rests_longer_than_half_an_hour() -> None:
    """However long it is down, it is tried every half hour."""
    provider, at = NEW, NOON
    for _ in range(40):
        provider = after(provider, DOWN, at)
    assert provider.closed_until == at + timedelta(minutes=30)


def test_what_is_wrong_with_one_message_is_no_trouble_of_the_provider() -> None:
    """Twenty wrong numbers in a row close nothing, and end a row of troubles."""
    provider = after(NEW, DOWN, NOON)
    for _ in range(20):
        provider = after(provider, Refused("no such number", of_address=True), NOON)
    assert provider == NEW


def test_a_wish_for_a_slower_pace_is_heeded_by_all() -> None:
    """Too many requests: everybody waits as long as it asked for."""
    asked = Refused("too many", passing=True, again_after=timedelta(seconds=30))
    provider = after(NEW, asked, NOON)
    assert left_alone(provider, NOON) == ""
    assert turn(provider, NOON, 60)[1] == timedelta(seconds=29)
