"""Why a rule holds, or by how much it does not: evidence, shortfalls and the sentence for people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import NDArray

from engine import codes
from engine.in_words import InWords
from engine.match import FALSE, TRUE, UNKNOWN, Judge, Judgement, Weighed
from engine.measures import Measure
from engine.patience import asked_for, waits
from engine.reasons import Result
from engine.rulebook.model import Clause, Condition, percent_or_number, reached_from
from engine.scope import left_out_because, scope_of
from engine.snapshot import Snapshot
from engine.truth import SCALE, Comparison
from engine.wording import fill, named

Json = dict[str, object]
_WORDS = {
    Comparison.AT_LEAST: "at least",
    Comparison.ABOVE: "more than",
    Comparison.AT_MOST: "at most",
    Comparison.BELOW: "less than",
    Comparison.EXACTLY: "exactly",
}
_OPPOSITE = {
    Comparison.AT_LEAST: Comparison.BELOW,
    Comparison.ABOVE: Comparison.AT_MOST,
    Comparison.AT_MOST: Comparison.ABOVE,
    Comparison.BELOW: Comparison.AT_LEAST,
}


@dataclass(frozen=True, slots=True)
class Explanation:
    """What one rule says of one subject: the fields of `firstbell explain --json`.

    `scope` is what the rule's applies_to says, of a rule for everybody nothing.
    """

    result: Result
    because: str
    evidence: tuple[Json, ...]
    short_by: tuple[Json, ...]
    scope: Json = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Shortfall:
    """One comparison that stands in a rule's way: what was measured, and what would have to be.

    The value is None where there was nothing to measure: no such event, no morning today.
    """

    measure: Measure
    value: float | None
    needed: int
    needs: str

    @property
    def enough(self) -> int:
        """The nearest number (x 100) that would do: of whole things, more than 5 is 6."""
        step = SCALE if self.measure.whole else 0
        strict = {_WORDS[Comparison.ABOVE]: step, _WORDS[Comparison.BELOW]: -step}
        return self.needed + strict.get(self.needs, 0)

    @property
    def json(self) -> Json:
        """The line of `short_by`."""
        return {
            "measure": self.measure.name,
            "value": None if self.value is None else _plain(self.value),
            "needed": percent_or_number(self.enough),
            "by": None if self.value is None else _plain(abs(self.value - self.enough / SCALE)),
            "unit": self.measure.unit,
        }

    def __str__(self) -> str:
        needs = f"the rule needs {self.needs} {percent_or_number(self.needed)}"
        if self.value is None:
            return f"{self.measure.title}: there is none, {needs}"
        return f"{self.measure.title}: {_plain(self.value)} {self.measure.unit}, {needs}"


def explain(
    judge: Judge,
    judgement: Judgement,
    row: int,
    number: int = 0,
    *,
    in_full: bool = True,
    past: Sequence[str] = (),
) -> Explanation:
    """The explanation of one subject at one instant; `past` says why its cases keep the rule from acting.

    Where it is not to be `in_full` the sessions of a guard are not listed: what a pupil could have
    attended is nearly the whole register, and no reason for anything.
    """
    result, scope = judgement.result(row, number), scope_of(judgement.rule.applies_to)
    if result is Result.NOT_APPLICABLE:
        return Explanation(result, _not_applicable(judge, judgement, row, number), (), (), scope)
    evidence = [
        _evidence(judge, weighed, row, number, listed=in_full or not weighed.clause.measure.guard)
        for weighed in judgement.weighed
    ]
    evidence += [
        _evidence(judge, weighed, row, number, listed=in_full)
        for each in judgement.before
        for weighed in each.weighed
    ]
    short = tuple(_short_by(judgement, row, number)) if result is Result.NOT_MATCHED else ()
    because = "; ".join(map(str, short)) or _because(judge, judgement, row, number, result) or result.sentence
    unmet = waits(judgement.before, row, number)
    if result is Result.MATCHED and (unmet or past):
        because += f"; not yet: {', '.join((*(each.sentence(row, number) for each in unmet), *past))}"
        if in_full and (asked := asked_for(unmet, row, number)):
            because += f" (there is a task for that: {'; '.join(step.do for step in asked)})"
    return Explanation(result, because, tuple(evidence), tuple(line.json for line in short), scope)


def counted_sessions(judgement: Judgement, row: int, number: int = 0) -> NDArray[np.int64]:
    """The sessions that the first clause with any of them is about, ascending: the ground of a case."""
    for weighed in judgement.weighed:
        sessions = (weighed.measured.about or weighed.measured.sessions)(row, number)
        if sessions.size:
            return sessions
    return np.zeros(0, dtype=np.int64)


def _evidence(judge: Judge, weighed: Weighed, row: int, number: int, *, listed: bool) -> Json:
    if number not in weighed.alike:
        weighed.alike[number] = _alike(judge, weighed, number)
    measured, denominator = weighed.measured, weighed.measured.denominator
    evidence = {
        **weighed.alike[number],
        "numerator": measured.numerator.item(row, number),
        "denominator": None if denominator is None else denominator.item(row, number),
        "missing": measured.missing.item(row, number),
        "sessions": _sessions(judge.snapshot, weighed, row, number) if listed else [],
    }
    if measured.events is not None:
        evidence["events"] = _events(judge.snapshot, weighed, row, number)
    return evidence


def _alike(judge: Judge, weighed: Weighed, number: int) -> Json:
    """The evidence as it is for everybody: each number is filled in, in its place."""
    calendar, clause, bounds = judge.snapshot.calendar, weighed.clause, weighed.measured.bounds
    first, last = int(bounds.lo[number]), int(bounds.hi[number]) - 1
    there = last >= first
    window: Json = {
        "over": clause.asked.over.words,
        "first": dict(zip(("date", "session"), calendar.name(first), strict=True)) if there else None,
        "last": dict(zip(("date", "session"), calendar.name(last), strict=True)) if there else None,
    }
    return {
        "measure": clause.measure.name,
        "window": window,
        "numerator": 0,
        "denominator": None,
        "missing": 0,
        "threshold": {
            test.comparison.value: percent_or_number(needed) for test, needed in weighed.needed_at(number)
        },
        "unit": clause.measure.unit,
        "sessions": [],
    }


def _sessions(snapshot: Snapshot, weighed: Weighed, row: int, number: int) -> list[Json]:
    """The sessions that a number counts, each with its code; of a class or a school there is not one code."""
    counted = weighed.measured.sessions(row, number)
    of_pupil = weighed.clause.asked.subject == "pupil"
    marks = snapshot.register.marks[row].take(counted) if of_pupil else np.zeros(counted.size, np.uint8)
    names, codes_of = snapshot.calendar.names, codes.CODES
    return [
        {"date": names[at][0], "session": names[at][1], "code": codes_of[mark]}
        for at, mark in zip(counted.tolist(), marks.tolist(), strict=True)
    ]


def _events(snapshot: Snapshot, weighed: Weighed, row: int, number: int) -> list[Json]:
    """The lines of history that a number rests on, in the order of their days."""
    return [
        {
            "kind": event.kind,
            "on": event.on.isoformat(),
            "from": event.from_.isoformat() if event.from_ else None,
            "until": event.until.isoformat() if event.until else None,
            "outcome": event.outcome,
        }
        for event in weighed.events(snapshot, row, number)
    ]


def _short_by(judgement: Judgement, row: int, number: int) -> Iterator[_Shortfall]:
    truths = {id(weighed.clause): weighed for weighed in judgement.weighed}
    for clause, wanted in _failing(judgement.rule.when, truths, row, number, wanted=True):
        weighed = truths[id(clause)]
        for test, needed in weighed.needed_at(number):
            value = _value(weighed, row, number)
            if value is None or _meets(test.comparison, value, needed / SCALE) != wanted:
                yield _Shortfall(clause.measure, value, needed, _needs(test.comparison, wanted=wanted))


def _failing(
    condition: Condition, truths: dict[int, Weighed], row: int, number: int, *, wanted: bool
) -> Iterator[tuple[Clause, bool]]:
    """The clauses that keep a condition from being what is wanted of it."""
    if isinstance(condition, Clause):
        if int(truths[id(condition)].truth[row, number]) == (FALSE if wanted else TRUE):
            yield condition, wanted
        return
    for part in condition.parts:
        yield from _failing(part, truths, row, number, wanted=wanted != (condition.kind == "not"))


def _value(weighed: Weighed, row: int, number: int) -> float | None:
    numerator, denominator = weighed.measured.numerator, weighed.measured.denominator
    if denominator is None:
        return float(numerator[row, number])
    times = 100 if weighed.clause.measure.in_percent else 1
    possible = int(denominator[row, number])
    if not possible:
        return None if weighed.clause.measure.can_lack else 0.0
    return float(numerator[row, number]) * times / possible


def _meets(comparison: Comparison, value: float, needed: float) -> bool:
    return {
        Comparison.AT_LEAST: value >= needed,
        Comparison.ABOVE: value > needed,
        Comparison.AT_MOST: value <= needed,
        Comparison.BELOW: value < needed,
        Comparison.EXACTLY: value == needed,
    }[comparison]


def _needs(comparison: Comparison, *, wanted: bool) -> str:
    """The words of a comparison; of its opposite where it stands under `not`."""
    if wanted:
        return _WORDS[comparison]
    return _WORDS[_OPPOSITE[comparison]] if comparison in _OPPOSITE else "anything but"


def _plain(number: float) -> float | int:
    """At most two decimals, and none where there are none; a small shortfall never reads as 0."""
    short = round(number, 2) or round(number, 6)
    return int(short) if short == int(short) else short


def _because(judge: Judge, judgement: Judgement, row: int, number: int, result: Result) -> str:
    """The rule's own sentence where it holds, else what stands in doubt."""
    if result is Result.MATCHED:
        return fill(judgement.rule.because, _fields(judge, judgement, row, number))
    if not judge.snapshot.calendar.day.size:
        return "the school has no calendar: import its calendar.csv"
    return "; ".join(
        f"{weighed.clause.measure.title} cannot be told: {_doubt(judge, weighed, row, number)}"
        for weighed in judgement.weighed
        if int(weighed.truth[row, number]) == UNKNOWN
    )


