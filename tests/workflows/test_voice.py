"""One voice per family: whatever a week brings, no household gets more than its budget, nothing is lost."""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.store import SqlStore, open_store, upgrade
from engine.instants import local
from engine.reasons import Reason
from engine.records import Contact, School
from messaging.channels.channel import Outgoing, Refused, Sent, Unsure
from tests.made import MESSAGE, NOW
from tests.workflows.story import Post, Story, contact, pupil, templates
from workflows import outbox
from workflows.settings import DecentHours, FamilyBudget, Settings
from workflows.together import alike, joined
from workflows.values import Case, Message, MessageState
from workflows.voice import PUT_OFF, Voice, decent
from workflows.why import why

pytestmark = pytest.mark.uncounted

WEEK = [date(2025, 11, 10) + timedelta(days=day) for day in range(5)]
PUPILS = tuple(f"P{number}" for number in range(1, 7))
BUDGET = FamilyBudget(day=2, week=4, routine_day=1, routine_week=2)
NUMBERS = itertools.count()
NAMES = {"P1": "Ada", "P2": "Ben", "P3": "Cy"}


class Dated(Post):
    """A channel that also keeps on which day it took a message."""

    def __init__(self, story: Story) -> None:
        super().__init__()
        self.story = story
        self.days: list[tuple[str, date]] = []

    def send(self, outgoing: Outgoing) -> Sent:
        """Take it, and the day."""
        self.days.append((outgoing.message_id, local(self.story.now).date()))
        return super().send(outgoing)


def one(message_id: str, **told: object) -> Message:
    """A message like any other."""
    return replace(MESSAGE, message_id=message_id, **told)  # type: ignore[arg-type]


