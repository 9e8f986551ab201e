"""The rules as a school's policy has them: in plain English, and as a picture of the ladders."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from adapters.lists import flow
from engine.rulebook.rulebook import Rulebook
from tests.acceptance.conftest import Firstbell
from tests.engine.shipped import rulebook
from tests.workflows.one_ladder import AFTER, pack

SVG = "{http://www.w3.org/2000/svg}"


def test_the_rules_in_plain_english(firstbell: Firstbell) -> None:
    """A paragraph a rule with where it stands; as JSON each sentence by itself."""
    text = firstbell("rules", "show", "--prose").out
    assert "## Ladder: rate\n\n**Stage 1: Absence is becoming a pattern.** It holds for a pupil when" in text
    assert "[near-persistent-absence, " in text
    said = firstbell("rules", "show", "--prose", "--json").document
    (task,) = [each for each in said if (each["rule"], each["about"]) == ("persistent-absence", "task")]
    assert task["text"].startswith(
        "The head of year has a task (within 5 school days, about 45 minutes): meet"
    )
    assert task["file"].endswith("rules/england/absence-bands.yaml")
    assert task["line"] > 1


def test_the_ladders_as_a_picture(firstbell: Firstbell, tmp_path: Path) -> None:
    """One SVG whose words a screen reader finds; a school's own has its name."""
    done = firstbell("rules", "flowchart", "--svg", "ladders.svg")
    assert (done.code, done.out.split(":")[0]) == (0, "ladders.svg")
    picture = ET.fromstring((tmp_path / "ladders.svg").read_bytes())  # noqa: S314 - our own
    assert (picture.tag, picture.get("role")) == (f"{SVG}svg", "img")
    assert picture.findtext(f"{SVG}title") == "What happens when"
    told = picture.findtext(f"{SVG}desc") or ""
    assert "Stage 3: Severe absence." in told
    assert "Annex C" not in told, "duties are on no ladder"
    firstbell("rules", "flowchart", "--svg", "own.svg", "--school", "S")
    assert "What happens when, at S" in (tmp_path / "own.svg").read_text(encoding="utf-8")


def test_a_picture_that_cannot_be_made_is_said(firstbell: Firstbell) -> None:
    """A folder that is not there, and what has no picture."""
    nowhere = firstbell("rules", "flowchart", "--svg", "no/where.svg")
    assert (nowhere.code, "no/where.svg: cannot be written: No such file" in nowhere.err) == (2, True)
    assert "use --mermaid" in firstbell("rules", "flowchart", "--svg", "cases.svg", "--cases").err


def drawn_of(rules: Rulebook, monkeypatch: pytest.MonkeyPatch) -> Any:  # noqa: ANN401 - as JSON has it
    """What would stand on the picture, column by column."""
    asked: list[Any] = []

    def drawn(_template: str, said: Any) -> bytes:  # noqa: ANN401
        asked.append(said)
        return b"<svg></svg>"

    monkeypatch.setattr(flow, "drawn", drawn)
    assert flow.flow_svg(rules, "T").startswith(b'<svg role="img"><title>T</title><desc>')
    return asked[0]["columns"]


def test_each_stage_shows_what_must_hold_who_does_what_and_the_way_to_the_next(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A stage that comes only after another says so; every rule stands on the picture once."""
    (column,) = drawn_of(pack(AFTER).for_school("S"), monkeypatch)
    first, second = next(ladder["stages"] for ladder in column if ladder["title"] == "Support")
    assert (first["rises"], second["rises"]) == ("", "only once stage 1 was done for 1 school week")
    assert first["when"] == [
        "the number of possible sessions in the school year to date is at least 20",
        "absence in the school year to date is at least 8 percent",
    ]
    assert first["tasks"] == [{"who": "form tutor", "due": "within 2 school days", "what": "talk"}]
    assert (first["family"], first["review"]) == (
        "nothing is sent",
        "a person looks 1 school week later whether it helped",
    )
    columns = drawn_of(rulebook(), monkeypatch)
    titles = [stage["title"] for column in columns for ladder in column for stage in ladder["stages"]]
    assert sorted(map(str, titles)) == sorted(rule.title for rule in rulebook().rules)
    assert len(columns) == 2
