"""The centre: `decide(judged) -> decisions`. Same inputs, same answer, anywhere.

Arithmetic has been vectorised before; what is decided here is what follows from a match in the light of
a case's history, by inference (durable-rules beside its reference). Subjects of whom the same is known
are decided once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.cases import Move
from engine.circumstances import among, circumstances, on_site
from engine.decision import Decided as Decided
from engine.decision import Decision as Decision
from engine.decision import Standing as Standing
from engine.decision import precedence as precedence
from engine.grounds import Closing, Endings, OpenCase, anchor
from engine.inference.agree import Inference
from engine.inference.facts import Answer, Candidate, Facts, Stand, Voice
from engine.judged import Judged
from engine.match import NOT_APPLICABLE, RESULTS, TRUE, UNKNOWN, Judgement
from engine.patience import Precondition, asked_for, waits
from engine.reasons import Circumstance, Outcome, Reason
from engine.rulebook.model import Rule
from engine.stages import Past, in_turn, may_wait

KINDS = ("pupil", "class", "school")
"""What rules speak of."""
_NOTHING = Standing()


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


class _Subject(NamedTuple):
    """One subject with the ground of each rule (by its column) that holds or may hold.

    `acts` is the column whose stage acts in the place of another, `not_yet` says why some columns may not
    act yet. `known` is all that inference is told of the subject, in a form that is quickly compared: by
    the same rules (`_Column.told`) and blown fuses, where it is equal the answers are.
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
        """What inference is told of the rule, whomever it speaks of: all that `_candidate` takes of one.

        Answers are remembered by it: what were left out here would be answered as another rule was.
        """
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
            stands = standing.get(self.names[row], _NOTHING)
            over: list[Closing] = []
            if stands.cases:
                over = self._endings(endings, row, stands).of(row, stands.cases)
                over += self._lapsed(row, stands, there)
                ended += over
            columns = numbers[ends[row - 1] if row else 0 : ends[row]]
            subject = self._subject(row, columns, stands, over, said[row].tobytes())
            conclusions = concluded.get(subject.known)
            if conclusions is None:
                if subject.known not in answered:
                    [answers] = inference.infer_all([(subject.name, self._facts(subject))])
                    answered[subject.known] = answers
                conclusions = self._conclusions(subject, answered[subject.known])
                concluded[subject.known] = conclusions
            decisions += self._decisions(subject, conclusions)
        return decisions, ended

    def _endings(self, endings: Endings, row: int, standing: Standing) -> Endings:
        """What closes a subject's cases: some of them may finish under former rules."""
        former = self.judged.former
        keys = {case.ladder: (self.names[row], case.ladder) for case in standing.cases} if former else {}
        theirs = {ladder: list(former[key][1]) for ladder, key in keys.items() if key in former}
        return endings.under(theirs) if theirs else endings

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
        return Facts(
            circumstances=among(self.flags[subject.row]) if any(subject.grounds.values()) else (),
            stands=tuple(Stand(case.ladder, case.stage, case.owed) for case in subject.cases.values()),
            open_rules=subject.open_rules,
            blown=tuple(name for name in self.blown if name in rules),
            spoken=subject.spoken,
            candidates=tuple(self._candidate(column, subject) for column in subject.grounds),
        )

    def _candidate(self, column: int, subject: _Subject) -> Candidate:
        row, acts = subject.row, subject.acts.get(column, column)
        acting, rule = self.columns[acts], self.columns[acts].rule
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

    def _decisions(self, subject: _Subject, conclusions: Iterable[_Conclusion]) -> list[Decision]:
        columns, grounds, judge, row = self.columns, subject.grounds, self.judged.judge, subject.row
        return [
            Decision(
                subject.name,
                columns[column].rule,
                columns[acts].rule,
                self.versions[column],
                outcome,
                reasons,
                voice,
                grounds[column],
                asked_for(before, row) if before else (),
                judge,
                self.judgements[column],
                row,
            )
            for column, acts, outcome, reasons, voice, before in conclusions
        ]
