"""durable-rules decides as the reference does, leaves nothing behind and hides no failure."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.inference import durable as durable_rules
from engine.inference import reference
from engine.inference.durable import WHY_NOT, DurableError, DurableInference, available
from engine.inference.facts import Candidate, Facts, Stand
from engine.inference.ruleset import RULES
from engine.reasons import Circumstance, Outcome, Result

pytestmark = pytest.mark.skipif(not available(), reason=WHY_NOT)

ONE = Facts(candidates=(Candidate("a", "absence", 1, Result.MATCHED, "send", message=1),))


@settings(max_examples=1_000, deadline=None, database=None, derandomize=True)
@given(st.randoms(use_true_random=False))
def test_agrees(durable: DurableInference, at_random: Callable[[Random], Facts], random: Random) -> None:
    """A thousand generated sets of facts, the same answers; a difference is shrunk to its core."""
    facts = at_random(random)
    assert durable.infer(facts) == reference.infer(facts)


@pytest.mark.soak
def test_agrees_at_length(durable: DurableInference, sample: Callable[[int, int], list[Facts]]) -> None:
    """A hundred thousand sets of facts, the same answers."""
    for seed in range(100):
        for facts in sample(seed, 1_000):
            assert durable.infer(facts) == reference.infer(facts)


def test_many_facts_at_once(durable: DurableInference) -> None:
    """Far more facts than a pupil ever has: the library's pools grow, and nothing is lost."""
    rules = [f"rule-{number}" for number in range(40)]
    candidates = tuple(
        Candidate(rule, f"ladder-{n % 9}", n * 7 % 4, Result.MATCHED, "send", message=n * 11 % 10)
        for n, rule in enumerate(rules)
    )
    stands = tuple(Stand(f"ladder-{number}", 2) for number in range(1, 5))
    facts = Facts(tuple(Circumstance), stands, tuple(rules[:9]), tuple(rules[5:12]), candidates=candidates)
    assert durable.infer(facts) == reference.infer(facts)


def test_names_are_only_names(durable: DurableInference) -> None:
    """Names that hash alike (32-bit FNV-1a), begin alike or hold quotes stay apart and in order."""
    names = ("costarring", "liquid", "a", "ab", "a!", 'a"', "a\\", "é", "ée", "{'a': 1}", "1", "01")
    waits = dict(zip(names, reversed(names), strict=True))
    candidates = tuple(
        Candidate(name, f"on {name}", 1, Result.MATCHED, "send", waits[name], message=1) for name in names
    )
    stands = tuple(Stand(f"on {name}", 1, owed=True) for name in names)
    for name in names:
        facts = Facts(stands=stands, open_rules=(name,), candidates=candidates)
        assert durable.infer(facts) == reference.infer(facts)


def test_ids_never_hash_alike() -> None:
    """durable-rules takes two facts for one where their ids share a 32-bit FNV-1a hash: ours never do."""

    def fnv1a(text: str) -> int:
        value = 2166136261
        for byte in text.encode():
            value = (value ^ byte) * 16777619 % 2**32
        return value

    ids = ["sid-0", *(str(number) for number in range(1, 20_001))]
    assert len({fnv1a(text) for text in ids}) == len(ids)


def test_no_thread_is_left() -> None:
    """A host of ours starts no thread; the library's own starts two that never end."""
    before = threading.active_count()
    DurableInference().infer(ONE)
    assert threading.active_count() == before


def test_nothing_grows(durable: DurableInference, sample: Callable[[int, int], list[Facts]]) -> None:
    """Three thousand subjects leave no state behind and no memory in use."""
    status = Path("/proc/self/statm")
    if not status.exists():
        pytest.skip("resident memory is read from /proc, which this system does not have")
    pages = []
    for _ in range(7):
        for facts in sample(5, 500):
            durable.infer(facts)
        gc.collect()  # a command line test before this one may have put that off
        pages.append(int(status.read_text().split()[1]))
    assert pages[-1] - pages[0] < 512
    with pytest.raises(Exception, match=r"error code: 309$"):  # no such state
        durable._host.get_facts("firstbell")


class Refusing(list[Any]):
    """A list that takes nothing."""

    def append(self, item: object) -> None:
        """Fails, as an action might."""
        raise ValueError(f"no room for {item}")


def test_exception_in_an_action_surfaces(durable: DurableInference, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the library swallows comes out as an error that says where, and the next subject is unharmed."""
    with monkeypatch.context() as patch:
        patch.setattr(durable, "_said", Refusing())
        with pytest.raises(DurableError, match=r"failed in phase 'settle'.*no room for"):
            durable.infer(ONE)
    assert durable.infer(ONE) == reference.infer(ONE)


def test_sleep_in_an_action_surfaces(durable: DurableInference, monkeypatch: pytest.MonkeyPatch) -> None:
    """Actions dropped because the clock jumped would lose objections: that is an error, not an answer."""
    seconds = iter(range(0, 10_000, 11))
    with monkeypatch.context() as patch:
        patch.setattr("durable.engine._unix_now", lambda: next(seconds))
        with pytest.raises(DurableError, match=r"gave up in phase 'settle'.*asleep"):
            durable.infer(ONE)
    assert durable.infer(ONE) == reference.infer(ONE)


@pytest.mark.parametrize("kind", ["never heard of", "circumstance"])
def test_refused_fact_surfaces(durable: DurableInference, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    """A fact that no rule knows, or whose id another has (content does not count), is an error."""

    def told(*_: object) -> Iterator[dict[str, object]]:
        yield {"kind": "spoken", "message": 1}
        durable._told -= kind == "circumstance"
        yield {"kind": kind, "reason": "hold"}

    with monkeypatch.context() as patch:
        patch.setattr(durable_rules, "_as_told", told)
        with pytest.raises(DurableError, match=f"refused a fact of ours.*{kind}"):
            durable.infer(ONE)
    assert durable.infer(ONE) == reference.infer(ONE)


def test_two_outcomes_are_none() -> None:
    """A rule too many, which gives a second outcome, is caught."""
    act = RULES["nothing in the way"]
    doubled = DurableInference({**RULES, "and yet": replace(act, says={**act.says, "outcome": Outcome.HOLD})})
    with pytest.raises(DurableError, match=r"rule 'a' the outcomes \[act, hold\] and the voices \[go\]"):
        doubled.infer(ONE)


def test_no_voice_is_none() -> None:
    """A rule too few that leaves a message without a voice is caught."""
    mute = DurableInference({name: rule for name, rule in RULES.items() if name != "leaves by itself"})
    with pytest.raises(DurableError, match=r"rule 'a' the outcomes \[act\] and the voices \[\]"):
        mute.infer(ONE)
