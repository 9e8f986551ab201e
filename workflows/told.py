"""What families were told in a week: praise beside concern, what was said together, what still waits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from workflows.ports import Unit
from workflows.values import LEFT, Message, MessageState
from workflows.voice import PUT_OFF

PRAISE = "praise"


@dataclass(frozen=True, slots=True)
class Told:
    """Messages that left, of `praise` and of `concern` (all others but apologies); `together` with another.

    `waiting` are those put off by what a family should get or by the hour, each with its reason.
    """

    praise: int
    concern: int
    together: int
    waiting: tuple[Message, ...]

    @property
    def ratio(self) -> float | None:
        """Praise for each message of concern; None where there was none of those."""
        return round(self.praise / self.concern, 2) if self.concern else None


def told(unit: Unit, school_id: str, begins: datetime, at: datetime) -> Told:
    """What left a school between two instants, and what waits now."""
    there = unit.messages(school_id, (*LEFT, MessageState.QUEUED))
    went = (each for each in there if each.state in LEFT and not each.apology_for)
    left = [each for each in went if each.ended_at and begins <= each.ended_at <= at]
    alone = [each for each in left if not each.told_with]
    praise = sum(each.purpose == PRAISE for each in alone)
    waiting = tuple(
        each
        for each in there
        if each.state is MessageState.QUEUED and each.ended_because in PUT_OFF and each.made_as_of <= at
    )
    return Told(praise, len(alone) - praise, len(left) - len(alone), waiting)
