"""Which ground a case stands on, and when that ground is over.

An anchor names the ground: the day, the first day of the run, the school year. The same anchor is the
same case; another anchor opens the next episode (semantics 16: the episode itself is a plain counter).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

import numpy as np

from engine.calendar import Calendar
from engine.cases import Move
from engine.explain import counted_sessions
from engine.instants import local
from engine.match import Judge, Judgement
from engine.measures.runs import latest_spell
from engine.rulebook.model import Episode, Rule, clauses

_SEASONS = frozenset({Episode.SCHOOL_YEAR, Episode.TERM, Episode.HALF_TERM})
_ENDED = {
    Episode.OLDEST: "its session has been settled",
    Episode.RUN_BY_MONTH: "its month is over, or the pupil returned",
}
_FIRST = frozenset({Episode.RUN, Episode.RUN_BY_MONTH, Episode.OLDEST})


class OpenCase(NamedTuple):
    """A case as inference needs it: how far it has come, and on which ground.

    `undecided` says that a proposal of it still waits for a person; `owed` that its message was put
    off on an earlier day; `at_work` that a task of its stage is open; `done` are the stages whose tasks
    have ended, one of them done, each with the day; `stepwise` that the rules changed and no stage is to be
    skipped; `unread` that the family has written back, and nobody has read it.
    """

    case_id: str
    ladder: str
    anchor: str
    stage: int
    opened_at: datetime
    open: bool
    undecided: bool = False
    owed: bool = False
    at_work: bool = False
    done: tuple[tuple[int, date], ...] = ()
    stepwise: bool = False
    unread: bool = False


@dataclass(frozen=True, slots=True)
class Closing:
    """A case whose ground is over, by which move, and the sentence that says so."""

    case_id: str
    because: str
    move: Move


def grounds_now(judge: Judge, judgement: Judgement, rows: Sequence[int]) -> list[str]:
    """The ground on which a rule stands for each row it holds for, as the register alone tells it."""
    today, episode = judge.days[0], judgement.rule.episode
    if episode in _SEASONS:
        return [_season(judge.snapshot.calendar, episode, today)] * len(rows)
    ground_of, otherwise = _grounds(judge, judgement, 0), today.isoformat()
    return [ground_of(row) or otherwise for row in rows]


def anchor(rule: Rule, now: str, standing: Mapping[str, str]) -> str:
    """The ground of a rule that holds: what stands until it is cleared stays on that of its open case.

    `standing` is the ground of the open case on each ladder.
    """
    return standing.get(rule.on_ladder, now) if rule.episode is Episode.UNTIL_CLEARED else now


def ground(judge: Judge, judgement: Judgement, row: int, number: int = 0) -> str:
    """The session or day that a rule which holds is about: the first of a run, else the latest.

    Empty where no session is: the ground of a year or a term, or of what stands until it is cleared.
    """
    return _grounds(judge, judgement, number)(row)


def _grounds(judge: Judge, judgement: Judgement, number: int) -> Callable[[int], str]:
    """The ground of a rule by the row it holds for: see `ground`."""
    episode, names = judgement.rule.episode, judge.snapshot.calendar.names
    if episode in {*_SEASONS, Episode.UNTIL_CLEARED}:
        return lambda row: ""
    if episode is Episode.SPELL:
        spell_of = _spells(judge, judgement, number)
        return lambda row: names[spell[0]][0] if (spell := spell_of(row)) else ""

    def of_sessions(row: int) -> str:
        sessions = counted_sessions(judgement, row, number)
        if not sessions.size:
            return ""
        day, half = names[sessions.item(0 if episode in _FIRST else -1)]
        if episode is Episode.RUN_BY_MONTH:
            return f"{day} in {judge.days[number]:%Y-%m}"
        return f"{day} {half}" if episode is Episode.SESSION else day

    return of_sessions


class Endings:
    """Which cases are over as of the judge's instant; what is alike for all cases of a ladder is found once.

    `ladders` are the judgements of each ladder's rules that are in force.
    """

    def __init__(self, judge: Judge, ladders: Mapping[str, Sequence[Judgement]]) -> None:
        self._judge, self._as_of = judge, judge.instants.moments[0]
        self._because = {ladder: _over(judge, judgements) for ladder, judgements in ladders.items()}

    def under(self, ladders: Mapping[str, Sequence[Judgement]]) -> Endings:
        """The same, with other rules on some ladders: those that a case finishes under."""
        others = Endings(self._judge, ladders)
        others._because = self._because | others._because
        return others

    def of(self, row: int, cases: Iterable[OpenCase]) -> list[Closing]:
        """The open cases of a subject whose ground is over.

        A case that opened after that instant is left alone: a run for an earlier hour does not end it.
        """
        return [
            Closing(case.case_id, because, Move.CLEARS if case.stage else Move.COMES_TO_NOTHING)
            for case in cases
            if case.open and case.opened_at <= self._as_of and case.ladder in self._because
            if (because := self._because[case.ladder](row, case))
        ]


def _over(judge: Judge, on_ladder: Sequence[Judgement]) -> Callable[[int, OpenCase], str]:
    """Why a case of a ladder, by its row, is over; empty where it is not."""
    first, today = on_ladder[0], judge.days[0]
    calendar, episode = judge.snapshot.calendar, on_ladder[0].rule.episode
    match episode:
        case Episode.SESSION | Episode.DAY:
            return lambda row, case: "its day is over" if _begun(case) < today.isoformat() else ""
        case Episode.SCHOOL_YEAR | Episode.TERM | Episode.HALF_TERM:
            now, over = _season(calendar, episode, today), f"its {episode.value} is over"
            return lambda row, case: over if case.anchor != now else ""
        case Episode.UNTIL_CLEARED:
            cleared = np.logical_and.reduce([judge.cleared(each.rule)[:, 0] for each in on_ladder]).tolist()
            over = "the rule's clear line is reached"
            return lambda row, case: over if cleared[row] and not case.undecided else ""
        case Episode.SPELL:
            spell_of = _spells(judge, first, 0)

            def spell_over(row: int, case: OpenCase) -> str:
                spell = spell_of(row)
                on = spell is not None and spell[1] and calendar.name(spell[0])[0] == case.anchor
                return "" if on else "the spell of absence is over"

            return spell_over
        case _:
            ground_of = _grounds(judge, first, 0)

            def run_over(row: int, case: OpenCase) -> str:
                doubtful = any(weighed.measured.missing[row, 0] for weighed in first.weighed)
                over = not doubtful and ground_of(row) != case.anchor
                return _ENDED.get(episode, "the pupil returned") if over else ""

            return run_over


def _begun(case: OpenCase) -> str:
    """The day of a case: that of its ground, or the later one on which it was opened."""
    return max(case.anchor[: len("2025-11-10")], local(case.opened_at).date().isoformat())


def _season(calendar: Calendar, episode: Episode, day: date) -> str:
    """The school year of a day, or the term or half-term begun last; the year where no term is known."""
    year = calendar.year_of(day)
    if episode is Episode.SCHOOL_YEAR:
        return year
    spans = calendar.terms if episode is Episode.TERM else calendar.half_terms
    return next((name for name, first, _ in reversed(spans) if first <= day), year)


def _spells(judge: Judge, judgement: Judgement, number: int) -> Callable[[int], tuple[int, bool] | None]:
    """The latest spell of the codes that the rule speaks of, by row; a blank mark is passed over.

    Nobody has one where it names no codes: a rule that is changed on trial may have lost its last.
    """
    of = next((clause.asked for clause in clauses(judgement.rule.when) if clause.asked.codes), None)
    if of is None:
        return lambda row: None
    closed = int(of.over.latest(judge.snapshot.calendar, judge.instants)[number])
    return lambda row: latest_spell(judge.snapshot, of.codes, row, closed)
