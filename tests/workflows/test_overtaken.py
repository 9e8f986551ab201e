"""A run judges without holding anybody up; what was written meanwhile is not missed."""

from __future__ import annotations

from engine.inference.agree import Inference
from engine.inference.facts import Answer, Facts
from engine.inference.reference import infer
from engine.reasons import Outcome
from tests.workflows.story import Story, pupil

DAY = "2025-11-10"


def _interrupted(story: Story, by: list[str]) -> Inference:
    """An inference during which, the first time it is asked, something else is written."""

    def slow(facts: Facts) -> tuple[Answer, ...]:
        if by:
            what = by.pop()
            if what == "correction":
                story.corrects(f"{DAY}T09:21", "P1", DAY, "//")
            else:
                story.run_day(Inference()).run(story.now)
        return infer(facts)

    return Inference(slow)


def test_a_correction_that_comes_while_a_run_judges_is_believed(story: Story) -> None:
    """P1's family is not told of an absence that was taken back before the run was written; P2's is."""
    story.opens(pupil("P1"), pupil("P2")).register(f"{DAY}T09:15", P1="N/", P2="N/")
    done = story.run_day(_interrupted(story, ["correction"])).run(story.now, in_full=True)
    assert {message.subject for message in story.messages()} == {"P2"}
    assert {line["subject"] for line in done.schools[0].decisions if line["outcome"] == Outcome.ACT} == {"P2"}
    assert done.known_at == story.now


def test_another_run_that_comes_between_leaves_nothing_to_do(story: Story) -> None:
    """Two runs that judged the same make each task once, and the chain is whole."""
    story.opens(pupil("P1")).register(f"{DAY}T09:15", P1="N/")
    done = story.run_day(_interrupted(story, ["run"])).run(story.now, in_full=True)
    assert (done.schools[0].tasks, done.schools[0].messages) == ((), ())
    assert (len(story.tasks()), len(story.messages())) == (1, 1)
    with story.store.reading() as unit:
        assert unit.verify()[1] == ()
        assert [line.kind for line in unit.ledger("S")].count("run") == 2
