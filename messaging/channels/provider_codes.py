"""What providers' codes mean for us, in one table: whether a message went, and a sentence for the office.

A code is what the provider calls it: an error number or a status of Twilio's, an event of SendGrid's with
what it says more exactly behind a slash (`bounce/Invalid Address`), a status or an error of GOV.UK Notify's,
or the status of an HTTP answer (`401`). Sources: the providers' own lists of errors, statuses and events.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from messaging.channels.channel import Refused

if TYPE_CHECKING:
    from datetime import timedelta


class Came(StrEnum):
    """What became of a message, as far as a code tells."""

    NOTHING_NEW = "nothing_new"
    """The code says nothing about whether it arrives, or nobody knows it."""
    ACCEPTED = "accepted"
    DELIVERED = "delivered"
    FAILED_TEMPORARY = "failed_temporary"
    """It did not arrive, for a cause that may pass."""
    FAILED_PERMANENT = "failed_permanent"


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a code says: the outcome, and a sentence for an attendance officer.

    `of_address`: what does not work is the number or address. `opted_out`: whoever it belongs to wants
    nothing more. `of_provider`: whatever were sent now would fail too. `known`: the code stands in the table.
    """

    outcome: Came
    sentence: str
    of_address: bool = False
    opted_out: bool = False
    of_provider: bool = False
    known: bool = True


NAMES: Final = {"twilio": "Twilio", "sendgrid": "SendGrid", "govuk_notify": "GOV.UK Notify"}


def _on_its_way(sentence: str) -> Meaning:
    return Meaning(Came.ACCEPTED, sentence)


def _there(sentence: str, *, opted_out: bool = False) -> Meaning:
    return Meaning(Came.DELIVERED, sentence, opted_out=opted_out)


def _passing(sentence: str) -> Meaning:
    return Meaning(Came.FAILED_TEMPORARY, sentence)


def _for_good(sentence: str) -> Meaning:
    return Meaning(Came.FAILED_PERMANENT, sentence)


def _dead(sentence: str) -> Meaning:
    return Meaning(Came.FAILED_PERMANENT, sentence, of_address=True)


def _stopped(sentence: str) -> Meaning:
    return Meaning(Came.FAILED_PERMANENT, sentence, of_address=True, opted_out=True)


def _all_wait(sentence: str) -> Meaning:
    return Meaning(Came.FAILED_TEMPORARY, sentence, of_provider=True)


def _nothing(sentence: str) -> Meaning:
    return Meaning(Came.NOTHING_NEW, sentence)


_KEY: Final = "nothing is lost, messages wait; whoever runs Firstbell puts in the right"
_TWILIO_KEY: Final = _all_wait(
    f"Twilio does not know our account or token: {_KEY} FIRSTBELL_TWILIO_AUTH_TOKEN and twilio.account_sid"
)
_TWILIO_SENDER: Final = _all_wait(
    "Twilio does not let us send from this sender: messages wait; whoever looks after Firstbell corrects "
    "twilio.sender, or has the sender enabled at Twilio"
)
_TWILIO_ACCOUNT: Final = _all_wait(
    "the account at Twilio is suspended or not active: messages wait; whoever pays for it speaks with Twilio"
)
_TWILIO_BUSY: Final = _all_wait("Twilio takes no more for the moment: messages wait and go a little later")
_TWILIO_INTERNAL: Final = _passing("Twilio itself had a fault: it may be tried again")
_NO_NUMBER: Final = _dead("this is no telephone number: ask the family for the right one")
_NO_MOBILE: Final = _dead(
    "this number cannot get texts, it is a landline or no longer in use: ring it, or ask"
)
_SENDGRID_KEY: Final = _all_wait(
    f"SendGrid does not accept our key, or it may not send: {_KEY} FIRSTBELL_SENDGRID_API_KEY"
)
_NOTIFY_KEY: Final = _all_wait(
    f"GOV.UK Notify does not accept our key, or our clock is wrong: {_KEY} FIRSTBELL_NOTIFY_API_KEY"
)
_NOTIFY_BUSY: Final = _all_wait(
    "GOV.UK Notify takes no more for the moment, or for today: messages wait and go later"
)

