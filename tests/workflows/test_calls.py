"""The golden hour shared out: a family with one adult, nobody with more than the hour holds."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.store import open_store
from engine.reasons import Reason
from engine.records import Pupil, Staff
from tests.workflows.story import STAFF, Story, changed, contact, pupil, shipped, with_duties
from tests.workflows.test_cover import CALL, DAY, NEXT, TARGET, WITH_DEPUTY, handed, says
from workflows.call_plan import timetable
from workflows.hour import hour, lines_of
from workflows.people import families
from workflows.tasks import listed, ranked, short
from workflows.values import TaskState

SEVEN = Staff("seven", "S", "Sue Seven", roles=("form_tutor",), covers=("7B",))
TWO_FORMS = (*STAFF, SEVEN)
SMALL = pupil("P2", year_group="7", form="7B")
SHARED = (contact("P1"), replace(contact("P2"), contact_id="P1-1"), contact("P3"))


def many(number: int) -> list[Pupil]:
    """So many pupils of 8A."""
    return [pupil(f"P{at}") for at in range(1, number + 1)]


def whose(story: Story) -> dict[str, str]:
    """The adult of each open call, by pupil."""
    return {task.subject: task.assignee for task in story.tasks(rule=CALL)}


def opened(story: Story, *pupils: Pupil, **told: object) -> Story:
    """The school with these pupils, all on the target list."""
    return story.opens(*pupils, before=dict.fromkeys((each.upn for each in pupils), TARGET), **told)  # type: ignore[arg-type]


def test_siblings_of_two_forms_are_rung_by_one_adult(story: Story) -> None:
    """The tutor of the youngest has both; the third child is no sibling; it is told why."""
    opened(story, pupil("P1"), SMALL, pupil("P3"), contacts=SHARED, staff=TWO_FORMS).run(f"{DAY}T08:45")
    assert whose(story) == {"P1": "seven", "P2": "seven", "P3": "tutor"}
    assert handed(story, "give") == [("tutor", "seven")]
    assert [line["because"] for line in story.ledger("task")] == ["has the role for the youngest"]
    assert {task.first_owner for task in story.tasks(rule=CALL)} == {""}, "nobody had them before"


def test_who_has_spoken_with_the_family_rings_again(story: Story) -> None:
    """Monday the head of year rang; on Tuesday the calls of both children are theirs."""
    opened(story, pupil("P1"), SMALL, contacts=SHARED[:2], staff=TWO_FORMS).run(f"{DAY}T08:45")
    story.acts().hand_over([task.task_id for task in story.tasks(rule=CALL)], "seven", "hoy")
    story.acts().done([task.task_id for task in story.tasks(rule=CALL)], "hoy", "reached")
    story.register(f"{DAY}T09:10").run(f"{DAY}T09:20")
    story.run(f"{NEXT}T08:45")
    assert whose(story) == {"P1": "hoy", "P2": "hoy"}
    says(story, f"{NEXT}T08:46", "hoy")
    story.run(f"{NEXT}T08:47")
    assert whose(story) == {"P1": "seven", "P2": "seven"}
    assert {task.covering for task in story.tasks(rule=CALL)} == {"hoy"}


def test_a_call_that_covers_for_nobody_any_more_is_told(story: Story) -> None:
    """The tutor is out, and the deputy who has the call knows the family by now: it is the deputy's own."""
    opened(story, pupil("P1"), staff=WITH_DEPUTY).run(f"{DAY}T08:45")
    (call,) = story.tasks(rule=CALL)
    story.acts().hand_over([call.task_id], "tutor", "hoy")
    story.acts().done([call.task_id], "hoy", "reached")
    story.register(f"{DAY}T09:10").run(f"{DAY}T09:20")
    says(story, f"{NEXT}T08:00", "tutor")
    story.run(f"{NEXT}T08:45")
    (call,) = story.tasks(rule=CALL)
    assert (call.assignee, call.covering) == ("hoy", "")
    assert (handed(story), handed(story, "give")) == ([("", "hoy")], [])