def _doubt(judge: Judge, weighed: Weighed, row: int, number: int) -> str:
    measured = weighed.measured
    blank = int(measured.missing[row, number])
    said = f"{blank} mark{'s' if blank != 1 else ''} not taken" if blank else ""
    if not judge.told(weighed.clause)[number]:
        return "the school's terms up to that day are not known: import its terms.csv"
    if weighed.clause.asked.subject == "pupil" and not judge.snapshot.age_known[row]:
        age = (
            "the date of birth is missing"
            if int(measured.low[row, number]) != int(measured.numerator[row, number])
            else ""
        )
        return " and ".join(filter(None, (said, age)))
    return said


def _not_applicable(judge: Judge, judgement: Judgement, row: int, number: int) -> str:
    rule = judgement.rule
    day = date.fromordinal(int(judge.instants.days[number]))
    if not rule.in_force(day):
        if rule.in_force_from and day < rule.in_force_from:
            return f"the rule is in force from {rule.in_force_from.isoformat()}"
        if rule.in_force_until and day > rule.in_force_until:
            return f"the rule was in force until {rule.in_force_until.isoformat()}"
        return f"the rule has no value in force on {day.isoformat()}"
    phase = judge.snapshot.facts.school.phase
    if rule.subject != "pupil" and rule.applies_to.phases and phase not in rule.applies_to.phases:
        return f"the rule is not for a school that is {phase}"
    if rule.subject == "class":
        return "nobody in this class is on roll on that day"
    if not judge.on_roll[row, number]:
        return "the pupil is not on roll on that day"
    if not judge.meant(rule)[row]:
        return left_out_because(rule.applies_to, phase, judge.snapshot.people[row])
    year = judge.snapshot.people[row].year_group
    since = reached_from(rule.rollout, year)
    if since is None:
        return f"the rule's rollout does not reach year {year}"
    return f"the rule is rolled out to year {year} from {since.isoformat()}"


def _fields(judge: Judge, judgement: Judgement, row: int, number: int) -> dict[tuple[str, str], str]:
    """What a rule's `because` names, as words; the first clause of a measure speaks for it."""
    first = {weighed.clause.measure.name: weighed for weighed in reversed(judgement.weighed)}
    fields = named(judgement.rule.because)
    words = {name: InWords(judge.snapshot, first[name], row, number) for name, _ in fields}
    return {(name, field): getattr(words[name], field) for name, field in fields}
