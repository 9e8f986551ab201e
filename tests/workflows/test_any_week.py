"""Whatever comes in and whenever it is run and sent: nothing twice, nothing lost, nothing wrong sent."""

from __future__ import annotations

import shutil
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.store import open_store
from engine.instants import read_instant
from tests.workflows.story import Story, pupil
from workflows.explaining import explained
from workflows.recheck import REQUIRED, rests_on_a_rule
from workflows.run_day import Run
from workflows.values import UNSENT, Message, MessageState, Task, TaskState

pytestmark = pytest.mark.uncounted

DAYS = ("2025-11-10", "2025-11-11", "2025-11-12", "2025-11-13")
HOURS = ("09:20", "13:20", "16:00")
MOMENTS = [f"{day}T{hour}" for day in DAYS for hour in HOURS]
UPNS = ("P1", "P2", "P3")


@dataclass(frozen=True)
class Slot:
    """What happens at one moment: corrections come in, a run (perhaps for an earlier moment), a sending."""

    marks: tuple[tuple[str, int, str], ...]
    runs: int | None
    sends: bool


_CODES = st.sampled_from(["N", "N", "I", "O", "U", "/", "-", "C2", "D"])
_TOKENS = st.tuples(_CODES, _CODES).map(",".join)
_MARKS = st.tuples(st.sampled_from(UPNS), st.integers(0, 3), _TOKENS)
_SLOTS = st.builds(
    Slot,
    st.lists(_MARKS, max_size=3).map(tuple),
    st.one_of(st.none(), st.just(0), st.just(0), st.integers(0, 4)),
    st.booleans(),
)


@settings(max_examples=10, suppress_health_check=[HealthCheck.too_slow])
@given(week=st.lists(_SLOTS, min_size=4, max_size=8))
def test_any_week(week: list[Slot], fresh: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Random marks, corrections, runs and sends over a school of three; one of them has a social worker."""
    path = tmp_path_factory.mktemp("week") / "store.db"
    shutil.copy(fresh, path)
    with open_store(f"sqlite:///{path}", codes_hash="codes") as store:
        story = Story(store)
        story.opens(
            pupil("P1"), pupil("P2"), pupil("P3", social_worker=True), before={"P1": "OO O/", "P2": "NN"}
        )
        for day in DAYS:
            story.register("2025-11-09T12:00", day)
        last = ""
        for moment, slot in zip(MOMENTS, week, strict=False):
            for upn, on, token in slot.marks:
                story.corrects(moment, upn, DAYS[on], token)
            if slot.runs is not None:
                last = MOMENTS[max(0, MOMENTS.index(moment) - slot.runs)]
                _check_run(story, story.run(last), last)
            if slot.sends:
                _check_sending(story, moment)
        if last:
            story.run(last)
            stood = story.standing()
            story.run(last)
            assert story.standing() == stood, "the same run again changes nothing"
        _check_keys(story)


def _check_run(story: Story, run: Run, as_of: str) -> None:
    """Every match has its decision; what is open was matched, or may have been, when it was made."""
    decided = {(line["subject"], line["rule"]) for line in run.schools[0].decisions}
    for line in explained(story.store, story.library, read_instant(as_of), story.now):
        subject = line["upn"] or f"class:{line['class']}"
        if line["result"] in {"matched", "unknown"}:
            assert (subject, line["rule"]) in decided
    items: list[Task | Message] = [*story.tasks(TaskState.OPEN), *story.messages(*UNSENT)]
    for item in items:
        if item.made_as_of <= read_instant(as_of) and rests_on_a_rule(item):
            assert _result(story, item) in {"matched", "unknown"}


def _check_sending(story: Story, moment: str) -> None:
    """Each message that left rests on a rule that the register confirms now; none about a child in care."""
    before = len(story.post.took)
    done = story.send(moment)
    sent = [message for message in done.messages if message.state is MessageState.SENT]
    assert len(sent) == len(story.post.took) - before
    for message in sent:
        assert _result(story, message) == "matched"
        assert message.subject != "P3"
        assert message.rule == "absent-without-reason", "anything else needs an approval"


def _result(story: Story, item: Task | Message) -> object:
    """What the item's rule says, as of the instant it was made, on the register as it stands."""
    named = [] if ":" in item.subject else [item.subject]
    lines = explained(
        story.store, story.library, item.made_as_of, story.now, named, [item.rule.removeprefix(REQUIRED)]
    )
    return next(one["result"] for one in lines if item.subject in (one["upn"], f"class:{one['class']}"))


def _check_keys(story: Story) -> None:
    """Each key once, in the store and at the channel; the ledger whole."""
    tasks = Counter((t.case_id, t.stage, t.step) for t in story.tasks(*TaskState))
    messages = Counter((m.case_id, m.stage, m.contact_id, m.channel) for m in story.messages())
    episodes = Counter((c.subject, c.ladder, c.episode) for c in story.cases())
    grounds = Counter((c.subject, c.ladder, c.anchor) for c in story.cases())
    handed_over = Counter(one.message_id for one in story.post.took)
    for counted in (tasks, messages, episodes, grounds, handed_over):
        assert set(counted.values()) <= {1}
    with story.store.reading() as unit:
        assert unit.verify()[1] == ()
