"""The tests that stand in the rule packs, one pytest item each."""

from __future__ import annotations

import pytest

from engine.inference.agree import Inference
from engine.ruletests import RuleTest, read_tests, run_test
from tests.engine import shipped


def _tests() -> list[RuleTest]:
    return [test for pack in shipped.packs() for test in read_tests(pack, shipped.rulebook())[0]]


@pytest.fixture(scope="module")
def inference() -> Inference:
    """Both engines, made once: what a run infers with."""
    return Inference.here()


@pytest.mark.parametrize("rule_test", _tests(), ids=lambda test: f"{test.file}: {test.name}")
def test_a_pack_says_what_its_tests_expect(rule_test: RuleTest, inference: Inference) -> None:
    """Each test of a pack passes; a failing one names its file, line and difference."""
    differences = run_test(rule_test, shipped.rulebook(), shipped.calendars(), inference)
    if differences:
        where = f"{rule_test.file}:{rule_test.line} {rule_test.name}"
        pytest.fail("\n".join(f"{where}: {difference}" for difference in differences), pytrace=False)


def test_every_pack_is_read_without_a_problem() -> None:
    """Nothing in a shipped pack, or in its tests, is left out for a mistake."""
    problems = [*shipped.rulebook().problems]
    for pack in shipped.packs():
        problems += read_tests(pack, shipped.rulebook())[1]
    assert not list(map(str, problems))
