"""What a family's words may mean for the register: a code that a person may accept, or a hint; never a mark.

Plain English word lists, on purpose: whoever reads the reply sees the words and the proposal side by side,
and what is doubtful (two causes, a "not", another language) is left to them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from engine.codes import look_up

LEAVE: Final = frozenset({"C", "C1", "C2"})
"""Codes of leave: in a maintained school or an academy the head alone grants it."""

_WORRY: Final = (
    *("scared", "afraid", "frightened", "bullied", "bullying", "bullies", "threatened", "hurts me", "hit me"),
    *("hits", "self harm", "self-harm", "suicide", "suicidal", "kill", "police", "ran away", "run away"),
    *("missing", "refuge", "violent", "violence", "abuse", "abused", "overdose"),
)
_LEAVE_WORDS: Final = (
    *("holiday", "holidays", "vacation", "abroad", "flight", "flights", "airport", "wedding", "funeral"),
    *("passed away", "died", "leave of absence", "days off", "time off", "trip", "travelling"),
)
_ILL: Final = (
    *(
        "ill",
        "illness",
        "sick",
        "sickness",
        "unwell",
        "poorly",
        "fever",
        "temperature",
        "vomiting",
        "vomited",
    ),
    *(
        "throwing up",
        "threw up",
        "diarrhoea",
        "tummy",
        "stomach",
        "cold",
        "cough",
        "coughing",
        "flu",
        "covid",
    ),
    *("headache", "migraine", "chickenpox", "chicken pox", "tonsillitis", "sore throat", "earache", "asthma"),
    *("virus", "infection", "bug", "rash", "a and e", "a&e", "hospital"),
)
_APPOINTMENT: Final = (
    *("appointment", "appointments", "appt", "dentist", "dental", "orthodontist", "optician", "opticians"),
    *("doctor", "doctors", "gp", "clinic", "camhs", "physio", "consultant", "x-ray", "scan"),
)
_NOT: Final = re.compile(r"\b(?:not|no|never|isnt|isn't|wasnt|wasn't|hasnt|hasn't|aint|ain't|better)\b")
_GRANTED: Final = (
    "It may be about leave: only the head may grant leave of absence, before it begins and for exceptional "
    "circumstances ({code}, {meaning}). Propose no code; ask, and give it to the head."
)
_SAFETY: Final = "Something here may be about a child's safety: tell the safeguarding lead first."
_BEREAVED: Final = "If somebody has died, put a hold on the pupil before anything else is sent."


@dataclass(frozen=True, slots=True)
class Proposal:
    """A code to propose, empty where none is, and the sentence for whoever reads the reply.

    `worries`: the words may be about a child's safety, so that they are read before others.
    """

    code: str
    sentence: str
    worries: bool = False


def proposed(words: str, on: date) -> Proposal:
    """What the words of a reply may mean, by the codes of the day that they are about.

    >>> proposed("Sorry, he has a temperature", date(2025, 11, 10)).code
    'I'
    >>> proposed("He is not ill, the bus did not come", date(2025, 11, 10)).code
    ''
    """
    said = " ".join(words.casefold().replace("\u2019", "'").split())
    if _says(said, _WORRY):
        return Proposal("", _SAFETY, worries=True)
    if _says(said, _LEAVE_WORDS):
        return Proposal("", _of_leave(said, on))
    ill, appointment = _says(said, _ILL), _says(said, _APPOINTMENT)
    if ill is appointment or _NOT.search(said):
        return Proposal("", "Nothing is proposed: read it, and ask where it leaves a doubt.")
    code = "I" if ill else "M"
    entry = look_up(code, on)
    meaning = entry.meaning if entry else ""
    return Proposal(code, f"It may be {code} ({meaning}). That is a guess by its words: you decide.")


def _of_leave(said: str, on: date) -> str:
    entry = look_up("C", on)
    sentence = _GRANTED.format(code="code C", meaning=entry.meaning if entry else "leave")
    return f"{sentence} {_BEREAVED}" if _says(said, ("funeral", "passed away", "died")) else sentence


def _says(said: str, words: tuple[str, ...]) -> bool:
    return any(re.search(rf"(?<!\w){re.escape(word)}(?!\w)", said) for word in words)
