"""The YAML that rules/README.md shows is what it says it is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from engine.codes import CODE_SETS
from engine.inference.agree import Inference
from engine.measures import MEASURES
from engine.rulebook import shapes
from engine.rulebook.calendars import read_calendar
from engine.rulebook.overrides import OF_A_TASK, WHOLE_RULE
from engine.rulebook.rulebook import Source, read_rulebook
from engine.rulebook.shapes import AppliesToShape, OverrideShape, TaskOverrideShape
from engine.ruletests import Difference, read_tests, run_test

RULES = Path(__file__).parents[2] / "rules"
TEXT = (RULES / "README.md").read_text(encoding="utf-8")
NARROW = (
    "several-signs", "away-again", "notice-to-improve-broken", "needs-behind-it", "a-bad-half-term",
    "fridays", "warning-letter",
)  # fmt: skip
BLOCKS = re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)


def shown(word: str) -> str:
    """The only block that has this word."""
    (found,) = [block for block in BLOCKS if word in block]
    return str(found)


def shipped() -> list[Source]:
    """The packs that come with Firstbell."""
    return [
        Source(layer, path.name, path.read_text("utf-8"))
        for layer, folder in (("national", "england"), ("trust", "trust"))
        for path in sorted((RULES / folder).glob("*.yaml"))
    ]


def test_the_override_is_taken_over_the_shipped_packs() -> None:
    """The shown override loads without a problem and its value is in force from its day."""
    rulebook = read_rulebook([*shipped(), Source("school", "our-school.yaml", shown("near_persistent:"))])
    assert rulebook.problems == ()
    threshold = next(each for each in rulebook.thresholds if each.name == "near_persistent")
    assert [value for _, value in threshold.values] == [500, 400]


def test_the_authority_settles_what_the_state_leaves_open() -> None:
    """The shown pack loads over the shipped ones, and the trust's packs stand below it."""
    shire = Source("authority", "shire.yaml", shown("our-local-authority"))
    rulebook = read_rulebook([*shipped(), shire])
    assert rulebook.problems == ()
    threshold = next(each for each in rulebook.thresholds if each.name == "sickness_return_days")
    assert [value for _, value in threshold.values][-1] == 800


def test_the_rule_and_its_test_hold_together() -> None:
    """The shown rule with the shown test beside it loads and passes."""
    assert _differences(shown("pack: example") + BLOCKS[-1]) == [(), (), ()]


def test_stages_that_follow_each_other_are_tested_beside_them() -> None:
    """The shown ladder loads, and both of its tests pass: three weeks after the plan, and two."""
    block = shown("meanings:")
    assert _differences("pack: support\n" + block) == [(), ()]
    too_early = block.replace("done: {support: {1: 2025-10-20}}", "done: {support: {1: 2025-11-06}}")
    assert [str(each) for each in _differences("pack: support\n" + too_early)[0]] == [
        "a-panel: expected outcome propose, was hold"
    ]


def test_a_rule_that_waits_is_tested_beside_it() -> None:
    """Each way to wait is shown with its test; without its key, each test that shows the waiting fails."""
    block = "pack: waiting\n" + shown("hold_for:")
    assert _differences(block) == [()] * 6
    for number, line in (
        (0, "    hold_for: 2 school days\n"),
        (2, "    rearm: 4 school weeks\n"),
        (3, "    grace: 5 school days\n"),
        (5, "    requires:\n"),
    ):
        without = block.replace(line, "    source: somebody\n")
        if "requires" in line:
            without = "".join(part for part in without.splitlines(keepends=True) if not _required(part))
        assert _differences(without)[number] != ()


def _required(line: str) -> bool:
    return line.startswith(("      - title: three weeks", "        when: {possible"))


@pytest.mark.parametrize("rule", NARROW)
def test_every_kind_of_condition_is_tested_beside_it(rule: str) -> None:
    """What is shown of conditions loads, and its own tests pass."""
    found = _differences("pack: shown\n" + shown(f"  {rule}:\n"))
    assert found
    assert not any(found)


def _differences(text: str) -> list[tuple[Difference, ...]]:
    """What each test of a pack finds different from what it expects."""
    source = Source("trust", "example.yaml", text)
    rulebook = read_rulebook([source])
    tests, problems = read_tests(source, rulebook)
    calendar, wrong = read_calendar("c", (RULES / "calendars" / "hampshire-2025.yaml").read_text("utf-8"))
    assert calendar is not None
    assert (rulebook.problems, problems, wrong) == ((), (), ())
    return [run_test(each, rulebook, {"hampshire-2025": calendar}, Inference()) for each in tests]


def test_the_work_of_people_that_is_shown_loads() -> None:
    """Outcomes, duties and runs as the page writes them are packs without a problem."""
    rulebook = read_rulebook(
        [
            Source(
                "trust", "shown.yaml", "pack: shown\n" + "".join(map(shown, ("triage:", "duties:", "runs:")))
            )
        ]
    )
    assert rulebook.problems == ()
    assert [len(each) for each in (rulebook.triage, rulebook.duties, rulebook.runs)] == [1, 1, 1]


def test_what_a_school_says_otherwise_is_taken_over_the_shipped_packs() -> None:
    """The shown overrides load over the shipped packs, and hold."""
    own = Source("school", "our-school.yaml", shown("overrides:"))
    rulebook = read_rulebook([*shipped(), own])
    assert rulebook.problems == ()
    (task,) = rulebook.rule("absence-day-1").tasks
    assert (task.by, task.minutes) == ("head_of_year", 8)
    assert [rule.id for rule in rulebook.off] == ["improved-attendance"]


def test_every_key_of_an_override_is_told() -> None:
    """What may be said otherwise stands on the page, and so do the words of `may_change`."""
    keys = {*OverrideShape.model_fields, *TaskOverrideShape.model_fields, *WHOLE_RULE, *OF_A_TASK}
    assert [key for key in keys if f"`{key}`" not in TEXT] == []


def test_every_key_measure_and_code_set_is_told() -> None:
    """Nothing the language knows is missing from the page."""
    keys = set(shapes.RuleShape.model_fields) - {"title", "because", "autonomy", "source"}
    keys |= (set(shapes.TestShape.model_fields) | set(shapes.ExpectShape.model_fields)) - {"name"}
    missing = [word for word in (*keys, *MEASURES, *AppliesToShape.model_fields) if f"`{word}`" not in TEXT]
    assert missing == []
    assert [name for name in CODE_SETS if name not in " ".join(TEXT.split())] == []
