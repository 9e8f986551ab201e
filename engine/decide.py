"""The centre: `decide(snapshot, rulebook, as_of) -> decisions`. Same inputs, same answer, anywhere.

Arithmetic has been vectorised before; what is decided here is what follows from a match in the light of
a case's history, by inference (durable-rules beside its reference).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

import numpy as np

from engine import codes
from engine.circumstances import circumstances
from engine.explain import Json, counted_sessions, explain
from engine.grounds import Closing, OpenCase, anchor, closings
from engine.inference.agree import Inference
from engine.inference.facts import Answer, Candidate, Facts, Stand, Voice
from engine.instants import Instants
from engine.match import TRUE, UNKNOWN, Judge, Judgement
from engine.reasons import Outcome, Reason, Result
from engine.rulebook.model import Episode, Rule
from engine.rulebook.rulebook import Rulebook
from engine.snapshot import Snapshot

_URGENT = 100
CLASS = "class:"


@dataclass(frozen=True, slots=True)
class Standing:
    """What already is the case for one subject: its cases, its open tasks, today's message.

    `open_rules` are the rules with an open task, each with the id of its case.
    """

    cases: tuple[OpenCase, ...] = ()
    open_rules: tuple[tuple[str, str], ...] = ()
    spoken: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """What follows for one rule and one subject, with its reasons and its evidence.

    `subject` is a UPN or `class:<name>`; `anchor` the ground (empty where nothing matched); `session`
    the index of the session that due times refer to; `voice` what becomes of the rule's message.
    """

    subject: str
    rule: Rule
    outcome: Outcome
    reasons: tuple[Reason, ...]
    because: str
    evidence: tuple[Json, ...]
    voice: Voice = Voice.NONE
    anchor: str = ""
    session: int | None = None


@dataclass(frozen=True, slots=True)
class Decided:
    """Everything decided in one run over one school, in a fixed order."""

    decisions: tuple[Decision, ...]
    closings: tuple[Closing, ...]
    matched: dict[str, int] = field(default_factory=dict)
    blown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Subject:
    """A subject with the rules that hold or may hold for it."""

    name: str
    row: int
    standing: Standing
    candidates: tuple[tuple[Judgement, Result, str], ...]
    closings: tuple[Closing, ...]


def decide(
    snapshot: Snapshot,
    rulebook: Rulebook,
    as_of: datetime,
    inference: Inference,
    standing: Mapping[str, Standing] | None = None,
    caps: Mapping[str, int] | None = None,
) -> Decided:
    """The decisions of one school as of one instant.

    `standing` maps subjects to what is the case already, `caps` rules to the most subjects they may
    match before they stop (semantics 22). Raises Disagreement where the two inferences differ.
    """
    judge = Judge(snapshot, Instants.of([as_of]))
    judgements = {rule.id: judge.judge(rule) for rule in rulebook.rules}
    matched = {name: int((each.results[:, 0] == TRUE).sum()) for name, each in judgements.items()}
    blown = tuple(sorted(name for name, most in (caps or {}).items() if matched.get(name, 0) > most))
    subjects = _subjects(judge, judgements, standing or {})
    answers = inference.infer_all([(each.name, _facts(judge, each, blown)) for each in subjects])
    decisions = [
        decision
        for each, found in zip(subjects, answers, strict=True)
        for decision in _decisions(judge, each, found)
    ]
    ended = tuple(closing for each in subjects for closing in each.closings)
    return Decided(tuple(decisions), ended, matched, blown)


def _subjects(
    judge: Judge, judgements: Mapping[str, Judgement], standing: Mapping[str, Standing]
) -> list[_Subject]:
    """Every subject with a candidate or a case, pupils first, each in its own order."""
    snapshot = judge.snapshot
    out: list[_Subject] = []
    for kind, names in (
        ("pupil", snapshot.register.upns),
        ("class", tuple(CLASS + name for name in snapshot.classes)),
    ):
        of_kind = {name: each for name, each in judgements.items() if each.rule.subject == kind}
        concerned = np.zeros(len(names), dtype=np.bool_)
        for each in of_kind.values():
            concerned |= np.isin(each.results[:, 0], (TRUE, UNKNOWN))
        concerned |= np.array([name in standing for name in names], dtype=np.bool_)
        for row in np.flatnonzero(concerned):
            name = names[int(row)]
            out.append(_subject(judge, of_kind, name, int(row), standing.get(name, Standing())))
    return out


def _subject(
    judge: Judge, judgements: dict[str, Judgement], name: str, row: int, standing: Standing
) -> _Subject:
    ended = tuple(closings(judge, judgements, row, standing.cases))
    over = {closing.case_id for closing in ended}
    live = tuple(case for case in standing.cases if case.case_id not in over)
    candidates = tuple(
        (each, result, anchor(judge, each, row, live) if result is Result.MATCHED else "")
        for each in judgements.values()
        if (result := each.result(row)) in {Result.MATCHED, Result.UNKNOWN}
    )
    return _Subject(name, row, standing, candidates, ended)


def _facts(judge: Judge, subject: _Subject, blown: tuple[str, ...]) -> Facts:
    anchors = {each.rule.on_ladder: ground for each, _, ground in subject.candidates if ground}
    over = {closing.case_id for closing in subject.closings}
    stands = {
        case.ladder: Stand(case.ladder, case.stage, case.owed)
        for case in subject.standing.cases
        if anchors.get(case.ladder) == case.anchor
    }
    live = {case.case_id for case in subject.standing.cases if case.open} - over
    pupil = not subject.name.startswith(CLASS)
    matched = any(result is Result.MATCHED for _, result, _ in subject.candidates)
    return Facts(
        circumstances=circumstances(judge, subject.row) if pupil and matched else (),
        stands=tuple(stands.values()),
        open_rules=tuple(rule for rule, case in subject.standing.open_rules if case in live),
        blown=tuple(name for name in blown if any(each.rule.id == name for each, _, _ in subject.candidates)),
        spoken=subject.standing.spoken,
        candidates=tuple(
            Candidate(
                rule=each.rule.id,
                ladder=each.rule.on_ladder,
                stage=each.rule.stage,
                truth=result,
                autonomy=each.rule.autonomy.value,
                waits_for=each.rule.waits_for,
                message=_precedence(judge, each, subject.row),
            )
            for each, result, _ in subject.candidates
        ),
    )


def _precedence(judge: Judge, judgement: Judgement, row: int) -> int:
    """How much a rule's message matters among today's: urgent ones first, then by stage; 0 is none."""
    message = judgement.rule.message
    if message is None or on_site(judge, judgement.rule, row):
        return 0
    return judgement.rule.stage + (_URGENT if message.urgent else 0)


def on_site(judge: Judge, rule: Rule, row: int) -> bool:
    """Whether the last mark of today is one that stops the rule's message."""
    snapshot = judge.snapshot
    closed = int(snapshot.calendar.closed(judge.instants)[0])
    if rule.message is None or not rule.message.unless_last_mark or not closed:
        return False
    today = int(snapshot.calendar.day[closed - 1]) == int(judge.instants.days[0])
    code = codes.code_of(int(snapshot.register.marks[row, closed - 1]))
    return today and code in rule.message.unless_last_mark


