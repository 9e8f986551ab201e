"""Whatever register, staff and provider do while texts leave: none twice, none that was wrong just then."""

from __future__ import annotations

import shutil
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from adapters.store import open_store
from engine.records import Event
from messaging.channels import by_kind
from messaging.channels.channel import Accepted, Outgoing, Refused, Sent, Unsure
from tests.workflows.story import Story, pupil, templates
from tests.workflows.test_receipts import receipt, receipts
from tests.workflows.test_replies import replies, to_read
from workflows import outbox, rewording
from workflows.deliver import Deliver
from workflows.handing_over import LEASE
from workflows.heard import Reply, Words
from workflows.values import LEFT, UNSENT, MessageState

pytestmark = pytest.mark.uncounted

DAY = "2025-11-10"
UPNS = ("P1", "P2", "P3")
NO_REASON, PRESENT = "N", "/"
REPLY = "a reply"


class Died(BaseException):
    """The sender is no more: what it had in hand it leaves behind."""


@dataclass
class Line:
    """A provider that sends twice what it is handed twice, and the register as this test knows it.

    `faults` come one after the other, then all is well; a correction may come in while a text is on its way.
    While it `forgets` it knows of nothing that it took; `posted` are the numbers of texts whose receipt came.
    """

    story: Story
    marks: dict[str, str]
    unread: set[str] = field(default_factory=set)
    held: set[str] = field(default_factory=set)
    holds: int = 0
    edits: int = 0
    faults: list[str] = field(default_factory=list)
    meanwhile: list[tuple[str, str]] = field(default_factory=list)
    deaf: bool = False
    forgets: bool = False
    took: list[Outgoing] = field(default_factory=list)
    took_at: list[datetime] = field(default_factory=list)
    forgotten: set[str] = field(default_factory=set)
    posted: set[int] = field(default_factory=set)
    wrong: list[str] = field(default_factory=list)
    name: str = "line"
    real: bool = True
    repeatable: bool = False
    per_minute: int = 0
    remembers: timedelta | None = None

    def withheld(self, to: str) -> str:
        """Nothing is."""
        return ""

    def send(self, outgoing: Outgoing) -> Sent:
        """Take it, or do not, and say so, or do not."""
        self._look_at(outgoing.contact_id.partition("-")[0])
        if outgoing.message_id in {self.took[number].message_id for number in self.posted}:
            self.wrong.append(f"{outgoing.message_id} again, though its receipt has come")
        fault = self.faults.pop(0) if self.faults else "none"
        if fault == "died before":
            raise Died
        if fault == "refused":
            return Refused("no such number", of_address=False)
        if fault == "busy":
            return Refused("the line is busy", passing=True)
        if fault == "down":
            return Refused("the provider is down", passing=True, of_provider=True)
        if fault == "slower":
            return Refused("too many", passing=True, again_after=timedelta(seconds=20))
        if fault == "cut off before":
            return Unsure("no answer came")
        self.took.append(outgoing)
        self.took_at.append(self.story.now)
        if self.meanwhile:
            who, what = self.meanwhile.pop(0)
            if what == REPLY:
                self.writes_back(who)
            else:
                self.correct(who, what)
        if fault == "died after":
            raise Died
        return Unsure("no answer came") if fault == "cut off after" else Accepted(f"ref-{len(self.took)}")

    def _look_at(self, upn: str) -> None:
        """Note what speaks against a text about a pupil at this moment."""
        if self.marks[upn] != NO_REASON:
            self.wrong.append(f"{upn} has {self.marks[upn]}")
        if upn in self.unread:
            self.wrong.append(f"{upn}: a reply is unread")
        if upn in self.held:
            self.wrong.append(f"{upn}: a hold that nobody has looked at since")

    def find(self, outgoing: Outgoing, since: datetime) -> Accepted | None:
        """Look among what was taken."""
        if self.deaf:
            raise OSError("nobody answers")
        lately = [number for number, at in enumerate(self.took_at) if at >= since]
        taken = [number for number in lately if self.took[number].message_id == outgoing.message_id]
        if taken and self.forgets:
            self.forgotten.add(outgoing.message_id)
            return None
        return Accepted(f"ref-{taken[0] + 1}") if taken else None

    def posts_receipts(self) -> None:
        """Say of all it took that it was delivered, but not of what is on its way for a second time."""
        there = {message.message_id: message for message in self.story.messages()}
        for number, one in enumerate(self.took):
            message = there[one.message_id]
            second_try = message.handed and message.state in {MessageState.SENDING, MessageState.UNKNOWN}
            if number not in self.posted and not second_try:
                self.posted.add(number)
                delivered = receipt(message, f"e{number}", "delivered", reference=f"ref-{number + 1}")
                receipts(self.story).take([delivered])

    def turns(self, act: str, what: str) -> None:
        """What becomes of the line itself."""
        match act:
            case "faults":
                self.faults += what.split(",")
            case "deaf":
                self.deaf = bool(what)
            case "forgets":
                self.forgets = bool(what)
            case _:
                self.posts_receipts()

    def worded_anew(self, upn: str) -> None:
        """Somebody writes what waits about a pupil anew."""
        for each in self.story.messages(*UNSENT):
            if each.subject == upn and not each.apology_for:
                self.edits += 1
                words = f"Kit{upn}: please ring us ({self.edits})"
                rewording.edit(self.story.store, each.message_id, "Hana", "kinder", self.story.now, words)

    def correct(self, upn: str, code: str) -> None:
        """The mark of this morning is another."""
        self.marks[upn] = code
        self.story.corrects(self.story.now.isoformat(), upn, DAY, f"{code},-")

    def writes_back(self, upn: str) -> None:
        """The family of a pupil writes a text."""
        self.unread.add(upn)
        here, sender = self.story, f"+447700900{int(upn[1:]):02}1"
        words = Words("line", f"{upn} {here.now} {len(self.took)}", "sms", sender, "", "why?", here.now)
        replies(here).take(words)


