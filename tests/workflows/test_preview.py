"""Preview and the next run tell one story: who is new, gone or moved, what is made, what ends."""

from __future__ import annotations

import shutil
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.store import open_store
from engine.instants import read_instant
from engine.rulebook.rulebook import Source
from tests.workflows.one_ladder import BANDS, SECOND, TEN_OF_40, begun, library, pack, told
from tests.workflows.story import Story, changed, pupil
from tests.workflows.two_runs import Side, check_story
from workflows.library import Library, SchoolSource
from workflows.preview import Kind, Preview, in_force, preview

pytestmark = pytest.mark.uncounted

FOUR = "2025-11-10T16:00"
LATER = "2025-11-10T16:30"


def seen(story: Story, rules: Library, when: str = LATER) -> Preview:
    """What the story's next run would do by other rules; that nothing is written is checked on the way."""
    story.now = max(story.now, read_instant(when))
    stood, said = story.standing(), story.ledger()
    found = preview(story.run_day().school, rules, "S", read_instant(when))
    assert (story.standing(), story.ledger()) == (stood, said)
    return found


def kinds(found: Preview) -> list[tuple[Kind, str, str]]:
    """How it differs, for whom, under which rule."""
    return [(each.kind, each.subject, each.rule) for each in found.differences]


def test_the_same_rules_differ_in_nothing(story: Story) -> None:
    """Nobody is new, gone or moved."""
    begun(story, pack())
    found = seen(story, pack())
    assert (found.differences, found.endings, found.fuses) == ((), (), ())
    assert found.matched == (("elsewhere", 0, 0), ("first", 1, 1))


def test_a_lower_number_brings_who_is_new_with_the_sentence_and_the_task(story: Story) -> None:
    """12.5 % was too little for 20, and is enough for 8: why, whose task, and when."""
    story.library = changed(pack(), "support.yaml", "always: 8", "always: 20")
    story.opens(pupil("P1"), pupil("P2"), before=TEN_OF_40).register("2025-11-10T09:15")
    story.run(FOUR)
    found = seen(story, pack())
    (new,) = found.differences
    assert (new.kind, new.who, new.form, new.because) == (Kind.NEW, "KitP1 Kite", "8A", "5 of 42")
    assert new.now is not None
    assert [(task.step, task.assignee) for task in new.now.tasks] == [("talk", "tutor")]
    assert (found.people["tutor"], found.pupils) == ("Tom Tutor", 2)
    assert found.matched == (("elsewhere", 0, 0), ("first", 0, 1))


def test_a_higher_number_says_who_is_gone_and_by_how_much(story: Story) -> None:
    """The case stays, as it does in the run; the rule does not speak of the child any more."""
    begun(story, pack())
    (gone,) = seen(story, changed(pack(), "support.yaml", "always: 8", "always: 20")).differences
    assert (gone.kind, gone.rule, gone.now) == (Kind.GONE, "first", None)
    assert gone.because == "absence: 11.9 percent, the rule needs at least 20"


def test_a_rule_taken_out_says_so_and_which_case_ends(story: Story) -> None:
    """With its ladder a rule takes its cases; what people have to do stays theirs."""
    begun(story, pack())
    found = seen(story, library("pack: other\n"))
    assert [(each.kind, each.because) for each in found.differences] == [
        (Kind.GONE, "the rule is not in the changed rules")
    ]
    assert [(end.what, end.who, end.about, end.because) for end in found.endings] == [
        ("case", "KitP1 Kite", "support", "its ladder is no longer in the rules")
    ]
    assert (found.title("first"), found.title("nobody")) == ("A worry", "")


def test_another_stage_is_a_move_and_ends_what_was_open_below(story: Story) -> None:
    """Tighter lines lead to the second stage at once: the talk is superseded."""
    begun(story, pack(SECOND, bands=BANDS))
    tighter = pack(SECOND.replace("at_least: 20", "at_least: 11"), bands=", below: 11")
    found = seen(story, tighter)
    (moved,) = found.differences
    assert moved.was is not None
    assert moved.now is not None
    assert (moved.kind, moved.was.rule, moved.now.rule) == (Kind.MOVED, "first", "second")
    assert [(end.what, end.about) for end in found.endings] == [("task", "talk")]
    story.library = tighter
    story.run(LATER)
    assert told(story.tasks()) == [("plan", "second", 2)]


