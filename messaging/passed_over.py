"""Why a contact of a pupil is not written to."""

from __future__ import annotations

from dataclasses import dataclass

from engine.reasons import Sentenced
from messaging.email_addresses import NotEmail
from messaging.phones import NotMobile


class PassedOverWhy(Sentenced):
    """Why a contact is not written to; what is wrong with a number or address is NotMobile or NotEmail."""

    NO_CONTACT = "no_contact", "no contact is allowed with this person"
    COURT_ORDER = "court_order", "a court order stands: this person is not contacted"
    ASK_DSL = "ask_dsl", "the safeguarding lead decides whether this person is contacted"
    OTHER_RESTRICTION = "other_restriction", "a restriction of an unknown kind stands: a person decides"
    NOT_FOR_PURPOSE = "not_for_purpose", "this person is not to receive messages of this kind"
    EMERGENCY_ONLY = (
        "emergency_only",
        "neither parental responsibility nor the child's home: telephoned, never texted",
    )
    NOT_A_PARENT = (
        "not_a_parent",
        "neither parental responsibility nor living with the child as a parent: a person decides",
    )
    BIRTH_PARENT = (
        "birth_parent",
        "the child is looked after and lives elsewhere: a person decides whether a parent is written to",
    )
    PROFESSIONAL = (
        "professional",
        "has to do with the child by their work: written to about a looked-after child, else by a person",
    )
    SHARED_NUMBER = "shared_number", "the number is also that of a restricted contact: a person decides"
    SHARED_EMAIL = "shared_email", "the e-mail address is also that of a restricted contact: a person decides"
    SHARED_HOME = (
        "shared_home",
        "a restricted contact may live at this address: a letter would reach both, a person decides",
    )
    NO_ADDRESS = "no_address", "no whole postal address is on record"
    BOUNCED = "bounced", "the number or address did not work: the office looks for one that does"
    WISH = "wish", "the family has asked not to get messages of this kind, or not this way"


Why = PassedOverWhy | NotMobile | NotEmail


@dataclass(frozen=True, slots=True)
class PassedOver:
    """One contact who is not written to, and why; `why.sentence` is for people."""

    contact_id: str
    why: Why
