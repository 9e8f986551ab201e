"""The day of a case's review has come: a person looks whether what was done helped."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from engine.cases import Move
from engine.instants import local, local_instant
from engine.rulebook.model import Rule
from engine.snapshot import Snapshot
from workflows.change import Change
from workflows.open_cases import Ruled
from workflows.people import FALL_BACK, families, safeguarding
from workflows.recheck import REVIEW
from workflows.rota import Rota
from workflows.settings import Settings
from workflows.values import Case, Entry, Task, derived_id

_MINUTES = 10
_SCRIPT = (
    "What was agreed, and was it done? Look at the days since then. Then say what follows: nothing more, the "
    "same a while longer, or the next step."
)


@dataclass(frozen=True, slots=True)
class Reviews:
    """One run's look at the reviews of one school."""

    snapshot: Snapshot
    change: Change
    ruled: Ruled
    settings: Settings
    as_of: datetime
    run_id: str
    rota: Rota

    def make(self) -> None:
        """Make the review of every open case whose day has come; late ones too, once.

        A closed case keeps its day for when its ground holds once more.
        Left undone it is overdue, and goes to a second owner like any task (workflows/overdue.py).
        """
        today = local(self.as_of).date().isoformat()
        standing = [case for case in self.change.cases.values() if case.closed_at is None]
        come = [case for case in standing if case.review_on and case.review_on <= today]
        family = families(self.snapshot.facts.contacts) if come else {}
        for case in come:
            rule = self._rule(case)
            if rule is not None:
                self._make(case, rule, family.get(case.subject, case.subject))
            self.change.move_case(case, Move.REVIEWS, review_on="")

    def _rule(self, case: Case) -> Rule | None:
        """The rule whose stage acted last, as it is now, else as it was; none of a pupil who has left."""
        row, today = self.snapshot.rows.get(case.subject), local(self.as_of).date()
        left_on = None if row is None else self.snapshot.people[row].left_on
        if left_on is not None and left_on < today:
            return None
        now, then = self.ruled.present, self.ruled.kept(case.rulebook)
        return now.on_stage(case.ladder, case.stage) or then.on_stage(case.ladder, case.stage)

    def _make(self, case: Case, rule: Rule, family: str) -> None:
        own = self.change.items(case.subject)[0]
        row = self.snapshot.rows.get(case.subject)
        pupil = None if row is None else self.snapshot.people[row]
        before = sum(each.case_id == case.case_id and each.rule.startswith(REVIEW) for each in own)
        step = f"review: {rule.tasks[0].do if rule.tasks else rule.title}"
        step = f"{step} ({before + 1})" if before else step
        role = rule.tasks[0].by if rule.tasks else FALL_BACK
        due_on = self.snapshot.calendar.day_after(local(self.as_of).date(), 0)
        due = local_instant(due_on, self.settings.school_day_ends)
        whose, covering = self.rota.owner(role, pupil, self.as_of, due, key_adult=True, reserved=False)
        task = Task(
            task_id=derived_id("t", case.case_id, case.stage, step),
            case_id=case.case_id,
            school_id=case.school_id,
            subject=case.subject,
            rule=REVIEW + rule.id,
            ladder=case.ladder,
            stage=case.stage,
            step=step,
            role=role,
            assignee=whose,
            due=due,
            decide=False,
            because=f"time to look whether it helped: {rule.title[:1].lower()}{rule.title[1:]}",
            script=_SCRIPT,
            evidence="[]",
            made_as_of=self.as_of,
            run_id=self.run_id,
            rulebook=self.ruled.present.version,
            safeguarding=pupil is not None and safeguarding(pupil),
            family=family,
            minutes=_MINUTES,
            covering=covering,
        )
        self.change.put_task(task)
        made: dict[str, object] = {"case": case.case_id, "task": task.task_id, "run_id": self.run_id}
        self.change.entries.append(Entry("review", case.subject, made, task.rulebook))