def test_what_the_hour_does_not_hold_goes_to_others_then_is_shown(story: Story) -> None:
    """Thirty minutes, four a call: seven each; those who look after the child first, then nobody is left."""
    opened(story, *many(9)).run(f"{DAY}T08:45")
    load = {who: [*whose(story).values()].count(who) for who in set(whose(story).values())}
    assert load == {"tutor": 7, "hoy": 1, "ao": 1}
    lines = [line for line in listed(story.store, story.now) if line.task.rule == CALL]
    assert short(lines) == (0, 0)
    mine = [line for line in lines if line.task.assignee == "tutor"]
    assert [line.planned.at - story.now for line in mine if line.planned] == [
        timedelta(minutes=4 * number) for number in range(7)
    ]
    later = listed(story.store, story.now + timedelta(minutes=10), "tutor")
    late = [line for line in later if line.task.rule == CALL]
    assert [line.fits for line in late] == [True] * 5 + [False] * 2
    assert short(late) == (2, 8)


def test_other_work_of_the_hour_takes_its_minutes(story: Story) -> None:
    """The officer has a duty that ends within the hour, and one that ends later: the first takes room."""
    early = changed(with_duties(), "duties.yaml", "when am closes\n    if_late", "at 08:30\n    if_late")
    story.library = changed(early, "duties.yaml", "when pm closes\n    if_late", "at 08:40\n    if_late")
    opened(story, *many(9)).run(f"{DAY}T08:45")
    ends = {task.due.minute for task in story.tasks() if task.assignee == "ao" and task.expires_at}
    assert ends == {0, 25}
    load = {who: [*whose(story).values()].count(who) for who in set(whose(story).values())}
    assert load == {"tutor": 7, "hoy": 1, "slt": 1}, "without the first duty one would be the officer's"


def test_the_most_pressing_stay_and_the_least_move_on(story: Story) -> None:
    """A child with a safeguarding flag is no matter of minutes: it keeps its place before all others."""
    pupils = [*many(8), pupil("P9", flags=("safeguarding",))]
    opened(story, *pupils).run(f"{DAY}T08:45")
    assert whose(story)["P9"] == "tutor"
    first, *_ = (line for line in listed(story.store, story.now) if line.task.assignee == "tutor")
    assert (first.task.subject, first.planned and first.planned.at) == ("P9", story.now)


def test_later_what_no_longer_fits_moves_and_what_is_begun_does_not(story: Story) -> None:
    """At 09:02 there are thirteen minutes: three calls each; the one begun stays, and takes its minutes."""
    opened(story, *many(7)).run(f"{DAY}T08:45")
    last = ranked(story.tasks(rule=CALL))[-1]
    story.now += timedelta(minutes=16)
    story.acts().start([last.task_id], "tutor")
    story.run(f"{DAY}T09:02")
    after = {task.task_id: task for task in story.tasks(rule=CALL)}
    assert after[last.task_id].assignee == "tutor"
    load = {who: [*whose(story).values()].count(who) for who in set(whose(story).values())}
    assert load["tutor"] == 3
    assert sum(load.values()) == 7
    moved = [task for task in after.values() if task.assignee != "tutor"]
    assert {task.first_owner for task in moved} == {"tutor"}
    assert {line["because"] for line in story.ledger("task") if line["action"] == "give"} == {
        "has the minutes"
    }
    planned = timetable(ranked(after.values()), story.now)
    assert not any(each.over for each in planned.values())


def test_a_brother_who_comes_later_joins_his_sister(story: Story) -> None:
    """A mark is taken back at 08:50: his call goes to who has begun on hers, though she is not his tutor."""
    opened(story, pupil("P1"), SMALL, contacts=SHARED[:2], staff=TWO_FORMS)
    story.corrects(f"{DAY}T08:40", "P1", DAY, "/-")
    story.run(f"{DAY}T08:45")
    (hers,) = story.tasks(rule=CALL)
    story.acts().hand_over([hers.task_id], "seven", "hoy")
    story.corrects(f"{DAY}T08:50", "P1", DAY, "--")
    story.run(f"{DAY}T08:51")
    assert whose(story) == {"P1": "hoy", "P2": "hoy"}


