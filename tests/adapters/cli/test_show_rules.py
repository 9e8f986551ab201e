"""The rulebook in force as people and programs read it."""

from __future__ import annotations

import json
from datetime import date

import pytest

from adapters.cli.show_rules import rules_document, show_rules
from engine.rulebook.rulebook import Source, read_rulebook

TODAY = date(2025, 11, 10)
PACK = """pack: ours
code_sets:
  away with the family:
    title: Holiday in term time, with leave or without
    codes: [G, C]
    source: our attendance policy, section 4
"""


def test_code_sets_are_shown_with_where_they_stand(capsys: pytest.CaptureFixture[str]) -> None:
    """Name, title, codes, file and line, and where it is written; no table where there is none."""
    book = read_rulebook([Source("trust", "ours.yaml", PACK)])
    assert book.problems == ()
    (told,) = json.loads(json.dumps(rules_document(book, TODAY)))["code_sets"]
    assert told == {
        "name": "away with the family",
        "title": "Holiday in term time, with leave or without",
        "codes": ["C", "G"],
        "place": "ours.yaml:3",
        "source": "our attendance policy, section 4",
    }
    show_rules(book, TODAY)
    shown = capsys.readouterr().out
    assert "C G" in shown
    assert "codes under a name" in shown
    show_rules(read_rulebook([]), TODAY)
    assert "codes under a name" not in capsys.readouterr().out
