"""Each scheduled time once, however the clock is looked at, slept through, or set back."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from threading import Thread

import pytest

from adapters.store import open_store
from engine.inference.agree import Inference
from engine.instants import local, read_instant
from engine.records import SchoolDay
from engine.rulebook.rulebook import Source
from tests.workflows.story import Story, pupil
from workflows.clockwork import Clockwork, Turn
from workflows.library import Library, SchoolSource
from workflows.values import DueSlot

MONDAY = "2025-11-10"
RUNS = """
pack: runs
runs:
  bell: {comes: every school day 20 minutes before am opens, if_late: skip}
  closed: {comes: every school day when am closes}
  through: {comes: every school day every 30 minutes from 09:30 to 10:30, if_late: run each}
"""


@pytest.fixture
def school(story: Story) -> Story:
    """Two pupils, one away without a reason, and three schedules."""
    rules = [each for each in story.library.files if "runs.yaml" not in each.source.file]
    story.library = Library((*rules, SchoolSource(Source("trust", "runs.yaml", RUNS))))
    return story.opens(pupil("P1"), pupil("P2")).register(f"{MONDAY}T09:15", P1="N/")


def clockwork(story: Story) -> Clockwork:
    """The clockwork of a story."""
    return Clockwork(story.store, story.library, story.run_day())


def look(story: Story, when: str, works: Clockwork | None = None) -> list[tuple[str, str, str]]:
    """Look at the clock and do what is due: schedule, its time, and the time judged (`-` where skipped)."""
    story.now = read_instant(when)
    works = works or clockwork(story)
    turns = works.due(story.now)
    for turn in turns:
        works.take(turn)
    return [_told(turn) for turn in turns]


def _told(turn: Turn) -> tuple[str, str, str]:
    as_of = f"{local(turn.as_of):%a %H:%M}" if turn.as_of else "-"
    return turn.slot.schedule, f"{local(turn.slot.due):%a %H:%M}", as_of


def test_a_clock_that_was_days_ahead_takes_no_list_away(school: Story) -> None:
    """It claimed the week's slots on Monday; put right, each comes at its own time, once."""
    works = clockwork(school)
    assert look(school, f"{MONDAY}T08:25", works) == [("bell", "Mon 08:25", "Mon 08:25")]
    ahead = look(school, "2025-11-13T09:15", works)
    assert ("bell", "Tue 08:25", "-") in ahead
    assert look(school, f"{MONDAY}T08:30", works) == []
    assert look(school, f"{MONDAY}T09:15", works) == [("closed", "Mon 09:15", "Mon 09:15")]
    assert look(school, f"{MONDAY}T09:15", works) == []
    for day, name in (("2025-11-11", "Tue"), ("2025-11-12", "Wed")):
        assert look(school, f"{day}T08:25", works)[-1] == ("bell", f"{name} 08:25", f"{name} 08:25")


def test_a_day_on_time(school: Story) -> None:
    """Looked at every minute of the morning: each time once, judged as of itself."""
    works, done = clockwork(school), []
    start = read_instant(f"{MONDAY}T08:00")
    for minute in range(180):
        done += look(school, (start + timedelta(minutes=minute)).isoformat(), works)
    assert done == [
        ("bell", "Mon 08:25", "Mon 08:25"),
        ("closed", "Mon 09:15", "Mon 09:15"),
        ("through", "Mon 09:30", "Mon 09:30"),
        ("through", "Mon 10:00", "Mon 10:00"),
        ("through", "Mon 10:30", "Mon 10:30"),
    ]
    assert [task.rule for task in school.tasks()] == ["absent-without-reason"]


def test_what_was_slept_through(school: Story) -> None:
    """From Monday's bell to Wednesday noon: the list of the bell is no use now, the close is judged once."""
    look(school, f"{MONDAY}T08:25")
    look(school, f"{MONDAY}T09:16")
    look(school, f"{MONDAY}T09:31")
    slept = look(school, "2025-11-12T12:00")
    assert Counter((name, "skipped" if as_of == "-" else "judged") for name, _, as_of in slept) == {
        ("bell", "skipped"): 2,
        ("closed", "skipped"): 1,
        ("closed", "judged"): 1,
        ("through", "judged"): 8,
    }
    assert ("closed", "Wed 09:15", "Wed 12:00") in slept
    assert [as_of for name, due, as_of in slept if name == "through" and as_of != due] == []
    with school.store.reading() as unit:
        skipped = [line.content or {} for line in unit.ledger("S") if line.kind == "skipped"]
        assert [entry["schedule"] for entry in skipped] == ["bell", "closed", "bell"]
        assert unit.verify()[1] == ()
    assert look(school, "2025-11-12T12:00") == []


