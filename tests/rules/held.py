"""What every pack that is tried alone over the shipped ones must do with its own tests."""

from __future__ import annotations

from engine.inference.agree import Inference
from engine.rulebook.rulebook import Rulebook, Source
from engine.ruletests import RuleTest, read_tests, run_test
from tests.engine import shipped


def each_holds(source: Source, rulebook: Rulebook) -> tuple[RuleTest, ...]:
    """The tests of a pack: each holds by durable-rules and its reference, and each of its rules has one."""
    tests, _ = read_tests(source, rulebook)
    inference = Inference.here()
    failed = {
        f"{source.file}:{test.line} {test.name}": list(map(str, differences))
        for test in tests
        if (differences := run_test(test, rulebook, shipped.calendars(), inference))
    }
    assert failed == {}
    own = {rule.id for rule in rulebook.rules if rule.place.file == source.file}
    assert own <= {rule for test in tests for rule in test.rules}
    return tests
