"""The centre: `decide(judged) -> decisions`. Same inputs, same answer, anywhere.

Arithmetic has been vectorised before; what is decided here is what follows from a match in the light of
a case's history, by inference (durable-rules beside its reference). Subjects of whom the same is known
are decided once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import NDArray

from engine.cases import Move
from engine.circumstances import among, circumstances, on_site
from engine.explain import Explanation, counted_sessions, explain
from engine.grounds import Closing, Endings, OpenCase, anchor
from engine.inference.agree import Inference
from engine.inference.facts import Answer, Candidate, Facts, Stand, Voice
from engine.judged import Judged
from engine.match import NOT_APPLICABLE, RESULTS, TRUE, UNKNOWN, Judge, Judgement
from engine.patience import Precondition, asked_for, waits
from engine.reasons import Circumstance, Outcome, Reason
from engine.rulebook.model import Episode, Rule, TaskStep
from engine.stages import Past, in_turn, may_wait

KINDS = ("pupil", "class", "school")
"""What rules speak of."""
_URGENT = 100


def precedence(stage: int, *, urgent: bool) -> int:
    """How much a rule's message matters among today's: urgent ones first, then by stage.

    >>> precedence(1, urgent=True) > precedence(3, urgent=False) > precedence(0, urgent=False) > 0
    True
    """
    return stage + 1 + (_URGENT if urgent else 0)


@dataclass(frozen=True, slots=True)
class Standing:
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


@dataclass(frozen=True, slots=True)
class Decision:
    """What follows for one rule and one subject, with its reasons.

    `subject` is a UPN, `class:<name>` or `school:<id>`; `anchor` the ground (empty where nothing matched);
    `voice` what becomes of the rule's message. `acts` is the rule whose stage, tasks and message these are:
    the same, but where a stage between is not to be skipped; `opens` are the tasks of what that one requires
    and lacks, where nothing else keeps it from acting; `version` the rulebook of a rule that a case
    finishes under, empty for the present one. The words are made when asked for: most decisions say what
    yesterday's said.
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
    judge: Judge = field(repr=False, compare=False)
    judgement: Judgement = field(repr=False, compare=False)
    row: int = field(repr=False, compare=False)

    def explained(self) -> Explanation:
        """The sentence, and the evidence for it; of a guard only the number."""
        return explain(self.judge, self.judgement, self.row, in_full=False)

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


def decide(
    judged: Judged,
    inference: Inference,
    standing: Mapping[str, Standing] | None = None,
    caps: Mapping[str, int] | None = None,
) -> Decided:
    """The decisions of one school as of one instant.

    `standing` maps subjects to what is the case already, `caps` rules to the most subjects they may
    match before they stop (semantics 22). Raises Disagreement where the two inferences differ.
    """
    matched = judged.matched
    blown = tuple(sorted(name for name, most in (caps or {}).items() if matched.get(name, 0) > most))
    found = [_Kind.of(judged, kind, blown).decided(inference, standing or {}) for kind in KINDS]
    decisions = tuple(decision for each, _ in found for decision in each)
    return Decided(decisions, tuple(closing for _, each in found for closing in each), matched, blown)


@dataclass(frozen=True, slots=True)
class _Subject:
    """One subject with the ground of each rule (by its column) that holds or may hold.

    `acts` is the column whose stage acts in the place of another, `not_yet` says why some columns may not
    act yet. `known` is all that inference is told, in a form that is quickly compared: where it is
    equal the answers are.
    """

    name: str
    row: int
    grounds: dict[int, str]
    acts: dict[int, int]
    not_yet: dict[int, tuple[Reason, ...]]
    known: tuple[object, ...]
    cases: dict[str, OpenCase]
    open_rules: tuple[str, ...]
    spoken: int


@dataclass(frozen=True, slots=True)
class _Column:
    """What is read of a rule for every subject that it speaks of: `held` are the grounds of its rows."""

    rule: Rule
    ladder: str
    held: Mapping[int, str]
    matters: int

    @classmethod
    def of(cls, rule: Rule, held: Mapping[int, str]) -> _Column:
        """The column of a rule, with how much its message matters."""
        matters = precedence(rule.stage, urgent=rule.message.urgent) if rule.message else 0
        return cls(rule, rule.on_ladder, held, matters)

    @property
    def told(self) -> tuple[object, ...]:
        """What inference is told of the rule, whomever it speaks of."""
        rule = self.rule
        return (rule.id, self.ladder, rule.stage, rule.autonomy, rule.waits_for, self.matters)


_Conclusion = tuple[int, int, Outcome, tuple[Reason, ...], Voice, tuple[Precondition, ...]]
"""What follows for one column: the column that acts, outcome, reasons, voice, and what may be missing."""


