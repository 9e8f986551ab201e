"""What a template may mention, and what becomes of a value on its way into a text."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

CIRCUMSTANCES: Final = ("medical", "send", "carer", "bereavement")
"""What a wording must heed in a child's life: a branch of its words each, or said to be the same for them."""
YES, NO = "yes", "no"


@dataclass(frozen=True, slots=True)
class Variable:
    """One documented name.

    `samples` are the longest values to expect: a template is tried with each. An empty sample says that the
    value may be empty; `closed`, that there are no values but the samples. `example` is what a
    preview shows; `otherwise` stands for a value that is not given (None: it must be given). `table`: lines
    `| a | b |`, the first of them the header. `private`: it may tell of a child's health, so never in a text.
    """

    says: str
    samples: tuple[str, ...]
    example: str
    closed: bool = False
    otherwise: str | None = None
    table: bool = False
    private: bool = False


_DATES: Final = (
    "| Date | Session | Reason |\n"
    "| Monday 3 November | all day | illness |\n"
    "| Monday 10 November | morning | no reason given yet |"
)
_LONG_DATES: Final = _DATES + "\n| Wednesday 24 September | afternoon | medical or dental appointment |" * 20


def _holds(says: str) -> Variable:
    return Variable(says, (YES, NO), NO, closed=True, otherwise=NO)


VARIABLES: Final[dict[str, Variable]] = {
    "child": Variable(
        "the child's first name; of several, `Ada and Ben`", ("Christopher-Alexander",), "Amara"
    ),
    "school": Variable(
        "the school's name", ("Saint Bartholomew and All Saints Catholic Primary School",), "Ashgrove Academy"
    ),
    "session": Variable(
        "the session spoken of, such as `the morning of Monday 10 November`",
        ("the afternoon of Wednesday 24 September",),
        "the morning of Monday 10 November",
    ),
    "told_on": Variable(
        "the day on which the family was told something, such as `Monday 10 November`",
        ("Wednesday 24 September",),
        "Monday 10 November",
    ),
    "days": Variable(
        "what was missed, in days, such as `4 and a half days`", ("94 and a half days",), "4 and a half days"
    ),
    "lessons": Variable(
        "what was missed, in lessons, such as `about 22 lessons`; empty where the school gives no "
        "lessons a day",
        ("about 472 lessons", ""),
        "about 22 lessons",
    ),
    "since": Variable("when that count begins, such as `September`", ("September",), "September"),
    "staff": Variable(
        "whom to ask for at the school, by name", ("Mrs Featherstonehaugh-Okonkwo",), "Mr Iqbal"
    ),
    "stage": Variable("how far a concern has gone: 1, 2 or 3", ("1", "2", "3"), "1", closed=True),
    "addressee": Variable(
        "the name of the person written to", ("Mrs Featherstonehaugh-Okonkwo",), "Mrs Bell"
    ),
    "dates": Variable(
        "the absences it is about, as a table: date, session, reason; empty where there is none",
        (_LONG_DATES, ""),
        _DATES,
        otherwise="",
        table=True,
        private=True,
    ),
    "percent": Variable(
        "attendance, such as `91 %`; empty where it cannot be said", ("100 %", ""), "91 %", otherwise=""
    ),
    "tried": Variable(
        "what was tried already, in words, such as `a later start on Mondays`; empty where nothing was",
        ("a later start on Mondays, a meeting in October and a call each week", ""),
        "a later start on Mondays",
        otherwise="",
        private=True,
    ),
    "offered": Variable(
        "what is offered, in words, such as `a breakfast place`; empty where nothing is",
        ("a breakfast place, a quiet room at break and a talk with the school nurse", ""),
        "a breakfast place",
        otherwise="",
        private=True,
    ),
    "ref": Variable(
        "the line to quote, such as `K7M3Q2XA`; empty only in drafts", ("K7M3Q2XA",), "K7M3Q2XA", otherwise=""
    ),
    "was": Variable("`was`, of several children `were`", ("were",), "was", otherwise="was"),
    "has": Variable("`has`, of several children `have`", ("have",), "has", otherwise="has"),
    "is": Variable("`is`, of several children `are`", ("are",), "is", otherwise="is"),
    "role": Variable(
        "what the person to ask for does at the school; empty where it is not known",
        ("designated safeguarding lead", ""),
        "attendance officer",
        otherwise="",
    ),
    "reason": Variable(
        "what the register says of the absence, in plain words; empty where it says nothing",
        ("medical or dental appointment", ""),
        "illness",
        otherwise="",
        private=True,
    ),
    "meeting": Variable(
        "when and where to meet, such as `Tuesday 18 November at 3.30 pm, in the library`; empty until set",
        ("Wednesday 24 September at 10.30 am, in the head of year's office", ""),
        "Tuesday 18 November at 3.30 pm, in the library",
        otherwise="",
    ),
    "until": Variable(
        "a date by which, in words, such as `Friday 28 November`; empty where there is none",
        ("Wednesday 24 September", ""),
        "Friday 28 November",
        otherwise="",
    ),
    "medical": _holds("whether a medical condition is known: yes or no"),
    "send": _holds("whether the child has SEND: yes or no"),
    "carer": _holds("whether the child is a young carer: yes or no"),
    "bereavement": _holds("whether the family has lost somebody: yes or no"),
}

# These two join letters in Persian and Indian names; every other invisible mark only does mischief.
_JOINERS: Final = ("\N{ZERO WIDTH NON-JOINER}", "\N{ZERO WIDTH JOINER}")
# What begins a heading, an item or a row in messaging/markup: a value that stands first on a line is none.
_MARKUP: Final = re.compile(r"(?:(?:##|-) |\|\s*)+")


@lru_cache(maxsize=10_000)
def flat(value: str) -> str:
    r"""A value as it may stand in a text: one line, composed letters, no invisible marks.

    >>> flat("Zoe\u0308\r\nTo: \u202eeverybody")
    'Zoë To: everybody'
    """
    kept = []
    for char in unicodedata.normalize("NFC", value):
        category = unicodedata.category(char)
        if category in ("Cc", "Cs"):
            kept.append(" ")
        elif category != "Cf" or char in _JOINERS:
            kept.append(char)
    return " ".join("".join(kept).split())


def filled(variable: Variable, value: str) -> str:
    r"""A value as it may stand in words with markup: a table line by line, all else on one line that is none.

    >>> filled(VARIABLES["child"], "## Ada"), filled(VARIABLES["dates"], "| Date |\n| ## 3 May |")
    ('Ada', '| Date |\n| ## 3 May |')
    >>> filled(VARIABLES["child"], "-2+3")
    '-2+3'
    """
    if variable.table:
        return "\n".join(line for line in map(flat, value.splitlines()) if line.startswith("|"))
    plain = flat(value)
    begins = _MARKUP.match(plain)
    return plain[begins.end() :] if begins else plain
