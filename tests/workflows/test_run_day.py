"""A day is run, run again, corrected, looked back at; and what stops a run."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from threading import Thread

import pytest

from adapters.store import SqlStore, open_store
from engine.inference.agree import Disagreement, Inference
from engine.inference.facts import Answer, Facts
from engine.inference.reference import infer
from engine.reasons import Outcome, Reason
from tests.workflows.story import Story, changed, inference, names, outcomes, pupil, reasons
from workflows.subjects import NotKnown
from workflows.values import MessageState, TaskState

NINE = "2025-11-10T09:20"


def test_a_second_run_of_the_same_moment_adds_nothing(story: Story) -> None:
    """Cases, tasks and messages stay as they are; the ledger gains the run itself and nothing else."""
    story.opens(pupil("P1"), pupil("P2"), before={"P1": "OO O/", "P2": "OO OO O/"})
    story.register("2025-11-10T09:15", P1="N/", P2="I/")
    story.run(NINE)
    stood, said = story.standing(), story.ledger()
    again = story.run(NINE)
    assert stood
    assert story.standing() == stood
    assert (again.schools[0].tasks, again.schools[0].messages) == ((), ())
    assert [entry.get("tasks") for entry in story.ledger()[len(said) :]] == [[]]


def test_a_dry_run_says_what_a_run_would_do_and_writes_nothing(story: Story) -> None:
    """Same decisions, same tasks, same words; no trace."""
    story.opens(pupil("P1")).register("2025-11-10T09:15", P1="N/")
    said = story.ledger()
    dry = story.run(NINE, dry=True)
    assert (story.standing(), story.ledger()) == ((), said)
    wet = story.run(NINE)
    assert wet.schools[0].decisions != ()
    assert [t.task_id for t in dry.schools[0].tasks] == [t.task_id for t in wet.schools[0].tasks]
    assert [m.text for m in dry.schools[0].messages] == [m.text for m in wet.schools[0].messages]
    assert outcomes(dry) == outcomes(wet)


def test_a_reason_that_comes_at_half_past_ten_takes_the_text_back(story: Story) -> None:
    """N becomes I: text and task withdrawn with the reason, the case back to the start, day 1 may act."""
    story.opens(pupil("P1"), before={"P1": "O/"}).register("2025-11-10T09:15", P1="N/")
    assert outcomes(story.run(NINE)) == {"absent-without-reason": "act", "absence-day-1": "hold"}
    story.corrects("2025-11-10T10:15", "P1", "2025-11-10", "I/")
    run = story.run("2025-11-10T10:30")
    assert outcomes(run) == {"absent-without-reason": "withdraw", "absence-day-1": "act"}
    (task,) = story.tasks(TaskState.WITHDRAWN)
    (message,) = story.messages()
    assert (task.rule, message.state) == ("absent-without-reason", MessageState.WITHDRAWN)
    assert task.ended_because == message.ended_because == Reason.GROUND_GONE.sentence
    (case,) = story.cases("first-contact")
    assert (case.stage, case.closed_because) == (0, Reason.GROUND_GONE.sentence)
    assert names(story.tasks()) == ["absence-day-1"]


def test_a_mark_put_back_acts_again_under_the_same_ids(story: Story) -> None:
    """N, I, N: the same case, task and message stand again, and each of them once."""
    story.opens(pupil("P1")).register("2025-11-10T09:15", P1="N/")
    story.run(NINE)
    first = (story.tasks()[0].task_id, story.messages()[0].message_id, story.cases()[0].case_id)
    story.corrects("2025-11-10T09:40", "P1", "2025-11-10", "M/")
    story.run("2025-11-10T09:45")
    assert story.tasks() == []
    story.corrects("2025-11-10T10:00", "P1", "2025-11-10", "N/")
    run = story.run("2025-11-10T10:30")
    assert (story.tasks()[0].task_id, story.messages()[0].message_id, story.cases()[0].case_id) == first
    assert [len(story.tasks(*TaskState)), len(story.messages()), len(story.cases())] == [1, 1, 1]
    assert [task.task_id for task in run.schools[0].tasks] == [first[0]]
    assert story.messages()[0].ended_because == story.tasks()[0].ended_because == ""
    assert (story.cases()[0].stage, story.cases()[0].closed_at) == (1, None)


def test_both_sides_of_a_correction_can_still_be_told(story: Story) -> None:
    """--known-at before the correction: N; after it: none; for explain and for a dry run alike."""
    story.opens(pupil("P1")).register("2025-11-10T09:15", P1="N/")
    story.corrects("2025-11-10T10:15", "P1", "2025-11-10", "I/")
    rule = "absent-without-reason"
    before = story.explain(NINE, "P1", rule, known_at="2025-11-10T10:00")
    after = story.explain(NINE, "P1", rule, known_at="2025-11-10T10:15")
    assert (before["result"], after["result"]) == ("matched", "not_matched")
    assert outcomes(story.run(NINE, "2025-11-10T10:00", dry=True))[rule] == "act"
    assert rule not in outcomes(story.run(NINE, "2025-11-10T10:15", dry=True))
    assert rule not in outcomes(story.run(NINE, dry=True)), "what is believed now, though as-of is past"


def test_an_earlier_hour_run_later_closes_nothing(story: Story) -> None:
    """As of 09:20, run at 16:00: the cases opened since are left alone, and nothing is done twice."""
    story.opens(pupil("P1"), before={"P1": "O/"}).register("2025-11-10T09:15", P1="I\\")
    story.run("2025-11-10T09:20")
    story.register("2025-11-11T09:15", P1="II")
    story.run("2025-11-11T13:20")
    stood = story.standing()
    story.run("2025-11-10T09:20")
    story.run("2025-11-10T08:00")
    assert story.standing() == stood


def test_a_pupil_who_left_is_not_spoken_of(story: Story) -> None:
    """Off the roll by as-of: no decision; still on it that day: decided."""
    story.opens(pupil("P1", left_on=date(2025, 11, 7)), pupil("P2", left_on=date(2025, 11, 10)))
    story.learns("2025-11-10T09:10")
    story.register("2025-11-10T09:15", P1="N/", P2="N/")
    run = story.run(NINE)
    assert (outcomes(run, "P1"), run.schools[0].pupils) == ({}, 1)
    assert outcomes(run, "P2")["absent-without-reason"] == "act"


def test_what_the_marks_cannot_say_is_decided_as_unknown(story: Story) -> None:
    """A blank this morning: recorded as unknown, nobody texted; the register itself is a task."""
    story.opens(pupil("P1")).register("2025-11-10T09:15", P1="-/")
    run = story.run(NINE)
    assert outcomes(run) == {
        "absent-without-reason": "unknown",
        "absence-day-1": "unknown",
        "not-required-at-school-age": "unknown",  # the blank may be an X
    }
    assert reasons(run, "absence-day-1") == ["marks_missing"]
    assert (names(story.tasks()), story.messages()) == (["register-not-taken"], [])


def test_a_register_not_taken_is_a_task_for_each_gap(story: Story) -> None:
    """The morning's gap, filled, then the afternoon's: two cases, the first withdrawn when it was filled."""
    story.opens(pupil("P1"), pupil("P2")).register("2025-11-10T09:15", P1="-/", P2="-/")
    story.run(NINE)
    story.run("2025-11-10T09:40")
    assert names(story.tasks()) == ["register-not-taken"]
    story.register("2025-11-10T10:00", P1="/-", P2="/-")
    story.run("2025-11-10T10:30")
    assert story.tasks() == []
    story.run("2025-11-10T13:20")
    (case,) = [case for case in story.cases() if case.closed_at is None]
    assert (case.subject, case.anchor, case.episode) == ("class:8A", "2025-11-10 PM", 2)
    assert len(story.tasks(*TaskState)) == 2


def test_two_gaps_at_once_are_not_both_left_on_the_list(story: Story) -> None:
    """The afternoon is taken while the morning is not: only the morning's task stays."""
    story.opens(pupil("P1")).register("2025-11-10T09:15", P1="--")
    story.run(NINE)
    story.run("2025-11-10T13:20")
    assert len(story.tasks()) == 2
    story.register("2025-11-10T14:00", P1="-/")
    story.run("2025-11-10T14:10")
    (task,) = story.tasks()
    assert "Mon 10 Nov AM" in task.because