_TWILIO: Final = {
    # of sending
    "20003": _TWILIO_KEY,
    "20404": _TWILIO_KEY,
    "20006": _TWILIO_KEY,
    "20403": _TWILIO_KEY,
    "401": _TWILIO_KEY,
    "403": _TWILIO_KEY,
    "404": _TWILIO_KEY,
    "10001": _TWILIO_ACCOUNT,
    "20005": _TWILIO_ACCOUNT,
    "30002": _TWILIO_ACCOUNT,
    "14107": _TWILIO_BUSY,
    "20429": _TWILIO_BUSY,
    "21611": _TWILIO_BUSY,
    "63038": _TWILIO_BUSY,
    "429": _TWILIO_BUSY,
    "21603": _TWILIO_SENDER,
    "21606": _TWILIO_SENDER,
    "21659": _TWILIO_SENDER,
    "21660": _TWILIO_SENDER,
    "21703": _TWILIO_SENDER,
    "21408": _passing(
        "Twilio does not text this country for us: ring; the account's geographic permissions say so"
    ),
    "21608": _passing(
        "Twilio's trial account texts only numbers verified there: it waits for a paid account"
    ),
    "21211": _NO_NUMBER,
    "21214": _NO_NUMBER,
    "21217": _NO_NUMBER,
    "21604": _NO_NUMBER,
    "21610": _stopped("this number has texted STOP: no texts go there; ring, or use another way"),
    "21612": _dead("no text reaches this number from our sender: ring it, or ask the family for another"),
    "21614": _NO_MOBILE,
    "21635": _NO_MOBILE,
    "21602": _for_good("Twilio got a text without words: render it again"),
    "21617": _for_good("the text is over 1,600 characters, more than Twilio takes: shorten its wording"),
    # of delivery
    "30001": _passing("Twilio's queue was full, the text was not sent: it may be sent again"),
    "30003": _passing("the telephone is off, out of reach or no longer in use: ring, or try again later"),
    "30004": _dead("this number is blocked for texts, or its owner has blocked us: ring, or use another way"),
    "30005": _dead("the network does not know this number: ask the family for the right one"),
    "30006": _NO_MOBILE,
    "30007": _for_good(
        "the mobile network held the text back as unwanted: ring, and tell whoever runs Firstbell"
    ),
    "30008": _passing("the mobile network did not say why it failed: ring, or try again later"),
    "30010": _for_good("the text would have cost more than is allowed: tell whoever looks after Firstbell"),
    "30017": _passing("the mobile network was too busy: it may be sent again"),
    "30036": _passing("the text could not be delivered while it was worth sending: ring"),
    "30410": _passing("the mobile network did not answer in time: it may be sent again"),
    "30500": _TWILIO_INTERNAL,
    "20500": _TWILIO_INTERNAL,
    "20503": _TWILIO_INTERNAL,
    # statuses
    "accepted": _on_its_way("Twilio has it"),
    "scheduled": _on_its_way("Twilio has it and sends it at its time"),
    "queued": _on_its_way("Twilio has it and sends it next"),
    "sending": _on_its_way("Twilio is handing it to the mobile network"),
    "sent": _on_its_way("the mobile network has it"),
    "delivered": _there("the telephone has it"),
    "read": _there("it was read"),
    "partially_delivered": _passing("only part of it was delivered: ring"),
    "undelivered": _passing("it was not delivered, Twilio does not say why: ring, or try again later"),
    "failed": _passing("it could not be sent, Twilio does not say why: ring, or try again later"),
    "canceled": _passing("it was cancelled at Twilio before it left"),
    "receiving": _nothing("a text to us is coming in"),
    "received": _nothing("a text to us has come in"),
}

_SENDGRID: Final = {
    # of sending
    "401": _SENDGRID_KEY,
    "403": _SENDGRID_KEY,
    "404": _all_wait(
        "there is no SendGrid at sendgrid.base_address: messages wait; put in the right address"
    ),
    "405": _all_wait(
        "there is no SendGrid at sendgrid.base_address: messages wait; put in the right address"
    ),
    "429": _all_wait("SendGrid takes no more for the moment: messages wait and go a little later"),
    "400": _passing("SendGrid did not understand the message: tell whoever looks after Firstbell"),
    "400/to": _dead("SendGrid does not take this e-mail address: ask the family for the right one"),
    "400/from": _all_wait("SendGrid does not take our sender: messages wait; correct sendgrid.from_address"),
    "413": _for_good("the e-mail is larger than SendGrid takes: shorten its wording"),
    # events
    "processed": _on_its_way("SendGrid has it and delivers it next"),
    "deferred": _on_its_way("the family's mail server asked to wait: SendGrid tries for three days"),
    "delivered": _there("the family's mail server has it"),
    "open": _there("it was opened"),
    "click": _there("a link in it was opened"),
    "spamreport": _there("its reader called it spam: no more e-mails go there; ring", opted_out=True),
    "unsubscribe": _there("its reader wants no more e-mails: none go there; ring", opted_out=True),
    "group_unsubscribe": _there("its reader wants no more e-mails: none go there; ring", opted_out=True),
    "group_resubscribe": _nothing("its reader wants e-mails of a group again; ask before you rely on it"),
    "bounce": _dead("the mail server sent it back: ask the family for another address"),
    "bounce/Invalid Address": _dead("there is no such e-mail address: ask the family for the right one"),
    "bounce/Technical": _passing("the mail server had a fault: it may be sent again"),
    "bounce/Content": _passing(
        "the mail server took offence at its words: ring, and tell who runs Firstbell"
    ),
    "bounce/Reputation": _passing(
        "the mail server does not trust our sender: ring, and tell who runs Firstbell"
    ),
    "bounce/Frequency/Volume Too High": _passing(
        "the mail server got too much at once: it may be sent again"
    ),
    "bounce/Mailbox Unavailable": _passing("the mailbox is full or locked: ring, or try again later"),
    "bounce/Unclassified": _passing(
        "the mail server sent it back without saying why: ring, or try again later"
    ),
    "blocked": _passing("the mail server turned it away for now: ring, or try again later"),
    "dropped": _passing("SendGrid did not try to deliver it: ring, and tell whoever looks after Firstbell"),
    "dropped/Bounced Address": _dead("this address sent earlier e-mails back: ask the family for another"),
    "dropped/Invalid": _dead("there is no such e-mail address: ask the family for the right one"),
    "dropped/Unsubscribed Address": _stopped("its owner wants no e-mails: ring, or use another way"),
    "dropped/Spam Reporting Address": _stopped("its owner called an e-mail spam: ring, or use another way"),
}

