"""What left and is contradicted later: found by each run, with an apology drafted at once.

A message is judged again as of the instant it was made, on the register as it now stands; one that told of an
absence and asked why is held against the sessions that it named. A reason that comes in answers such a
message, and does not contradict it (docs/decisions/034).
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

import numpy as np

from engine import codes
from engine.reasons import Reason, Result
from engine.records import HALVES
from engine.snapshot import Snapshot
from messaging.in_language import session_in
from messaging.languages import ENGLISH
from workflows.apology import apology, apology_id
from workflows.change import Change
from workflows.drafting import Words, as_it_was_left
from workflows.judged_again import STANDS, all_believed, changed_since, may_differ, note_up_to
from workflows.open_cases import Ruled
from workflows.ports import Changed, Unit
from workflows.recheck import Verdict, key_of, verdicts
from workflows.said import sessions_told
from workflows.undelivered import telling_id
from workflows.values import FAILED, LEAVING, LEFT, UNSENT, Entry, Message, MessageState, TaskState

_ABSENCE = "absence"
"""The purpose of a message that tells of an absence and asks why."""
RECALLED_UP_TO = "looked for what to recall up to batch"
_STILL_AWAY = codes.absent_marks() | codes.members(codes.CODE_SETS["late"]) | codes.missing_marks()
"""Marks that bear out a message which said that a child was not there when the register was taken."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """What the register says against a message, in words; `sessions` were told of as missed and were not."""

    because: str
    sessions: tuple[tuple[date, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Recall:
    """One look at what left a school, on the register as it was known at an instant."""

    unit: Unit
    snapshot: Snapshot
    change: Change
    ruled: Ruled
    words: Words
    known_at: datetime
    run_id: str = ""

    def look(self, since: Changed | None = None) -> Changed | None:
        """Put on the list what is contradicted now, and take off it what is not, or was made good.

        `since` is what has changed since all that stands was judged, where that is known already. Returns up
        to where everything was looked at, to be noted (`note_recall`) as the change is written; None where
        something on its way may yet turn out to have left, or some imports are not believed yet.
        """
        school_id = self.snapshot.facts.school.school_id
        if not all_believed(self.unit, school_id, self.known_at):
            return None
        changed = self._changed(school_id, since)
        told = self.unit.told_of(school_id, None if changed.everything else changed.since)
        told = tuple(each for each in told if may_differ(each, changed) and not each.apology_for)
        listed = self.unit.contradicted(school_id)
        self.change.look_at((*told, *listed, *self.unit.messages_named([apology_id(m) for m in listed])))
        self._settle(listed)
        self._spare()
        self._judge([each for each in told if not each.contradicted_by])
        return None if self.change.on_their_way() else changed

    def _changed(self, school_id: str, since: Changed | None) -> Changed:
        keys = (f"{STANDS} {school_id}", f"{RECALLED_UP_TO} {school_id}")
        same = self.unit.note(keys[0]) == self.unit.note(keys[1])
        return since if since and same else changed_since(self.unit, school_id, self.known_at, RECALLED_UP_TO)

    def _settle(self, listed: Iterable[Message]) -> None:
        """What was said sorry for is recalled: it left, it was wrong, and the family knows."""
        for original in listed:
            sorry = self.change.messages.get(apology_id(original))
            if sorry is not None and sorry.state in LEFT:
                recalled = replace(original, state=MessageState.RECALLED)
                self.change.put_message(recalled)
                self._enter(recalled, "an apology has left")

    def _spare(self) -> None:
        """Ask nobody any more to say what did not arrive and is not so."""
        open_now = {key for key, task in self.change.tasks.items() if task.state is TaskState.OPEN}
        failed = [each for each in self.change.messages.values() if each.state in FAILED]
        to_tell = [each for each in failed if telling_id(each) in open_now and not each.apology_for]
        found = verdicts(self.snapshot, to_tell, self.change.cases, self.ruled)
        for message in to_tell:
            if contradiction(self.snapshot, message, found[key_of(message)]):
                task = self.change.tasks[telling_id(message)]
                self.change.end_task(task, TaskState.WITHDRAWN, self.known_at, Reason.GROUND_GONE)
                why: dict[str, object] = {"task": task.task_id, "message": message.message_id}
                why |= {"because": Reason.GROUND_GONE.sentence, "run_id": self.run_id}
                self.change.entries.append(Entry("spared", message.subject, why, message.rulebook))

    def _judge(self, told: Iterable[Message]) -> None:
        standing = [each for each in told if self.change.messages[each.message_id] == each]
        cases = {case.case_id: case for case in self.unit.cases_named({each.case_id for each in standing})}
        found = verdicts(self.snapshot, standing, cases, self.ruled)
        for message in standing:
            wrong = contradiction(self.snapshot, message, found[key_of(message)])
            if wrong and message.contradicted_at is None:
                self._list(message, wrong)
            elif wrong is None and message.contradicted_at is not None:
                self._take_off(message)

    def _list(self, message: Message, wrong: Wrong) -> None:
        listed = replace(message, contradicted_at=self.known_at, contradicted_because=wrong.because)
        self.change.put_message(listed)
        self._enter(listed, wrong.because)
        draft_apology(self.change, self.unit, listed, wrong, self.words, self.run_id)

    def _take_off(self, message: Message) -> None:
        """The register bears it out once more: an apology that has not left would be the mistake now."""
        sorry = self.change.messages.get(apology_id(message))
        if sorry is not None and sorry.state in LEAVING:
            return  # what becomes of it comes first
        if sorry is not None and sorry.state in UNSENT:
            self.change.end_message(sorry, MessageState.WITHDRAWN, self.known_at, Reason.RECALL_UNDONE)
        borne_out = replace(message, contradicted_at=None, contradicted_because="")
        self.change.put_message(borne_out)
        self._enter(borne_out, Reason.RECALL_UNDONE.sentence)

    def _enter(self, message: Message, because: str) -> None:
        self.change.entries.append(recall_entry(message, because, run_id=self.run_id))


def contradiction(snapshot: Snapshot, message: Message, verdict: Verdict) -> Wrong | None:
    """What the register now says against a message that left; None where it bears it out, or cannot say.

    What tells of an absence is held against the marks of the sessions that it names, whatever became of its
    rule; all else against its rule: `verdict` is what that says now of the instant it was made.
    """
    result, because = verdict
    row = snapshot.rows.get(message.subject)
    told = sessions_told(json.loads(message.said), message.text, message.language)
    if row is None:
        return None
    if message.purpose == _ABSENCE and told != []:
        return _untrue(snapshot, row, told or ())  # where nobody kept which, nothing can be held against it
    return None if result in {Result.MATCHED, Result.UNKNOWN} else Wrong(because)


def still_contradicted(snapshot: Snapshot, original: Message, verdict: Verdict) -> bool:
    """Whether the apology for a message may leave: it arrived, is on the list, and as wrong as it was.

    What a person said was wrong no register makes right.
    """
    if original.contradicted_at is None or original.state in FAILED:
        return False
    return bool(original.contradicted_by) or contradiction(snapshot, original, verdict) is not None


def draft_apology(
    change: Change, unit: Unit, original: Message, wrong: Wrong, words: Words, run_id: str = ""
) -> None:
    """Draft the apology for a message, or draft it anew where it was taken back; not where one stands."""
    change.look_at(unit.messages_named([apology_id(original)]))
    there = change.messages.get(apology_id(original))
    made = apology(original, wrong.sessions, wrong.because, words, run_id)
    if made is None or (there is not None and there.state is not MessageState.WITHDRAWN):
        return
    if there is not None:
        change.open_again(made.message_id)
    change.put_message(as_it_was_left(made, there))


def recall_entry(message: Message, because: str, **more: object) -> Entry:
    """What happened to a message on the recall list, as the ledger keeps it."""
    content: dict[str, object] = {
        "message": message.message_id,
        "rule": message.rule,
        "state": "contradicted" if message.contradicted_at else "borne out",
        "because": because,
        "apology": apology_id(message),
    }
    if message.state is MessageState.RECALLED:
        content["state"] = message.state.value
    return Entry("recall", message.subject, content | more, message.rulebook, message.template_version)


def note_recall(unit: Unit, school_id: str, looked: Changed | None) -> None:
    """Note up to where everything was looked at; else the next look goes as far back as this one."""
    if looked is not None:
        note_up_to(unit, school_id, looked, RECALLED_UP_TO)


def look_at_all_again(unit: Unit, school_id: str) -> None:
    """Have the next look go over everything that left: something did of which nobody knew."""
    unit.set_note(f"{RECALLED_UP_TO} {school_id}", "")


def _untrue(snapshot: Snapshot, row: int, told: Iterable[tuple[date, str]]) -> Wrong | None:
    """Which of the sessions that a pupil was told to have missed were not missed."""
    now = {session: _mark(snapshot, row, session) for session in told}
    untrue = tuple(session for session, mark in now.items() if mark is None or not _STILL_AWAY[mark])
    says = "; ".join(f"{session_in(*each, ENGLISH)}: {_meaning(now[each], each[0])}" for each in untrue)
    return Wrong(f"the register now says of {says}", untrue) if untrue else None


def _mark(snapshot: Snapshot, row: int, session: tuple[date, str]) -> int | None:
    """The mark of a pupil in a session; None where the school holds none then."""
    day, half = session
    calendar = snapshot.calendar
    (at,) = np.nonzero((calendar.day == day.toordinal()) & (calendar.half == HALVES.index(half)))
    return int(snapshot.register.marks[row, at[0]]) if at.size else None


def _meaning(mark: int | None, on: date) -> str:
    entry = codes.look_up(codes.code_of(mark), on) if mark is not None and mark != codes.OUTSIDE else None
    return entry.meaning if entry else "nothing at all"