@dataclass(frozen=True, slots=True, eq=False)
class _Kind:
    """The subjects of one of KINDS as arrays over R subjects and K rules about them.

    `results` (R x K) is what each rule says, `silent` (R x K) whether today's last mark stops its
    message, `flags` (R x 7) the circumstances; `versions` names the rulebook of each rule that only some
    cases finish under, `present` are the columns of the rules in force, `patient` those of rules
    that may have to wait though they hold.
    """

    judged: Judged
    names: tuple[str, ...]
    judgements: tuple[Judgement, ...]
    columns: tuple[_Column, ...]
    versions: tuple[str, ...]
    present: dict[int, Rule]
    patient: frozenset[int]
    results: NDArray[np.int8]
    silent: NDArray[np.bool_]
    flags: NDArray[np.bool_]
    blown: tuple[str, ...]

    @classmethod
    def of(cls, judged: Judged, kind: str, blown: tuple[str, ...]) -> _Kind:
        judge, names = judged.judge, judged.subjects(kind)
        # By identity: one rule may be kept at the thresholds of several days, each for its own.
        former = {id(each): (each, version) for version, old in judged.former.values() for each in old}
        every = [*((each, "") for each in judged.judgements.values()), *former.values()]
        about = [(each, version) for each, version in every if each.rule.subject == kind]
        own, versions = tuple(each for each, _ in about), tuple(version for _, version in about)
        columns = tuple(_Column.of(each.rule, judged.held[each.rule.id]) for each in own)
        results = np.zeros((len(names), len(own)), dtype=np.int8)
        silent = np.zeros(results.shape, dtype=np.bool_)
        flags = np.zeros((len(names), len(Circumstance)), dtype=np.bool_)
        if kind == "pupil":
            flags = circumstances(judge)
        for column, each in enumerate(own):
            results[:, column] = each.results[:, 0]
            if kind == "pupil":
                silent[:, column] = on_site(judge, each.rule)
        present = {
            column: each.rule for column, each in enumerate(own) if each.weighed and not versions[column]
        }
        patient = frozenset(column for column, each in enumerate(own) if may_wait(each.rule))
        return cls(judged, names, own, columns, versions, present, patient, results, silent, flags, blown)

    def decided(
        self, inference: Inference, standing: Mapping[str, Standing]
    ) -> tuple[list[Decision], list[Closing]]:
        """What follows for each subject that a rule speaks of, and which cases are over."""
        ladders: dict[str, list[Judgement]] = defaultdict(list)
        for column, rule in self.present.items():
            ladders[rule.on_ladder].append(self.judgements[column])
        there = frozenset(each.rule.on_ladder for each in self.judged.judgements.values())
        holds = self.results == TRUE
        may_hold = holds | (self.results == UNKNOWN)
        matters = (may_hold * self.results, may_hold & self.silent, holds.any(axis=1)[:, None] & self.flags)
        said = np.concatenate(matters, axis=1, dtype=np.int8)
        has_case = np.array([name in standing for name in self.names], dtype=np.bool_)
        endings = Endings(self.judged.judge, ladders)
        numbers = np.nonzero(may_hold)[1].tolist()
        ends = np.cumsum(may_hold.sum(axis=1)).tolist()
        answered = inference.answered((tuple(column.told for column in self.columns), self.blown))
        concluded: dict[tuple[object, ...], list[_Conclusion]] = {}
        decisions: list[Decision] = []
        ended: list[Closing] = []
        for row in np.flatnonzero(may_hold.any(axis=1) | has_case).tolist():
            stands = standing.get(self.names[row], Standing())
            over = self._endings(endings, ladders, row, stands).of(row, stands.cases)
            over += self._lapsed(row, stands, there)
            columns = numbers[ends[row - 1] if row else 0 : ends[row]]
            subject = self._subject(row, columns, stands, over, said[row].tobytes())
            if subject.known not in answered:
                [answers] = inference.infer_all([(subject.name, self._facts(subject))])
                answered[subject.known] = answers
            if subject.known not in concluded:
                concluded[subject.known] = self._conclusions(subject, answered[subject.known])
            decisions += self._decisions(subject, concluded[subject.known])
            ended += over
        return decisions, ended

    def _endings(
        self, endings: Endings, ladders: dict[str, list[Judgement]], row: int, standing: Standing
    ) -> Endings:
        """What closes a subject's cases: some of them may finish under former rules."""
        former = self.judged.former
        keys = {case.ladder: (self.names[row], case.ladder) for case in standing.cases} if former else {}
        theirs = {ladder: list(former[key][1]) for ladder, key in keys.items() if key in former}
        return Endings(self.judged.judge, ladders | theirs) if theirs else endings

    def _lapsed(self, row: int, standing: Standing, there: frozenset[str]) -> list[Closing]:
        """The open cases on ladders that are not `there` any more; none while a rule is broken."""
        as_of = self.judged.judge.instants.moments[0]
        return [
            Closing(
                case.case_id,
                "its ladder is no longer in the rules",
                Move.LAPSES if case.stage else Move.COMES_TO_NOTHING,
            )
            for case in standing.cases
            if case.ladder not in there and self.judged.whole and case.open and case.opened_at <= as_of
            if (self.names[row], case.ladder) not in self.judged.former
        ]

    def _subject(
        self, row: int, columns: list[int], standing: Standing, ended: list[Closing], said: bytes
    ) -> _Subject:
        over = {closing.case_id for closing in ended}
        live = [case for case in standing.cases if case.open and case.case_id not in over]
        standing_on = {case.ladder: case.anchor for case in live}
        grounds: dict[int, str] = {}
        holding: dict[int, Rule] = {}
        on: dict[str, str] = {}
        for number in columns:
            column = self.columns[number]
            ground = column.held.get(row, "")
            if ground:
                on[column.ladder] = ground = anchor(column.rule, ground, standing_on)
                holding[number] = column.rule
            grounds[number] = ground
        cases = {case.ladder: case for case in standing.cases if on.get(case.ladder) == case.anchor}
        still = {case.case_id for case in live}
        contacts = tuple([rule for rule, case in standing.open_rules if case in still])
        not_yet: dict[int, tuple[Reason, ...]] = {}
        acts: dict[int, int] = {}
        if not self.patient.isdisjoint(holding) or any(
            case.stepwise or case.unread for case in cases.values()
        ):
            today = self.judged.judge.days[0]
            ending = ((case.ladder, today) for case in standing.cases if case.case_id in over and case.stage)
            calendar = self.judged.judge.snapshot.calendar
            past = Past(cases, dict((*standing.closed, *ending)), calendar, today)
            not_yet, acts = in_turn(holding, self._speaking(row, cases), self._lacking(row), past)
        stands = tuple([(case.ladder, case.stage, case.owed) for case in cases.values()])
        turned = tuple([(number, by, bool(self.silent[row, by])) for number, by in acts.items()])
        return _Subject(
            name=self.names[row],
            row=row,
            grounds=grounds,
            acts=acts,
            not_yet=not_yet,
            known=(said, stands, contacts, standing.spoken, tuple(not_yet.items()), turned),
            cases=cases,
            open_rules=contacts,
            spoken=standing.spoken,
        )

    def _speaking(self, row: int, cases: Mapping[str, OpenCase]) -> dict[int, Rule]:
        """The rules in force that speak of a subject, where one of them may have to act for another."""
        if not any(case.stepwise for case in cases.values()):
            return {}
        said = self.results[row]
        return {column: rule for column, rule in self.present.items() if said[column] != NOT_APPLICABLE}

    def _lacking(self, row: int) -> dict[int, tuple[Reason, ...]]:
        """Why rules may not act yet by their preconditions."""
        found = {column: waits(self.judgements[column].before, row) for column in self.patient}
        return {column: tuple(each.reason for each in unmet) for column, unmet in found.items() if unmet}

    def _facts(self, subject: _Subject) -> Facts:
        rules = {self.columns[column].rule.id for column in subject.grounds}
        cases = subject.cases.values()
        return Facts(
            circumstances=among(self.flags[subject.row]) if any(subject.grounds.values()) else (),
            stands=tuple(Stand(case.ladder, case.stage, case.owed) for case in cases),
            open_rules=subject.open_rules,
            blown=tuple(name for name in self.blown if name in rules),
            spoken=subject.spoken,
            candidates=tuple(self._candidate(column, subject) for column in subject.grounds),
        )

    def _candidate(self, column: int, subject: _Subject) -> Candidate:
        row, acts = subject.row, subject.acts.get(column, column)
        acting = self.columns[acts]
        rule = acting.rule
        return Candidate(
            rule=self.columns[column].rule.id,
            ladder=acting.ladder,
            stage=rule.stage,
            truth=RESULTS[self.results[row, column]],
            autonomy=rule.autonomy.value,
            waits_for=rule.waits_for,
            message=0 if self.silent[row, acts] else acting.matters,
            not_yet=subject.not_yet.get(column, ()),
        )

    def _conclusions(self, subject: _Subject, answers: tuple[Answer, ...]) -> list[_Conclusion]:
        """What follows by each rule for everybody of whom the same is known."""
        by_rule = {answer.rule: answer for answer in answers}
        found: list[_Conclusion] = []
        for column in subject.grounds:
            answer = by_rule[self.columns[column].rule.id]
            acts = subject.acts.get(column, column)
            going = answer.outcome in {Outcome.ACT, Outcome.PROPOSE}
            reasons = answer.reasons
            if going and acts != column:
                reasons = (*reasons, Reason.STAGE_BEFORE)
            if going and self.silent[subject.row, acts]:
                reasons = (*reasons, Reason.ON_SITE)
            lacking = (answer.outcome, reasons) == (Outcome.HOLD, (Reason.REQUIREMENT_MISSING,))
            before = self.judgements[acts].before if lacking else ()
            found.append((column, acts, answer.outcome, reasons, answer.voice, before))
        return found

    def _decisions(self, subject: _Subject, conclusions: Iterable[_Conclusion]) -> Iterator[Decision]:
        for column, acts, outcome, reasons, voice, before in conclusions:
            yield Decision(
                subject=subject.name,
                rule=self.columns[column].rule,
                acts=self.columns[acts].rule,
                version=self.versions[column],
                outcome=outcome,
                reasons=reasons,
                voice=voice,
                anchor=subject.grounds[column],
                opens=asked_for(before, subject.row) if before else (),
                judge=self.judged.judge,
                judgement=self.judgements[column],
                row=subject.row,
            )
