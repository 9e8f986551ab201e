"""What stands in the way of a message at the moment it would leave, though its rule still holds.

Much can be learnt between drafting and sending: the child is on site, the contact is restricted or has
another number, staff have put a hold on the pupil.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from engine.circumstances import among, circumstances, is_hold, on_site
from engine.instants import Instants, local
from engine.match import Judge
from engine.reasons import Circumstance, Reason
from engine.records import Event
from engine.rulebook.model import Rule
from engine.snapshot import Snapshot
from messaging.passed_over import PassedOver, PassedOverWhy
from messaging.recipients import NOTHING_KNOWN, Reach, way_to
from workflows.approval import known_at
from workflows.values import Message, MessageState

Then = Callable[[datetime], Judge | None]
"""A look at the school as it was known at an instant; None where nothing has come in since."""


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Where a message goes instead of out, and the reason that people read."""

    state: MessageState
    reason: Reason


@dataclass(frozen=True, slots=True)
class Leaving:
    """The look at one school at the moment of sending."""

    judge: Judge
    reach: Reach = NOTHING_KNOWN
    then: Then = lambda _: None

    @classmethod
    def at(cls, snapshot: Snapshot, now: datetime, reach: Reach, then: Then) -> Leaving:
        """The look at a school as of an instant; `then` is what was known of it at an earlier one."""
        return cls(Judge(snapshot, Instants.of([now])), reach, then)

    def school_day(self, now: datetime) -> bool:
        """Whether the school is open on the day of an instant."""
        calendar = self.judge.snapshot.calendar
        return local(now).date().toordinal() in calendar.day

    def obstacle(self, message: Message, rule: Rule) -> Obstacle | None:
        """What keeps a message of a rule that holds from leaving; None where nothing does.

        A circumstance (semantics 20) asks a person first, unless one has approved the message knowing of it.
        """
        row = self.judge.snapshot.row(message.subject)
        if not self.judge.on_roll[row, 0]:
            return Obstacle(MessageState.WITHDRAWN, Reason.LEFT)
        if not message.apology_for and on_site(self.judge, rule)[row]:
            return Obstacle(MessageState.WITHDRAWN, Reason.ON_SITE)
        if reason := self._unreachable(message, rule):
            return Obstacle(MessageState.WITHDRAWN, reason)
        found = [each for each in among(circumstances(self.judge)[row]) if each not in self._known(message)]
        return Obstacle(MessageState.AWAITING_APPROVAL, Reason[found[0].name]) if found else None

    def _known(self, message: Message) -> Collection[Circumstance]:
        """What whoever approved a message could know of the pupil's circumstances; of no approval nothing."""
        approved_at = known_at(message)
        if approved_at is None:
            return ()
        known = self.then(approved_at)
        if known is None:
            return tuple(Circumstance)
        row = known.snapshot.rows.get(message.subject)
        stood = () if row is None else among(circumstances(known)[row])
        if Circumstance.HOLD in stood and not self._holds(self.judge, message) <= self._holds(known, message):
            return [each for each in stood if each is not Circumstance.HOLD]
        return stood

    def _holds(self, judge: Judge, message: Message) -> set[Event]:
        """The holds on a pupil that stand today, as a look at the school knows them: each with its reason."""
        today, events = self.judge.days[0], judge.snapshot.facts.events
        return {each for each in events if each.upn == message.subject and is_hold(each, today)}

    def _unreachable(self, message: Message, rule: Rule) -> Reason | None:
        """Why the contact may or can not be reached any more where the message is to go; None: they can."""
        snapshot = self.judge.snapshot
        own = [each for each in snapshot.facts.contacts if each.upn == message.subject]
        contact = next((each for each in own if each.contact_id == message.contact_id), None)
        if contact is None or rule.message is None:
            return Reason.CONTACT_CHANGED
        looked_after = snapshot.people[snapshot.row(message.subject)].looked_after
        purpose, kind = rule.message.purpose, message.channel
        found = way_to(contact, own, purpose, kind, self.reach, looked_after=looked_after)
        if isinstance(found, PassedOver):
            return Reason.FAMILY_WISH if found.why is PassedOverWhy.WISH else Reason.CONTACT_CHANGED
        return None if found.address == message.address else Reason.CONTACT_CHANGED
