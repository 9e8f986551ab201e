"""Whatever is put right, before and after sending: what left and is contradicted is on the list, and no more.

The list of the runs, which look only at what changed, is held against a plain reading of the marks.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.store import open_store
from engine.codes import look_up
from engine.sample import tokens
from messaging.words import day_name
from tests.workflows.story import Story, contact, pupil, templates
from workflows.explaining import explained
from workflows.outbox import approvable, approve
from workflows.recall_list import RecallList
from workflows.values import LEFT, Message, MessageState

pytestmark = pytest.mark.uncounted

DAYS = ("2025-11-10", "2025-11-11", "2025-11-12")
HOURS = ("09:20", "11:00", "13:30")
UPNS = ("P1", "P2", "P3")
OLD = ("2025-10-06", "2025-10-07", "2025-10-08")
LATE = frozenset("LU")


@dataclass(frozen=True)
class Step:
    """What comes in at one moment, whether a run follows, and what is sent."""

    marks: tuple[tuple[str, str, str], ...]
    runs: bool
    approves: bool
    sends: bool
    looks: bool


_CODES = st.sampled_from(["N", "N", "N", "I", "O", "L", "/", "/", "-", "V"])
_MARKS = st.tuples(
    st.sampled_from(UPNS), st.sampled_from((*DAYS, *OLD)), st.tuples(_CODES, _CODES).map(",".join)
)
_STEPS = st.builds(
    Step,
    st.lists(_MARKS, max_size=3).map(tuple),
    *(st.sampled_from((True, True, False)) for _ in range(3)),
    st.sampled_from((True, False, False)),
)


@settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow])
@given(steps=st.lists(_STEPS, min_size=3, max_size=9))
def test_the_list_is_what_the_marks_say(
    steps: list[Step], fresh: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Three pupils, two of them siblings, one near the limit of persistent absence."""
    path = tmp_path_factory.mktemp("walk") / "store.db"
    shutil.copy(fresh, path)
    with open_store(f"sqlite:///{path}", codes_hash="codes") as store:
        story = Story(store)
        sibling = replace(contact("P2"), contact_id="P1-1", phone=contact("P1").phone)
        people = (contact("P1"), sibling, contact("P3"))
        story.opens(pupil("P1"), pupil("P2"), pupil("P3"), contacts=people, before={"P3": "OO OO O/"})
        recalls = RecallList(store, story.library, templates(), lambda: story.now)
        now_marked: dict[tuple[str, str, str], str] = {}
        for day in DAYS:
            story.register("2025-11-09T12:00", day, P1="N/", P2="N/", P3="OO")
        moments = [f"{day}T{hour}" for day in DAYS for hour in HOURS]
        for moment, step in zip(moments, steps, strict=False):
            for upn, day, token in step.marks:
                story.corrects(moment, upn, day, token)
                codes = tokens(token)[0]
                now_marked |= {(upn, day, half): code for half, code in zip(("AM", "PM"), codes, strict=True)}
            if step.runs:
                story.run(moment)
            if step.approves and (ids := approvable(store, "ao").together):
                approve(store, ids, "ao", "", story.now)
            if step.sends:
                story.send(moment)
            if step.looks:
                recalls.look()
        story.run(moments[min(len(steps), len(moments)) - 1])
        listed = {each.message.message_id: each for each in recalls.on_it()}
        left = [each for each in story.messages() if each.state in LEFT and not each.apology_for]
        assert set(listed) == {each.message_id for each in left if _is_wrong(story, each, now_marked)}
        waiting = story.messages(MessageState.AWAITING_APPROVAL)
        assert {each.apology_for for each in waiting} - {""} == set(listed), "each with its apology, no other"


def _is_wrong(story: Story, message: Message, marked: dict[tuple[str, str, str], str]) -> bool:
    """Whether the absence that it named was none, or, of anything else, whether its rule no longer holds."""
    if message.purpose != "absence":
        lines = explained(
            story.store, story.library, message.made_as_of, story.now, [message.subject], [message.rule]
        )
        return lines[0]["result"] not in {"matched", "unknown"}
    for day in DAYS:
        for half, begins in (("AM", "the morning of "), ("PM", "the afternoon of ")):
            if begins + day_name(date.fromisoformat(day)) in message.text:
                code = marked.get((message.subject, day, half), "N")
                entry = look_up(code, date.fromisoformat(day)) if code else None
                return entry is not None and not entry.absent and code not in LATE
    raise AssertionError(message.text)
