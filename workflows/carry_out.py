"""From decisions to cases, tasks and messages: what a run makes, opens again, supersedes and records."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cache

import numpy as np
from numpy.typing import NDArray

from engine import codes
from engine.cases import Move
from engine.decide import Decided, Decision
from engine.explain import Explanation
from engine.inference.facts import Voice
from engine.instants import local
from engine.reasons import Outcome, Reason
from engine.records import Contact, Event, Pupil
from engine.rulebook.model import Autonomy, Episode, TaskStep
from engine.snapshot import Snapshot
from workflows.as_json import as_json
from workflows.change import Change
from workflows.drafting import Draft, Words, as_it_was_left, as_message, drafts
from workflows.news import NO_CASE, news
from workflows.people import families, safeguarding
from workflows.recheck import REQUIRED, of_its_stage
from workflows.rota import Rota
from workflows.said import About
from workflows.settings import Settings
from workflows.subjects import member
from workflows.values import (
    AnyTask,
    Case,
    Entry,
    Message,
    MessageState,
    Task,
    TaskState,
    derived_id,
)

_UNEXPLAINED = codes.members(codes.CODE_SETS["unexplained"])
_ACTS = frozenset({Outcome.ACT, Outcome.PROPOSE})
_ACTED = frozenset({Reason.ALREADY_ACTED, Reason.HIGHER_STAGE_ACTED})
_BEFORE_ANY_STAGE, _LOWEST = 0, 1
Json = dict[str, object]


@dataclass(slots=True)
class Carrying:
    """One run's work on one school; `family` is the key of each pupil's family."""

    snapshot: Snapshot
    change: Change
    words: Words
    settings: Settings
    as_of: datetime
    run_id: str
    rulebook: str
    rota: Rota
    family: dict[str, str] = field(default_factory=dict)
    _contacts: dict[str, list[Contact]] = field(default_factory=lambda: defaultdict(list))
    _history: dict[str, list[Event]] = field(default_factory=lambda: defaultdict(list))
    _owners: dict[tuple[object, ...], tuple[str, str]] = field(default_factory=dict)
    _dues: dict[str, datetime] = field(default_factory=dict)
    _as_of: str = ""
    _today: date = date.min
    _first_unexplained: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, dtype=np.int64))

    def __post_init__(self) -> None:
        for contact in self.snapshot.facts.contacts:
            self._contacts[contact.upn].append(contact)
        for event in self.snapshot.facts.events:
            self._history[event.upn].append(event)
        self.family = families(self.snapshot.facts.contacts)
        self._as_of, self._today = self.as_of.isoformat(), local(self.as_of).date()
        self._first_unexplained = self.snapshot.register.first(_UNEXPLAINED)

    def carry_out(
        self, decided: Decided, recorded: dict[tuple[str, str], str], *, in_full: bool = False
    ) -> tuple[list[Json], dict[tuple[str, str], str]]:
        """Make what was decided; returns the decisions as plain values and the digests newly recorded.

        A decision that says the same as the last one recorded for its subject and rule, or only that
        this was acted on already, is not put in the ledger again; the run's own entry counts them all.
        The ledger has every one in words, the plain values are made only where they are wanted `in_full`.
        """
        for closing in decided.closings:
            case = self.change.cases[closing.case_id]
            self.change.move_case(case, closing.move, closed_at=self.as_of, closed_because=closing.because)
        digests: dict[tuple[str, str], str] = {}
        found: dict[tuple[str, str], tuple[Reason, ...]] = {}
        for decision in sorted(self._at_hand(decided, recorded), key=_turn):
            reasons, message = decision.reasons, None
            explained = cache(decision.explained)
            if decision.outcome in _ACTS:
                reasons, message = self._act(decision, explained)
            else:
                self._go_on(decision)
                self._prepare(decision)
            key = (decision.subject, decision.rule.id)
            found[key] = reasons
            if news := self._news(decision, reasons, recorded):
                digests[key] = news
                template = message.template_version if message else ""
                version = decision.version or self.rulebook
                said = self._line(decision, reasons) | _words(explained())
                self.change.entries.append(Entry("decision", decision.subject, said, version, template))
        lines = [
            self._line(each, found.get((each.subject, each.rule.id), each.reasons)) | _words(each.explained())
            for each in sorted(decided.decisions if in_full else (), key=_turn)
        ]
        return lines, digests

    def _at_hand(self, decided: Decided, recorded: dict[tuple[str, str], str]) -> list[Decision]:
        """The decisions from which something follows: most say what yesterday's said."""
        over = {
            (case.subject, case.ladder, case.anchor)
            for case in self.change.cases.values()
            if case.closed_at is not None
        }
        return [
            each
            for each in decided.decisions
            if each.outcome in _ACTS
            or each.opens
            or (each.subject, each.rule.on_ladder, each.anchor) in over
            or self._news(each, each.reasons, recorded)
        ]

    def _news(
        self, decision: Decision, reasons: tuple[Reason, ...], recorded: dict[tuple[str, str], str]
    ) -> str:
        """The digest of a decision that does not say what the last one recorded says; else empty."""
        before = recorded.get((decision.subject, decision.rule.id), "")
        return news(self._stood_on(decision), decision.outcome, reasons, before)

    def _stood_on(self, decision: Decision) -> str:
        """The ground by which a decision is known again: of what stands until it is cleared, its case's.

        Such a rule that only waits has no case yet, and today for its ground: the same said tomorrow is no
        news, until it does not hold any more (`wait_no_more`).
        """
        rule, anchor = decision.rule, decision.anchor
        if rule.episode is Episode.UNTIL_CLEARED:
            return anchor if self.change.case_on(decision.subject, rule.on_ladder, anchor) else NO_CASE
        return anchor

    def _act(
        self, decision: Decision, explained: Callable[[], Explanation]
    ) -> tuple[tuple[Reason, ...], Message | None]:
        """Make what a decision asks for; returns its reasons, perhaps with more, and the message drafted."""
        rule = decision.acts
        case = self._case(decision)
        missed = self._supersede(decision)
        named = ""
        for step in rule.tasks:
            due = self._due(decision, step)
            assignee, covering = self._owner(decision, step, due, reserved=rule.autonomy is Autonomy.PROPOSE)
            named = named or assignee
            task_id = derived_id("t", case.case_id, rule.stage, step.do)
            if self._is_to_make(task_id, self.change.tasks.get(task_id)):
                task = self._task(decision, explained(), case, step, task_id, due, (assignee, covering))
                told = replace(task, because="; ".join((task.because, *missed))) if missed else task
                self.change.put_task(told)
        reasons, message = decision.reasons, None
        owed = ""
        warned = rule.message is not None and not rule.message.urgent
        if warned and Reason.PART_TIME in reasons:
            reasons = (*reasons, Reason.PLAN_KEPT)
        elif decision.voice in {Voice.GO, Voice.ASK}:
            about = self._about(decision, explained(), named)
            made = drafts(about, case.case_id, self._contacts[decision.subject], self.words)
            if not isinstance(made, Reason):
                messages = [self._message(decision, explained(), case, each) for each in made]
                for each in messages:
                    there = self.change.messages.get(each.message_id)
                    if self._is_to_make(each.message_id, there):
                        self.change.put_message(as_it_was_left(each, there))
                message = messages[0]
            else:
                reasons = (*reasons, made)
        elif decision.voice is Voice.LATER:
            owed = case.owed_since or self._today.isoformat()
        review_on = case.review_on
        if rule.stage > case.stage:
            after = rule.review_after
            review_on = after.after(self.snapshot.calendar, self._today).isoformat() if after else ""
        stage = max(case.stage, rule.stage)
        self.change.move_case(case, Move.ACTS, stage=stage, owed_since=owed, review_on=review_on)
        return reasons, message

    def _go_on(self, decision: Decision) -> None:
        """Open the case again whose ground, closed meanwhile, holds once more: nothing new is made."""
        if not _ACTED.intersection(decision.reasons):
            return
        case = self.change.case_on(decision.subject, decision.rule.on_ladder, decision.anchor)
        if case and case.stage and case.closed_at is not None and case.closed_at <= self.as_of:
            self.change.move_case(case, Move.STAYS)

    def _prepare(self, decision: Decision) -> None:
        """Make a task of what a rule requires and lacks: once on a ground, whichever stage asks for it.

        It stands below every stage, so that no stage counts as done by it.
        """
        for step in decision.opens:
            case = self._case(decision)
            task_id = derived_id("t", case.case_id, _BEFORE_ANY_STAGE, step.do)
            if not self._is_to_make(task_id, self.change.tasks.get(task_id)):
                continue
            due = self._due(decision, step)
            whose = self._owner(decision, step, due, reserved=False)
            task = self._task(decision, decision.explained(), case, step, task_id, due, whose)
            task = replace(task, rule=f"{REQUIRED}{decision.rule.id}", stage=_BEFORE_ANY_STAGE)
            self.change.put_task(task)
            self.change.move_case(case, Move.PREPARES)
            made: Json = {"rule": decision.rule.id, "task": task_id, "because": task.because}
            made |= {"case": case.case_id, "run_id": self.run_id}
            self.change.entries.append(Entry("required", decision.subject, made, task.rulebook))

    def _case(self, decision: Decision) -> Case:
        """The case on whose ground a decision stands; a new ground opens the next episode."""
        ladder = decision.rule.on_ladder
        standing = self.change.case_on(decision.subject, ladder, decision.anchor)
        if standing:
            return standing
        school_id = self.snapshot.facts.school.school_id
        episode = self.change.episodes.get((decision.subject, ladder), 0) + 1
        return Case(
            case_id=derived_id("c", school_id, decision.subject, ladder, episode),
            school_id=school_id,
            subject=decision.subject,
            ladder=ladder,
            episode=episode,
            anchor=decision.anchor,
            stage=0,
            opened_at=self.as_of,
            rulebook=decision.version or self.rulebook,
        )

    def _supersede(self, decision: Decision) -> list[str]:
        """A higher stage takes over: what was open below it is missed, and the next owner is told."""
        ladder, stage = decision.rule.on_ladder, decision.acts.stage
        if stage == _LOWEST:
            return []
        tasks, messages = self.change.open_items(decision.subject)
        missed = []
        for task in tasks:
            if task.ladder == ladder and task.stage < stage and of_its_stage(task):
                self.change.end_task(task, TaskState.SUPERSEDED, self.as_of, Reason.SUPERSEDED)
                self._ended("task", task.task_id, task.subject, task.rule)
                missed.append(f"missed before: {task.step}, due {local(task.due):%a %d %b}")
        for message in messages:
            if message.ladder == ladder and message.stage < stage and of_its_stage(message):
                self.change.end_message(message, MessageState.SUPERSEDED, self.as_of, Reason.SUPERSEDED)
                self._ended("message", message.message_id, message.subject, message.rule)
        return missed

    def _ended(self, what: str, item_id: str, subject: str, rule: str) -> None:
        content: Json = {
            what: item_id,
            "rule": rule,
            "because": Reason.SUPERSEDED.sentence,
            "run_id": self.run_id,
        }
        self.change.entries.append(Entry("superseded", subject, content, self.rulebook))

    def _is_to_make(self, key: str, there: AnyTask | Message | None) -> bool:
        """Whether a task or message is not there yet, or was withdrawn and holds again."""
        if there is None:
            return True
        again = there.state in {TaskState.WITHDRAWN, MessageState.WITHDRAWN}
        if again:
            self.change.open_again(key)
        return again

    def _due(self, decision: Decision, step: TaskStep) -> datetime:
        """When a step is due: worked out once for all, where it is not a matter of the ground."""
        calendar, ends = self.snapshot.calendar, self.settings.school_day_ends
        if step.due.of_the_ground:
            return step.due.at(calendar, self.as_of, decision.session, ends)
        if step.due.words not in self._dues:
            self._dues[step.due.words] = step.due.at(calendar, self.as_of, None, ends)
        return self._dues[step.due.words]

    def _owner(self, decision: Decision, step: TaskStep, due: datetime, *, reserved: bool) -> tuple[str, str]:
        """Whose a step is, and for whom they cover: worked out once for all pupils that are alike in it."""
        about = member(self.snapshot, decision.subject)
        key_adult = decision.rule.subject == "pupil" and not reserved
        same = about and (about.key_adult, about.form, about.year_group)
        alike = (step.by, key_adult, reserved, same, due)
        if alike not in self._owners:
            self._owners[alike] = self.rota.owner(
                step.by, about, self.as_of, due, key_adult=key_adult, reserved=reserved
            )
        return self._owners[alike]

    def _task(
        self,
        decision: Decision,
        explained: Explanation,
        case: Case,
        step: TaskStep,
        task_id: str,
        due: datetime,
        whose: tuple[str, str],
    ) -> Task:
        rule = decision.acts
        pupil = self._pupil(decision.subject) if rule.subject == "pupil" else None
        return Task(
            task_id=task_id,
            case_id=case.case_id,
            school_id=case.school_id,
            subject=decision.subject,
            rule=decision.rule.id,
            ladder=rule.on_ladder,
            stage=rule.stage,
            step=step.do,
            role=step.by,
            assignee=whose[0],
            due=due,
            decide=decision.outcome is Outcome.PROPOSE,
            because=explained.because,
            script=step.script,
            evidence=as_json(explained.evidence),
            made_as_of=self.as_of,
            run_id=self.run_id,
            rulebook=decision.version or self.rulebook,
            safeguarding=pupil is not None and safeguarding(pupil),
            unexplained_since=self._unexplained_since(decision.subject) if pupil else "",
            family=self.family.get(decision.subject, decision.subject),
            expires_at=due if rule.time_anchored else None,
            minutes=step.minutes,
            covering=whose[1],
        )

    def _message(self, decision: Decision, explained: Explanation, case: Case, made: Draft) -> Message:
        rulebook = decision.version or self.rulebook
        return as_message(decision, explained.because, case, made, self.as_of, self.run_id, rulebook)

    def _line(self, decision: Decision, reasons: Sequence[Reason]) -> Json:
        return {
            "subject": decision.subject,
            "rule": decision.rule.id,
            "ladder": decision.rule.ladder or None,
            "stage": decision.acts.stage,
            "outcome": decision.outcome.value,
            "reasons": [reason.value for reason in reasons],
            "anchor": decision.anchor,
            "as_of": self._as_of,
            "run_id": self.run_id,
        }

    def _pupil(self, upn: str) -> Pupil:
        return self.snapshot.people[self.snapshot.row(upn)]

    def _about(self, decision: Decision, explained: Explanation, named: str) -> About:
        """What a message can speak of; `named` is the staff id of whom the family can ask for."""
        facts = self.snapshot.facts
        return About(
            rule=decision.acts,
            evidence=explained.evidence,
            school=facts.school,
            pupil=self._pupil(decision.subject),
            history=self._history[decision.subject],
            staff=next((person for person in facts.staff if person.staff_id == named), None),
            today=self._today,
        )

    def _unexplained_since(self, upn: str) -> str:
        """The date of the oldest N that still stands among the closed sessions; empty where there is none."""
        first, days = int(self._first_unexplained[self.snapshot.row(upn)]), self.snapshot.calendar.day
        day = date.fromordinal(int(days[first])) if first < days.size else None
        return day.isoformat() if day and day <= self._today else ""


def _words(explained: Explanation) -> Json:
    scope: Json = {"scope": explained.scope} if explained.scope else {}
    return {"because": explained.because, "evidence": list(explained.evidence), **scope}


def _turn(decision: Decision) -> tuple[str, str, int, str]:
    return decision.subject, decision.rule.ladder, decision.acts.stage, decision.rule.id