def test_a_fuse_holds_a_rule_that_matches_far_too_many_until_it_is_released(story: Story) -> None:
    """At most half of those on roll: three of four holds with the reason; a person's release lets it act."""
    capped = changed(story.library, "first-days.yaml", "    ladder: first-contact\n", _CAPPED)
    gone = pupil("P9", left_on=date(2025, 10, 10))
    story.opens(*(pupil(f"P{n}") for n in range(1, 5)), gone, pupil("P8", left_on=date(2025, 10, 10)))
    story.library = capped
    story.upns = ("P1", "P2", "P3", "P4")
    story.register("2025-11-10T09:15", P1="N/", P2="N/", P3="N/")
    run = story.run(NINE)
    assert run.schools[0].fuses == ("absent-without-reason",)
    assert (outcomes(run)["absent-without-reason"], reasons(run, "absent-without-reason")) == (
        "hold",
        ["fuse"],
    )
    assert story.messages() == []
    with pytest.raises(NotKnown, match="no rule 'absent'; rules: absence-day-1"):
        story.run(NINE, release=("absent",))
    story.run(NINE, release=("absent-without-reason",))
    assert len(story.messages(MessageState.QUEUED)) == 3


def test_three_times_its_norm_stops_a_rule_after_five_runs_on_that_weekday(story: Story) -> None:
    """Five Mondays with one N each, then four: held; the floor of the settings lets three pass."""
    story.settings = replace(story.settings, fuse_floor=0)
    story.opens(*(pupil(f"P{n}") for n in range(1, 5)))
    for monday in ("2025-11-10", "2025-11-17", "2025-11-24", "2025-12-01", "2025-12-08"):
        story.register(f"{monday}T09:15", P1="N/")
        assert story.run(f"{monday}T09:20").schools[0].fuses == ()
    story.register("2025-12-15T09:15", P1="N/", P2="N/", P3="N/", P4="N/")
    run = story.run("2025-12-15T09:20")
    assert "absent-without-reason" in run.schools[0].fuses
    story.settings = replace(story.settings, fuse_floor=4)
    assert "absent-without-reason" not in story.run("2025-12-15T09:25", dry=True).schools[0].fuses


