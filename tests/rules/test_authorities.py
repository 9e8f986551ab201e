"""The examples of local authorities' settings, each alone over the shipped packs."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from adapters.config import PACKAGE
from adapters.rule_files import read_library
from engine.inference.agree import Inference
from engine.mutation import Trial
from engine.rulebook.rulebook import Rulebook, Source, read_rulebook
from engine.ruletests import read_tests, run_test
from messaging.templates import load
from tests.engine import shipped
from tests.rules.held import each_holds
from workflows.checking import checked

FOLDER = shipped.RULES / "examples" / "authorities"
FILES = sorted(FOLDER.glob("*.yaml"))
ENOUGH = 95
each_example = pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)


@cache
def alone(file: Path, *, with_trust: bool = False) -> tuple[Source, Rulebook]:
    """One example under the national packs alone, as its tests are asked, or with the trust's packs too."""
    source = Source("authority", f"rules/examples/authorities/{file.name}", file.read_text("utf-8"))
    others = [pack for pack in shipped.packs() if with_trust or pack.layer == "national"]
    return source, read_rulebook([*others, source], for_tests=not with_trust)


@each_example
@pytest.mark.parametrize("with_trust", [True, False], ids=["taken over", "under test"])
def test_an_example_checks_without_a_mistake(file: Path, *, with_trust: bool) -> None:
    """Nothing of it is wrong or doubtful, alone and with the trust's packs below it, and so are its tests."""
    source, rulebook = alone(file, with_trust=with_trust)
    problems = checked(rulebook, load(PACKAGE / "messaging" / "templates"))
    unread = read_tests(source, alone(file)[1], shipped.calendars())[1]
    assert not [str(problem) for problem in (*problems, *unread) if problem.file == source.file]


@each_example
def test_an_example_passes_its_tests_and_they_notice_its_changes(file: Path) -> None:
    """Each test holds, each of its own rules has one, and 95 of 100 changes of it break one."""
    source, rulebook = alone(file)
    tests = each_holds(source, rulebook)
    scores = Trial.of(tests, rulebook, shipped.calendars()).scores(lambda *_: None, [source.file])
    assert [f"{score.file}: {score.percent:.1f} %" for score in scores if score.percent < ENOUGH] == []


@each_example
def test_what_an_example_changes_is_shown_by_its_tests(file: Path) -> None:
    """Without its settings one of its tests fails, or it has a duty that the national packs have not."""
    source, rulebook = alone(file)
    tests, _ = read_tests(source, rulebook)
    national = read_rulebook([pack for pack in shipped.packs() if pack.layer == "national"])
    asked = {rule.id for rule in national.rules}
    inference = Inference.here()
    differs = [
        test.name
        for test in tests
        if not asked.issuperset(test.rules) or run_test(test, national, shipped.calendars(), inference)
    ]
    duties = [duty for duty in rulebook.duties if duty.place.file == source.file]
    assert differs or duties


@each_example
def test_an_example_says_whose_settings_and_where_they_are_published(file: Path) -> None:
    """Its name and `pack:` are the authority's; above stands the page; a change says who, why, until when."""
    text = file.read_text("utf-8")
    head, pack = text.split("pack: ", 1)
    assert pack.splitlines()[0] == file.stem
    assert all(line.startswith("#") for line in head.splitlines())
    assert re.search(r"https://\S+", head)
    assert "\nschools: [your-school]\n" in text
    source, rulebook = alone(file)
    own = [each for each in rulebook.thresholds if each.place.file == source.file]
    changed = [each.changed for each in own if each.above is not None]
    changed += [each.changed for rule in rulebook.rules for each in rule.overrides]
    assert all(each is not None and each.review is not None for each in changed)
    said = [each.source for each in own]
    said += [rule.source for rule in rulebook.rules if rule.place.file == source.file]
    said += [duty.source for duty in rulebook.duties if duty.place.file == source.file]
    assert all(said)
    assert said or changed


@each_example
def test_no_example_is_in_force_by_default(file: Path) -> None:
    """At a school of any name, the placeholder of the examples too, what ships has nothing of them."""
    rules = shipped.RULES
    folders = (rules / name for name in ("england", "trust", "schools", "authorities"))
    library = read_library(*folders)
    for school in ("", "your-school"):
        names = {Path(source.file).name for source in library.for_school(school).sources}
        assert file.name not in names


def test_a_trust_does_not_undo_what_an_authority_has_settled() -> None:
    """Norfolk's thirty days are shut, Manchester's may be less for one school: three weeks are the least."""
    said = (
        "pack: ours\nthresholds:\n  improvement_period:\n    title: Shorter\n    unit: school days\n"
        "    values: {{always: {days}}}\n    changed_by: {{who: A. Okafor, why: sooner}}\n"
    )
    refused = {}
    for name, days in (("norfolk", 20), ("manchester", 20), ("manchester", 14)):
        authority, _ = alone(FOLDER / f"{name}.yaml")
        ours = Source("trust", "ours.yaml", said.format(days=days))
        problems = read_rulebook([*shipped.packs(), authority, ours]).problems
        refused[name, days] = [problem.what for problem in problems]
    place = "rules/examples/authorities"
    assert refused["manchester", 20] == []
    assert refused["norfolk", 20][0].startswith(f"improvement_period is locked by {place}/norfolk.yaml:")
    assert refused["manchester", 14][0].startswith(f"14 is outside 15 to 30, the bounds set by {place}/manch")


def test_returns_come_round_each_half_term() -> None:
    """Lincolnshire's sickness return, Nottingham City's part-time return: the last day of every half-term."""
    comes = {}
    for name in ("lincolnshire", "nottingham-city"):
        source, rulebook = alone(FOLDER / f"{name}.yaml")
        (duty,) = (each for each in rulebook.duties if each.place.file == source.file)
        comes[duty.name] = (duty.comes.words, duty.task.by, duty.task.due.words)
    last = "last school day of every half-term at 09:00"
    assert comes == {
        "sickness-returns-of-the-term": (last, "attendance_officer", "same day"),
        "part-time-return": (last, "attendance_officer", "same day"),
    }
