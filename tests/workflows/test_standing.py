"""What a run is told of each subject."""

from __future__ import annotations

from tests.workflows.story import Story, pupil
from workflows.standing import standing_of

DAY = "2025-11-10"


def test_todays_message_counts_though_its_case_is_over(story: Story) -> None:
    """A run reads no case that is settled and on no ground of today; that P1's family was told, it knows."""
    story.opens(pupil("P1")).register(f"{DAY}T09:15", P1="N/").run(f"{DAY}T09:20")
    assert standing_of((), (), story.messages(), story.now)["P1"].spoken