def test_a_task_for_somebody_else_is_something_else(story: Story) -> None:
    """The same child on the same stage, and another person to do it: before the rule has acted."""
    story.library = pack()
    story.opens(pupil("P1"), before=TEN_OF_40).register("2025-11-10T09:15")
    other = changed(pack(), "support.yaml", "do: talk, by: form_tutor", "do: talk, by: head_of_year")
    (found,) = seen(story, other, FOUR).differences
    assert found.kind is Kind.OTHERWISE
    assert [[task.assignee for task in each.tasks] for each in (found.was, found.now) if each] == [
        ["tutor"],
        ["hoy"],
    ]


def test_what_cannot_be_told_is_said(story: Story) -> None:
    """5 of 41 with a blank mark: at least 12 %, perhaps; once only, not where it was in doubt before."""
    story.library = pack()
    story.opens(pupil("P1"), before=TEN_OF_40).register("2025-11-10T09:15", P1="/-")
    doubtful = changed(pack(), "support.yaml", "always: 8", "always: 12.20")
    found = seen(story, doubtful, FOUR)
    assert kinds(found) == [(Kind.IN_DOUBT, "P1", "first")]
    story.library = doubtful
    assert seen(story, changed(doubtful, "support.yaml", "A worry", "Worried"), FOUR).differences == ()
    assert kinds(seen(story, pack(), FOUR)) == [(Kind.NEW, "P1", "first")]
    assert kinds(seen(story, changed(pack(), "support.yaml", "always: 8", "always: 50"), FOUR)) == [
        (Kind.GONE, "P1", "first")
    ]


def test_a_fuse_that_would_blow_is_named(story: Story) -> None:
    """A cap of none: the rule stops, and its pupil is held instead."""
    story.library = pack()
    story.opens(pupil("P1"), before=TEN_OF_40).register("2025-11-10T09:15")
    capped = changed(pack(), "support.yaml", "autonomy: send", "autonomy: send\n    at_most: '0'")
    found = seen(story, capped, FOUR)
    assert found.fuses == ("first",)
    assert kinds(found) == [(Kind.OTHERWISE, "P1", "first")]


def test_what_ends_by_any_rules_is_no_difference(story: Story) -> None:
    """A reason came: task and text are withdrawn by both; only the plan of a higher stage ends the talk."""
    story.library = with_talk = Library((*story.library.files, *pack(SECOND, bands=BANDS).files))
    story.opens(pupil("P1"), before=TEN_OF_40).register("2025-11-10T09:15", P1="N/").run("2025-11-10T09:20")
    story.corrects("2025-11-10T09:30", "P1", "2025-11-10", "I/")
    tighter = edited(
        with_talk,
        [
            ("support.yaml", "below: 20}", "below: 11}"),
            ("support.yaml", "at_least: 20, below", "at_least: 11, below"),
        ],
    )
    found = seen(story, tighter, "2025-11-10T09:40")
    assert [(end.what, end.about) for end in found.endings] == [("task", "talk")]


def test_a_duty_put_in_is_work_for_the_school(story: Story) -> None:
    """Its task is shown under the duty's name, for the school itself."""
    story.library = pack()
    story.opens(pupil("P1")).register("2025-11-10T09:15")
    text = (
        "pack: round\nduties:\n  look:\n    title: Look\n    comes: every school day at 15:00\n"
        "    task: {do: look around, by: attendance_officer, due: same day}\n"
    )
    with_duty = Library((*pack().files, SchoolSource(Source("trust", "round.yaml", text))))
    found = seen(story, with_duty, FOUR)
    (new,) = found.differences
    assert (new.kind, new.rule, new.who, new.form) == (Kind.NEW, "duty/look", "Sample School", "")
    assert found.title(new.rule) == "Look"


