"""The use case "replies": what a family writes back lands on somebody's list.

Nothing is thrown away: words from a number that nobody knows are the office's to look at. While a reply is
unread its ladder stands still, and no message about that pupil leaves.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache

from engine.codes import Kind, look_up
from engine.instants import local
from engine.records import Staff
from messaging.phones import as_read
from workflows.acting import CannotDo, staff_member
from workflows.for_people import Place, Work, task_for
from workflows.heard import Reply, Words
from workflows.ports import Clock, Store, Unit
from workflows.recheck import REPLY
from workflows.reply_reasons import LEAVE, Proposal, proposed
from workflows.settings import Settings
from workflows.stopping import opt_in, opt_out, says_start, says_stop
from workflows.subjects import known_schools
from workflows.tasks import named
from workflows.values import Entry, Task, TaskState, derived_id
from workflows.whose import Whose, unread_of, whose

_SHORT = 300
_ENTER = "Enter it in the register system: Firstbell writes no marks."
_READ = 'Then: firstbell replies read {reply} --by ... [--code {code}] [--why "..."]'
_COMMAND = re.compile(r"replies read r-[0-9a-f]{16}")
_HEAD = "headteacher"


@dataclass(frozen=True, slots=True)
class Listed:
    """A reply as people see it: who wrote, about whom, whose it is to read, and what may be meant."""

    reply: Reply
    school: str
    wrote: str
    about: str
    owner: str
    task: Task | None
    proposal: str
    code: str

    @property
    def unread(self) -> bool:
        """Whether nobody has read it yet."""
        return self.task is not None and self.task.state is TaskState.OPEN


@dataclass(frozen=True, slots=True)
class Replies:
    """The use case with everything it needs; CannotDo says why a reply cannot be read so."""

    store: Store
    clock: Clock
    settings: Settings

    def take(self, words: Words) -> bool:
        """Keep what somebody wrote and do what follows, in one commit; False where it was kept before.

        STOP and START are done at once and ask nobody to read them.
        """
        with self.store.transaction() as unit:
            if unit.heard_before(words.provider, words.event_id):
                return False
            at = self.clock()
            if says_stop(words.text):
                opt_out(unit, words.sender, words.channel, words.text, at)
            elif says_start(words.text):
                opt_in(unit, words.sender, words.channel, words.text, at)
            else:
                self._to_read(unit, words, at)
                return True
            unit.keep_reply(_kept(words, at))
        return True

    def listed(self, schools: Sequence[str] = (), *, unread: bool = False) -> list[Listed]:
        """The replies of these schools (of all), newest first; only those `unread`, if so asked."""
        with self.store.reading() as unit:
            wanted = known_schools(schools, unit.school_ids()) or unit.school_ids()
            shown = _showing(unit)
            found = [
                shown(reply)
                for reply in reversed(unit.replies())
                if reply.school_id in wanted or (not reply.school_id and not schools)
            ]
        return [each for each in found if each.unread or not unread]

    def one(self, beginning: str) -> Listed:
        """The reply of an id, or of the only one that begins so; CannotDo where there is none, or several."""
        with self.store.reading() as unit:
            return _showing(unit)(_named(unit, beginning))

    def read(
        self, beginning: str, by: str, code: str = "", why: str = "", at: datetime | None = None
    ) -> Listed:
        """Say that it was read, which code was accepted for it, if any, and why; the ladder goes on.

        All that was written on the same task is read with it, by the id of the last of it: whoever names an
        earlier one may not have seen what came since. Firstbell sets no mark: who accepts a code
        enters it in the register system.
        """
        with self.store.transaction() as unit:
            reply, when = _named(unit, beginning), at or self.clock()
            task = _task_of(unit, reply)
            if task is None:
                raise CannotDo(f"{reply.reply_id} is on nobody's list: nothing is left to do about it")
            if task.state is not TaskState.OPEN:
                raise CannotDo(f"{reply.reply_id} was read already: {task.ended_because}")
            if (last := _last_on(unit, task)) != reply:
                raise CannotDo(
                    f"they wrote again since: {_in_short(last.text)}; read that as well, by its own id: "
                    f"{last.reply_id}"
                )
            who = staff_member(unit, task.school_id, by)
            accepted = _accepted(code, reply, who, why)
            said = f"read by {who.name}" + (f", {accepted} accepted" if accepted else "")
            note = "; ".join(filter(None, (why.strip(), accepted and _ENTER)))
            ended = [_read(each, when, said, note, who) for each in _all_of(unit, task)]
            unit.update((), ended, (), when)
            for each in ended:
                content: dict[str, object] = {"reply": reply.reply_id, "task": each.task_id}
                content |= {"by": who.staff_id, "code": accepted, "why": why.strip()}
                unit.append(each.school_id, when, [Entry("reply read", each.subject, content, each.rulebook)])
            return _showing(unit)(reply)

    def _to_read(self, unit: Unit, words: Words, at: datetime) -> None:
        """Make a task in each place that the words are about, those after the first following it."""
        found = whose(unit, words, at)
        tasks: list[Task] = []
        for place in found.places:
            task = self._joined(unit, words, place, at) or self._made(unit, words, found, place, at)
            if tasks and not task.follows:
                task = replace(task, follows=tasks[0].task_id)
                unit.update((), [task], (), at)
            tasks.append(task)
        reply = _kept(words, at, found, tasks)
        unit.keep_reply(reply)
        for task in tasks:
            content: dict[str, object] = {
                "reply": reply.reply_id,
                "task": task.task_id,
                "contact_id": reply.contact_id,
                "from": reply.sender,
                "message": reply.message_id,
                "words": reply.text,
            }
            unit.append(task.school_id, at, [Entry("reply", task.subject, content, task.rulebook)])

    def _made(self, unit: Unit, words: Words, found: Whose, place: Place, at: datetime) -> Task:
        wrote, meant = _wrote(found, words.sender), _proposed(words)
        how = _READ.format(reply=_id(words), code=meant.code or "CODE")
        asked = f"{meant.sentence} {_ENTER}" if meant.code else meant.sentence
        of = f"It answers:\n{found.message.told or found.message.text}\n\n" if found.message else ""
        work = Work(
            derived_id("t", place.case_id, place.stage, REPLY, _id(words)),
            f"read what {wrote} wrote",
            f"{wrote} wrote: {_in_short(words.text)}",
            f"{_in_full(words)}\n\n{of}{asked}\n{how}",
            safeguarding=meant.worries,
        )
        return task_for(unit, place, work, at, self.settings)

    def _joined(self, unit: Unit, words: Words, place: Place, at: datetime) -> Task | None:
        """The task with what the same people wrote before and nobody has read, with these words too."""
        task = next(unread_of(unit, words.sender, unit.tasks_of(place.case_id)), None)
        if task is None:
            return None
        before = task.because if len(task.because) <= 2 * _SHORT else f"{task.because[: 2 * _SHORT]}..."
        joined = replace(
            task,
            because=f"{before}; then: {_in_short(words.text)}",
            script=f"{_in_full(words)}\n\n{_COMMAND.sub(f'replies read {_id(words)}', task.script)}",
            safeguarding=task.safeguarding or _proposed(words).worries,
        )
        unit.update((), [joined], (), at)
        return joined


def _id(words: Words) -> str:
    return derived_id("r", words.provider, words.event_id)


def _kept(words: Words, at: datetime, found: Whose | None = None, tasks: Sequence[Task] = ()) -> Reply:
    first = tasks[0] if tasks else None
    return Reply(
        reply_id=_id(words),
        provider=words.provider,
        event_id=words.event_id,
        channel=words.channel,
        sender=words.sender,
        sent_to=words.sent_to,
        text=words.text,
        at=words.at,
        received_at=at,
        school_id=first.school_id if first else "",
        subject=first.subject if first else "",
        contact_id=found.contact.contact_id if found and found.contact else "",
        message_id=found.message.message_id if found and found.message else "",
        task_id=first.task_id if first else "",
    )


def _proposed(words: Words | Reply) -> Proposal:
    return proposed(words.text, local(words.at).date())


def _wrote(found: Whose, sender: str) -> str:
    return found.contact.name if found.contact else _number(sender)


def _number(sender: str) -> str:
    return as_read(sender) if sender.startswith("+") else sender


def _in_short(text: str) -> str:
    line = " ".join(text.split())
    return f'"{line[:_SHORT]}..."' if len(line) > _SHORT else f'"{line}"'


def _in_full(words: Words) -> str:
    at = local(words.at)
    return f"{_number(words.sender)}, {at:%a} {at.day} {at:%b %H:%M}:\n{words.text}"


def _named(unit: Unit, beginning: str) -> Reply:
    fits = [each for each in unit.replies() if beginning and each.reply_id.startswith(beginning)]
    if len(fits) == 1:
        return fits[0]
    if fits:
        raise CannotDo(f"{beginning} fits several replies: {', '.join(each.reply_id for each in fits[:3])}")
    raise CannotDo(f"there is no reply {beginning!r}; 'firstbell replies list --all' shows the ids")


def _task_of(unit: Unit, reply: Reply) -> Task | None:
    found = unit.tasks_like(reply.task_id) if reply.task_id else ()
    return next((task for task in found if task.task_id == reply.task_id), None)


def _last_on(unit: Unit, task: Task) -> Reply:
    """The last reply that is on a task."""
    return [reply for reply in unit.replies() if reply.task_id == task.task_id][-1]


def _all_of(unit: Unit, task: Task) -> list[Task]:
    """A task, and those about brothers and sisters that follow it and are unread."""
    unread = unit.tasks(None, (TaskState.OPEN,))
    return [task, *(each for each in unread if each.follows == task.task_id and each.rule.startswith(REPLY))]


def _accepted(code: str, reply: Reply, who: Staff, why: str) -> str:
    """The code accepted, empty where none is; CannotDo for one that is none, or not theirs to accept."""
    code = code.strip().upper()
    if not code:
        return ""
    day = local(reply.at).date()
    entry = look_up(code, day)
    if entry is None or entry.retired or entry.kind is Kind.ADMINISTRATIVE:
        raise CannotDo(f"{code!r} is no code that a session of {day} can have: --code I for illness, M, ...")
    if code in LEAVE:
        if _HEAD not in who.roles:
            raise CannotDo(
                f"{code} is leave of absence, which only the head may grant: {who.name} is not the head; "
                "hand the task over, or read it without a code"
            )
        if not why.strip():
            raise CannotDo(f"{code} is leave of absence: --why says what makes it exceptional")
    return code


def _read(task: Task, at: datetime, said: str, note: str, who: Staff) -> Task:
    return replace(
        task,
        state=TaskState.DONE,
        ended_at=at,
        ended_because=said,
        note=note,
        by=who.staff_id,
        started_at=task.started_at or at,
        snoozed_until=None,
    )


def _showing(unit: Unit) -> Callable[[Reply], Listed]:
    """Replies as people see them; each school's names are looked up once."""
    pupils = cache(lambda school_id: {each.upn: each for each in unit.pupils(school_id)})
    staff = cache(lambda school_id: {each.staff_id: each.name for each in unit.staff(school_id)})

    def shown(reply: Reply) -> Listed:
        task, meant = _task_of(unit, reply), _proposed(reply)
        pupil = pupils(reply.school_id).get(reply.subject)
        school = unit.school_name(reply.school_id) if reply.school_id else ""
        contacts = unit.links((reply.contact_id,)) if reply.contact_id else ()
        about = f"{pupil.first_name} {pupil.last_name}" if pupil else ""
        return Listed(
            reply=reply,
            school=school,
            wrote=next((each.name for each in contacts), _number(reply.sender)),
            about=about or (named(reply.subject, school) if reply.subject else ""),
            owner=staff(reply.school_id).get(task.assignee, task.assignee) if task else "",
            task=task,
            proposal=meant.sentence if task else "",
            code=meant.code if task else "",
        )

    return shown
