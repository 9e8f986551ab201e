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
    "attendance-return",
    "falling-attendance",
    "golden-hour-call",
    "improved-attendance",
    "joint-enquiries",
    "near-persistent-absence",
    "penalty-notice-threshold",
    "persistent-absence",
    "reason-not-established",
    "register-not-taken",
    "severe-absence",
    "sickness-return",
}
NEVER_UNKNOWN = {"register-not-taken"}
"""A blank is what this rule counts, so a blank leaves nothing in doubt."""
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
