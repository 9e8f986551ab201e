"""One voice per family: how much may be said to a household in a day and a week, over all that concerns it.

A household is the pupils of any school who share a contact, and whoever has the same number or address. What
the law asks a school to write is counted nowhere and put off by nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from engine.instants import local, local_instant
from engine.reasons import Reason
from engine.records import Contact
from messaging.recipients import STATUTORY
from messaging.relationships import PROFESSIONALS, tie
from workflows.people import families
from workflows.ports import Unit
from workflows.settings import DecentHours, FamilyBudget
from workflows.values import Left, Message

POST = "letter"
"""The channel that wakes nobody: it may be printed at any hour."""

PUT_OFF = frozenset(
    reason.sentence
    for reason in (
        Reason.MESSAGE_TODAY,
        Reason.FAMILY_TODAY,
        Reason.FAMILY_WEEK,
        Reason.QUIET_HOURS,
        Reason.QUIET_DAY,
        Reason.REPLY_UNREAD,
    )
)
"""What a message says of itself while it waits for another hour or day."""


@dataclass(slots=True)
class Voice:
    """What was said to whom this week, by the households of those about whom something is to leave.

    `at_work` are the contacts who get letters by their work, such as a social worker: they are no family.
    """

    budget: FamilyBudget
    household: dict[str, str]
    at_work: frozenset[str]
    said: list[Left]
    now: datetime

    @classmethod
    def at(
        cls,
        unit: Unit,
        contacts: Sequence[Contact],
        messages: Iterable[Message],
        budget: FamilyBudget,
        now: datetime,
        clock: datetime,
    ) -> Voice:
        """As of an instant; `contacts` are all of the school's, `messages` those that would leave.

        What another sender has in hand counts as said now: whether it arrived is not known yet.
        """
        subjects = {message.subject for message in messages}
        near = families(contacts)
        kin = {near.get(subject, subject) for subject in subjects}
        known = {each.contact_id for each in contacts if near[each.upn] in kin}
        linked = [*contacts, *unit.links(known)]
        household = families(linked)
        at_work = frozenset(each.contact_id for each in linked if tie(each.relationship) in PROFESSIONALS)
        today = local(now).date()
        monday = local_instant(today - timedelta(days=today.weekday()), time.min)
        said = list(unit.left(monday, local_instant(today, time.max)))
        said += [brief(each, now) for each in unit.in_hand(local_instant(local(clock).date(), time.min))]
        return cls(budget, household, at_work, said, now)

    def too_much(self, message: Message, *, together: bool = False) -> Reason | None:
        """Why a message has to wait; None where it may be said.

        What is said `together` with a message that leaves anyway is no further one for the family, nor is a
        letter to another person of the same stage of the same case (each parent, carer and social worker).
        """
        if message.purpose == STATUTORY or message.contact_id in self.at_work:
            return None
        today = local(self.now).date()
        said = [each for each in self.said if (each.case_id, each.stage) != (message.case_id, message.stage)]
        if any(self._about_today(each, message) for each in said):
            return Reason.MESSAGE_TODAY
        if together:
            return None
        heard = [each for each in said if self._same_home(each, message) and not each.told_with]
        routine = [each for each in heard if not each.urgent]
        asked = [(heard, self.budget.day, self.budget.week)]
        if not message.urgent:
            asked.append((routine, self.budget.routine_day, self.budget.routine_week))
        if any(sum(_day(each) == today for each in some) >= day for some, day, _ in asked):
            return Reason.FAMILY_TODAY
        return Reason.FAMILY_WEEK if any(len(some) >= week for some, _, week in asked) else None

    def speaks(self, message: Message) -> None:
        """Count a message that leaves now."""
        self.said.append(brief(message, self.now))

    def _about_today(self, each: Left, message: Message) -> bool:
        """Whether the family was told of this child today already."""
        counts = each.purpose != STATUTORY and each.contact_id not in self.at_work
        return counts and each.subject == message.subject and _day(each) == local(self.now).date()

    def _same_home(self, each: Left, message: Message) -> bool:
        if each.purpose == STATUTORY or each.contact_id in self.at_work:
            return False
        home = self.household
        return each.address == message.address or home.get(each.subject, each.subject) == home.get(
            message.subject, message.subject
        )


def brief(message: Message, at: datetime) -> Left:
    """A message as one that left at an instant."""
    return Left(
        message.case_id,
        message.stage,
        message.subject,
        message.contact_id,
        message.address,
        message.purpose,
        message.urgent,
        message.told_with,
        at,
    )


def decent(hours: DecentHours, message: Message, now: datetime, *, school_day: bool) -> Reason | None:
    """Why a message would reach a family at a bad hour; None where the hour is good.

    What is printed and posted wakes nobody.
    """
    if message.channel == POST:
        return None
    here = local(now)
    if here.date() in hours.quiet_days:
        return Reason.QUIET_DAY
    inside = hours.begin <= here.time() < hours.end
    return None if school_day and inside else Reason.QUIET_HOURS


def _day(each: Left) -> object:
    return local(each.ended_at).date()
