"""Why something is decided: outcomes and reasons, each with the sentence people read."""

from __future__ import annotations

from enum import StrEnum
from typing import Self


class Sentenced(StrEnum):
    """A word for machines with a sentence for people (`.sentence`) beside it."""

    sentence: str

    def __new__(cls, value: str, sentence: str) -> Self:
        """One member: the stored word and the sentence that people read."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.sentence = sentence
        return member


class Result(Sentenced):
    """What a rule says of one subject at one instant.

    >>> Result.UNKNOWN.sentence
    'marks or facts are missing that could change the answer'
    """

    MATCHED = "matched", "the rule holds"
    NOT_MATCHED = "not_matched", "the rule does not hold"
    UNKNOWN = "unknown", "marks or facts are missing that could change the answer"
    NOT_APPLICABLE = "not_applicable", "the rule does not speak of this pupil on this day"


class Outcome(Sentenced):
    """What follows for one rule and one subject.

    >>> Outcome("propose").sentence
    'a person must decide'
    """

    ACT = "act", "do it"
    PROPOSE = "propose", "a person must decide"
    HOLD = "hold", "something must happen first"
    SUPPRESS = "suppress", "nothing new: it is done already, or a higher stage acts"
    WITHDRAW = "withdraw", "the ground went away"
    UNKNOWN = "unknown", "the data cannot say"


class Circumstance(Sentenced):
    """Something about a pupil that puts a person between a rule and the family (semantics 20)."""

    HOLD = "hold", "staff have put a hold on this pupil"
    SOCIAL_WORKER = "social_worker", "the pupil has a social worker"
    LOOKED_AFTER = "looked_after", "the pupil is looked after"
    BEREAVED = "bereaved", "the family is bereaved"
    MEDICAL = "medical", "the pupil has a medical flag"
    PART_TIME = "part_time", "the pupil had a part-time timetable (C2) in the last 4 school weeks"
    HEALTH_ABSENCE = (
        "health_absence",
        "more than half of the absence is illness, appointments, C2 or suspension",
    )


class Reason(Sentenced):
    """Why an outcome is what it is, as recorded, shown and counted."""

    RULE_HOLDS = "rule_holds", "the rule holds and nothing stands in its way"
    PERSON_DECIDES = "person_decides", "the rule only proposes: a named person decides"
    HOLD = "hold", "staff have put a hold on this pupil: a person decides"
    SOCIAL_WORKER = "social_worker", "the pupil has a social worker: a person decides"
    LOOKED_AFTER = "looked_after", "the pupil is looked after: a person decides"
    BEREAVED = "bereaved", "the family is bereaved: a person decides"
    MEDICAL = "medical", "the pupil has a medical flag: a person decides"
    PART_TIME = "part_time", "a part-time timetable in the last 4 school weeks: a person decides"
    HEALTH_ABSENCE = (
        "health_absence",
        "most of the absence is illness, appointments, C2 or suspension: a person decides",
    )
    MARKS_MISSING = "marks_missing", "missing marks or facts could change the answer"
    FUSE = "fuse", "the rule matched far more pupils than it should: a person must release it"
    HIGHER_STAGE_HOLDS = "higher_stage_holds", "a higher stage of the same ladder holds"
    HIGHER_STAGE_ACTED = "higher_stage_acted", "a higher stage of this case has acted already"
    ALREADY_ACTED = "already_acted", "this stage of this case has acted already"
    FIRST_CONTACT_OPEN = (
        "first_contact_open",
        "one person at a time owns the call: an earlier contact is still open",
    )
    STAGE_BEFORE = (
        "stage_before",
        "a lower stage of this ladder comes first: it was not done yet, or not long enough ago",
    )
    NOT_LONG_ENOUGH = (
        "not_long_enough",
        "it holds, but not yet for as many school days as the rule asks for",
    )
    CLOSED_LATELY = (
        "closed_lately",
        "a case on this ladder closed a short while ago: the rule asks for more time between two",
    )
    REQUIREMENT_MISSING = (
        "requirement_missing",
        "something that the rule requires is missing, or cannot be told",
    )
    GROUND_GONE = "ground_gone", "judged again as of the instant it was made, the rule no longer holds"
    SUPERSEDED = "superseded", "a higher stage took over; what was not done is missed"
    EXPIRED = "expired", "its time passed before it could be used"
    MISSED = "missed", "its time passed before it was done: it was missed"
    MESSAGE_TODAY = "message_today", "at most one message per pupil and day: a higher one goes"
    FAMILY_TODAY = "family_today", "put off: this family has had its messages for today"
    FAMILY_WEEK = "family_week", "put off: this family has had its messages for this week"
    QUIET_HOURS = "quiet_hours", "put off: texts and e-mails leave on school days within decent hours only"
    QUIET_DAY = "quiet_day", "put off: nothing is sent on this day, which many families keep"
    WORDS_CHANGED = (
        "words_changed",
        "the register was put right since somebody looked at it: its words were made anew, look again",
    )
    REPLY_UNREAD = "reply_unread", "put off: the family has written back, and nobody has read it yet"
    TOLD_TOGETHER = "told_together", "said in one message with that about a brother or sister"
    RECALL_UNDONE = "recall_undone", "the register says once more what the family was told"
    HELD_BACK = "held_back", "it was held back before it lost its ground, and nobody has released it"
    NEVER_ARRIVED = "never_arrived", "what it says sorry for did not arrive"
    NO_APOLOGY = "no_apology", "a person has said that no apology is needed"
    ON_SITE = "on_site", "the pupil is on site or on known leave: no first-day text"
    PLAN_KEPT = "plan_kept", "the absence is an agreed part-time timetable: no warning to the family"
    LEFT = "left", "the pupil has left this school: nothing more is sent from here"
    NO_WORDS = "no_words", "the words could not be filled in: a person writes to the family"
    NO_CONTACT = "no_contact", "no contact may and can be texted: use the telephone list"
    FAMILY_WISH = "family_wish", "the family has asked not to get messages of this kind, or not this way"
    ADDRESS_WORKS = (
        "address_works",
        "what did not work has been replaced, works again, or is nobody's here any more",
    )
    CONTACT_CHANGED = (
        "contact_changed",
        "the contact may not be texted any more, or has another number: use the telephone list",
    )
