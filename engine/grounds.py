"""Which ground a case stands on, and when that ground is over.

An anchor names the ground: the day, the first day of the run, the school year. The same anchor is the
same case; another anchor opens the next episode (semantics 16: the episode itself is a plain counter).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from engine.explain import counted_sessions
from engine.instants import local
from engine.match import TRUE, Judge, Judgement
from engine.rulebook.model import Episode, Rule

_FIRST = frozenset({Episode.RUN, Episode.OLDEST})


@dataclass(frozen=True, slots=True)
class OpenCase:
    """A case as inference needs it: how far it has come, and on which ground.

    `undecided` says that a proposal of it still waits for a person; `owed` that its message was put
    off on an earlier day.
    """

    case_id: str
    ladder: str
    anchor: str
    stage: int
    opened_at: datetime
    open: bool
    undecided: bool = False
    owed: bool = False


@dataclass(frozen=True, slots=True)
class Closing:
    """A case whose ground is over, and the sentence that says so."""

    case_id: str
    because: str


def anchor(judge: Judge, judgement: Judgement, row: int, cases: tuple[OpenCase, ...]) -> str:
    """The ground on which a rule that holds for a subject stands."""
    rule, as_of = judgement.rule, judge.instants.moments[0]
    today = local(as_of).date()
    if rule.episode is Episode.SCHOOL_YEAR:
        return judge.snapshot.calendar.year_of(today)
    if rule.episode is Episode.UNTIL_CLEARED:
        standing = [case.anchor for case in cases if case.ladder == rule.on_ladder and case.open]
        return standing[-1] if standing else today.isoformat()
    return ground(judge, judgement, row) or today.isoformat()


def ground(judge: Judge, judgement: Judgement, row: int, number: int = 0) -> str:
    """The session or day that a rule which holds is about: the first of a run, else the latest.

    Empty where no session is: the ground of a school year, or of what stands until it is cleared.
    """
    episode = judgement.rule.episode
    sessions = counted_sessions(judgement, row, number)
    if not sessions or episode in {Episode.SCHOOL_YEAR, Episode.UNTIL_CLEARED}:
        return ""
    day, half = judge.snapshot.calendar.name(sessions[0 if episode in _FIRST else -1])
    return f"{day} {half}" if episode is Episode.SESSION else day


def closings(
    judge: Judge, judgements: dict[str, Judgement], row: int, cases: tuple[OpenCase, ...]
) -> list[Closing]:
    """The open cases of a subject whose ground is over as of the judge's instant.

    A case that opened after that instant is left alone: a run for an earlier hour does not end it.
    """
    as_of = judge.instants.moments[0]
    out: list[Closing] = []
    for case in cases:
        if not case.open or as_of < case.opened_at:
            continue
        on_ladder = [
            each for each in judgements.values() if each.rule.on_ladder == case.ladder and each.weighed
        ]
        if on_ladder and (because := _over(judge, on_ladder, row, case)):
            out.append(Closing(case.case_id, because))
    return out


def _over(judge: Judge, on_ladder: list[Judgement], row: int, case: OpenCase) -> str:
    rule = on_ladder[0].rule
    today = local(judge.instants.moments[0]).date()
    match rule.episode:
        case Episode.SESSION | Episode.DAY:
            return "its day is over" if case.anchor[: len("2025-11-10")] < today.isoformat() else ""
        case Episode.SCHOOL_YEAR:
            year = judge.snapshot.calendar.year_of(today)
            return "its school year is over" if case.anchor != year else ""
        case Episode.UNTIL_CLEARED:
            return (
                "" if case.undecided or not _cleared(judge, rule, row) else "the rule's clear line is reached"
            )
        case _:
            doubtful = any(weighed.measured.missing[row, 0] for weighed in on_ladder[0].weighed)
            over = not doubtful and ground(judge, on_ladder[0], row) != case.anchor
            said = "the pupil returned" if rule.episode is Episode.RUN else "its session has been settled"
            return said if over else ""


def _cleared(judge: Judge, rule: Rule, row: int) -> bool:
    if rule.clears_when is None:
        return False
    return int(judge.hold(rule.clears_when, [])[row, 0]) == TRUE
