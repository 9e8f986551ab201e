"""What a template may mention, and what becomes of a value on its way into a text."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Final


@dataclass(frozen=True, slots=True)
class Variable:
    """One documented name.

    `samples` are the longest values to expect: a template is tried with each. An empty sample says
    that the value may be empty; `closed`, that there are no values but the samples.
    """

    says: str
    samples: tuple[str, ...]
    closed: bool = False


VARIABLES: Final[dict[str, Variable]] = {
    "child": Variable("the child's first name", ("Christopher-Alexander",)),
    "school": Variable("the school's name", ("Saint Bartholomew and All Saints Catholic Primary School",)),
    "session": Variable(
        "the session spoken of, such as `the morning of Monday 10 November`",
        ("the afternoon of Wednesday 24 September",),
    ),
    "days": Variable("what was missed, in days, such as `4 and a half days`", ("94 and a half days",)),
    "lessons": Variable(
        "what was missed, in lessons, such as `about 22 lessons`; empty where the school gives no "
        "lessons a day",
        ("about 472 lessons", ""),
    ),
    "since": Variable("when that count begins, such as `September`", ("September",)),
    "staff": Variable("whom to ask for at the school, by name", ("Mrs Featherstonehaugh-Okonkwo",)),
    "stage": Variable("how far a concern has gone: 1, 2 or 3", ("1", "2", "3"), closed=True),
}

# These two join letters in Persian and Indian names; every other invisible mark only does mischief.
_JOINERS: Final = ("\N{ZERO WIDTH NON-JOINER}", "\N{ZERO WIDTH JOINER}")


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
