"""Every role that the packs name is somebody's; where it is not, it is said whose work waits."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from engine.records import Staff
from engine.rulebook.rulebook import Source
from tests.workflows.story import STAFF, Story, changed, pupil, with_duties
from workflows.library import Library, SchoolSource
from workflows.roles import RoleHeld, gaps, of_no_school, roles_held

TODAY = date(2025, 11, 10)
WHOLE = (
    *STAFF,
    Staff("dsl", "S", "Dee Lead", roles=("dsl", "mental_health_lead"), deputy="head"),
    Staff("office", "S", "Olu Office", roles=("office",)),
    Staff("senco", "S", "Nia Needs", roles=("senco", "attendance_champion"), deputy="gone"),
)


def held(story: Story, library: Library | None = None) -> dict[str, RoleHeld]:
    """Each role of the school."""
    return {each.role: each for each in roles_held(story.store, library or with_duties(), TODAY)}


def missing(story: Story, library: Library | None = None) -> list[str]:
    """Everything said to be missing."""
    return [str(problem) for each in held(story, library).values() for problem in gaps(each)]


def test_nothing_is_missing_where_everybody_is_there(story: Story) -> None:
    """Each role with its work, who holds it and who deputises; a deputy who is not on the staff is none."""
    story.opens(pupil("P1"), staff=WHOLE)
    roles = held(story)
    assert missing(story) == []
    dsl = roles["dsl"]
    assert ([person.name for person in dsl.holders], dsl.deputies, dsl.instead) == (
        ["Dee Lead"],
        ("Hana Head",),
        "Asha Officer",
    )
    assert [(work.kind, work.name) for work in dsl.work] == [
        ("rule", "joint-enquiries"),
        ("rule", "missing-education"),
        ("rule", "tell-the-social-worker"),
        ("rule", "tell-the-youth-offending-worker"),
        ("outcome", "safeguarding-lead"),
    ]
    assert roles["senco"].deputies == ()
    kinds = {(work.kind, work.name) for work in roles["head_of_year"].work}
    assert {("rule", "absence-day-2"), ("outcome", "return-meeting")} <= kinds
    assert ("duty", "plans") in {(work.kind, work.name) for work in roles["attendance_champion"].work}


def test_a_role_that_nobody_holds_is_told_with_what_waits_and_who_gets_it(story: Story) -> None:
    """File and line of the first thing it is there for, the school, and what to write where."""
    story.opens(pupil("P1"), staff=tuple(each for each in WHOLE if each.staff_id not in {"hoy", "dsl"}))
    first, *others = [line for line in missing(story) if "head_of_year" in line]
    assert "first-days.yaml:" in first
    assert "Sample School: nobody is head_of_year, whose work is absence-day-2 and " in first
    assert first.endswith(
        "more; Asha Officer gets its tasks; "
        "write head_of_year into the column roles of a line of staff.csv for S"
    )
    assert others == []
    assert any("nobody is dsl, whose work is joint-enquiries and " in line for line in missing(story))


def test_without_an_attendance_officer_the_work_has_no_owner(story: Story) -> None:
    """A school where nobody would get it: said so, and never thrown away."""
    story.opens(pupil("P1"), staff=STAFF[1:2])
    assert held(story)["dsl"].instead == ""
    assert any("nobody is dsl" in line and "its tasks have no owner" in line for line in missing(story))


def test_classes_that_nobody_covers_are_named(story: Story) -> None:
    """The tutor has 8A alone: 8B to 8F are nobody's, and a class of pupils who left is no class."""
    pupils = [pupil(f"P{number}", form=f"8{form}") for number, form in enumerate("ABCDEF", start=1)]
    gone = replace(pupils[0], upn="P9", form="8G", left_on=date(2025, 10, 1))
    story.opens(*pupils, gone, staff=WHOLE)
    (line,) = missing(story)
    assert "Sample School: no form_tutor covers 8B, 8C, 8D and 2 more: absence-day-1 and" in line
    assert held(story)["head_of_year"].uncovered == (), "the head of year has all of year 8"


def test_a_school_is_asked_for_no_more_than_its_phase_needs(story: Story) -> None:
    """A duty and a rule of primary schools alone ask nobody of a secondary school."""
    story.opens(pupil("P1"), staff=WHOLE)
    duty = "    comes: every Tuesday at 09:30\n"
    rule = "    when: {consecutive_absent_days: {codes: day of absence, exactly: 3}}\n"
    library = changed(with_duties(), "duties.yaml", duty, f"{duty}    phases: [primary]\n")
    library = changed(library, "first-days.yaml", rule, f"{rule}    applies_to: {{phases: [primary]}}\n")
    everything = {work.name for each in held(story).values() for work in each.work}
    less = {work.name for each in held(story, library).values() for work in each.work}
    assert everything - less == {"bands", "absence-day-3"}


def test_a_pack_of_a_school_that_is_not_there_is_named(story: Story) -> None:
    """One letter wrong in a file's name, and a school's thresholds would hold nowhere without a word."""
    story.opens(pupil("P1"))
    own = (SchoolSource(Source("school", f"schools/{name}.yaml", f"pack: {name}\n"), name) for name in "ST")
    (problem,) = of_no_school(story.store, Library((*with_duties().files, *own)))
    assert str(problem) == (
        "schools/T.yaml:1:1: there is no school 'T' in the store, so this pack holds nowhere; "
        "name the file after its school: S"
    )


def test_an_authority_that_names_a_school_that_is_not_there_is_told(story: Story) -> None:
    """An example copied and not filled in names `your-school`, and would hold nowhere without a word."""
    story.opens(pupil("P1"))
    shire = Source("authority", "authorities/shire.yaml", "pack: shire\nschools: [S, your-school]\n")
    named = (SchoolSource(shire, school_id) for school_id in ("S", "your-school"))
    (problem,) = of_no_school(story.store, Library((*with_duties().files, *named)))
    assert str(problem) == (
        "authorities/shire.yaml:1:1: there is no school 'your-school' in the store, "
        "so this pack does not hold there; write your schools under schools: S"
    )