def test_a_broken_rule_is_left_out_and_told_and_the_others_run(story: Story) -> None:
    """One rule with a misspelt key: named in the run and in the ledger; the rest of the morning goes on."""
    story.opens(pupil("P1")).register("2025-11-10T09:15", P1="N/")
    story.library = changed(
        story.library, "absence-bands.yaml", "episode: school year", "episod: school year"
    )
    run = story.run(NINE)
    assert {problem.rule for problem in run.schools[0].problems} == {
        "near-persistent-absence",
        "persistent-absence",
        "severe-absence",
    }
    assert outcomes(run)["absent-without-reason"] == "act"
    (entry,) = story.ledger("run")
    assert entry["broken_rules"] == ["near-persistent-absence", "persistent-absence", "severe-absence"]


def test_a_file_that_is_no_yaml_is_told_and_the_other_files_run(story: Story) -> None:
    """The problem names no rule: a whole file did not run, nor what rests on its thresholds."""
    story.opens(pupil("P1")).register("2025-11-10T09:15", P1="N/")
    story.library = changed(story.library, "legal.yaml", "pack: england-legal", "pack: [england-legal")
    run = story.run(NINE)
    told = {(one.file.rpartition("/")[2], one.rule) for one in run.schools[0].problems}
    assert ("legal.yaml", "") in told
    assert {rule for _, rule in told} >= {"penalty-notice-may-be-asked-for", "no-third-penalty-notice"}
    assert outcomes(run)["absent-without-reason"] == "act"
    assert "penalty-notice-threshold" not in run.counts()


def test_two_engines_that_disagree_stop_the_run_before_anything_is_written(story: Story) -> None:
    """Every table stays as it was, and the message names the pupil and both answers."""
    story.opens(pupil("P1")).register("2025-11-10T09:15", P1="N/")
    story.now = story.now.replace(hour=9, minute=20)

    def wrong(facts: Facts) -> tuple[Answer, ...]:
        return tuple(replace(answer, outcome=Outcome.ACT) for answer in infer(facts))

    day = story.run_day(Inference(infer, wrong))
    before = _dump(story.store)
    with pytest.raises(Disagreement, match="disagree on P1") as told:
        day.run(story.now)
    assert "absence-day-1: hold" in str(told.value)
    assert _dump(story.store) == before


def test_two_runs_at_once_make_each_task_once(story: Story) -> None:
    """Two threads with a store of their own on one file: one acts, the other finds it done."""
    story.opens(*(pupil(f"P{n}") for n in range(1, 7)), before={"P1": "OO O/"})
    story.register("2025-11-10T09:15", **{f"P{n}": "N/" for n in range(1, 6)})
    story.now = story.now.replace(hour=9, minute=20)
    done: list[int] = []
    inference()

    def run() -> None:
        with open_store(f"sqlite:///{story.store.path}", codes_hash="codes") as store:
            done.append(len(story.run_day(Inference(), store).run(story.now, in_full=True).schools[0].tasks))

    threads = [Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done) == [0, 0, len(story.tasks())]
    assert len(story.messages()) == 5
    with story.store.reading() as unit:
        assert unit.verify()[1] == ()


def test_a_school_with_nobody_in_it_is_a_run_with_nothing_to_do(story: Story) -> None:
    """No pupils yet: judged, recorded, empty."""
    story.opens()
    run = story.run(NINE)
    assert (run.schools[0].pupils, run.schools[0].decisions, story.standing()) == (0, (), ())


_CAPPED = "    ladder: first-contact\n    at_most: 50 percent of roll\n"


def _dump(store: SqlStore) -> list[str]:
    """The whole store as text, but for the number of runs begun."""
    with store.reading() as unit:
        driver = unit.db.connection.driver_connection
        lines = [] if driver is None else list(driver.iterdump())
    return [line for line in lines if "'runs'" not in line]
