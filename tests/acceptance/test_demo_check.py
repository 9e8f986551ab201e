"""`firstbell demo --check` holds the demo's pupils against the published figures of England."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from adapters.cli.app import app
from adapters.demo import check, england


def _checked(*words: str) -> tuple[int, dict[str, object]]:
    done = CliRunner().invoke(app, ["demo", "--check", "--json", *words])
    return done.exit_code, json.loads(done.stdout)


def _lines(document: dict[str, object]) -> list[dict[str, object]]:
    lines = document["lines"]
    assert isinstance(lines, list)
    return lines


def test_a_small_trust_is_like_england() -> None:
    """1,500 pupils a phase, another seed: every band, code, gap and weekday is near the published one."""
    _, document = _checked("--pupils", "1500", "--seed", "11")
    wide = {check.BANDS: 1.5, check.CODES: 25, check.MEANS: 0.6, check.PERSISTENT: 4, check.NEEDS: 9}
    wide |= {check.YEARS: 16, check.DAYS: 8}
    lines = _lines(document)
    for line in lines:
        assert abs(float(str(line["off"]))) <= wide[str(line["group"])], line
    judged = [(line["phase"], line["name"]) for line in lines if line["allowed"]]
    for phase in england.PHASES:
        wanted = {*england.BAND_NAMES, *england.judged(phase)}
        assert {name for own, name in judged if own == phase} == wanted
    assert len(judged) == len(set(judged)) == 3 * 11 + sum(len(england.judged(p)) for p in england.PHASES)


def test_what_does_not_hold_is_named_and_ends_with_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Were England another, the check would fail: in words, in JSON and by its exit code."""
    monkeypatch.setitem(england.PRESENT["primary"], "/", 55.0)
    words = ("--pupils", "500", "--seed", "1")
    code, document = _checked(*words)
    (line,) = [each for each in _lines(document) if (each["phase"], each["name"]) == ("primary", "/")]
    assert (code, document["holds"], line["holds"]) == (1, False, False)
    done = CliRunner().invoke(app, ["demo", "--check", *words])
    assert done.exit_code == 1
    assert "Sessions by code, 2024/25, primary: / is off by -1" in done.stdout
    assert "do NOT hold" in done.stdout
    assert "[bold]" not in done.stdout


@pytest.mark.soak
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_twenty_thousand_pupils_a_phase_are_like_england(seed: int) -> None:
    """Bands within a point, over 50 % within 0.4, codes above 1 in 1,000 within a tenth of themselves."""
    code, document = _checked("--seed", str(seed))
    assert (code, document["holds"], document["pupils_per_phase"]) == (0, True, 20_000)
    for line in _lines(document):
        allowed = {check.BANDS: 0.4 if line["name"] == "over 50" else 1.0, check.CODES: 10.0}
        if line["group"] in allowed:
            assert line["allowed"] == allowed[str(line["group"])]
            assert abs(float(str(line["off"]))) <= allowed[str(line["group"])], line
