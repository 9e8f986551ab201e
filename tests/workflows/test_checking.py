"""What only shows beside the rulebook: templates that are not there, roles nobody has."""

from __future__ import annotations

from pathlib import Path

from messaging.templates import load
from tests.workflows.story import changed, shipped, templates, with_duties
from workflows.checking import checked, in_waiting

FIRST = "first-days.yaml"


def test_the_shipped_rules_and_templates_are_without_mistakes() -> None:
    """Nothing to say of what is shipped."""
    assert list(checked(shipped().for_school(""), templates())) == []


def test_a_template_that_is_not_there_is_named_with_the_one_meant() -> None:
    """File and line of the rule, what is missing, which was meant, which there are."""
    library = changed(shipped(), FIRST, "template: first-day", "template: frist-day")
    (problem,) = checked(library.for_school(""), templates())
    assert problem.file.endswith(FIRST)
    assert problem.line > 1
    assert problem.rule == "absent-without-reason"
    assert "there is no template 'frist-day' for sms; did you mean 'first-day'?" in str(problem)


def test_a_role_that_nobody_can_have_is_named() -> None:
    """A misspelt role would leave every task to the attendance officer."""
    library = changed(shipped(), FIRST, "by: head_of_year", "by: head_of_years")
    (problem,) = checked(library.for_school(""), templates())
    assert "nobody can have the role 'head_of_years'; did you mean 'head_of_year'?" in str(problem)


def test_a_role_that_only_a_duty_or_an_outcome_names_is_looked_at_too() -> None:
    """At the line of the duty, of its task for each pupil, of the outcome."""
    for file, old, new in (
        ("duties.yaml", "by: senior_leader", "by: senior_leaders"),
        ("duties.yaml", "do: meet the family\n      by: attendance_champion", "do: meet\n      by: champion"),
        ("triage.yaml", "by: mental_health_lead", "by: mental_health"),
    ):
        library = changed(with_duties(), file, old, new)
        problems = [str(one) for one in checked(library.for_school(""), templates())]
        assert problems
        assert all(f"{file}:" in one and "nobody can have the role" in one for one in problems)
    assert list(checked(with_duties().for_school(""), templates())) == []


def test_what_is_wrong_with_a_rule_that_waits_is_told_before_it_is_answered() -> None:
    """Its mistakes are those it has with the answers of its tests; the rules in force are told once."""
    asks = "needs: {caller: {ask: Who calls?, for_tests: head_of_years}}\nrules:"
    library = changed(shipped(), FIRST, "by: head_of_year", "by: needs caller")
    library = changed(library, FIRST, "rules:", asks)
    rulebook = library.for_school("")
    assert list(checked(rulebook, templates())) == []
    (problem,) = in_waiting(library, rulebook, templates())
    assert problem.rule == "absence-day-2"
    assert "nobody can have the role 'head_of_years'" in str(problem)
    assert list(in_waiting(shipped(), shipped().for_school(""), templates())) == []


def test_a_template_that_cannot_be_filled_in_is_named(tmp_path: Path) -> None:
    """A variable that the template does not declare is found before a family is."""
    folder = tmp_path / "note"
    folder.mkdir()
    (folder / "sms.en.txt").write_text(
        "---\npurpose: absence\nstage: x\nowner: office\nversion: 1\nwhen: Today.\nreading_age: 9\n"
        "variables: school, child, session\n---\n{{ school }}: {{ chlid }} {{ session }}\n"
    )
    problems = [str(one) for one in checked(shipped().for_school(""), {**templates(), **load(tmp_path)})]
    assert len(problems) == 1
    assert "chlid" in problems[0]
