"""What inference means, line by line; both engines must give the same words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from engine.inference import reference
from engine.inference.durable import DurableInference
from engine.inference.facts import HAS_LEFT, Answer, Candidate, Facts, Stand
from engine.reasons import Circumstance, Result

HOLD = (Circumstance.HOLD,)


def rule(
    name: str,
    stage: int = 1,
    *,
    ladder: str = "absence",
    unknown: bool = False,
    by: str = "send",
    waits: str = "",
    message: int = 0,
) -> Candidate:
    """A candidate that holds, on the ladder `absence`, and may send; `by` is its autonomy."""
    return Candidate(name, ladder, stage, Result.UNKNOWN if unknown else Result.MATCHED, by, waits, message)


def facts(*candidates: Candidate, **more: object) -> Facts:
    """The facts of one subject."""
    return Facts(candidates=candidates, **more)  # type: ignore[arg-type]


SENDS = rule("a", message=5)

TABLE = [
    (
        "missing marks come before everything: the rule may not hold at all",
        facts(rule("a", unknown=True, by="propose", message=5), blown=("a",), circumstances=HOLD),
        ["a: unknown (marks_missing), message: none"],
    ),
    (
        "a blown fuse holds its rule, whatever else would suppress it, and no other",
        facts(rule("a"), rule("b", 2), rule("c", ladder="rate"), blown=("a",)),
        [
            "a: hold (fuse), message: none",
            "b: act (rule_holds), message: none",
            "c: act (rule_holds), message: none",
        ],
    ),
    (
        "the highest stage that holds is the one that matters, also where its fuse is blown",
        facts(rule("a", 1), rule("b", 2), rule("c", 3), blown=("c",)),
        [
            "a: suppress (higher_stage_holds), message: none",
            "b: suppress (higher_stage_holds), message: none",
            "c: hold (fuse), message: none",
        ],
    ),
    (
        "a higher stage that only may hold suppresses nothing",
        facts(rule("a"), rule("b", 2, unknown=True)),
        ["a: act (rule_holds), message: none", "b: unknown (marks_missing), message: none"],
    ),
    (
        "ladders and equal stages do not stand in each other's way",
        facts(rule("a"), rule("b"), rule("c", 2, ladder="rate"), rule("d", 2, ladder="abroad")),
        [f"{name}: act (rule_holds), message: none" for name in "abcd"],
    ),
    (
        "a case that has acted higher stays there, even where it owes a message",
        facts(SENDS, stands=(Stand("absence", 2, owed=True),)),
        ["a: suppress (higher_stage_acted), message: none"],
    ),
    (
        "a stage acts once in a case",
        facts(SENDS, stands=(Stand("absence", 1),)),
        ["a: suppress (already_acted), message: none"],
    ),
    (
        "a stage whose message was put off comes again with it",
        facts(SENDS, stands=(Stand("absence", 1, owed=True),)),
        ["a: act (rule_holds), message: go"],
    ),
    (
        "a rule without a message owes none",
        facts(rule("a"), stands=(Stand("absence", 1, owed=True),)),
        ["a: suppress (already_acted), message: none"],
    ),
    (
        "a case lower down, or on another ladder, is no hindrance",
        facts(rule("a", 2), stands=(Stand("abroad", 3), Stand("absence", 1), Stand("rate", 3))),
        ["a: act (rule_holds), message: none"],
    ),
    (
        "while the first contact is open the next one waits, though its case has acted",
        facts(rule("b", waits="a"), rule("a", ladder="call"), open_rules=("a",), stands=(Stand("call", 1),)),
        ["a: suppress (already_acted), message: none", "b: hold (first_contact_open), message: none"],
    ),
    (
        "a first contact that is about to be made is waited for, even if a fuse holds it back",
        facts(rule("b", waits="a", by="propose"), rule("a", ladder="call"), blown=("a",)),
        ["a: hold (fuse), message: none", "b: hold (first_contact_open), message: none"],
    ),
    (
        "a first contact that was made and closed is not waited for",
        facts(rule("b", waits="a"), rule("a", ladder="call"), stands=(Stand("call", 1),)),
        ["a: suppress (already_acted), message: none", "b: act (rule_holds), message: none"],
    ),
    (
        "a first contact whose case has gone further is not waited for either",
        facts(rule("b", waits="a"), rule("a", ladder="call"), stands=(Stand("call", 2),)),
        ["a: suppress (higher_stage_acted), message: none", "b: act (rule_holds), message: none"],
    ),
    (
        "a case that has come less far, or another case, does not stand for the first contact",
        facts(
            rule("b", 2, waits="a"),
            rule("a", 2, ladder="call"),
            stands=(Stand("absence", 1), Stand("bell", 2), Stand("call", 1), Stand("rate", 2)),
        ),
        ["a: act (rule_holds), message: none", "b: hold (first_contact_open), message: none"],
    ),
    (
        "nobody waits for what only may hold, is open elsewhere or is not there",
        facts(
            rule("a", ladder="call", unknown=True),
            rule("b", waits="a"),
            rule("c", waits="x"),
            open_rules=("b",),
        ),
        [
            "a: unknown (marks_missing), message: none",
            "b: act (rule_holds), message: none",
            "c: act (rule_holds), message: none",
        ],
    ),
    (
        "a rule that proposes is for a person, and the circumstances stand beside it",
        facts(rule("a", by="propose", message=5), circumstances=(Circumstance.MEDICAL, Circumstance.HOLD)),
        ["a: propose (person_decides, hold, medical), message: ask"],
    ),
    (
        "any circumstance puts a person before the family, also where the rule may send",
        facts(SENDS, circumstances=(Circumstance.LOOKED_AFTER, Circumstance.SOCIAL_WORKER)),
        ["a: propose (social_worker, looked_after), message: ask"],
    ),
    (
        "a circumstance does not wake what is done already",
        facts(SENDS, circumstances=HOLD, stands=(Stand("absence", 1),)),
        ["a: suppress (already_acted), message: none"],
    ),
    ("a rule that sends, sends", facts(SENDS), ["a: act (rule_holds), message: go"]),
    (
        "a rule that asks, asks",
        facts(rule("a", by="approve", message=5)),
        ["a: act (rule_holds), message: ask"],
    ),
    (
        "one message per pupil and day: after it, messages wait and the work goes on",
        facts(
            SENDS,
            rule("b", ladder="rate", by="propose", message=9),
            rule("c", ladder="call"),
            spoken=HAS_LEFT,
        ),
        [
            "a: act (rule_holds, message_today), message: later",
            "b: propose (person_decides, message_today), message: later",
            "c: act (rule_holds), message: none",
        ],
    ),
    (
        "while today's message waits, a higher one goes before it, one like it does not",
        replace(facts(SENDS, rule("b", ladder="rate", by="propose", message=9)), spoken=8),
        ["a: act (rule_holds, message_today), message: later", "b: propose (person_decides), message: ask"],
    ),
    (
        "as much as today's message is not more than it",
        replace(facts(SENDS), spoken=SENDS.message),
        ["a: act (rule_holds, message_today), message: later"],
    ),
    (
        "of two messages the higher goes, even where it has to be approved",
        facts(SENDS, rule("b", ladder="rate", by="propose", message=9)),
        ["a: act (rule_holds, message_today), message: later", "b: propose (person_decides), message: ask"],
    ),
    (
        "of equal messages the first rule by name goes",
        facts(rule("b", ladder="rate", message=5), SENDS),
        ["a: act (rule_holds), message: go", "b: act (rule_holds, message_today), message: later"],
    ),
    (
        "a higher message that is held back silences nobody",
        facts(
            SENDS,
            rule("b", ladder="rate", message=9),
            rule("c", ladder="call", message=9, unknown=True),
            blown=("b",),
        ),
        [
            "a: act (rule_holds), message: go",
            "b: hold (fuse), message: none",
            "c: unknown (marks_missing), message: none",
        ],
    ),
    ("nothing matched, nothing follows", facts(circumstances=HOLD, open_rules=("a",)), []),
]


@pytest.fixture(params=["reference", "durable"])
def infer(request: pytest.FixtureRequest) -> Callable[[Facts], tuple[Answer, ...]]:
    """Each engine in turn."""
    if request.param == "reference":
        return reference.infer
    engine: DurableInference = request.getfixturevalue("durable")
    return engine.infer


@pytest.mark.parametrize(("given", "expected"), [pytest.param(f, e, id=remark) for remark, f, e in TABLE])
def test_meaning(infer: Callable[[Facts], tuple[Answer, ...]], given: Facts, expected: list[str]) -> None:
    """Each line of the meaning, in words, from both engines."""
    assert [str(answer) for answer in infer(given)] == expected
