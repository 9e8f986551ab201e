"""Every benchmark runs, at the size of a toy: two schools, ninety pupils."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from benchmarks import asked, peers, places, sends, shell, stores, ticks, trust, words, year
from benchmarks.__main__ import PARTS, main, measured
from benchmarks.apart import Cost, Failed, apart, command
from benchmarks.figure import Figure

TOY = trust.Size(secondaries=1, in_secondary=60, primaries=1, in_primary=30)
ASKING = ("imports", "mornings", "nights", "peers", "places", "rules", "sends", "ticks", "words", "year")


@pytest.fixture
def toy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> places.Places:
    """A toy trust; what would be measured in a process of its own is called in this one, once."""

    def here(what: Callable[..., object], *given: object) -> Cost:
        return Cost(0.1, 0.1, 1.0, json.dumps(what(*map(str, given))))

    for module in ASKING:
        monkeypatch.setattr(import_module(f"benchmarks.{module}"), "apart", here)
    monkeypatch.setattr(peers, "TRIES", 1)
    monkeypatch.setattr(shell, "TRIES", 1)
    monkeypatch.setattr(ticks, "TICKS", 3)
    monkeypatch.setattr(year, "DAYS", 4)
    monkeypatch.setattr(sends, "PUPILS", 3)
    monkeypatch.setattr(sends, "why_not", lambda: "a toy")
    for counted in ("TEXTS", "EMAILS", "LETTERS", "SINGLY"):
        monkeypatch.setattr(words, counted, 2)
    return places.Places(tmp_path, TOY)


def test_every_part_measures_something(toy: places.Places) -> None:
    """Each part yields figures, under a title, and measures what it says it does."""
    found = measured([part for part in PARTS if part != "peers"], toy)
    names = [figure.name for _, figures in found for figure in figures]
    assert len(found) == len(PARTS) - 1
    assert len(set(names)) > 8
    assert all(figure.measured > 0 for _, figures in found for figure in figures)
    assert "a year of one school, 22,746 rows" in names
    beside = {figure.name: figure.note for _, figures in found for figure in figures}
    assert beside["the median tick"].startswith("3 of ")
    assert beside["pupil-days"].startswith("4 days of 30 pupils; ")


def test_peers_answer_as_firstbell_does(toy: places.Places) -> None:
    """Polars and duckdb, from their own reading of the tables, tell the same numbers of every pupil."""
    if not all(map(find_spec, (*peers.PEERS, peers.DRIVER, "pyarrow"))):
        pytest.skip("polars and duckdb are not installed: make bench installs them")
    ratios = [figure for figure in peers.measure(toy) if figure.at_least]
    assert len(ratios) == len(peers.QUESTIONS)


def test_answers_that_differ_are_found(tmp_path: Path) -> None:
    """One number of one pupil is enough, and it is named."""
    rows = np.arange(5)
    asked.keep(tmp_path / "one", {"absent": rows})
    asked.keep(tmp_path / "other", {"absent": np.where(rows == 3, 9, rows)})
    assert asked.differing(str(tmp_path / "one"), str(tmp_path / "one")) == []
    assert asked.differing(str(tmp_path / "one"), str(tmp_path / "other")) == [
        "absent: 1 differ, row 3: 3, 9"
    ]


def test_a_process_apart_is_measured_and_a_failing_one_is_no_figure(tmp_path: Path) -> None:
    """What it returned comes back with its cost; one that fails says why."""
    one = tmp_path / "one"
    asked.keep(one, {"absent": np.arange(5)})
    cost = apart(asked.differing, one, one)
    assert cost.said == []
    assert cost.peak_mb > 5
    assert cost.seconds > 0
    with pytest.raises(Failed, match="no such file"):
        command("sh", "-c", "echo no such file >&2; exit 3")


@pytest.mark.parametrize(
    ("measured_", "at_least", "held"), [(4.9, False, True), (5.1, False, False), (5.1, True, True)]
)
def test_a_bar_holds_or_does_not(measured_: float, at_least: bool, held: bool) -> None:  # noqa: FBT001
    """At most the bar, or at least where that is asked; without one nothing is said."""
    figure = Figure("a night", measured_, bar=5, at_least=at_least)
    assert figure.held is held
    assert ("NOT HELD" in figure.cells()) is not held
    assert Figure("a night", measured_).held is None


def test_the_trust_is_the_same_each_time_and_looks_like_one() -> None:
    """A number gives the same school; some six of a hundred sessions are absent, some reasons unknown."""
    one, again = trust.school_of(0, TOY), trust.school_of(0, TOY)
    assert (one.codes == again.codes).all()
    assert trust.Size().pupils == 40_000
    assert trust.Size().schools == 57
    last = trust.session_of(stores.TUESDAY, "PM")
    known = one.known(last)
    absent = np.isin(known, [b"I", b"M", b"O", b"G", b"N", b"U", b"C", b"E"]).sum() / (known != b"").sum()
    assert 0.04 < absent < 0.1
    assert (known[:, : last + 1] == b"N").any()
    assert (known[:, last + 1 :] == b"").all()


def test_a_part_that_is_none_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    """A misspelt part measures nothing."""
    with pytest.raises(SystemExit, match="2"):
        main(["night"])
    assert "there is no part 'night'; parts: imports, nights" in capsys.readouterr().err
