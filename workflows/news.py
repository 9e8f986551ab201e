"""What of a run's decisions is news for the ledger: all that does not say what was recorded last.

A decision is known again by a digest: its ground (the first half), then outcome and reasons, no numbers.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from functools import lru_cache

from engine.decide import Decided
from engine.reasons import Outcome, Reason
from engine.rulebook.model import Episode, Rule

WITHDRAWN = "withdrawn"
"""Stands in the place of a digest: whatever is decided next is news."""
NO_CASE = ""
"""The ground of what stands until it is cleared and has no case yet."""
_HALF = 16


def news(ground: str, outcome: Outcome, reasons: tuple[Reason, ...], before: str) -> str:
    """The digest of a decision where it does not say what the last one recorded (`before`) says; else empty.

    That this was acted on already is no news on the same ground.
    """
    digest = _digest(ground, outcome, reasons)
    acted_already = reasons == (Reason.ALREADY_ACTED,) and before[:_HALF] == digest[:_HALF]
    return "" if digest == before or acted_already else digest


def wait_no_more(
    decided: Decided, recorded: Mapping[tuple[str, str], str], rules: Iterable[Rule]
) -> dict[tuple[str, str], str]:
    """Who waited without a case by a rule that stands until it is cleared, and of whom it holds no more.

    What is recorded of them speaks of a wait that is over: the next one is news.
    """
    until_cleared = {rule.id for rule in rules if rule.episode is Episode.UNTIL_CLEARED}
    still = {(each.subject, each.rule.id) for each in decided.decisions if each.rule.id in until_cleared}
    without_case = _half(NO_CASE)
    return {
        key: WITHDRAWN
        for key, digest in recorded.items()
        if key[1] in until_cleared and key not in still and digest.startswith(without_case)
    }


@lru_cache(maxsize=10_000)
def _digest(ground: str, outcome: Outcome, reasons: tuple[Reason, ...]) -> str:
    return _half(ground) + _half([outcome.value, [reason.value for reason in reasons]])


def _half(said: object) -> str:
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:_HALF]
