"""What decide() is given and gives: what stands for a subject, and what follows for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from engine.explain import Explanation, counted_sessions, explain
from engine.grounds import Closing, OpenCase
from engine.inference.facts import Voice
from engine.match import Judge, Judgement
from engine.reasons import Outcome, Reason
from engine.rulebook.model import Episode, Rule, TaskStep

_URGENT = 100
_JUDGED = -3


def precedence(stage: int, *, urgent: bool) -> int:
    """How much a rule's message matters among today's: urgent ones first, then by stage.

    >>> precedence(1, urgent=True) > precedence(3, urgent=False) > precedence(0, urgent=False) > 0
    True
    """
    return stage + 1 + (_URGENT if urgent else 0)


class Standing(NamedTuple):
    """What already is the case for one subject: its cases, its open tasks, today's message.

    `cases` are at least those that are open, and those on a ground that holds now (`Judged.grounds`).
    `open_rules` are the rules with an open task, each with the id of its case; `closed` are ladders with the
    day on which the last case there closed, at least where a rule of the ladder waits after that. `spoken` is
    how much today's message matters (`precedence`; HAS_LEFT once it has left, 0 where there is none).
    """

    cases: tuple[OpenCase, ...] = ()
    open_rules: tuple[tuple[str, str], ...] = ()
    spoken: int = 0
    closed: tuple[tuple[str, date], ...] = ()


class Decision(NamedTuple):
    """What follows for one rule and one subject, with its reasons.

    `subject` is a UPN, `class:<name>` or `school:<id>`; `anchor` the ground (empty where nothing matched);
    `voice` what becomes of the rule's message. `acts` is the rule whose stage, tasks and message these are:
    the same, but where a stage between is not to be skipped; `opens` are the tasks of what that one requires
    and lacks, where nothing else keeps it from acting; `version` the rulebook of a rule that a case
    finishes under, empty for the present one. The words are made when asked for: most decisions say what
    yesterday's said. (A tuple: there are 54,000 a night, and most of them are not looked at twice.)
    """

    subject: str
    rule: Rule
    acts: Rule
    version: str
    outcome: Outcome
    reasons: tuple[Reason, ...]
    voice: Voice
    anchor: str
    opens: tuple[TaskStep, ...]
    # What it was judged on: no part of what was decided. _JUDGED counts these three: they stay the last.
    judge: Judge
    judgement: Judgement
    row: int

    def explained(self) -> Explanation:
        """The sentence, and the evidence for it; of a guard only the number."""
        return explain(self.judge, self.judgement, self.row, in_full=False)

    def __eq__(self, other: object) -> bool:
        """By what was decided, not by what it was judged on."""
        return isinstance(other, Decision) and self[:_JUDGED] == other[:_JUDGED]

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash(self[:_JUDGED])

    def __repr__(self) -> str:
        return f"Decision{self[:_JUDGED]!r}"

    @property
    def session(self) -> int | None:
        """The session that due times refer to: the first of the latest counted day, or the latest itself."""
        sessions = counted_sessions(self.judgement, self.row)
        if not sessions.size:
            return None
        day = self.judge.snapshot.calendar.day[sessions]
        return int(sessions[-1] if self.rule.episode is Episode.SESSION else sessions[day == day[-1]][0])


@dataclass(frozen=True, slots=True)
class Decided:
    """Everything decided in one run over one school, in a fixed order."""

    decisions: tuple[Decision, ...]
    closings: tuple[Closing, ...]
    matched: dict[str, int] = field(default_factory=dict)
    blown: tuple[str, ...] = ()
