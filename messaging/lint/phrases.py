"""Words that no family should have to read, each with what to say instead.

A new one is one line. Phrases are whole words; `*` stands for any ending, `?` for s or z. One in capitals
means those capitals: SEND is jargon, to send is not.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

PLAIN: Final = {
    # threats, and blame
    "or else": "say what happens next, and who can help",
    "failure to": "say what to do",
    "failed to": "say what happened, without blame",
    "you must": "please",
    "final warning": "name the meeting or the step",
    "warning": "say what happens next",
    "unacceptable": "say what was missed",
    "not good enough": "say what was missed",
    "serious concern*": "say what was missed, and offer help",
    "disappoint*": "say what was missed",
    "inexcusable": "say what was missed",
    "no excuse*": "ask what gets in the way",
    "zero tolerance": "say what the school does",
    "truan*": "missed school",
    "refus*": "finds it hard to",
    "poor attendance": "days missed",
    "irregular attendance": "days missed",
    "consequence*": "say what happens next",
    "sanction*": "say what happens next",
    "immediately": "today",
    "demand*": "ask",
    # jargon
    "unauthori?ed": "not agreed by the school",
    "authori?ed": "agreed by the school",
    "persistent* absen*": "has missed a tenth of school or more",
    "severe* absen*": "has missed half of school or more",
    "absentee*": "a child who misses school",
    "non-attendance": "missed days",
    "percentage": "days",
    "threshold*": "say the number of days",
    "cohort*": "year or group",
    "intervention*": "help",
    "multi-agency": "with other services",
    "stakeholder*": "families",
    "safeguarding": "keeping children safe",
    "SEN": "extra needs",
    "SEND": "extra needs",
    "EHCP": "plan",
    "EWO": "attendance officer",
    "SENCO": "say the person's name",
    "DSL": "say the person's name",
    "pastoral": "say who helps",
    "graduated response": "the next step",
    "regulatory": "leave it out",
    "pursuant": "under",
    "hereby": "leave it out",
    "henceforth": "from now on",
    "commence*": "start",
    "prior to": "before",
    "in respect of": "about",
    "with regard to": "about",
    "in order to": "to",
    "utilis*": "use",
    "facilitate*": "help",
    "endeavour*": "try",
    "ascertain*": "find out",
    "rectif*": "put right",
    "punctual*": "on time",
    "sessions": "half days",
}  # fmt: skip

LAW: Final = (
    "penalty notice*", "penalt*", "fine", "fined", "fines", "prosecut*", "court*", "legal*", "offence*",
    "magistrate*", "education act", "law", "solicitor*", "notice to improve", "enforce*", "statutory",
)  # fmt: skip
"""Only where `may_mention` says law."""

HEALTH: Final = (
    "ill", "illness*", "unwell", "sick*", "poorly", "medical*", "medicine*", "medication*", "doctor*",
    "GP", "nurse*", "hospital*", "clinic*", "dentist*", "dental", "NHS", "health*", "asthma*", "anxi*",
    "depress*", "autis*", "ADHD", "diagnos*", "condition*", "therap*", "CAMHS", "disab*", "special needs",
    "extra needs", "SEND", "SEN", "EHCP", "bereave*", "died", "death*", "funeral*", "grief*", "griev*",
    "loss", "mourn*", "young carer*", "looks after", "looking after", "pregnan*",
)  # fmt: skip
"""Never in a text, which anybody may read on a locked screen; elsewhere where `may_mention` says health."""


@cache
def any_of(phrases: tuple[str, ...]) -> re.Pattern[str]:
    """What finds any of some phrases, each in a group of its own.

    >>> found = any_of(("refus*", "SEND", "or else")).search("We send it, or  else")
    >>> found.group(), found.lastindex
    ('or  else', 3)
    """
    each = "|".join(f"({_pattern(phrase)})" for phrase in phrases)
    return re.compile(f"(?<![A-Za-z-])(?:{each})(?![A-Za-z-])", re.IGNORECASE)


def said(phrases: tuple[str, ...], text: str) -> dict[str, str]:
    """The phrases that a text says, each as it first says it.

    >>> said(("refus*", "fine"), "She refused. We define it.")
    {'refus*': 'refused'}
    """
    found: dict[str, str] = {}
    for match in any_of(phrases).finditer(text):
        found.setdefault(phrases[(match.lastindex or 1) - 1], " ".join(match.group().split()))
    return found


def _pattern(phrase: str) -> str:
    words = [re.escape(word).replace(r"\*", "[a-z]*").replace(r"\?", "[sz]") for word in phrase.split()]
    return f"(?-i:{words[0]})" if phrase.isupper() else r"\s+".join(words)
