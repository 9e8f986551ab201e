"""A pupil that a rule matches, made up: where the boundary cases of a rule begin that has no test yet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from engine.around import lines_of
from engine.calendar import Calendar
from engine.instants import local
from engine.match import TRUE
from engine.rulebook.calendars import TestCalendar
from engine.rulebook.model import AppliesTo, Rule, clauses
from engine.rulebook.rulebook import Rulebook
from engine.rulebook.shapes import PupilShape, TestShape
from engine.scenes import Scene

_MOST = 100
_BLANK = ("",)
_MARKS = ("I", "O", "L", "")
Sessions = Sequence[tuple[date, int]]


def home(rule: Rule, rulebook: Rulebook, calendars: Mapping[str, TestCalendar]) -> TestShape | None:
    """A test of the fewest marks that a rule matches: in a row, mornings, or weeks ago; None: none found.

    Of somebody whom the rule speaks of. History, admission and leaving are not made up: a rule that counts
    from them has its boundary cases from the tests that it has.
    """
    alone = replace(rulebook, rules=(rule,))
    fullest = sorted(calendars.items(), key=lambda each: (-len(each[1].days), each[0]))
    for name, calendar in fullest:  # where the clocks change and terms end, there are cases of it
        for shape in _shapes(rule, name, Calendar.build(calendar.school, calendar.days, calendar.terms)):
            scene = Scene.of(shape, calendar, alone)
            if scene.judged.judgements[rule.id].results[0, 0] == TRUE:
                return shape
    return None


def _shapes(rule: Rule, name: str, calendar: Calendar) -> Iterator[TestShape]:
    early = any(clause.measure.early for clause in clauses(rule.when))
    own = sorted({code for clause in clauses(rule.when) for code in clause.asked.codes})
    for as_of in _moments(calendar, early=early):
        sessions = [(date.fromisoformat(day), int(half == "PM")) for day, half in calendar.names]
        past = [session for session in sessions if session[0] <= as_of.date()]
        today = {session: "" for session in past if early and session[0] == as_of.date()}
        for code in sorted(own, key=_usual)[:1] or (_MARKS if rule.subject == "pupil" else _BLANK):
            for pick in (_in_a_row, _mornings, _weeks_ago):
                places = pick([session for session in past if session not in today])
                for count in range(1, min(_MOST, len(places)) + 1):
                    marks = today | dict.fromkeys(places[:count], code)
                    yield _shape(rule, name, as_of, lines_of(marks))


def _usual(code: str) -> int:
    return _MARKS.index(code) if code in _MARKS else len(_MARKS)


def _moments(calendar: Calendar, *, early: bool) -> Iterator[datetime]:
    """A day a third of the calendar in, at 16:00; before its register closes where a rule looks there."""
    if calendar.dates:
        session = int((calendar.day == calendar.dates[len(calendar.dates) // 3].toordinal()).argmax())
        closes = local(calendar.register_closes(session))
        yield closes - timedelta(minutes=15) if early else closes.replace(hour=16, minute=0)


def _in_a_row(past: Sessions) -> Sessions:
    return past[::-1]


def _mornings(past: Sessions) -> Sessions:
    return [session for session in reversed(past) if session[1] == 0]


def _weeks_ago(past: Sessions) -> Sessions:
    return past[: -8 * 5][::-1]


def _shape(rule: Rule, calendar: str, as_of: datetime, marks: dict[date, str]) -> TestShape:
    at, pupil = as_of.strftime("%Y-%m-%dT%H:%M"), _spoken_of(rule.applies_to)
    return TestShape(name="home", calendar=calendar, as_of=at, marks=marks, pupil=pupil, expect={"": ""})


def _spoken_of(to: AppliesTo) -> PupilShape:
    """A pupil whom a rule speaks of, ordinary in all else."""
    said: dict[str, object] = {
        by: {"yes": True, "no": False}.get(values[0], values[0]) for by, values in to.where
    }
    years = {"year_group": to.years[0]} if to.years else {}
    return PupilShape.model_validate(said | years | {"flags": list(to.flagged[:1])})
