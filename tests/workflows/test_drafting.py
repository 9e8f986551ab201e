"""From evidence to words: what a text says, and what stops it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import pytest

from adapters.store import SqlUnit
from tests.workflows.story import Story, names, pupil, reasons, templates
from workflows.values import Entry, MessageState

DAY = "2025-11-10"


def test_the_text_names_child_and_session(story: Story) -> None:
    """An N in the afternoon only: the afternoon is what the text speaks of; no code, no jargon."""
    story.opens(pupil("P1", first_name="Noor")).register(f"{DAY}T13:20", P1="/N")
    story.run(f"{DAY}T13:20")
    (message,) = story.messages()
    assert "Noor was marked absent on the afternoon of Monday 10 November" in message.text
    assert message.text.startswith("Sample School: ")
    assert (message.template, message.channel, message.expires_at is None) == ("first-day", "sms", False)


def test_a_concern_counts_days_and_lessons_and_names_the_owner(story: Story) -> None:
    """Five of 41 sessions are two and a half days; the member of staff is the task's owner."""
    story.opens(pupil("P1"), before={"P1": "OO OO"}).register(f"{DAY}T09:15", P1="M/")
    story.run(f"{DAY}T09:20")
    (message,) = story.messages(MessageState.AWAITING_APPROVAL)
    assert "KitP1 has missed" in message.text
    assert "since October" in message.text
    assert "Hal Year" in message.text


def test_words_that_cannot_be_filled_in_are_a_reason_and_the_task_stays(story: Story) -> None:
    """A template that is not there: nobody is texted something half-finished, a person writes."""
    story.opens(pupil("P1")).register(f"{DAY}T09:15", P1="N/")
    story.now = story.now.replace(hour=9, minute=20)
    fewer = {key: one for key, one in templates().items() if key[0] != "first-day"}
    run = story.run_day(words=fewer).run(story.now, in_full=True)
    assert reasons(run, "absent-without-reason") == ["rule_holds", "no_words"]
    assert (names(story.tasks()), story.messages()) == (["absent-without-reason"], [])


@pytest.mark.parametrize("name", ["{{ 7 * 7 }}", "Zoë-Ann O'Neil", "Bobby'); DROP TABLE pupils;--", "李雷"])
def test_a_name_is_words_never_instructions(story: Story, name: str) -> None:
    """Whatever a child is called stands in the text as it is."""
    story.opens(pupil("P1", first_name=name)).register(f"{DAY}T09:15", P1="N/")
    story.run(f"{DAY}T09:20")
    (message,) = story.messages()
    assert f"{name} was marked absent" in message.text


def test_the_template_version_is_kept_with_the_message(story: Story) -> None:
    """Which words were used can be told later: the version is that of the template's own text."""
    story.opens(pupil("P1")).register(f"{DAY}T09:15", P1="N/")
    story.run(f"{DAY}T09:20")
    used = templates()["first-day", "sms", "en"]
    assert story.messages()[0].template_version == used.version


def test_the_ledger_keeps_the_template_of_a_decision_that_drafted(story: Story) -> None:
    """The entry of the decision that made the text carries the version; a decision without one has none."""
    story.opens(pupil("P1")).register(f"{DAY}T09:15", P1="N/")
    asked: list[Entry] = []
    append = SqlUnit.append

    def watched(unit: SqlUnit, school_id: str, at: datetime, entries: Sequence[Entry]) -> None:
        asked.extend(entries)
        append(unit, school_id, at, entries)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SqlUnit, "append", watched)
        story.run(f"{DAY}T09:20")
    used = {entry.content["rule"]: entry.template for entry in asked if entry.kind == "decision"}
    version = templates()["first-day", "sms", "en"].version
    assert used == {"absent-without-reason": version, "absence-day-1": ""}
