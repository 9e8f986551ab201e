"""The generic rules: safe in form, none of them idle, none tied to an order."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from engine.inference import reference
from engine.inference.agree import Disagreement, Inference
from engine.inference.durable import WHY_NOT, DurableError, DurableInference, available
from engine.inference.facts import Facts
from engine.inference.ruleset import RULES

needs_durable = pytest.mark.skipif(not available(), reason=WHY_NOT)


@pytest.mark.parametrize("name", RULES)
def test_form_is_safe(name: str) -> None:
    """Every rule begins with `go`; every other condition ends with the one comparison that cannot fail."""
    conditions: Any = RULES[name].definition()["all"]
    assert list(conditions[0]) == ["go"]
    for condition in conditions[1:]:
        [body] = condition.values()
        assert body["$and"][-1] == {"subject": {"go": "subject"}}


def test_no_rule_names_a_rule_of_a_pack() -> None:
    """The rules speak of kinds of facts only: whatever is compared with `rule` is another fact."""
    text = json.dumps([rule.definition() for rule in RULES.values()])
    assert text.count('"rule": ') == text.count('"rule": {"')


def without(name: str) -> Inference:
    """Both engines, durable-rules without the rule of this name."""
    crippled = DurableInference({other: rule for other, rule in RULES.items() if other != name})
    return Inference(durable=crippled.infer)


@needs_durable
@pytest.mark.parametrize("name", RULES)
def test_every_rule_is_needed(name: str, sample: Callable[[int, int], list[Facts]]) -> None:
    """Without any one of the rules, random facts show it: the agreement tests would catch its loss."""
    with pytest.raises((DurableError, Disagreement)):
        without(name).infer_all(("someone", facts) for facts in sample(2, 400))


@needs_durable
def test_order_of_rules_does_not_matter(sample: Callable[[int, int], list[Facts]]) -> None:
    """Defined the other way round, and so fired in another order, the rules say the same."""
    backwards = DurableInference(dict(reversed(RULES.items())))
    for facts in sample(3, 300):
        assert backwards.infer(facts) == reference.infer(facts)
