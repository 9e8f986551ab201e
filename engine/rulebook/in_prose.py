"""Conditions, numbers and codes as an English sentence says them: no number of the model is left out."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from typing import TYPE_CHECKING

from engine.codes import CODE_SETS
from engine.measures import Asked
from engine.rulebook.model import Clause, Condition, Group, Place, Test, Threshold, percent_or_number
from engine.truth import SCALE
from engine.windows import TODAY, WHOLE_REGISTER, YEAR_TO_DATE

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

_WINDOWS = {TODAY: "today", YEAR_TO_DATE: "in the school year to date"}
_COMPARED = {"above": "more than", "below": "less than"}
_TOGETHER = {"all": "all of this is so", "any": "at least one of these is so", "not": "this is not so"}
_FEW_CODES = 5
_SAID = frozenset({"over", "codes", "on", "until", "kinds", "outcomes", "one_in", "subject"})


def condition(of: Condition) -> str:
    """A condition in words.

    >>> from engine.measures import MEASURES
    >>> from engine.rulebook.model import Place
    >>> from engine.truth import Comparison
    >>> from engine.windows import Window
    >>> rate, year = MEASURES["absence_rate"], Asked(Window.parse("year to date"))
    >>> condition(Clause(rate, year, (Test(Comparison.AT_LEAST, 750),), Place("f", 1, 1)))
    'absence in the school year to date is at least 7.5 percent'
    """
    if isinstance(of, Group):
        parts = (f"({condition(part)})" if isinstance(part, Group) else condition(part) for part in of.parts)
        if of.kind == "at_least":
            return f"at least {of.least} of these are so: {'; '.join(parts)}"
        return f"{_TOGETHER[of.kind]}: {'; '.join(parts)}"
    unit, title = of.measure.unit, of.measure.title
    counts = unit.split()[-1] in title.split()
    compared = " and ".join(_compared(test, "" if counts else unit) for test in of.tests)
    return f"{'the number of ' if counts else ''}{title}{_asked(of.asked)} is {compared}"


def number(threshold: Threshold, unit: str = "") -> str:
    """A threshold with the days from which on its values are in force; before the first there is none.

    >>> from engine.rulebook.model import Place
    >>> values = ((date.min, 500), (date(2026, 1, 5), 100))
    >>> number(Threshold("t", "T", "sessions", values, Place("f", 1, 1)), "sessions")
    '5 sessions, then 1 session (from 5 January 2026)'
    """
    said = [
        counted(value, unit) + ("" if since == date.min else f" (from {day(since)})")
        for since, value in threshold.values
    ]
    return ", then ".join(said)


def counted(scaled: int, unit: str) -> str:
    """A number (x 100) with its unit, one of them in the singular.

    >>> counted(100, "school days"), counted(250, "percent"), counted(300, "")
    ('1 school day', '2.5 percent', '3')
    """
    one = unit.removesuffix("s") if scaled == SCALE else unit
    return f"{percent_or_number(scaled)} {one}".rstrip()


def choice(threshold: Threshold) -> str:
    """What may be made of a threshold below its layer; empty where nothing is said.

    >>> from engine.rulebook.model import Place
    >>> choice(Threshold("t", "Concern", "percent", ((date.min, 500),), Place("f", 1, 1), bounds=(300, 500)))
    '«Concern» may be set from 3 to 5'
    """
    if threshold.locked:
        return f"«{threshold.title}» is fixed"
    if threshold.bounds is None:
        return ""
    low, high = map(percent_or_number, threshold.bounds)
    return f"«{threshold.title}» may be set from {low} to {high}"


def codes(of: frozenset[str]) -> str:
    """A set of codes: the codes themselves, or the name that the set has where they are many.

    >>> codes(frozenset("GN")), codes(CODE_SETS["absence"]), codes(CODE_SETS["authorised"] - {"I", "F"})
    ('code G or N', 'a code of «absence»', 'code C, C1, C2, E, H, J1, M, R, S or T')
    """
    listed = sorted(of)
    names = [name for name, members in CODE_SETS.items() if members == of]
    if len(listed) > _FEW_CODES and names:
        return f"a code of «{names[0]}»"
    return "code " + " or ".join(filter(None, (", ".join(listed[:-1]), listed[-1])))


def day(on: date) -> str:
    """A date as people in England write it.

    >>> day(date(2026, 1, 5))
    '5 January 2026'
    """
    return f"{on.day} {on:%B %Y}"


def plain(value: object) -> str:
    """Any other value of the model, as far as it has words: what a new keyword says before it has its own.

    >>> from engine.spans import Span
    >>> plain(Span.parse("2 school days")), plain(("a", 3)), plain(date(2026, 1, 5)), plain(frozenset("GN"))
    ('2 school days', 'a, 3', '5 January 2026', 'G or N')
    >>> from engine.rulebook.model import AppliesTo, Place
    >>> plain(Threshold("t", "T", "sessions", ((date.min, 500),), Place("f", 1, 1)))
    '5'
    >>> plain(AppliesTo(years=("7",))), plain(True)
    ('years 7', 'yes')
    """
    if isinstance(value, Clause | Group):
        return condition(value)
    if isinstance(value, Threshold):
        return number(value)
    if isinstance(value, date):
        return day(value)
    if isinstance(value, frozenset | tuple):
        together = " or " if isinstance(value, frozenset) else ", "
        return together.join(sorted(map(plain, value)) if isinstance(value, frozenset) else map(plain, value))
    words = getattr(value, "words", None)
    if isinstance(words, str):
        return words
    if is_dataclass(value) and not isinstance(value, type):
        return ", ".join(_more(value))
    return "yes" if value is True else str(value)


def beyond(value: DataclassInstance, known: Collection[str] = ()) -> Iterator[tuple[str, object]]:
    """The fields of a value that are not `known` and do not have what they have where nothing is said.

    >>> from engine.rulebook.model import AppliesTo
    >>> dict(beyond(AppliesTo(years=("7",), phases=("primary",)), {"phases"}))
    {'years': ('7',)}
    """
    for each in fields(value):
        made = each.default_factory() if each.default_factory is not MISSING else each.default
        now = getattr(value, each.name)
        if each.name not in known and now != made and not isinstance(now, Place):
            yield each.name, now


def _more(value: DataclassInstance, known: Collection[str] = ()) -> list[str]:
    return [f"{name.replace('_', ' ')} {plain(now)}" for name, now in beyond(value, known)]


def _compared(test: Test, unit: str) -> str:
    word = _COMPARED.get(test.comparison.value, test.comparison.value.replace("_", " "))
    value = test.threshold
    return f"{word} {number(value, unit) if isinstance(value, Threshold) else counted(value, unit)}"


def _asked(asked: Asked) -> str:
    """What a measure is asked for: codes, weekday, window, minute, and whatever else it takes."""
    over = asked.over.words
    said = [f"with {codes(asked.codes)}"] if asked.codes else []
    said += [f"on {asked.on}s"] if asked.on else []
    said += [f"of the kind {_either(asked.kinds)}"] if asked.kinds else []
    said += [f"with the outcome {_either(asked.outcomes)}"] if asked.outcomes else []
    said += [f"that chance brings one pupil in {asked.one_in:,}"] if asked.one_in > 1 else []
    if over != WHOLE_REGISTER:
        said.append(_WINDOWS.get(over) or f"in {'the ' if over.startswith('last') else ''}{over}")
    if isinstance(asked.until, Threshold):
        said.append(f"until {number(asked.until)} minutes after the register closes")
    said += _more(asked, _SAID)
    return "".join(f" {each}" for each in said)


def _either(words: Collection[str]) -> str:
    """Some words of a rule file as alternatives.

    >>> _either({"support_offered", "meeting"})
    'meeting or support offered'
    """
    *most, last = sorted(word.replace("_", " ") for word in words)
    return f"{', '.join(most)} or {last}" if most else last