def test_a_child_who_came_in_drops_off_and_a_call_not_made_is_missed(story: Story) -> None:
    """With cover and plan as without: gone within one run, missed at the end, and not there at 14:00."""
    opened(story, *many(9))
    says(story, f"{DAY}T08:00", "tutor")
    story.run(f"{DAY}T08:45")
    calls = [line for line in listed(story.store, story.now) if line.task.rule == CALL]
    assert ({line.covering for line in calls}, len(calls)) == ({"Tom Tutor"}, 9)
    story.corrects(f"{DAY}T08:50", "P1", DAY, "/-")
    story.run(f"{DAY}T08:51")
    assert "P1" not in whose(story)
    story.register(f"{DAY}T09:15").corrects(f"{DAY}T09:15", "P1", DAY, "//")
    story.run(f"{DAY}T09:15")
    missed = story.tasks(TaskState.EXPIRED, rule=CALL)
    assert {task.ended_because for task in missed} <= {Reason.MISSED.sentence}
    assert not whose(story)
    story.run(f"{DAY}T14:00")
    assert CALL not in [line.task.rule for line in listed(story.store, story.now)]
    assert hour(story.store, story.now) == []


def test_a_rule_that_only_proposes_keeps_its_role(story: Story) -> None:
    """Where a school lets the hour's calls be proposed alone, none is laid on anybody else."""
    story.library = changed(shipped(), "golden-hour.yaml", "autonomy: send", "autonomy: propose")
    opened(story, *many(9)).run(f"{DAY}T08:45")
    assert set(whose(story).values()) == {"tutor"}
    assert short(listed(story.store, story.now)) == (2, 6)


def test_the_hour_by_person_with_a_number_to_ring(story: Story) -> None:
    """Nobody's calls first; each with whom to ring, unless nobody may be rung; the minutes add up."""
    restricted = replace(contact("P2"), restriction="no_contact")
    later = replace(contact("P1", 2), priority=0)
    opened(story, pupil("P1"), pupil("P2"), contacts=(contact("P1"), later, restricted))
    says(story, f"{DAY}T08:00", "tutor", "hoy", "ao", "slt")
    story.run(f"{DAY}T08:45")
    (nobody,) = hour(story.store, story.now)
    assert (nobody.staff_id, nobody.minutes, nobody.left, nobody.covering) == ("", 8, 30, ("Tom Tutor",))
    assert {call.line.task.subject: call.ring and call.ring.contact_id for call in nobody.calls} == {
        "P1": "P1-2",
        "P2": None,
    }
    assert short(lines_of([nobody])) == (2, 8)


@pytest.mark.uncounted
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=12, deadline=None)
@given(number=st.integers(0, 10_000))
def test_every_morning_keeps_its_promises(
    fresh: Path, tmp_path_factory: pytest.TempPathFactory, number: int
) -> None:
    """Whoever is out, whoever is whose sibling: a family has one adult, who is there; always the same."""
    owners = []
    for folder in (tmp_path_factory.mktemp("one"), tmp_path_factory.mktemp("other")):
        path = folder / "store.db"
        shutil.copy(fresh, path)
        with open_store(f"sqlite:///{path}", codes_hash="codes") as store:
            story, pupils, family, out = _morning(Story(store), Random(number))  # noqa: S311
            for minute in (45, 50, 58):
                story.run(f"{DAY}T08:{minute}")
                now = whose(story)
                assert sorted(now) == sorted(pupils)
                adults = {(family[upn], adult) for upn, adult in now.items()}
                assert len(adults) == len(set(family.values()))
                assert not out & set(now.values())
                lines = [line for line in listed(story.store, story.now) if line.task.rule == CALL]
                assert short(lines)[0] == sum(not line.fits for line in lines)
            owners.append(whose(story))
    assert owners[0] == owners[1]


def _morning(story: Story, random: Random) -> tuple[Story, list[str], dict[str, str], set[str]]:
    """A school of three forms with some siblings, everybody on the target list, some of the staff out."""
    forms = {"8A": "8", "8B": "8", "7B": "7"}
    pupils = [
        pupil(f"P{at}", form=form, year_group=forms[form])
        for at in range(1, random.randint(3, 26))
        for form in [random.choice(sorted(forms))]
    ]
    shared = [replace(contact(each.upn), contact_id=f"C{random.randint(1, 20)}") for each in pupils]
    staff = (
        *TWO_FORMS,
        Staff("eight", "S", "Eve Eight", roles=("form_tutor",), covers=("8B",), deputy="slt"),
    )
    opened(story, *pupils, contacts=tuple(shared), staff=staff)
    out = set(random.sample([each.staff_id for each in staff if each.staff_id != "ao"], random.randint(0, 5)))
    says(story, f"{DAY}T08:00", *sorted(out))
    return story, [each.upn for each in pupils], families(shared), out
