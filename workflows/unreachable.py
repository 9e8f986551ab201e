"""Numbers and addresses that do not work: passed over, and one task each for the office to find another."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from engine.instants import local, local_instant
from engine.match import Judge
from engine.reasons import Reason
from engine.records import Contact
from messaging.email_addresses import Email, email
from messaging.envelope import address_lines
from messaging.phones import telephone
from messaging.recipients import Reach
from messaging.wishes import Wishes
from workflows.change import Change
from workflows.people import families, safeguarding
from workflows.ports import Unit
from workflows.recheck import UNREACHABLE
from workflows.rota import Rota
from workflows.settings import Settings
from workflows.values import AnyTask, Case, Entry, Message, Task, TaskState, derived_id

_ROLE, _MINUTES, _DAYS = "office", 10, 1
_SCRIPT = (
    "Ask the family, at the gate, by another number or by letter, how to reach them, and put it right in the "
    "register system. If the number is right after all, say so: firstbell families works {contact} --by ..."
)
_TAIL = 4  # so many last digits tell at a glance that a field does not hold a number
_About = Callable[[str], tuple[tuple[Task, ...], tuple[Message, ...]]]


def reach_of(unit: Unit, school_id: str, known_at: datetime) -> Reach:
    """What was known at an instant about reaching the families of a school: wishes, and what bounced."""
    works = {each.address: each.works for each in unit.bounces() if each.at <= known_at}
    wishes = Wishes.of((wish for wish in unit.wishes() if wish.at <= known_at), school_id)
    return Reach(wishes, frozenset(address for address, does in works.items() if not does))


@dataclass(frozen=True, slots=True)
class Unreachable:
    """One run's look at what bounced at one school; `about` gives all tasks there ever were of a pupil."""

    judge: Judge
    change: Change
    settings: Settings
    as_of: datetime
    run_id: str
    rulebook: str
    rota: Rota
    reach: Reach
    about: _About

    def make(self) -> None:
        """Make a task for each contact and number that does not work; take back those nobody needs any more.

        Once for each: what somebody has done or dismissed does not come back while the number stands.
        """
        wanted = self._wanted() if self.reach.bounced else {}
        open_now: dict[tuple[str, str], AnyTask] = {}
        for task in [*self.change.tasks.values()]:
            if task.rule.startswith(UNREACHABLE) and task.state is TaskState.OPEN:
                key = (task.rule.removeprefix(UNREACHABLE), self._address(task))
                open_now[key] = task
                if key not in wanted:
                    self._take_back(task)
        family = families(self.judge.snapshot.facts.contacts) if wanted.keys() - open_now else {}
        for (_, address), contact in wanted.items():
            if (contact.contact_id, address) not in open_now:
                self._make(contact, address, family.get(contact.upn, contact.upn))

    def _wanted(self) -> dict[tuple[str, str], Contact]:
        """Each contact and what of theirs does not work, with the first of their children on roll."""
        snapshot = self.judge.snapshot
        wanted: dict[tuple[str, str], Contact] = {}
        for contact in sorted(snapshot.facts.contacts, key=lambda each: (each.upn, each.contact_id)):
            row = snapshot.rows.get(contact.upn)
            if contact.restriction == "none" and row is not None and self.judge.on_roll[row, 0]:
                for address in self._dead(contact):
                    wanted.setdefault((contact.contact_id, address), contact)
        return wanted

    def _dead(self, contact: Contact) -> Iterator[str]:
        digits = re.sub(r"\D", "", contact.phone)
        if any(address[-_TAIL:] == digits[-_TAIL:] for address in self.reach.bounced):
            number = telephone(contact.phone)
            if number in self.reach.bounced:
                yield str(number)
        written = contact.email.casefold()
        if written and any(address in written for address in self.reach.bounced):
            found = email(written)
            if isinstance(found, Email) and found.address in self.reach.bounced:
                yield found.address
        if (home := "\n".join(address_lines(contact.address))) in self.reach.bounced:
            yield home

    def _address(self, task: AnyTask) -> str:
        return self.change.cases[task.case_id].anchor.rpartition(" ")[0]

    def _take_back(self, task: AnyTask) -> None:
        self.change.end_task(task, TaskState.WITHDRAWN, self.as_of, Reason.ADDRESS_WORKS)
        content: dict[str, object] = {
            "task": task.task_id,
            "because": Reason.ADDRESS_WORKS.sentence,
            "run_id": self.run_id,
        }
        self.change.entries.append(Entry("unreachable", task.subject, content, task.rulebook))

    def _make(self, contact: Contact, address: str, family: str) -> None:
        rule, shown = UNREACHABLE + contact.contact_id, address.replace("\n", ", ")
        before = [task for task in self.about(contact.upn)[0] if task.rule == rule and shown in task.because]
        if any(task.state is not TaskState.WITHDRAWN for task in before):
            return
        snapshot = self.judge.snapshot
        school_id, pupil = snapshot.facts.school.school_id, snapshot.people[snapshot.row(contact.upn)]
        home = "a postal address" if "\n" in address else "a number"
        what = "an e-mail address" if "@" in address else home
        case = Case(
            case_id=derived_id("c", school_id, contact.upn, rule, address, len(before)),
            school_id=school_id,
            subject=contact.upn,
            ladder=rule,
            episode=self.change.episodes.get((contact.upn, rule), 0) + 1,
            anchor=f"{address} {len(before) + 1}",
            stage=1,
            opened_at=self.as_of,
            closed_at=self.as_of,
            closed_because="what there is to find is over with its task",
        )
        due_on = snapshot.calendar.day_after(local(self.as_of).date(), _DAYS)
        due = local_instant(due_on, self.settings.school_day_ends)
        whose, covering = self.rota.owner(_ROLE, pupil, self.as_of, due, key_adult=False, reserved=False)
        task = Task(
            task_id=derived_id("t", case.case_id, 1, rule),
            case_id=case.case_id,
            school_id=school_id,
            subject=contact.upn,
            rule=rule,
            ladder=rule,
            stage=1,
            step=f"find {what} that works for {contact.name}",
            role=_ROLE,
            assignee=whose,
            due=due,
            decide=False,
            because=f"a message to {shown} was refused for good: nothing is sent there any more",
            script=_SCRIPT.format(contact=contact.contact_id),
            evidence="[]",
            made_as_of=self.as_of,
            run_id=self.run_id,
            rulebook=self.rulebook,
            safeguarding=safeguarding(pupil),
            family=family,
            minutes=_MINUTES,
            covering=covering,
        )
        self.change.put_case(case)
        self.change.put_task(task)
        made: dict[str, object] = {"task": task.task_id, "contact_id": contact.contact_id, "address": address}
        self.change.entries.append(
            Entry("unreachable", contact.upn, made | {"run_id": self.run_id}, self.rulebook)
        )
