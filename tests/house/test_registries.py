"""What is registered is what is there: measures, reasons, rules, and a test beside each rule."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest

import engine.measures
from engine.measures import MEASURES
from engine.reasons import Circumstance, Outcome, Reason, Result, Sentenced
from engine.ruletests import read_tests
from tests.engine import shipped

RULES = {
    "absence-day-1",
    "absence-day-2",
    "absence-day-3",
    "absent-without-reason",
    "after-the-register-closed",
    "attendance-return",
    "contract-meeting-missed",
    "contract-review",
    "deletion-return",
    "early-support-plan",
    "falling-attendance",
    "golden-hour-call",
    "illness-again",
    "improved-attendance",
    "joined-in-the-year",
    "joint-enquiries",
    "missing-education",
    "near-persistent-absence",
    "new-pupil-return",
    "no-third-penalty-notice",
    "not-required-at-school-age",
    "notice-to-improve-broken",
    "notice-to-improve-over",
    "notice-to-improve-runs",
    "on-time-again",
    "one-weekday-missed",
    "part-time-timetable-begins",
    "part-time-timetable-review",
    "part-time-timetable-too-long",
    "penalty-notice-may-be-asked-for",
    "penalty-notice-threshold",
    "persistent-absence",
    "reason-not-established",
    "register-not-taken",
    "severe-absence",
    "sickness-return",
    "support-plan-reviewed",
    "suspension-goes-on",
    "suspension-without-provision",
    "tell-the-social-worker",
    "tell-the-youth-offending-worker",
    "welcome-back",
    "wider-help",
}
NEVER_UNKNOWN = {
    "register-not-taken", "contract-meeting-missed", "contract-review", "deletion-return",
    "joined-in-the-year", "new-pupil-return", "notice-to-improve-over", "notice-to-improve-runs",
}  # fmt: skip
"""A blank is what the first of these counts; the others count from a day, and look at no mark."""
FOLDER = Path(engine.measures.__file__).parent


@pytest.mark.parametrize("file", sorted(p.stem for p in FOLDER.glob("*.py")))
def test_every_measure_file_is_registered_and_says_what_it_measures(file: str) -> None:
    """A measure names its unit, formula and source, and stands in the registry under its file's name."""
    if file in {"__init__", "measure", "runs", "members"}:  # what measures are made of
        assert file not in MEASURES
        return
    module = import_module(f"engine.measures.{file}")
    assert MEASURES[file] is module.MEASURE
    assert (module.__doc__ or "").startswith(f"{file}: ")
    for word in ("Unit: ", "Formula", "Source: ") if file != "possible_sessions" else ("Unit: ", "Formula"):
        assert word in (module.__doc__ or "")


@pytest.mark.parametrize("words", [Result, Outcome, Circumstance, Reason])
def test_every_word_for_machines_has_a_sentence_for_people(words: type[Sentenced]) -> None:
    """No outcome or reason is shown to people as a bare word, and no two read the same."""
    sentences = [member.sentence for member in words]
    assert all(" " in sentence for sentence in sentences)
    assert len(set(sentences)) == len(sentences)


def test_every_circumstance_is_a_reason() -> None:
    """What puts a person in between can be recorded as the reason why."""
    assert {member.name for member in Circumstance} <= {member.name for member in Reason}


def test_the_rules_asked_for_are_shipped_and_no_others() -> None:
    """The packs hold the agreed rules, none missing, none slipped in."""
    assert {rule.id for rule in shipped.rulebook().rules} == RULES


@pytest.mark.parametrize("rule", sorted(RULES))
def test_every_rule_is_tested_where_it_stands(rule: str) -> None:
    """A rule's own pack shows it holding, just not holding, and, where a blank could matter, in doubt."""
    here = shipped.rulebook().rule(rule).place.file
    pack = next(source for source in shipped.packs() if source.file == here)
    said = [
        wanted
        for test in read_tests(pack, shipped.rulebook())[0]
        for name, wanted in test.expect
        if name == rule
    ]
    assert "matched" in {wanted.result for wanted in said}
    assert any(wanted.result == "not_matched" and wanted.short_by is not None for wanted in said)
    if rule not in NEVER_UNKNOWN:
        assert "unknown" in {wanted.result for wanted in said}