_NOTIFY: Final = {
    # of sending
    "401": _NOTIFY_KEY,
    "403": _NOTIFY_KEY,
    "AuthError": _NOTIFY_KEY,
    "404": _all_wait(
        "there is no Notify at govuk_notify.base_address: messages wait; put in the right address"
    ),
    "429": _NOTIFY_BUSY,
    "RateLimitError": _NOTIFY_BUSY,
    "TooManyRequestsError": _NOTIFY_BUSY,
    "400": _passing("GOV.UK Notify did not take the message: tell whoever looks after Firstbell"),
    "413": _for_good("the letter is larger than GOV.UK Notify takes: shorten its wording"),
    "BadRequestError": _passing(
        "the account at GOV.UK Notify does not allow this message (trial mode, a team key, a template "
        "that is not there): tell whoever looks after Firstbell"
    ),
    "ValidationError": _passing(
        "GOV.UK Notify found a setting wrong, such as a template's id: tell whoever looks after Firstbell"
    ),
    "ValidationError/phone_number": _dead("this is no mobile number: ask the family for the right one"),
    "ValidationError/email_address": _dead("this is no e-mail address: ask the family for the right one"),
    # statuses
    "created": _on_its_way("GOV.UK Notify has it"),
    "sending": _on_its_way("GOV.UK Notify has handed it on and waits to hear"),
    "pending": _on_its_way("GOV.UK Notify waits to hear from the telephone"),
    "sent": _on_its_way("it went to a number abroad, no more is heard of it"),
    "accepted": _on_its_way("the letter is with the printer"),
    "pending-virus-check": _on_its_way("GOV.UK Notify is looking at the letter"),
    "received": _on_its_way("the letter is printed and posted"),
    "delivered": _there("it has arrived"),
    "permanent-failure": _dead("there is no such number or address: ask the family for the right one"),
    "temporary-failure": _passing("the telephone was off or the mailbox full: ring, or try again later"),
    "technical-failure": _passing("GOV.UK Notify and its provider had a fault: it did not go"),
    "cancelled": _passing("the letter was cancelled at GOV.UK Notify: it was not printed"),
    "virus-scan-failed": _for_good(
        "GOV.UK Notify would not open the letter: tell whoever looks after Firstbell"
    ),
    "validation-failed": _for_good(
        "the letter does not fit GOV.UK Notify's sheet, or its address not the window: print it yourselves"
    ),
    "returned": _dead("the letter came back: ask the family where they live"),
}

TABLE: Final = {"twilio": _TWILIO, "sendgrid": _SENDGRID, "govuk_notify": _NOTIFY}
"""By provider and code."""


def meaning(provider: str, code: str) -> Meaning:
    """What a code means; of one that goes into detail and is not known so, what it means without the detail.

    >>> meaning("twilio", "30005").sentence
    'the network does not know this number: ask the family for the right one'
    >>> meaning("sendgrid", "bounce/Something New").outcome, meaning("govuk_notify", "new").known
    (<Came.FAILED_PERMANENT: 'failed_permanent'>, False)
    """
    codes = TABLE[provider]
    found = codes.get(code) or codes.get(code.partition("/")[0])
    if found:
        return found
    name = NAMES[provider]
    said = (
        f"{name} says {code!r}, which is not in our list: look it up at {name}, and tell who runs Firstbell"
    )
    return Meaning(Came.NOTHING_NEW, said, known=False)


def refused(provider: str, code: str, again_after: timedelta | None = None) -> Refused:
    """The answer of a channel whose provider refused a message with a code.

    What nobody knows may pass: a message is not given up for a word that is not understood.

    >>> refused("twilio", "21610").opted_out, refused("twilio", "99999").passing
    (True, True)
    """
    found = meaning(provider, code)
    return Refused(
        found.sentence,
        passing=found.outcome is not Came.FAILED_PERMANENT,
        of_address=found.of_address,
        opted_out=found.opted_out,
        of_provider=found.of_provider,
        again_after=again_after,
    )
