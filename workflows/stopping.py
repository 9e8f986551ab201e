"""STOP, and what goes with it: a family that wants no more texts, or no more e-mails, says so itself.

What they say is a wish like any other, and holds for the number or address at every school, whoever has it.
Two kinds of message no wish keeps away (messaging/wishes.py), and calls are a person's: those go on.
"""

from __future__ import annotations

from datetime import datetime

from messaging.wishes import NO, YES, About, Wish
from workflows.known_by import at_address
from workflows.ports import Unit
from workflows.values import Entry

FAMILY = "family"
"""Who said it, where no member of staff wrote it down."""
_STOP = frozenset({"stop", "stopall", "unsubscribe", "cancel", "end", "quit"})
_START = frozenset({"start", "unstop"})
_MATTER = {"sms": About.SMS, "email": About.EMAIL}
_HOW = {"sms": "by text", "email": "by e-mail"}


def says_stop(text: str) -> bool:
    """Whether a text says nothing but that no more are wanted, in the words that the networks know.

    >>> says_stop(" Stop. "), says_stop("STOP ALL"), says_stop("stop, he is in hospital")
    (True, True, False)
    """
    return _alone(text) in _STOP


def says_start(text: str) -> bool:
    """Whether a text says nothing but that texts are wanted again.

    >>> says_start("Unstop!"), says_start("start school when?")
    (True, False)
    """
    return _alone(text) in _START


def opt_out(unit: Unit, address: str, kind: str, words: str, at: datetime) -> bool:
    """Write down that a number (`sms`) or an address (`email`) wants nothing more, in the family's words.

    False where that is how it stands already: said ten times, it is written down once.
    """
    return _say(unit, address, kind, NO, words, at)


def opt_in(unit: Unit, address: str, kind: str, words: str, at: datetime) -> bool:
    """Take that back; False where nothing of the kind stands."""
    return _say(unit, address, kind, YES, words, at)


def _say(unit: Unit, address: str, kind: str, value: str, words: str, at: datetime) -> bool:
    """The wish of an address, and a line in the ledger of each school where somebody has it."""
    about = _MATTER[kind]
    said = [wish for wish in unit.wishes() if wish.address == address and wish.about is about]
    if (said[-1].value if said else YES) == value:
        return False
    unit.say_wish(Wish("", "", address, about, value, FAMILY, at, _HOW[kind], words))
    for school_id, contact_id in at_address(unit, address):
        content: dict[str, object] = {
            "contact_id": contact_id,
            "wishes": {about.value: value},
            "addresses": [address],
            "by": FAMILY,
            "how": _HOW[kind],
            "words": words,
        }
        unit.append(school_id, at, [Entry("wish", contact_id, content)])
    return True


def _alone(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())
