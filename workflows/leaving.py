"""What stands in the way of a message at the moment it would leave, though its rule still holds.

Much can be learnt between drafting and sending: the child is on site, the contact is restricted or has
another number, staff have put a hold on the pupil.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from engine.circumstances import among, circumstances, on_site
from engine.instants import Instants, local
from engine.match import Judge
from engine.reasons import Reason
from engine.rulebook.model import Rule
from engine.snapshot import Snapshot
from messaging.phones import Mobile, mobile
from messaging.recipients import choose
from workflows.values import Message, MessageState


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Where a message goes instead of out, and the reason that people read."""

    state: MessageState
    reason: Reason


@dataclass(frozen=True, slots=True)
class Leaving:
    """The look at one school at the moment of sending."""

    judge: Judge

    @classmethod
    def at(cls, snapshot: Snapshot, now: datetime) -> Leaving:
        """The look at a school as of an instant."""
        return cls(Judge(snapshot, Instants.of([now])))

    def school_day(self, now: datetime) -> bool:
        """Whether the school is open on the day of an instant."""
        calendar = self.judge.snapshot.calendar
        return local(now).date().toordinal() in calendar.day

    def obstacle(self, message: Message, rule: Rule) -> Obstacle | None:
        """What keeps a message of a rule that holds from leaving; None where nothing does.

        A circumstance (semantics 20) asks a person first, unless a person has approved the message.
        """
        row = self.judge.snapshot.row(message.subject)
        if not self.judge.on_roll[row, 0]:
            return Obstacle(MessageState.WITHDRAWN, Reason.LEFT)
        if on_site(self.judge, rule)[row]:
            return Obstacle(MessageState.WITHDRAWN, Reason.ON_SITE)
        if not self._reachable(message, rule):
            return Obstacle(MessageState.WITHDRAWN, Reason.CONTACT_CHANGED)
        found = () if message.approved_by else among(circumstances(self.judge)[row])
        return Obstacle(MessageState.AWAITING_APPROVAL, Reason[found[0].name]) if found else None

    def _reachable(self, message: Message, rule: Rule) -> bool:
        """Whether the contact may still be texted, on the number that the message was drafted for."""
        own = [each for each in self.judge.snapshot.facts.contacts if each.upn == message.subject]
        purpose = rule.message.purpose if rule.message else ""
        passed_over = {each.contact_id for each in choose(own, purpose).passed_over}
        return any(
            each.contact_id == message.contact_id
            and each.contact_id not in passed_over
            and isinstance(found := mobile(each.phone), Mobile)
            and found.e164 == message.address
            for each in own
        )
