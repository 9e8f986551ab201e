"""Both engines, and facts made up at random, for all tests of inference."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import TypeVar

import pytest

from engine.inference.durable import WHY_NOT, DurableInference, available
from engine.inference.facts import AUTONOMIES, NOT_YET, Candidate, Facts, Stand
from engine.reasons import Circumstance, Result

T = TypeVar("T")

RULES = ("a", "b", "c", "d", "e", "f")
LADDERS = ("absence", "rate", "unexplained")


def facts_at_random(random: Random) -> Facts:
    """Facts over a few rules, ladders and stages, so that they meet each other often."""

    def some_of(values: tuple[T, ...], *sizes: int) -> tuple[T, ...]:
        return tuple(random.sample(values, random.choice(sizes)))

    candidates = tuple(
        Candidate(
            rule,
            random.choice(LADDERS),
            random.randint(1, 3),
            random.choice((Result.MATCHED, Result.MATCHED, Result.MATCHED, Result.UNKNOWN)),
            random.choice(AUTONOMIES),
            random.choice(("", "", *(other for other in RULES if other != rule))),
            random.choice((0, 0, 1, 2, 3)),
            some_of(NOT_YET, 0, 0, 0, 0, 0, 0, 1, 2),
        )
        for rule in some_of(RULES, 1, 1, 2, 2, 3, 4, 6)
    )
    return Facts(
        some_of(tuple(Circumstance), 0, 0, 0, 1, 2),
        tuple(
            Stand(ladder, random.randint(1, 3), random.random() < 0.3)
            for ladder in some_of(LADDERS, 0, 0, 1, 2, 3)
        ),
        some_of(RULES, 0, 0, 1, 2),
        some_of(RULES, 0, 0, 0, 1, 2),
        random.random() < 0.3,
        candidates,
    )


@pytest.fixture(scope="session")
def at_random() -> Callable[[Random], Facts]:
    """Makes up facts from a source of randomness."""
    return facts_at_random


@pytest.fixture(scope="session")
def sample() -> Callable[[int, int], list[Facts]]:
    """So many random facts from a seed: the same seed gives the same facts."""

    def drawn(seed: int, count: int) -> list[Facts]:
        random = Random(seed)  # noqa: S311 - repeatable on purpose
        return [facts_at_random(random) for _ in range(count)]

    return drawn


@pytest.fixture(scope="session")
def durable() -> DurableInference:
    """One host for all tests: a host is never given back whole."""
    if not available():
        pytest.skip(WHY_NOT)
    return DurableInference()