def test_a_clock_set_back_does_nothing_twice(school: Story) -> None:
    """Half an hour back, and forth again: only what is new is done."""
    look(school, f"{MONDAY}T09:16")
    assert [name for name, _, _ in look(school, f"{MONDAY}T09:31")] == ["through"]
    assert look(school, f"{MONDAY}T09:01") == []
    assert look(school, f"{MONDAY}T09:33") == []


@pytest.mark.parametrize(("friday", "monday"), [("2026-03-27", "2026-03-30"), ("2026-10-23", "2026-10-26")])
def test_a_weekend_on_which_the_clocks_change(school: Story, friday: str, monday: str) -> None:
    """Looked at every five minutes through the hour that comes twice or never: both days ring as ever."""
    days = (SchoolDay("S", date.fromisoformat(day), am=True, pm=True) for day in (friday, monday))
    school.learns(f"{friday}T07:00", *days)
    works, done = clockwork(school), []
    at = read_instant(f"{friday}T07:00")
    while at < read_instant(f"{monday}T11:00"):
        done += look(school, at.isoformat(), works)
        at += timedelta(minutes=5)
    assert [(name, due) for name, due, _ in done] == [
        (name, f"{day} {clock}")
        for day in ("Fri", "Mon")
        for name, clock in (
            ("bell", "08:25"),
            ("closed", "09:15"),
            ("through", "09:30"),
            ("through", "10:00"),
            ("through", "10:30"),
        )
    ]
    assert [due for _, due, as_of in done if due != as_of] == []


def test_a_new_school_begins_with_the_present(school: Story) -> None:
    """A service that comes up at noon for the first time makes nothing up."""
    assert look(school, f"{MONDAY}T12:00") == []
    assert [due for _, due, _ in look(school, "2025-11-11T08:26")] == ["Tue 08:25"]


def test_a_calendar_that_comes_in_is_seen(school: Story) -> None:
    """The snow closes the school on Tuesday: nothing is due that day, in a process that knew the day."""
    works = clockwork(school)
    look(school, f"{MONDAY}T09:16", works)
    with school.store.reading() as unit:
        tuesday = next(day for day in unit.days("S") if day.date.isoformat() == "2025-11-11")
    school.learns(f"{MONDAY}T15:00", replace(tuesday, am=False, pm=False, kind="closure"))
    look(school, f"{MONDAY}T15:01", works)
    assert look(school, "2025-11-11T10:00", works) == []


def test_three_processes_do_each_time_once(school: Story) -> None:
    """Three on one file, all at the same minutes of a morning: each slot one run, each task one task."""
    moments = [read_instant(f"{MONDAY}T{clock}") for clock in ("08:26", "09:16", "09:31", "10:01", "10:31")]

    def live(number: int) -> None:
        with open_store(f"sqlite:///{school.store.path}", codes_hash="codes") as store:
            own = replace(school, store=store)
            works = Clockwork(store, school.library, own.run_day(Inference()))
            for moment in moments:
                own.now = moment + timedelta(seconds=number)
                for turn in works.due(own.now):
                    works.take(turn)

    threads = [Thread(target=live, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with school.store.reading() as unit:
        runs = [line.content or {} for line in unit.ledger("S") if line.kind == "run"]
        assert len(runs) == 5
        assert unit.verify()[1] == ()
    assert len(school.tasks()) == 1


def test_a_run_that_died_is_run_by_the_next_look(school: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    """The slot is claimed in the commit of the run: what was cut off before it is due again."""
    school.now = read_instant(f"{MONDAY}T09:16")
    works = clockwork(school)
    (turn,) = works.due(school.now)

    def dies(*_args: object, **_more: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as cut:
        cut.setattr("workflows.change.Change.write", dies)
        with pytest.raises(KeyboardInterrupt):
            works.take(turn)
    assert works.due(school.now) == [turn]
    run = works.take(turn)
    assert run is not None
    assert works.due(school.now) == []
    again = works.take(turn)
    assert again is not None
    assert (again.schools, turn.slot) == ((), DueSlot("closed", read_instant(f"{MONDAY}T09:15")))