def _decisions(judge: Judge, subject: _Subject, answers: tuple[Answer, ...]) -> list[Decision]:
    by_rule = {answer.rule: answer for answer in answers}
    out: list[Decision] = []
    for judgement, _, ground in subject.candidates:
        rule, answer = judgement.rule, by_rule[judgement.rule.id]
        explained = explain(judge, judgement, subject.row)
        reasons = answer.reasons
        acts = answer.outcome in {Outcome.ACT, Outcome.PROPOSE}
        if acts and on_site(judge, rule, subject.row):
            reasons = (*reasons, Reason.ON_SITE)
        out.append(
            Decision(
                subject=subject.name,
                rule=rule,
                outcome=answer.outcome,
                reasons=reasons,
                because=explained.because,
                evidence=explained.evidence,
                voice=answer.voice,
                anchor=ground,
                session=_session(judge, judgement, subject.row),
            )
        )
    return out


def _session(judge: Judge, judgement: Judgement, row: int) -> int | None:
    """The session that due times refer to: the first of the latest counted day, or the latest itself."""
    sessions = counted_sessions(judgement, row)
    if not sessions:
        return None
    if judgement.rule.episode is Episode.SESSION:
        return sessions[-1]
    day = judge.snapshot.calendar.day
    last = date.fromordinal(int(day[sessions[-1]]))
    return next(at for at in sessions if int(day[at]) == last.toordinal())