def test_what_is_in_force_is_what_judged_last(story: Story) -> None:
    """A file changed where it stands is held against its text of the last run; one not named is as it is."""
    edited = changed(pack(), "support.yaml", "always: 8", "always: 20")
    assert in_force(story.store, edited).instead == {}
    story.library = pack()
    story.opens(pupil("P1"))
    assert in_force(story.store, edited).instead == {}, "never judged: nothing else is known"
    begun_by = pack().for_school("S").version
    story.register("2025-11-10T09:15").run(FOUR)
    assert in_force(story.store, edited).for_school("S").version == begun_by
    assert in_force(story.store, edited, {"support.yaml"}).for_school("S").version == begun_by
    as_it_is = in_force(story.store, edited, {"elsewhere.yaml", "new.yaml"}).for_school("S")
    assert as_it_is.version == edited.for_school("S").version


EDITS = (
    ("absence-bands.yaml", "values: {always: 5}", "values: {always: 3}"),
    ("absence-bands.yaml", "values: {always: 20}", "values: {always: 45}"),
    ("absence-bands.yaml", "stage: 2", "stage: 4"),
    ("absence-bands.yaml", "autonomy: approve", "autonomy: propose"),
    ("absence-bands.yaml", "by: head_of_year", "by: senior_leader"),
    ("first-days.yaml", "autonomy: send", "autonomy: approve"),
    ("first-days.yaml", "exactly: 2", "exactly: 1"),
    ("first-days.yaml", "good_for: 3 hours", "good_for: 2 hours"),
    ("registers-and-reasons.yaml", "autonomy: send", "autonomy: propose"),
    ("changes.yaml", "values: {always: 5}", "values: {always: 2}"),
    ("changes.yaml", "", ""),
)
"""Words of a shipped file and what they become; no words: the whole file goes."""
_TOKENS = st.sampled_from(["//", "OO", "I/", "/N", "N-", "C2,/", "II", "--"])
_BEFORE = st.lists(_TOKENS, min_size=0, max_size=20).map(" ".join)


def edited(rules: Library, edits: list[tuple[str, str, str]]) -> Library:
    """The rules with these edits made."""
    for file, old, new in edits:
        if old:
            there = any(old in each.source.text for each in rules.files if each.source.file.endswith(file))
            rules = changed(rules, file, old, new) if there else rules
        else:
            rules = Library(tuple(each for each in rules.files if not each.source.file.endswith(file)))
    return rules


@settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow])
@given(
    before=st.lists(_BEFORE, min_size=3, max_size=3),
    days=st.lists(st.lists(_TOKENS, min_size=3, max_size=3), min_size=1, max_size=2),
    edits=st.lists(st.sampled_from(EDITS), min_size=1, max_size=3, unique=True),
    ran=st.booleans(),
)
def test_preview_and_the_next_run_tell_one_story(
    before: list[str],
    days: list[list[str]],
    edits: list[tuple[str, str, str]],
    ran: bool,  # noqa: FBT001 - hypothesis calls it
    fresh: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Any school and any edits: the difference shown is that of two real runs, on two copies of the store."""
    folder = tmp_path_factory.mktemp("preview")
    shutil.copy(fresh, folder / "store.db")
    with open_store(f"sqlite:///{folder}/store.db", codes_hash="codes") as store:
        story = Story(store)
        upns = ("P1", "P2", "P3")
        story.opens(*map(pupil, upns), before=dict(zip(upns, before, strict=True)))
        for number, tokens in enumerate(days):
            day = f"2025-11-{10 + number}"
            story.register(f"{day}T15:30", **dict(zip(upns, tokens, strict=True)))
            if ran:
                story.run(f"{day}T16:00")
        when = f"2025-11-{9 + len(days)}T16:30"
        rules = edited(story.library, edits)
        found = seen(story, rules, when)
    with ExitStack() as open_stores:
        sides = []
        for name, each in (("old", story.library), ("new", rules)):
            shutil.copy(folder / "store.db", folder / f"{name}.db")
            store = open_stores.enter_context(open_store(f"sqlite:///{folder}/{name}.db", codes_hash="codes"))
            run = replace(story, store=store, library=each).run(when)
            sides.append(Side(store, each.for_school("S"), run.schools[0]))
        check_story(found, *sides)
