"""Decisions about one pupil with some standing, asked for in one line."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from engine.decide import Decided, Decision, Standing, decide
from engine.grounds import OpenCase
from engine.inference.agree import Inference
from engine.inference.facts import Voice
from engine.instants import read_instant
from engine.judged import Judged
from engine.reasons import Outcome, Reason
from engine.rulebook.rulebook import Rulebook
from engine.snapshot import Snapshot
from tests.engine import shipped

CONTACT, DAY, RATE = "first-contact", "day-of-absence", "rate"
EARLY = read_instant("2025-09-01")


def case(
    ladder: str,
    anchor: str,
    stage: int,
    *,
    opened: datetime = EARLY,
    ended: bool = False,
    undecided: bool = False,
    owed: bool = False,
) -> OpenCase:
    """A case named after its ladder and ground."""
    return OpenCase(f"{ladder} {anchor}", ladder, anchor, stage, opened, not ended, undecided, owed)


def decided(
    inference: Inference,
    snapshot: Snapshot,
    as_of: str,
    standing: Standing | None = None,
    *,
    rulebook: Rulebook | None = None,
    caps: Mapping[str, int] | None = None,
) -> Decided:
    """What is decided with this standing of P1."""
    stands = {"P1": standing} if standing else None
    judged = Judged.of(snapshot, rulebook or shipped.rulebook(), read_instant(as_of))
    return decide(judged, inference, stands, caps)


def by_rule(found: Decided, subject: str = "P1") -> dict[str, Decision]:
    """The decisions about one subject."""
    return {each.rule.id: each for each in found.decisions if each.subject == subject}


def short(decision: Decision) -> tuple[Outcome, tuple[Reason, ...], Voice]:
    """Outcome, reasons and voice."""
    return decision.outcome, decision.reasons, decision.voice
