"""What somebody is to a child, out of the words that schools write for it.

The words are free text in every register system. A word that is not known makes nobody a parent or a carer.
"""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache
from typing import Final


class Tie(StrEnum):
    """What somebody is to a child, as far as it decides who is written to."""

    PARENT = "parent"
    CARER = "carer"
    SOCIAL_WORKER = "social_worker"
    VIRTUAL_SCHOOL = "virtual_school"
    PROFESSIONAL = "professional"
    OTHER = "other"


PROFESSIONALS: Final = frozenset({Tie.SOCIAL_WORKER, Tie.VIRTUAL_SCHOOL, Tie.PROFESSIONAL})
"""Who has to do with a child by their work: they have many, and so join no two families."""

# The first tie of which a word is written is the one meant: a foster mother is a carer.
_WORDS: Final[tuple[tuple[Tie, str], ...]] = (
    (Tie.VIRTUAL_SCHOOL, "virtual school|virtual head|virtual headteacher|vsh"),
    (Tie.SOCIAL_WORKER, "social worker|social services|local authority"),
    (Tie.CARER, "foster|carers?|residential|childrens home|key ?worker|host family"),
    (
        Tie.PROFESSIONAL,
        "reviewing officer|iro|youth (?:offending|justice)|yot|probation|early help|advocate|support worker",
    ),
    (Tie.PARENT, "(?:step ?)?(?:mother|father|mum|dad|parent)s?|mummy|daddy|mam|guardian|adopter"),
)
_TIES: Final = tuple((tie, re.compile(rf"\b(?:{words})\b")) for tie, words in _WORDS)


@lru_cache(maxsize=1_000)
def tie(relationship: str) -> Tie:
    """What a column `relationship` says.

    >>> [str(tie(words)) for words in ("Foster-Mother", "Mum", "Allocated Social Worker", "grandmother")]
    ['carer', 'parent', 'social_worker', 'other']
    """
    words = " ".join(
        re.sub(r"[^\w\s]|_", " ", relationship.casefold().replace("'", "").replace("’", "")).split()
    )
    return next((found for found, written in _TIES if written.search(words)), Tie.OTHER)
