"""Two engines, one answer: equal facts once, and no answer at all where they differ."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.inference import agree, reference
from engine.inference import durable as durable_rules
from engine.inference.agree import Disagreement, Inference
from engine.inference.durable import WHY_NOT, DurableInference, available
from engine.inference.facts import HAS_LEFT, Answer, Candidate, Facts, Voice
from engine.inference.parts import apart
from engine.reasons import Circumstance, Result

DAY_1 = Candidate("day-1", "absence", 1, Result.MATCHED, "send", message=10)
PLAIN = Facts(candidates=(DAY_1,))
MEDICAL = Facts(circumstances=(Circumstance.MEDICAL,), candidates=(DAY_1,))


def form(facts: Facts) -> Facts:
    """The form of facts that are one part."""
    [part] = apart(facts)
    return part.form


def careless(facts: Facts) -> tuple[Answer, ...]:
    """An engine that forgets the circumstances."""
    return reference.infer(replace(facts, circumstances=()))


@pytest.mark.skipif(not available(), reason=WHY_NOT)
def test_both_decide_here(durable: DurableInference) -> None:
    """Where durable-rules can be imported both engines run, and there is nothing to say about it."""
    here = Inference.here()
    assert here.durable is not None
    assert here.sole == ""
    [[plain], [medical]] = here.infer_all([("pupil A1", PLAIN), ("pupil B2", MEDICAL)])
    assert (plain.voice, medical.voice) == (Voice.GO, Voice.ASK)
    assert (plain,) == durable.infer(PLAIN)


def test_equal_facts_are_inferred_once() -> None:
    """Each set of facts meets the reference once, and each form of their parts durable-rules; in order."""
    seen: list[tuple[str, Facts]] = []

    def noting(name: str, facts: Facts) -> tuple[Answer, ...]:
        seen.append((name, facts))
        return reference.infer(facts)

    both = Inference(lambda facts: noting("reference", facts), lambda facts: noting("durable", facts))
    answers = both.infer_all([("A1", PLAIN), ("B2", MEDICAL), ("C3", Facts(candidates=(DAY_1,)))])
    assert answers == [reference.infer(PLAIN), reference.infer(MEDICAL), reference.infer(PLAIN)]
    alike = replace(PLAIN, candidates=(replace(DAY_1, rule="day-5", stage=5, message=50),))
    assert both.infer_all([("D4", alike)]) == [reference.infer(alike)]
    assert [facts for name, facts in seen if name == "reference"] == [PLAIN, MEDICAL, alike]
    assert [facts for name, facts in seen if name == "durable"] == [form(PLAIN), form(MEDICAL)]


def test_what_was_agreed_is_remembered_for_the_next_school(monkeypatch: pytest.MonkeyPatch) -> None:
    """A later call asks neither engine again; the memory is bounded, and forgetting changes no answer."""
    seen: list[Facts] = []

    def noting(facts: Facts) -> tuple[Answer, ...]:
        seen.append(facts)
        return reference.infer(facts)

    one = Inference(noting, noting)
    monkeypatch.setattr(agree, "REMEMBERED", 2)
    other = replace(PLAIN, spoken=HAS_LEFT)
    for asked in ([PLAIN, MEDICAL], [MEDICAL, PLAIN], [other], [PLAIN]):
        assert one.infer_all([("A1", facts) for facts in asked]) == [
            reference.infer(facts) for facts in asked
        ]
    assert seen == [each for facts in (PLAIN, MEDICAL, other, PLAIN) for each in (facts, form(facts))]
    assert Inference(careless).infer_all([("A1", MEDICAL)]) == [careless(MEDICAL)], "each has its own memory"


def test_what_was_answered_by_all_that_is_known_is_bounded_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each set of rules has its own memory; all of them are forgotten when they are full."""
    one = Inference()
    monkeypatch.setattr(agree, "REMEMBERED", 4)
    one.answered("secondary")["a pupil"] = reference.infer(PLAIN)
    assert one.answered("secondary") == {"a pupil": reference.infer(PLAIN)}
    one.answered("primary")["a pupil"] = reference.infer(MEDICAL)
    assert (one.answered("secondary"), one.answered("primary")) == ({}, {})


def test_rules_by_which_nobody_was_judged_are_forgotten_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """A memory with nothing in it takes its room: who asks for many rules on trial does not grow for ever."""
    one = Inference()
    monkeypatch.setattr(agree, "REMEMBERED", 4)
    kept = [one.answered(number) for number in range(5)]
    assert one.answered(0) is not kept[0]
    assert one.answered(4) is kept[4]


@pytest.mark.parametrize("wrong", ["reference", "durable"])
def test_a_disagreement_stops_everything(wrong: str) -> None:
    """Whichever engine errs: no answers, and a message with the subject, both answers and what to do."""
    engines = {"reference": reference.infer, "durable": reference.infer, wrong: careless}
    with pytest.raises(Disagreement) as caught:
        Inference(**engines).infer_all([("pupil A1", PLAIN), ("pupil B2", MEDICAL), ("pupil C3", MEDICAL)])
    message = str(caught.value)
    assert "disagree on pupil B2" in message
    assert "pupil A1" not in message
    right = "day-1: propose (medical), message: ask"
    careful = {"reference": "durable-rules: ", "durable": "reference:     "}[wrong]
    assert careful + right in message
    assert "day-1: act (rule_holds), message: go" in message
    assert "Nothing was written. Report this text" in message


def test_a_lost_answer_is_a_disagreement() -> None:
    """An engine that says nothing of a rule differs from one that does."""
    with pytest.raises(Disagreement, match=r"durable-rules: no answer\n  reference:     day-1: act"):
        Inference(durable=lambda _: ()).infer_all([("pupil A1", PLAIN)])


def test_the_reference_alone_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without durable-rules the reference decides, and every run can print why."""
    monkeypatch.setattr(durable_rules, "WHY_NOT", "durable-rules cannot be imported here: so it is.")
    alone = Inference.here()
    assert alone.durable is None
    assert alone.sole == "durable-rules cannot be imported here: so it is."
    assert alone.infer_all([("pupil A1", MEDICAL)]) == [reference.infer(MEDICAL)]
