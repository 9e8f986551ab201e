"""What families were told in a week."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from engine.reasons import Reason
from tests.made import MESSAGE, NOW
from tests.workflows.story import Story, pupil
from workflows.told import told
from workflows.values import Case, MessageState

SENT = replace(MESSAGE, state=MessageState.SENT, ended_at=NOW, purpose="letters")
WAITS = replace(MESSAGE, ended_because=Reason.FAMILY_WEEK.sentence)


def test_praise_is_told_beside_concern_and_what_waits_by_its_reason(story: Story) -> None:
    """Two of concern, one of them together with a sister's, one of praise; one waits; last week is over."""
    story.opens(pupil("P1"))
    many = [
        SENT,
        replace(SENT, told_with="m-0"),
        replace(SENT, purpose="absence"),
        replace(SENT, purpose="praise"),
        replace(SENT, ended_at=NOW - timedelta(days=7)),
        WAITS,
        replace(WAITS, ended_because="the channel is down"),
    ]
    cases = [Case(f"c-{at}", "S", "P1", "l", at, f"a{at}", 1, NOW) for at in range(len(many))]
    with story.store.transaction() as unit:
        given = [
            replace(each, message_id=f"m-{at}", case_id=f"c-{at}", school_id="S")
            for at, each in enumerate(many)
        ]
        unit.add(cases, [], given)
        found = told(unit, "S", NOW - timedelta(days=1), NOW + timedelta(days=1))
    assert (found.praise, found.concern, found.together, found.ratio) == (1, 2, 1, 0.5)
    assert [message.message_id for message in found.waiting] == ["m-5"]
    assert replace(found, concern=0).ratio is None
