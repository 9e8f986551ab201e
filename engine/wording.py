"""Sentences from evidence: what a rule's `because` may name, and how numbers are said."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from itertools import chain

PLACEHOLDER = re.compile(r"\{(\w+)\.(\w+)\}")
_ONE_OF_MANY = re.compile(r"(?<![\d.,:-])1 ((?:school )?(?:day|week|session|lesson|spell|time))s\b")
FIELDS = (
    "numerator", "denominator", "missing", "percent", "threshold", "first", "last", "dates", "codes",
)  # fmt: skip


@lru_cache(maxsize=1_000)
def named(sentence: str) -> tuple[tuple[str, str], ...]:
    """Each (measure, field) that a sentence names.

    >>> named("{absence_rate.numerator} of 72, {absence_rate.dates}")
    (('absence_rate', 'numerator'), ('absence_rate', 'dates'))
    """
    return tuple(dict.fromkeys(PLACEHOLDER.findall(sentence)))


def percent(numerator: int, denominator: int) -> str:
    """A rate cut (never rounded up) to one decimal: 9.97 % must not read as 10.0.

    >>> percent(38, 380), percent(37, 371)
    ('10.0', '9.9')
    """
    tenths = numerator * 1000 // denominator if denominator else 0
    return f"{tenths // 10}.{tenths % 10}"


def fill(sentence: str, values: Mapping[tuple[str, str], str]) -> str:
    """A sentence with `{measure.field}` replaced; only names, never code. Of one thing it speaks as of one.

    >>> fill("{absence_rate.numerator} of 72", {("absence_rate", "numerator"): "8"})
    '8 of 72'
    >>> fill("{spells.numerator} school days of 21 days", {("spells", "numerator"): "1"})
    '1 school day of 21 days'
    """
    plain, names = _parts(sentence)
    filled = "".join(chain.from_iterable(zip(plain, (*(values[name] for name in names), ""), strict=True)))
    return _ONE_OF_MANY.sub(r"1 \1", filled) if "1 " in filled else filled


@lru_cache(maxsize=1_000)
def _parts(sentence: str) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
    """The text before, between and after the names of a sentence, and the names."""
    plain = tuple(PLACEHOLDER.split(sentence)[:: PLACEHOLDER.groups + 1])
    return plain, tuple(PLACEHOLDER.findall(sentence))
