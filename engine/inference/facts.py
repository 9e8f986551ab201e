"""The facts of one subject that inference starts from, and the answer for each of its rules.

Integers, strings and enum members only; every value is hashable and orderable, and equal sets are
equal values whatever order they were given in. So equal facts are inferred once.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING

from engine.reasons import Circumstance, Outcome, Reason, Result

if TYPE_CHECKING:
    from collections.abc import Iterable

SEND = "send"
APPROVE = "approve"
PROPOSE = "propose"
AUTONOMIES = (SEND, APPROVE, PROPOSE)
NOT_YET = (
    Reason.STAGE_BEFORE,
    Reason.NOT_LONG_ENOUGH,
    Reason.CLOSED_LATELY,
    Reason.REQUIREMENT_MISSING,
)
"""Why a rule that holds may have to wait with it; until then lower stages act as if it did not hold."""

_PLACE = {reason: place for place, reason in enumerate(Reason)}


class Voice(StrEnum):
    """What becomes of a rule's message to the family."""

    NONE = "none"
    """There is none to send."""
    GO = "go"
    """It leaves by itself."""
    ASK = "ask"
    """A person approves it first."""
    LATER = "later"
    """It is put off: one message per pupil and day."""


HAS_LEFT = 1_000_000
"""More than any message matters: what has left, no other takes the place of."""


@dataclass(frozen=True, slots=True, order=True)
class Candidate:
    """One rule that holds for the subject, or may hold: its truth is MATCHED or UNKNOWN.

    `message` is the precedence of the rule's message, 0 where it sends none; `waits_for` names the
    rule whose first contact must be closed before this one acts; `not_yet` are the reasons (of
    NOT_YET) for which it may not act yet though it holds. A rule outside any ladder gives its own name
    as `ladder`: an empty one would put strangers on one ladder.

    >>> Candidate("day-2", ladder="", stage=2, truth=Result.MATCHED, autonomy="send")
    Traceback (most recent call last):
    ValueError: rule 'day-2' has no ladder: give the rule's own name where it stands on none
    """

    rule: str
    ladder: str
    stage: int
    truth: Result
    autonomy: str
    waits_for: str = ""
    message: int = 0
    not_yet: tuple[Reason, ...] = ()

    def __post_init__(self) -> None:
        if not self.rule:
            raise ValueError("a candidate has no rule name: give the name it has in its rule pack")
        rule = f"rule {self.rule!r}"
        if not self.ladder:
            raise ValueError(f"{rule} has no ladder: give the rule's own name where it stands on none")
        if self.truth not in (Result.MATCHED, Result.UNKNOWN):
            raise ValueError(
                f"{rule} is {self.truth}: leave it out, only what is matched or unknown is a candidate"
            )
        if self.autonomy not in AUTONOMIES:
            raise ValueError(
                f"{rule} has autonomy {self.autonomy!r}: it must be one of {', '.join(AUTONOMIES)}"
            )
        if self.waits_for == self.rule:
            raise ValueError(
                f"{rule} waits for itself and would never act: name the rule whose call comes first"
            )
        if strangers := [reason for reason in self.not_yet if reason not in NOT_YET]:
            raise ValueError(f"{rule} waits for '{strangers[0]}': it must be one of {', '.join(NOT_YET)}")
        if self.message < 0:
            raise ValueError(f"{rule} has message precedence {self.message}: it is 0 (no message) or more")


@dataclass(frozen=True, slots=True, order=True)
class Stand:
    """How far the case that today's ground continues has come on one ladder.

    It has acted up to `stage`; `owed` says that the message of that stage was put off, not sent.
    """

    ladder: str
    stage: int
    owed: bool = False


@dataclass(frozen=True, slots=True, order=True)
class Facts:
    """All that inference knows of one subject at one instant.

    `open_rules` are rules with an open first contact, `blown` those whose fuse is blown. `spoken` is the
    precedence of today's one message to the family (0 where there is none): HAS_LEFT once it has left, less
    while it waits, for then a higher one goes before it (semantics 19).

    >>> one = Facts(blown=("b", "a", "b"))
    >>> one.blown, one == Facts(blown=("a", "b"))
    (('a', 'b'), True)
    """

    circumstances: tuple[Circumstance, ...] = ()
    stands: tuple[Stand, ...] = ()
    open_rules: tuple[str, ...] = ()
    blown: tuple[str, ...] = ()
    spoken: int = 0
    candidates: tuple[Candidate, ...] = ()

    def __post_init__(self) -> None:
        for field in ("circumstances", "stands", "open_rules", "blown", "candidates"):
            object.__setattr__(self, field, tuple(sorted(set(getattr(self, field)))))
        if "" in (*self.open_rules, *self.blown):
            raise ValueError("an open or blown rule has no name: give the name it has in its rule pack")
        if ladder := _twice(stand.ladder for stand in self.stands):
            raise ValueError(
                f"ladder {ladder!r} has two stands: one subject has one case on a ladder; give the higher one"
            )
        if rule := _twice(candidate.rule for candidate in self.candidates):
            raise ValueError(
                f"rule {rule!r} is a candidate twice: one subject meets a rule once; give one of the two"
            )


@dataclass(frozen=True, slots=True, order=True)
class Answer:
    """What follows for one rule, and why; the reasons stand in the order of their enum.

    >>> print(Answer("day-2", Outcome.PROPOSE, (Reason.MEDICAL, Reason.HOLD), Voice.ASK))
    day-2: propose (hold, medical), message: ask
    """

    rule: str
    outcome: Outcome
    reasons: tuple[Reason, ...]
    voice: Voice

    def __post_init__(self) -> None:
        object.__setattr__(self, "reasons", tuple(sorted(set(self.reasons), key=_PLACE.__getitem__)))

    def __str__(self) -> str:
        return f"{self.rule}: {self.outcome} ({', '.join(self.reasons)}), message: {self.voice}"


def _twice(names: Iterable[str]) -> str | None:
    """The first name, in order of names, that occurs more than once."""
    ordered = sorted(names)
    return next((name for name, following in pairwise(ordered) if name == following), None)
