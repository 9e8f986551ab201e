"""A rollout compared, in words: which side has less, or that nobody can tell, and never the cause."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from adapters.cli.show_rollout import rollout_document, show_rollouts, verdict
from engine.trial import Arm, Compared, Interval
from workflows.rollout_report import RolloutReport

ARMS = (Arm(40, (20, 400), (44, 400)), Arm(160, (128, 1600), (120, 1600)))
REPORT = RolloutReport(
    school_id="S",
    school="[b]Sample",
    rule="calls",
    title="Calls",
    first=date(2025, 11, 3),
    last=date(2025, 11, 7),
    days=5,
    before=date(2025, 10, 20),
    reached=("9",),
    waiting=("7", "8"),
    between=3,
    compared=Compared(*ARMS, Interval(-3.0, -4.5, -1.5), Interval(1.0, -1.0, 3.0)),
)


def test_the_screen_says_what_can_be_told(capsys: pytest.CaptureFixture[str]) -> None:
    """Both sides with their rates, a difference that tells, one that does not, and no claim of a cause."""
    show_rollouts([REPORT])
    told = " ".join(capsys.readouterr().out.split())
    assert "[b]Sample, Calls (calls): Mon 3 Nov to Fri 7 Nov 2025" in told
    assert "rolled out: year 9 40 5.00 11.00" in told
    assert "not yet: year 7, 8 160 8.00 7.50" in told
    assert "3 pupils whose wave came within these days are on neither side" in told
    assert "difference: -3.00 points (-4.50 to -1.50): less absence where it is rolled out" in told
    assert (
        "difference of the changes since before: cannot tell: +1.00 points (-1.00 to +3.00) may be none"
        in told
    )
    assert "No proof of cause" in told


def test_nothing_to_compare_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    """A side too small, no days before, nobody between; more absence is as plain as less."""
    none = replace(REPORT, before=None, between=0, compared=Compared(ARMS[0], ARMS[1], None, None))
    assert verdict(None, none) == "cannot tell: no days to compare with"
    small = replace(none, waiting=(), compared=Compared(ARMS[0], Arm(0, (0, 0), (0, 0)), None, None))
    assert verdict(None, small) == "cannot tell: a side has fewer than 30 pupils"
    assert verdict(Interval(2.0, 1.0, 3.0), REPORT).endswith("more absence where it is rolled out")
    show_rollouts([small])
    told = " ".join(capsys.readouterr().out.split())
    assert "neither side" not in told
    assert "not yet 0 · ·" in told
    show_rollouts([])
    assert capsys.readouterr().out == ""


def test_the_document_has_both_sides_and_both_differences() -> None:
    """Numbers, verdicts and the method; null where nothing can be told."""
    document = rollout_document(REPORT)
    assert document["rolled_out"] == {"years": ["9"], "pupils": 40, "absent": 20, "possible": 400}
    assert document["difference"] == {"difference": -3.0, "low": -4.5, "high": -1.5}
    assert (document["before_from"], str(document["verdict_of_changes"])[:11]) == (
        "2025-10-20",
        "cannot tell",
    )
    without = rollout_document(replace(REPORT, before=None, compared=Compared(*ARMS, None, None)))
    assert (without["before_from"], without["difference"], without["difference_of_changes"]) == (
        None,
        None,
        None,
    )