_TOLD = ("none", "none", "busy", "down", "slower", "refused")
_UNTOLD = ("cut off before", "cut off after", "died before", "died after")
_FAULTS = st.sampled_from((*_TOLD, *_UNTOLD))
_CODES = st.sampled_from([NO_REASON, NO_REASON, "I", "L", "O", PRESENT, PRESENT])
_WHO = st.sampled_from(UPNS)
_ACTS = st.one_of(
    st.tuples(st.just("correct"), _WHO, _CODES),
    st.tuples(st.just("meanwhile"), _WHO, st.one_of(_CODES, st.just(REPLY))),
    st.tuples(st.just("write"), _WHO, st.just("")),
    st.tuples(st.just("read"), st.just(""), st.just("")),
    st.tuples(st.just("hold"), _WHO, st.just("")),
    st.tuples(st.just("run"), st.just(""), st.just("")),
    st.tuples(st.just("approve"), st.just(""), st.just("")),
    st.tuples(st.just("faults"), st.just(""), st.lists(_FAULTS, min_size=1, max_size=4).map(",".join)),
    st.tuples(st.just("deaf"), st.just(""), st.sampled_from(["yes", ""])),
    st.tuples(st.just("forgets"), st.just(""), st.sampled_from(["yes", "yes", ""])),
    st.tuples(st.just("receipts"), st.just(""), st.just("")),
    st.tuples(st.just("in vain"), st.just(""), st.just("")),
    st.tuples(st.just("edit"), _WHO, st.just("")),
    *[st.tuples(st.just("send"), st.just(""), st.just(""))] * 3,
)
_MORNING = st.lists(st.tuples(_ACTS, st.integers(0, 9)), min_size=3, max_size=14)


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(morning=_MORNING)
@example(morning=[(("send", "", ""), 1), (("correct", "P1", PRESENT), 1)])
@example(morning=[(("meanwhile", "P1", PRESENT), 1), (("send", "", ""), 1)])
@example(morning=[(("meanwhile", "P1", REPLY), 1), (("send", "", ""), 1)])
@example(morning=[(("hold", "P1", ""), 1), (("send", "", ""), 1)])
@example(
    morning=[
        (("hold", "P1", ""), 0),
        (("send", "", ""), 0),
        (("approve", "", ""), 0),
        (("hold", "P1", ""), 0),
    ]
)
@example(morning=[(("in vain", "", ""), 1), (("edit", "P1", ""), 1)])
@example(
    morning=[
        (("in vain", "", ""), 1),
        (("correct", "P1", PRESENT), 1),
        (("run", "", ""), 1),
        (("correct", "P1", NO_REASON), 1),
        (("run", "", ""), 1),
        (("receipts", "", ""), 1),
    ]
)
def test_none_twice_and_none_wrong(
    morning: list[tuple[tuple[str, str, str], int]],
    fresh: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Three children absent without a reason, and a morning of corrections, holds and faults."""
    live(morning, fresh, tmp_path_factory.mktemp("morning"))


@pytest.mark.soak
@settings(max_examples=1_500, suppress_health_check=[HealthCheck.too_slow])
@given(morning=_MORNING)
def test_none_twice_and_none_wrong_often(
    morning: list[tuple[tuple[str, str, str], int]],
    fresh: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """The same, as often as patience lasts."""
    live(morning, fresh, tmp_path_factory.mktemp("morning"))


def live(morning: list[tuple[tuple[str, str, str], int]], fresh: Path, folder: Path) -> None:
    """Go through a morning, then let everything come right, and look at what left."""
    path = folder / "store.db"
    shutil.copy(fresh, path)
    with open_store(f"sqlite:///{path}", codes_hash="codes") as store:
        story = Story(store).opens(*map(pupil, UPNS))
        story.register(f"{DAY}T09:15", **dict.fromkeys(UPNS, "N-")).run(f"{DAY}T09:20")
        line = Line(story, dict.fromkeys(UPNS, NO_REASON))
        for (act, who, what), minutes in morning:
            took = timedelta(minutes=minutes, seconds=1)
            story.now = max(story.now, datetime(2025, 11, 10, 9, 21, tzinfo=UTC)) + took
            _do(line, act, who, what)
        _settle(line)
        _check(line)


def _do(line: Line, act: str, who: str, what: str) -> None:
    story = line.story
    match act:
        case "correct":
            line.correct(who, what)
        case "meanwhile":
            line.meanwhile.append((who, what))
        case "write":
            line.writes_back(who)
        case "read":
            for each in to_read(story):
                *_, last = _replies_on(story, each.task_id)
                replies(story).read(last.reply_id, "ao", why="read")
            line.unread.clear()
        case "hold":
            line.held.add(who)
            line.holds += 1  # the same once more would be no other hold
            hold = Event(who, "S", "hold", date(2025, 11, 10), note=f"the {line.holds}. of this morning")
            story.learns(story.now.isoformat(), hold)
        case "run":
            story.run(story.now.isoformat())
        case "approve":
            asked = story.messages(MessageState.AWAITING_APPROVAL)
            waiting = [each.message_id for each in asked if not each.apology_for]
            line.held -= {each.subject for each in asked}
            outbox.approve(story.store, waiting, "Asha", "looked", story.now)
        case "edit":
            line.worded_anew(who)
        case "send":
            _send(line)
        case "in vain":
            _in_vain(line)
        case _:
            line.turns(act, what)


def _send(line: Line) -> None:
    """One sender, until it is done or dies."""
    story = line.story
    sender = Deliver(
        story.store, story.library, by_kind(line), lambda: story.now, story.settings, templates()
    )
    try:
        sender.deliver()
    except Died:
        return


def _in_vain(line: Line) -> None:
    """What is queued is taken, nobody answers, and it is looked up in vain; then the line is busy."""
    line.forgets, line.faults = True, ["cut off after"] * len(UPNS)
    _send(line)
    line.story.now += LEASE + timedelta(minutes=1)
    line.faults = ["busy"] * len(UPNS)
    _send(line)


def _replies_on(story: Story, task_id: str) -> list[Reply]:
    """The replies that a task is about."""
    with story.store.reading() as unit:
        return [reply for reply in unit.replies() if reply.task_id == task_id]


def _settle(line: Line) -> None:
    """The provider hears again, nothing is faulty any more, and what was left in hand is looked up."""
    line.faults, line.deaf, line.forgets, line.meanwhile = [], False, False, []
    for _ in range(2):
        line.story.now += LEASE + timedelta(minutes=1)
        _send(line)
    line.posts_receipts()
    line.story.run(line.story.now.isoformat())


def _check(line: Line) -> None:
    """None twice, none wrong at its moment; both know the same words; what was wrong since is listed.

    Twice only what the provider knew nothing of when it was asked.
    """
    assert line.wrong == []
    taken = Counter(one.message_id for one in line.took)
    assert {key for key, times in taken.items() if times > 1} <= line.forgotten
    there = {message.message_id: message for message in line.story.messages()}
    left = {key for key, message in there.items() if message.state in LEFT}
    assert left == set(taken)
    assert all(message.state is not MessageState.SENDING for message in there.values())
    said = {one.message_id: one.text for one in line.took if taken[one.message_id] == 1}
    assert {key: there[key].told or there[key].text for key in said} == said
    wrong_since = {key for key in left if line.marks[there[key].subject] == PRESENT}
    assert {key for key, message in there.items() if message.contradicted_at} == wrong_since
    assert {message.apology_for for message in there.values() if message.state in UNSENT} - {
        ""
    } == wrong_since
