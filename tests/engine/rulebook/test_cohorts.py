"""Groups of pupils as packs say them: what stands, and what is said of a slip."""

from __future__ import annotations

import pytest

from engine.rulebook.rulebook import Rulebook, Source, read_rulebook
from tests.engine import shipped

TRUST = """
pack: trust
cohorts:
  years: {title: Year group, by: year_group}
  needs:
    title: Needs
    by: sen
    groups: {a plan: E, none: [N, ""]}
"""


def read(*texts: str) -> Rulebook:
    """The packs as trust, then school."""
    layers = ("trust", "school")
    return read_rulebook(
        [Source(layer, f"{layer}.yaml", text) for layer, text in zip(layers, texts, strict=False)]
    )


def test_what_a_pack_says_stands_and_a_school_adds() -> None:
    """In the order of the files; a value in no group stands with the others, none is not recorded."""
    book = read(TRUST, "pack: own\ncohorts: {sex: {title: Sex, by: sex}}")
    assert book.problems == ()
    years, needs, sex = book.cohorts
    assert years.cells({"10", "R", "N2", "9"}) == ("N2", "R", "9", "10")
    assert needs.cells({"E", "K", ""}) == ("a plan", "none", "all others")
    assert needs.cells({"E"}) == ("a plan", "none")
    assert (sex.cell("F"), sex.cell("")) == ("F", "not recorded")


@pytest.mark.parametrize(
    ("own", "said"),
    [
        (
            "meals: {title: Meals, by: meals}",
            "school.yaml:3:25: by: 'meals' is not one of: year_group, sex, fsm",
        ),
        (
            "ages: {title: Ages, by: year_group}",
            "the cohort 'years', by year_group, stands already in trust.yaml:4",
        ),
        ("needs: {title: Needs, by: eal}", "the cohort 'needs', by sen, stands already in trust.yaml:5"),
        ("sex: {title: Sex, by: sex, groups: {one: F, two: [M, F]}}", "'F' stands in two groups"),
        ("sex: {title: Sex, by: sex, groups: {all others: F}}", "'all others' is not for a pack to name"),
    ],
)
def test_a_slip_is_named_and_left_out(own: str, said: str) -> None:
    """Two tables by one thing would tell what is left out of either; the others stand."""
    book = read(TRUST, f"pack: own\ncohorts:\n  {own}")
    (problem,) = book.problems
    assert said in str(problem)
    assert [each.name for each in book.cohorts] == ["years", "needs"]


def test_the_shipped_groups_split_by_different_things() -> None:
    """Free meals and needs are among them, and the smallest group told has its number."""
    book = shipped.rulebook()
    assert {"fsm", "sen", "eal", "year_group", "looked_after"} <= {each.by for each in book.cohorts}
    assert "smallest_cohort" in {each.name for each in book.thresholds}
