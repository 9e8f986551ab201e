"""The staff at work: each goes down their own list within their minutes, as people of flesh and blood do.

Most of it is done, with an outcome; some is put off, handed over or dismissed, some is left lying, and now
and then somebody is out for a day. The shares are plausible ones, of no source. A draw rests on the seed, the
task and the day alone, so a list is worked off in the same way whatever else is on it. All of it goes
through the use cases that the commands go through.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import TYPE_CHECKING, NamedTuple

from engine.instants import local, local_instant
from engine.records import SCHOOL
from workflows.outbox import approvable, approve
from workflows.tasks import listed
from workflows.values import MessageState

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from engine.records import Staff
    from workflows.acting import Acting
    from workflows.values import Task

MINUTES = {
    "attendance_officer": 300,
    "attendance_champion": 120,
    "dsl": 120,
    "senior_leader": 90,
    "head_of_year": 90,
    "senco": 60,
    "headteacher": 45,
    "form_tutor": 30,
}
"""What a day has for attendance work, by role; who has several has the most of them."""
LEFT = timedelta(days=2)
BEGINS, DAY = time(8, 0), timedelta(hours=8)
OUT = 0.03
HELD = {"read together": 0.1, "read one by one": 0.5}
SEEN_TO = 0.95

Shares = dict[str, int]
DOES: Shares = {"done": 72, "nothing": 14, "start": 4, "hand over": 3, "dismiss": 3, "snooze": 4}
MUST: Shares = {"done": 94, "start": 3, "nothing": 3}
FINDS: Shares = {
    "reached": 58,
    "nothing": 13,
    "no-answer": 11,
    "return-meeting": 10,
    "senco": 3,
    "mental-health-lead": 2,
    "safeguarding-lead": 1,
    "local-authority": 1,
    "legal": 1,
}
CONSIDERED: Shares = {"nothing": 70, "done": 30}
FOLLOWED_UP: Shares = {"done": 80, "nothing": 14, "no-answer": 4, "safeguarding-lead": 2}
NOTES = {
    "reached": ("", "back tomorrow", "a cold, nothing more", "the bus did not come", "will send in a note"),
    "nothing": ("spoke with the child, all is well", "known to us, and agreed"),
    "considered": ("not now: the support that was agreed goes on first",),
    "safeguarding-lead": ("nobody at home says where the child is",),
    "legal": ("three offers of help declined",),
}
BECAUSE = {
    "dismiss": ("seen to this morning, face to face", "the family has told us already"),
    "hand over": ("knows the family", "asked to"),
    "snooze": ("the family rings back tomorrow", "waits for the form from the surgery"),
}


class Act(NamedTuple):
    """What is done about a task: the verb, what is said with it, and the outcome or the other person."""

    verb: str
    said: str
    other: str


@dataclass(frozen=True, slots=True)
class Hands:
    """The staff of every school of a store.

    `left_alone` are subjects whose tasks nobody touches for two days, and whose texts nobody approves.
    """

    acting: Acting
    seed: int
    left_alone: Collection[str] = ()
    _spent: Counter[tuple[date, str]] = field(default_factory=Counter)

    def work(self, at: datetime) -> None:
        """Everybody goes on with their list, as far as their minutes have come by this time of the day."""
        today = local(at).date()
        elapsed = min(max((at - local_instant(today, BEGINS)) / DAY, 0.0), 1.0)
        people = self._people()
        acts: dict[tuple[str, Act], list[str]] = defaultdict(list)
        for line in listed(self.acting.store, at):
            task, who = line.task, people.get(line.task.assignee)
            if who is None or self._waits(task, at) or self._is_out(who, today):
                continue
            minutes = max((MINUTES.get(role, 0) for role in who.roles), default=0)
            if self._spent[today, who.staff_id] < minutes * elapsed:
                act = self._act(task, who, today)
                self._spent[today, who.staff_id] += task.minutes if act.verb == "done" else 1
                acts[who.staff_id, act].append(task.task_id)
        for (by, act), ids in acts.items():
            self._do(act, ids, by, at)

    def look_back(self, at: datetime) -> None:
        """Say of what stood before anybody worked with these lists what is true of most of it: seen to."""
        ids: dict[str, list[str]] = defaultdict(list)
        for line in listed(self.acting.store, at):
            task = line.task
            drawn = self._draw(task.task_id).random()
            if task.assignee and not self._waits(task, at) and drawn < SEEN_TO:
                ids[task.assignee].append(task.task_id)
        for by, own in ids.items():
            self.acting.done(own, by, "nothing", "seen to in the autumn, before these lists were there", at)

    def approve(self, at: datetime) -> None:
        """A senior leader of each school reads the texts that wait, and leaves some waiting for good.

        Where two people must approve, another senior leader reads them too.
        """
        leaders: dict[str, list[str]] = defaultdict(list)
        for who in self._people().values():
            if "senior_leader" in who.roles:
                leaders[who.school_id].append(who.staff_id)
        self._read({school_id: own[-1] for school_id, own in leaders.items()}, at, second=False)
        self._read({school_id: own[0] for school_id, own in leaders.items()}, at, second=True)

    def _read(self, leaders: Mapping[str, str], at: datetime, *, second: bool) -> None:
        """One leader of each school approves what waits; as the `second`, what the first has approved."""
        store = self.acting.store
        with store.reading() as unit:
            there = unit.messages(None, (MessageState.AWAITING_APPROVAL,))
        waiting = {each.message_id: each for each in there if bool(each.first_approved_by) is second}
        found = approvable(store)
        for why, ids in zip(HELD, (found.together, found.singly), strict=True):
            yes: dict[str, list[str]] = defaultdict(list)
            for message in (waiting[each] for each in ids if each in waiting):
                held = self._draw(message.message_id).random() < HELD[why]
                if message.subject not in self.left_alone and message.school_id in leaders and not held:
                    yes[message.school_id].append(message.message_id)
            for school_id, own in yes.items():
                approve(store, own, leaders[school_id], why, at, self.acting.settings.two_people)

    def _waits(self, task: Task, at: datetime) -> bool:
        return task.subject in self.left_alone and at - task.made_as_of < LEFT

    def _act(self, task: Task, who: Staff, today: date) -> Act:
        """What somebody does about a task today."""
        draw, words = self._draw(task.task_id, today), self._draw(who.staff_id, today)
        must = task.safeguarding or task.expires_at is not None
        verb = _drawn(draw, MUST if must else DOES)
        to = "" if task.decide or task.first_owner else who.deputy
        of_head = task.decide and task.role == "headteacher"
        if verb == "dismiss" and of_head:
            verb = "done"
        if verb == "done" or (verb == "hand over" and not to) or (verb == "start" and task.started_at):
            if of_head:
                return Act("done", NOTES["considered"][0], _drawn(draw, CONSIDERED))
            duty = task.subject.startswith(SCHOOL)
            outcome = "done" if duty else _drawn(draw, FOLLOWED_UP if task.follows else FINDS)
            return Act("done", words.choice(NOTES.get(outcome, ("",))), outcome)
        return Act(verb, words.choice(BECAUSE.get(verb, ("",))), to)

    def _do(self, act: Act, ids: list[str], by: str, at: datetime) -> None:
        """The same to some tasks of one person, by the use case for it."""
        match act.verb:
            case "start":
                self.acting.start(ids, by, at)
            case "done":
                self.acting.done(ids, by, act.other, act.said, at)
            case "dismiss":
                self.acting.dismiss(ids, by, act.said, at)
            case "hand over":
                self.acting.hand_over(ids, by, act.other, act.said, at)
            case "snooze":
                tomorrow = local_instant(local(at).date() + timedelta(days=1), time(8, 30))
                self.acting.snooze(ids, by, tomorrow, act.said, at)

    def _people(self) -> Mapping[str, Staff]:
        """Everybody by staff id: in a trust an id is one person's."""
        with self.acting.store.reading() as unit:
            return {who.staff_id: who for school_id in unit.school_ids() for who in unit.staff(school_id)}

    def _is_out(self, who: Staff, today: date) -> bool:
        return self._draw("out", who.staff_id, today).random() < OUT

    def _draw(self, *about: object) -> Random:
        return Random(" ".join(map(str, (self.seed, *about))))  # noqa: S311 - a story is drawn, not a secret


def _drawn(draw: Random, shares: Shares) -> str:
    return draw.choices([*shares], [*shares.values()])[0]
