"""Ladders and cases as charts: what is printed is what the rules and the table say."""

from __future__ import annotations

from adapters.cli.show_flow import Arrow, case_moves, ladders, mermaid_words
from engine.cases import TABLE
from engine.rulebook.rulebook import Source, read_rulebook
from tests.workflows.one_ladder import AFTER, BANDS, SECOND, pack


def _ladders(text: str) -> list[Arrow]:
    return ladders(read_rulebook([Source("trust", "support.yaml", text)]))


def test_every_row_of_the_table_is_an_arrow() -> None:
    """None left out, none added; the words for machines are `from` and `to`."""
    moves = case_moves()
    assert [(a.before, a.by, a.after) for a in moves] == [(r.before, r.move, r.after) for r in TABLE]
    assert set(moves[0].document()) == {"chart", "from", "by", "to", "when", "then"}


def test_a_stage_comes_from_any_lower_one_or_only_after_one() -> None:
    """Bands begin anywhere; what comes after a stage has one way in, and says for how long."""
    text = pack(SECOND, bands=BANDS).files[0].source.text
    assert [(a.before, a.after) for a in _ladders(text)] == [
        ("no case", "1 first"),
        ("no case", "2 second"),
        ("1 first", "2 second"),
    ]
    first, second = _ladders(pack(AFTER).files[0].source.text)
    assert (second.before, second.when) == (
        "1 first",
        "The talk brought nothing, after stage 1 was done for 1 school week",
    )
    assert first.then == "talk (form_tutor, 2 school days); a review after 1 school week"


def test_what_a_rule_waits_for_stands_beside_when_it_holds() -> None:
    """Each part of its patience, in the chart and in the table of rules."""
    text = (
        pack().files[0].source.text.replace("    stage: 1\n", "    stage: 1\n    hold_for: 2 school days\n")
    )
    (first,) = _ladders(text.replace("    autonomy", "    rearm: 1 school week\n    autonomy"))
    assert first.when == "A worry, held for 2 school days, 1 school week after the last case"


def test_a_diagram_has_a_line_for_each_arrow() -> None:
    """Names that a diagram may not have are put in its quotes."""
    words = mermaid_words(case_moves())
    assert words.count(" --> ") == len(TABLE)
    assert '    cases_open["open"] -- takes back --> cases_taken_back["taken back"]' in words