@given(st.data())
@settings(max_examples=6, deadline=None)
def test_no_household_gets_more_than_its_budget_in_a_bad_week(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """Random homes, absences and hours of sending: each day and week within budget, what waits says why."""
    _a_bad_week(tmp_path_factory, data)


@pytest.mark.soak
@given(st.data())
@settings(max_examples=250, deadline=None)
def test_no_household_gets_more_in_many_bad_weeks(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """The same, many times."""
    _a_bad_week(tmp_path_factory, data)


def _a_bad_week(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    home = {upn: data.draw(st.integers(1, 3), label=f"home of {upn}") for upn in PUPILS}
    path = tmp_path_factory.mktemp("voice") / f"{next(NUMBERS)}.db"
    upgrade(f"sqlite:///{path}")
    with open_store(f"sqlite:///{path}", codes_hash="") as store:
        story = Story(store, settings=Settings(family=BUDGET))
        story.post = Dated(story)
        story.opens(
            *map(pupil, PUPILS),
            contacts=tuple(_parent(upn, number) for upn, number in home.items()),
            before={upn: data.draw(st.sampled_from(("", "OO O/", "OO OO OO OO OO"))) for upn in PUPILS},
        )
        for day in WEEK:
            token = st.sampled_from(("//", "N/", "NN", "OO", "/N"))
            marks = {upn: data.draw(token, label=f"{upn} on {day}") for upn in PUPILS}
            story.register(f"{day}T09:15", **{upn: f"{mark[0]}-" for upn, mark in marks.items()})
            story.run(f"{day}T09:20")
            if waiting := outbox.approvable(story.store, "ao").together:
                outbox.approve(story.store, waiting, "ao", "", story.now)
            story.send(f"{day}T{data.draw(st.sampled_from(('07:40', '09:25', '11:00')))}")
            story.register(f"{day}T13:15", **marks)
            story.run(f"{day}T13:20")
            story.send(f"{day}T{data.draw(st.sampled_from(('13:30', '17:59', '18:30')))}")
        _held(story, home)


def _held(story: Story, home: dict[str, int]) -> None:
    assert isinstance(story.post, Dated)
    there = {message.message_id: message for message in story.messages()}
    days: dict[tuple[int, date], list[Message]] = defaultdict(list)
    weeks: dict[int, list[Message]] = defaultdict(list)
    for message_id, day in story.post.days:
        message = there[message_id]
        days[home[message.subject], day].append(message)
        weeks[home[message.subject]].append(message)
    assert all(len(some) <= BUDGET.day for some in days.values())
    assert all(len(some) <= BUDGET.week for some in weeks.values())
    for some, most in ((days, BUDGET.routine_day), (weeks, BUDGET.routine_week)):
        assert all(sum(not each.urgent for each in own) <= most for own in some.values())
    assert max(Counter(message_id for message_id, _ in story.post.days).values(), default=1) == 1
    told = {entry["message"]: entry["because"] for entry in story.ledger("message")}
    for message in there.values():
        if message.state is MessageState.QUEUED and message.ended_because:
            assert message.ended_because in PUT_OFF
            assert told[message.message_id] == message.ended_because
        if message.state is MessageState.SENT and not message.told_with:
            assert message.message_id in {message_id for message_id, _ in story.post.days}
        if message.told_with:
            speaker = there[message.told_with]
            assert speaker.state is message.state
            assert (speaker.contact_id, speaker.address) == (message.contact_id, message.address)


def _parent(upn: str, number: int) -> Contact:
    return replace(contact("P1"), contact_id=f"home-{number}", upn=upn, phone=f"07700 90080{number}")


def _left(store: SqlStore, *messages: Message) -> None:
    """Messages that left, each of a case of its own."""
    with store.transaction() as unit:
        cases = [
            Case(f"c-{each.message_id}", each.school_id, each.subject, "l", number, f"a{number}", 1, NOW)
            for number, each in enumerate(messages)
        ]
        sent = [
            replace(each, case_id=case.case_id, state=MessageState.SENT)
            for each, case in zip(messages, cases, strict=True)
        ]
        unit.add(cases, [], sent)


def test_brothers_and_sisters_at_two_schools_are_one_household(story: Story) -> None:
    """What left the other school for the same mother counts here too; a stranger's message does not."""
    story.opens(pupil("P1"), contacts=(contact("P1", contact_id="mother"),))
    with story.store.transaction() as unit:
        unit.take("schools", "T", [School("T", "Other School", "primary")], story.now, "schools.csv")
        unit.take("contacts", "T", [contact("P7", contact_id="mother")], story.now, "contacts.csv")
        unit.take("contacts", "T", [contact("P8", contact_id="aunt")], story.now, "contacts.csv")
    away = {"school_id": "T", "ended_at": NOW, "purpose": "letters"}
    _left(
        story.store, one("m-7", subject="P7", address="elsewhere", **away), one("m-8", subject="P8", **away)
    )
    mine = one("m-1", subject="P1", address="mine", school_id="S")
    assert _waits(story.store, mine, NOW) is Reason.FAMILY_TODAY
    assert _waits(story.store, replace(mine, urgent=True), NOW) is None
    assert _waits(story.store, mine, NOW + timedelta(days=1)) is None
    assert _waits(story.store, mine, NOW + timedelta(days=7)) is None


def test_a_week_is_full_before_its_days_are(story: Story) -> None:
    """Two routine messages on two days are a week's; legal letters are neither counted nor put off."""
    story.opens(pupil("P1"))
    often = [
        one(f"m-{day}", subject="P1", school_id="S", ended_at=NOW + timedelta(days=day)) for day in range(2)
    ]
    _left(story.store, *often)
    mine = one("m-9", subject="P1", school_id="S")
    later = NOW + timedelta(days=2)
    assert _waits(story.store, mine, later) is Reason.FAMILY_WEEK
    assert _waits(story.store, replace(mine, purpose="statutory"), later) is None
    assert _waits(story.store, mine, NOW + timedelta(days=1)) is Reason.MESSAGE_TODAY
    legal = replace(mine, purpose="statutory")
    assert _waits(story.store, legal, NOW + timedelta(days=1)) is None


def test_a_shared_number_is_one_home(story: Story) -> None:
    """Two families on one handset: whoever looks at it has had today's message."""
    story.opens(pupil("P1"), pupil("P2"))
    _left(story.store, one("m-2", subject="P2", address="+447700900123", school_id="S", ended_at=NOW))
    mine = one("m-1", subject="P1", address="+447700900123", school_id="S")
    assert _waits(story.store, mine, NOW) is Reason.FAMILY_TODAY
    assert _waits(story.store, replace(mine, address="+447700900124"), NOW) is None


def _waits(store: SqlStore, message: Message, at: datetime) -> Reason | None:
    with store.reading() as unit:
        contacts = unit.facts("S", at + timedelta(days=365)).contacts
        return Voice.at(unit, contacts, [message], FamilyBudget(), at, at).too_much(message)


@pytest.mark.parametrize(
    ("at", "school_day", "channel", "waits"),
    [
        ("2025-11-10T08:00+00:00", True, "sms", None),
        ("2025-11-10T07:59+00:00", True, "sms", Reason.QUIET_HOURS),
        ("2025-11-10T18:00+00:00", True, "email", Reason.QUIET_HOURS),
        ("2025-07-10T07:00+00:00", True, "sms", None),
        ("2025-11-10T09:00+00:00", False, "sms", Reason.QUIET_HOURS),
        ("2025-11-11T09:00+00:00", True, "sms", Reason.QUIET_DAY),
        ("2025-11-11T23:00+00:00", False, "letter", None),
    ],
    ids=["first minute", "too early", "too late", "summer time", "no school", "a feast", "post"],
)
def test_texts_and_emails_leave_at_decent_hours(
    at: str,
    school_day: bool,  # noqa: FBT001
    channel: str,
    waits: Reason | None,
) -> None:
    """School days from 8 to 18 in London, never on a day that many families keep; post wakes nobody."""
    hours = DecentHours(quiet_days=(date(2025, 11, 11),))
    message = one("m-1", channel=channel)
    assert decent(hours, message, datetime.fromisoformat(at), school_day=school_day) is waits


def test_a_text_of_the_hour_that_waits_for_decent_hours_is_dropped(story: Story, tmp_path: Path) -> None:
    """At 07:30 it waits and says so, at 08:00 it leaves; one that is stale by then never does."""
    story.settings = Settings(hours=DecentHours(begin=datetime.fromisoformat("2025-11-10T11:00").time()))
    story.opens(pupil("P1"), pupil("P2")).register("2025-11-10T09:15", P1="N/")
    story.run("2025-11-10T09:20")
    story.send("2025-11-10T09:25")
    (waiting,) = story.messages()
    assert (waiting.state, waiting.ended_because) == (MessageState.QUEUED, Reason.QUIET_HOURS.sentence)
    story.send("2025-11-10T12:30")
    assert [message.state for message in story.messages()] == [MessageState.EXPIRED]
    assert story.post.took == []


HOME = tuple(contact(upn, contact_id="mother", phone="07700 900800") for upn in ("P1", "P2", "P3"))


def test_brothers_and_sisters_share_one_text(story: Story) -> None:
    """Three of one mother, all away this morning: one text names all, and each is told of."""
    story.opens(*(pupil(upn, first_name=name) for upn, name in NAMES.items()), contacts=HOME)
    story.register(f"{WEEK[0]}T09:15", P1="N/", P2="N/", P3="N/")
    story.run(f"{WEEK[0]}T09:20")
    story.send(f"{WEEK[0]}T09:25")
    (text,) = story.post.took
    assert "Ada, Ben and Cy were marked absent" in text.text
    speaker, *others = sorted(story.messages(), key=lambda each: each.told_with)
    assert (text.message_id, speaker.told, speaker.told_with) == (speaker.message_id, text.text, "")
    assert {(each.state, each.told_with) for each in others} == {(MessageState.SENT, speaker.message_id)}
    assert {each.ended_because for each in others} == {Reason.TOLD_TOGETHER.sentence}
    assert {entry["text"] for entry in story.ledger("message") if not entry["told_with"]} == {text.text}
    answer = why(story.store, story.library, speaker.ref, "", story.now)
    assert sorted(answer.children) == ["Ada", "Ben", "Cy"]


def test_one_whose_ground_went_is_not_named(story: Story) -> None:
    """Ben came in after all before the text left: it speaks of the two others."""
    story.opens(*(pupil(upn, first_name=name) for upn, name in NAMES.items()), contacts=HOME)
    story.register(f"{WEEK[0]}T09:15", P1="N/", P2="N/", P3="N/")
    story.run(f"{WEEK[0]}T09:20")
    story.corrects(f"{WEEK[0]}T09:24", "P2", str(WEEK[0]), "L/")
    story.send(f"{WEEK[0]}T09:25")
    assert ["Ada and Cy were marked absent" in each.text for each in story.post.took] == [True]
    assert {message.state.value for message in story.messages() if message.subject == "P2"} == {"withdrawn"}


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (Refused("the line is busy", passing=True), MessageState.QUEUED),
        (Refused("no such number", of_address=True), MessageState.FAILED_PERMANENT),
        (Unsure("no answer came"), MessageState.UNKNOWN),
    ],
)
def test_what_becomes_of_one_becomes_of_all_it_spoke_for(
    story: Story, answer: Sent, state: MessageState
) -> None:
    """Refused or unsure: each of them says so; back in the queue each stands alone again."""
    story.opens(*(pupil(upn, first_name=name) for upn, name in NAMES.items()), contacts=HOME)
    story.register(f"{WEEK[0]}T09:15", P1="N/", P2="N/")
    story.run(f"{WEEK[0]}T09:20")
    story.post.answers = [answer]
    story.send(f"{WEEK[0]}T09:25")
    assert {message.state for message in story.messages()} == {state}
    assert any(message.told_with for message in story.messages()) is (state is not MessageState.QUEUED)
    if state is MessageState.UNKNOWN:
        story.send(f"{WEEK[0]}T09:40")
        assert len(story.post.took) == 1
        assert {message.state for message in story.messages()} == {MessageState.SENT}


def test_letters_to_each_reader_of_one_stage_are_one_message(story: Story) -> None:
    """Carer, social worker and virtual school get theirs on one day."""
    story.opens(pupil("P1"), pupil("P2"))
    first = one("m-1", subject="P1", school_id="S", case_id="c-m-1", ended_at=NOW, purpose="letters")
    _left(story.store, replace(first, case_id="c-m-1"))
    assert _waits(story.store, replace(first, message_id="m-2", contact_id="worker"), NOW) is None
    assert _waits(story.store, replace(first, case_id="another"), NOW) is Reason.MESSAGE_TODAY


def test_what_was_approved_in_words_of_another_version_speaks_for_itself() -> None:
    """A template changed since, another language or a count of one child: nothing is joined."""
    first_day = templates()["first-day", "sms", "en"]
    text = one("m-1", template="first-day", template_version=first_day.version)
    assert alike(text, templates())
    concern = templates()["attendance-concern", "sms", "en"]
    for other in (
        replace(text, template_version="older"),
        replace(text, language="pl"),
        replace(text, channel="email"),
        replace(text, template=concern.name, template_version=concern.version),
        replace(text, template="gone"),
    ):
        assert alike(other, templates()) == ()
    assert joined([replace(text, template="gone")], templates()) is None
    assert joined([replace(text, said='{"child": "Ada"}')], templates()) is None
